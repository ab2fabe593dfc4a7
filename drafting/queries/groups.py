"""Closed groups."""

from sqlmodel import col, select

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import GroupView
from storage.database import ReadTransaction
from storage.tables import Document, Group


def group_view(row: Group) -> GroupView:
    """Show a group to everyone."""
    return GroupView(code=row.code, name=row.name, members=row.members, dissolved=row.dissolved)


def group_views(tx: ReadTransaction, document: str) -> list[GroupView]:
    """Give the groups of a document by code, dissolved ones too."""
    rows = tx.session.exec(select(Group).where(Group.document == document).order_by(col(Group.code)))
    return [group_view(row) for row in rows]


def working_group(tx: ReadTransaction, document: str, code: str) -> Group:
    """Give the group of the document, or refuse: as unknown, or since it was dissolved."""
    row = tx.session.get(Group, (document, code))
    if row is None:
        raise Refusal(ProblemCode.UNKNOWN, f"The document has no closed group {code}.")
    if row.dissolved:
        raise Refusal(ProblemCode.NO_CHANGE, f"{code} was dissolved; nothing changes in it any more.")
    return row


def group_in(tx: ReadTransaction, process: str, code: str) -> Group | None:
    """Give the group of that code in any document of the process: a code names one group there."""
    documents = select(Document.id).where(Document.process == process)
    return tx.session.exec(select(Group).where(Group.code == code, col(Group.document).in_(documents))).first()
