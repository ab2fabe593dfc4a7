import logging

import pytest

from storage.bus import MemoryBus, Ring

RING = Ring("do_1", "all", 4)


def test_every_listener_hears_until_it_stops() -> None:
    bus, first, second = MemoryBus(), [], []
    stop = bus.listen(first.append)
    bus.listen(second.append)
    bus.ring(RING)
    stop()
    bus.ring(Ring("do_1", "all", 5))
    assert first == [RING]
    assert second == [RING, Ring("do_1", "all", 5)]


def test_one_listener_that_fails_is_logged_and_the_others_hear_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = MemoryBus(), []

    def deaf(_ring: Ring) -> None:
        raise OSError("deaf")

    bus.listen(deaf)
    bus.listen(heard.append)
    with caplog.at_level(logging.ERROR):
        bus.ring(RING)
    assert heard == [RING]
    assert "a listener failed" in caplog.text
