"""What all commands share: whose they are, and how names and notes are written."""

from typing import Annotated

from pydantic import Field, StringConstraints

from drafting.protocol.base import Wire
from drafting.protocol.words import Capacity, DocumentId, ProcessId

# What no XML file can hold is refused here, as it is in texts; names and labels stand on one line besides.
ON_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$"
WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ON_ONE_LINE)]
Note = Annotated[str, Field(max_length=10_000, pattern=WRITTEN)]


class ByParticipant(Wire):
    """Every command says in which capacity it is given."""

    capacity: Capacity


class OnProcess(ByParticipant):
    """It goes to a process's log."""

    process: ProcessId


class OnDocument(ByParticipant):
    """It goes to a document's log."""

    document: DocumentId
