"""What an operator's monitoring reads at ``/metrics``. Counts only: no names, no texts."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from drafting.protocol.problems import Refusal

COMMANDS = Counter("drafting_commands", "Commands by kind and by what became of them", ["kind", "answer"])
COMMAND_SECONDS = Histogram("drafting_command_seconds", "From a command's arrival to its receipt")
SOCKETS = Gauge("drafting_sockets", "Open event sockets")
LIVE_LINES = Gauge("drafting_live_lines", "Open connections to working drafts")
LIVE_ENDED = Counter("drafting_live_ended", "Connections to working drafts by why they ended", ["why"])
FRAMES_REFUSED = Counter("drafting_frames_refused", "Frames of the socket that could not be read")
REQUESTS = Counter("drafting_requests", "Requests and sockets by route and status", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("drafting_request_seconds", "From a request's first byte to its answer's last", ["route"])
WRITES_WAITING = Gauge("drafting_writes_waiting", "How much work waits for the database's writer")
DATABASE_BYTES = Gauge("drafting_database_bytes", "What the database takes on its disk")
FEED_LAG_SECONDS = Gauge("drafting_feed_lag_seconds", "How old the newest event was when the feed had read it")


@contextmanager
def counted(kind: str) -> Iterator[None]:
    """Count a command and how it went."""
    with COMMAND_SECONDS.time():
        try:
            yield
        except Refusal as refusal:
            COMMANDS.labels(kind, refusal.code).inc()
            raise
        except Exception:
            COMMANDS.labels(kind, "internal").inc()
            raise
        COMMANDS.labels(kind, "receipt").inc()
