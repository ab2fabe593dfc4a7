"""The bus of a single process."""

import logging
import threading
from collections.abc import Callable

from storage.bus.doorbell import Ring

_LOG = logging.getLogger(__name__)


class MemoryBus:
    """Calls its listeners directly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[Ring], None], ...] = ()

    def ring(self, ring: Ring) -> None:
        """Tell all listeners. One that fails is written down and disturbs nobody: the ringer has committed already."""
        for heard in self._listeners:
            try:
                heard(ring)
            except Exception:  # noqa: BLE001 - whatever it is, it is logged
                _LOG.exception("a listener failed at %s", ring)

    def listen(self, heard: Callable[[Ring], None]) -> Callable[[], None]:
        """Call ``heard`` at each ring until the function given is called."""
        with self._lock:
            self._listeners = (*self._listeners, heard)

        def stop() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not heard)

        return stop

    def close(self) -> None:
        """Do nothing: nothing is held."""
