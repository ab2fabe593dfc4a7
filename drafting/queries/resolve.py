"""What somebody at the command line calls a process, a document or a version, as an id."""

from sqlmodel import or_, select

from drafting.protocol.problems import ProblemCode, Refusal
from storage.database import ReadTransaction
from storage.tables import Document, Process, Version


def process_called(tx: ReadTransaction, name: str) -> str:
    """Give the process of that id or name; an empty name means the only one there is."""
    asked = select(Process.id)
    if name:
        asked = asked.where(or_(Process.id == name, Process.name == name))
    return _only(tx.session.exec(asked).all(), "process", name)


def document_called(tx: ReadTransaction, name: str) -> str:
    """Give the document of that id or symbol; an empty name means the only one there is."""
    asked = select(Document.id)
    if name:
        asked = asked.where(or_(Document.id == name, Document.symbol == name))
    return _only(tx.session.exec(asked).all(), "document", name)


def version_called(tx: ReadTransaction, document: str, name: str) -> str:
    """Give the document's version of that id, name or symbol."""
    named = or_(Version.id == name, Version.name == name, Version.symbol == name)
    return _only(tx.session.exec(select(Version.id).where(Version.document == document, named)).all(), "version", name)


def _only(found: object, what: str, name: str) -> str:
    match found:
        case [str(one)]:
            return one
        case []:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no {what} “{name}”.")
        case _:
            called = f" called “{name}”" if name else ""
            raise Refusal(ProblemCode.UNKNOWN, f"Which {what}? There are several{called}; give its id.")
