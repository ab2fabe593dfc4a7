"""What the service logs: one line each, for people or as JSON, and nothing that somebody wrote or is let in by.

What an exception says may hold all that: the text of a draft, a key that was there already. Only its kind and where it
came from are written. So is only the first line of a message: what follows is often the exception again.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

How = Literal["warnings", "text", "json"]
_MOST_PLACES = 12


def begin(how: How) -> None:
    """Write the log to standard error from now on; all but ``warnings`` has a line for each request too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if how == "json" else AsText())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("drafting").setLevel(logging.WARNING if how == "warnings" else logging.INFO)
    logging.captureWarnings(capture=how == "json")


class AsText(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        told = _told(record)
        line = f"{told['at']} {record.levelname} {record.name}: {told['said']}"
        return f"{line} [{'; '.join(told['failures'])}]" if "failures" in told else line


class AsJson(logging.Formatter):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        return json.dumps({**_told(record), **getattr(record, "facts", {})}, ensure_ascii=True)


def _told(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    said = (record.getMessage().splitlines() or [""])[0]
    told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "said": said}
    if record.exc_info and record.exc_info[1]:
        told["failures"] = _failures(record.exc_info[1])
    return told


def _failures(failure: BaseException) -> list[str]:
    """Name the exception and those that led to it, and the places that each went through, the last one first."""
    told = []
    known: set[int] = set()
    next_one: BaseException | None = failure
    while next_one is not None and id(next_one) not in known:
        known.add(id(next_one))
        places = traceback.extract_tb(next_one.__traceback__)[-_MOST_PLACES:]
        where = ", ".join(f"{Path(place.filename).name}:{place.lineno} {place.name}" for place in reversed(places))
        # The machine's own words for what went wrong with it are safe; those of others may quote what was written.
        why = f" ({next_one.strerror})" if isinstance(next_one, OSError) and next_one.strerror else ""
        told.append(f"{type(next_one).__name__}{why} at {where}" if where else f"{type(next_one).__name__}{why}")
        next_one = next_one.__cause__ or next_one.__context__
    return told
