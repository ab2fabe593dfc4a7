"""The ``drafting`` command. What it writes goes through the executor, like everything else.

Exit codes: 0 done; 1 refused, or something was found; 2 called wrongly.
"""

from pydantic import ValidationError

from drafting.cli import hosting, marked, people, texts
from drafting.cli.base import app, fail
from drafting.protocol.problems import ProblemCode, Refusal
from storage.database import DiskFull
from storage.migrate import OtherTablesError

__all__ = ["app", "hosting", "main", "marked", "people", "texts"]


def main() -> None:
    """Run the command line; whatever goes wrong is one line, with its code."""
    try:
        app()
    except Refusal as refusal:
        fail(1, refusal)
    except ValidationError as failure:
        places = (f"{'.'.join(map(str, fault['loc'])) or 'command'}: {fault['msg']}" for fault in failure.errors())
        fail(2, Refusal(ProblemCode.MALFORMED, "; ".join(places) + "."))
    except OtherTablesError as failure:
        fail(1, Refusal(ProblemCode.MALFORMED, str(failure)))
    except DiskFull:
        fail(1, Refusal(ProblemCode.STORAGE_FULL, "The disk is full; nothing was stored."))
    except OSError as failure:
        fail(1, Refusal(ProblemCode.INTERNAL, f"{failure.filename or 'The machine'}: {failure.strerror or failure}."))
