"""The working drafts."""

import sqlalchemy as sa
from alembic import op

from storage.columns import AwareTime, Words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables here."""
    _workingdraft()
    _drafthand()
    _draftlock()
    _draftstate()
    _draftupdate()
    _drafttie()


def _workingdraft() -> None:
    op.create_table(
        "workingdraft",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("side", Words(), nullable=False),
        sa.Column("base", Words(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("last_update", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", AwareTime(), nullable=False),
        sa.UniqueConstraint("document", "kind", "side"),
    )


def _drafthand() -> None:
    op.create_table(
        "drafthand",
        sa.Column("draft", Words(), sa.ForeignKey("workingdraft.id"), primary_key=True),
        sa.Column("client", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("participant", Words(), nullable=False),
        sa.Column("side", Words(), nullable=False),
    )


def _draftlock() -> None:
    op.create_table(
        "draftlock",
        sa.Column("draft", Words(), sa.ForeignKey("workingdraft.id"), primary_key=True),
        sa.Column("section", Words(), primary_key=True),
    )


def _draftstate() -> None:
    op.create_table(
        "draftstate",
        sa.Column("draft", Words(), sa.ForeignKey("workingdraft.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _draftupdate() -> None:
    op.create_table(
        "draftupdate",
        sa.Column("draft", Words(), sa.ForeignKey("workingdraft.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _drafttie() -> None:
    op.create_table(
        "drafttie",
        sa.Column("draft", Words(), sa.ForeignKey("workingdraft.id"), primary_key=True),
        sa.Column("section", Words(), primary_key=True),
        sa.Column("amendment", Words(), sa.ForeignKey("amendment.id"), nullable=False),
    )
