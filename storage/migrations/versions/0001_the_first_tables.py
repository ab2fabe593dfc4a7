"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.columns import AwareTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables here."""
    _participant()
    _process()
    _receipt()
    _scope()
    _credential()
    _delegation()
    _document()
    _event()
    _heldcapacity()
    _stream()
    _section()
    _version()
    _round()
    _sectionversion()
    _amendment()
    _decision()
    _manifestline()
    _comment()
    _revision()


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("handle"),
    )


def _process() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("participant", sa.String(), primary_key=True),
        sa.Column("command", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
    )


def _scope() -> None:
    op.create_table(
        "scope",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
    )


def _credential() -> None:
    op.create_table(
        "credential",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), sa.ForeignKey("participant.id"), nullable=False),
        sa.Column("created_at", AwareTime(), nullable=False),
        sa.Column("expires_at", AwareTime(), nullable=True),
    )
    op.create_index("ix_credential_participant", "credential", ["participant"])


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("process", sa.String(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("process", sa.String(), sa.ForeignKey("process.id"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", AwareTime(), nullable=False),
    )
    op.create_index("ix_document_process", "document", ["process"])


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("scope", sa.String(), sa.ForeignKey("scope.id"), primary_key=True),
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.UniqueConstraint("scope", "place"),
    )


def _heldcapacity() -> None:
    op.create_table(
        "heldcapacity",
        sa.Column("participant", sa.String(), sa.ForeignKey("participant.id"), primary_key=True),
        sa.Column("process", sa.String(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("capacity", sa.String(), primary_key=True),
    )


def _stream() -> None:
    op.create_table(
        "stream",
        sa.Column("scope", sa.String(), sa.ForeignKey("scope.id"), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
    )


def _section() -> None:
    op.create_table(
        "section",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
    )
    op.create_index("ix_section_document", "section", ["document"])


def _version() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(), sa.ForeignKey("version.id"), nullable=True),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("log_head", sa.String(), nullable=False),
        sa.Column("issued_at", AwareTime(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("renumbering", sa.JSON(), nullable=False),
        sa.UniqueConstraint("document", "name"),
        sa.UniqueConstraint("document", "ordinal"),
    )


def _round() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base", sa.String(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("deadline", AwareTime(), nullable=False),
        sa.Column("opened_at", AwareTime(), nullable=False),
        sa.UniqueConstraint("document", "number"),
    )


def _sectionversion() -> None:
    op.create_table(
        "sectionversion",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("section", sa.String(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), sa.ForeignKey("sectionversion.id"), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
    )
    op.create_index("ix_sectionversion_section", "sectionversion", ["section"])


def _amendment() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("round", sa.String(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("delegation", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("circulated", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.UniqueConstraint("document", "delegation", "number"),
    )
    op.create_index("ix_amendment_round", "amendment", ["round"])


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("round", sa.String(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amendments", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_decision_round", "decision", ["round"])


def _manifestline() -> None:
    op.create_table(
        "manifestline",
        sa.Column("version", sa.String(), sa.ForeignKey("version.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("section", sa.String(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("section_version", sa.String(), sa.ForeignKey("sectionversion.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
    )


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("document", sa.String(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("target", sa.JSON(), nullable=True),
        sa.Column("amendment", sa.String(), sa.ForeignKey("amendment.id"), nullable=True),
        sa.Column("reply_to", sa.String(), sa.ForeignKey("comment.id"), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("delegation", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
    )
    op.create_index("ix_comment_document", "comment", ["document"])


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("amendment", sa.String(), sa.ForeignKey("amendment.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("touches", sa.JSON(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("placement_note", sa.Text(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
    )
