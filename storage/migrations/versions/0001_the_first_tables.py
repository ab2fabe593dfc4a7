"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.columns import AwareTime, Words

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
    _closedgroup()
    _section()
    _version()
    _agreement()
    _round()
    _sectionversion()
    _amendment()
    _decision()
    _manifestline()
    _comment()
    _position()
    _revision()


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("handle", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("password", Words(), nullable=False),
        sa.UniqueConstraint("handle"),
    )


def _process() -> None:
    op.create_table(
        "process",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("name", Words(), nullable=False),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("participant", Words(), primary_key=True),
        sa.Column("command", Words(), primary_key=True),
        sa.Column("digest", Words(), nullable=False),
        sa.Column("scope", Words(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
    )


def _scope() -> None:
    op.create_table(
        "scope",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("last_place", sa.BigInteger(), nullable=False),
    )


def _credential() -> None:
    op.create_table(
        "credential",
        sa.Column("digest", Words(), primary_key=True),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("participant", Words(), sa.ForeignKey("participant.id"), nullable=False),
        sa.Column("label", Words(), nullable=False),
        sa.Column("created_at", AwareTime(), nullable=False),
        sa.Column("expires_at", AwareTime(), nullable=True),
    )
    op.create_index("ix_credential_participant", "credential", ["participant"])


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("process", Words(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("code", Words(), primary_key=True),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("designations", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("process", Words(), sa.ForeignKey("process.id"), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("symbol", Words(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("regroupings", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Boolean(), nullable=False),
        sa.Column("created_at", AwareTime(), nullable=False),
    )
    op.create_index("ix_document_process", "document", ["process"])


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("scope", Words(), sa.ForeignKey("scope.id"), primary_key=True),
        sa.Column("stream", Words(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("participant", Words(), nullable=False),
        sa.Column("capacity", Words(), nullable=False),
        sa.Column("command", Words(), nullable=False),
        sa.Column("receipt", Words(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("payload", Words(), nullable=True),
        sa.Column("digest", Words(), nullable=False),
        sa.Column("previous", Words(), nullable=False),
        sa.Column("hash", Words(), nullable=False),
        sa.UniqueConstraint("scope", "place"),
    )


def _heldcapacity() -> None:
    op.create_table(
        "heldcapacity",
        sa.Column("participant", Words(), sa.ForeignKey("participant.id"), primary_key=True),
        sa.Column("process", Words(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("capacity", Words(), primary_key=True),
    )


def _stream() -> None:
    op.create_table(
        "stream",
        sa.Column("scope", Words(), sa.ForeignKey("scope.id"), primary_key=True),
        sa.Column("name", Words(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", Words(), nullable=False),
    )


def _closedgroup() -> None:
    op.create_table(
        "closedgroup",
        sa.Column("document", Words(), sa.ForeignKey("document.id"), primary_key=True),
        sa.Column("code", Words(), primary_key=True),
        sa.Column("name", Words(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("dissolved", sa.Boolean(), nullable=False),
    )


def _section() -> None:
    op.create_table(
        "section",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
    )
    op.create_index("ix_section_document", "section", ["document"])


def _version() -> None:
    op.create_table(
        "version",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("symbol", Words(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("parent", Words(), sa.ForeignKey("version.id"), nullable=True),
        sa.Column("round", Words(), nullable=True),
        sa.Column("standing", Words(), nullable=False),
        sa.Column("hash", Words(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("log_head", Words(), nullable=False),
        sa.Column("issued_at", AwareTime(), nullable=False),
        sa.Column("issued_by", Words(), nullable=False),
        sa.Column("audience", Words(), nullable=False),
        sa.Column("recalled", Words(), nullable=True),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("renumbering", sa.JSON(), nullable=False),
        sa.UniqueConstraint("document", "name"),
    )


def _agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("section", Words(), nullable=False),
        sa.Column("version", Words(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("awaiting", sa.JSON(), nullable=False),
        sa.Column("placement_pending", sa.Boolean(), nullable=False),
        sa.Column("note", Words(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("capacity", Words(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_agreement_document", "agreement", ["document"])


def _round() -> None:
    op.create_table(
        "round",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("base", Words(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("mode", Words(), nullable=False),
        sa.Column("procedure", Words(), nullable=False),
        sa.Column("deadline", AwareTime(), nullable=False),
        sa.Column("opened_at", AwareTime(), nullable=False),
        sa.UniqueConstraint("document", "number"),
    )


def _sectionversion() -> None:
    op.create_table(
        "sectionversion",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("section", Words(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("hash", Words(), nullable=False),
        sa.Column("parent", Words(), sa.ForeignKey("sectionversion.id"), nullable=True),
        sa.Column("cause", Words(), nullable=False),
    )
    op.create_index("ix_sectionversion_section", "sectionversion", ["section"])


def _amendment() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("round", Words(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("delegation", Words(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("neutral", sa.Integer(), nullable=True),
        sa.Column("group_code", Words(), nullable=True),
        sa.Column("sponsors", sa.JSON(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=True),
        sa.Column("base", Words(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("circulated", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("superseded_by", Words(), sa.ForeignKey("amendment.id"), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("document", "delegation", "number"),
        sa.UniqueConstraint("document", "neutral"),
    )
    op.create_index("ix_amendment_round", "amendment", ["round"])


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("round", Words(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("section", Words(), nullable=False),
        sa.Column("outcome", Words(), nullable=False),
        sa.Column("amendments", sa.JSON(), nullable=False),
        sa.Column("hunks", sa.JSON(), nullable=False),
        sa.Column("objections", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("capacity", Words(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_decision_round", "decision", ["round"])


def _manifestline() -> None:
    op.create_table(
        "manifestline",
        sa.Column("version", Words(), sa.ForeignKey("version.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("section", Words(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("section_version", Words(), sa.ForeignKey("sectionversion.id"), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("label", Words(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
    )


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("section", Words(), nullable=True),
        sa.Column("target", sa.JSON(), nullable=True),
        sa.Column("amendment", Words(), sa.ForeignKey("amendment.id"), nullable=True),
        sa.Column("reply_to", Words(), sa.ForeignKey("comment.id"), nullable=True),
        sa.Column("audience", Words(), nullable=False),
        sa.Column("stream", Words(), nullable=False),
        sa.Column("delegation", Words(), nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("capacity", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_comment_document", "comment", ["document"])


def _position() -> None:
    op.create_table(
        "position",
        sa.Column("id", Words(), primary_key=True),
        sa.Column("document", Words(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("amendment", Words(), sa.ForeignKey("amendment.id"), nullable=True),
        sa.Column("section", Words(), sa.ForeignKey("section.id"), nullable=True),
        sa.Column("delegation", Words(), nullable=False),
        sa.Column("stand", Words(), nullable=False),
        sa.Column("reservation", Words(), nullable=True),
        sa.Column("audience", Words(), nullable=False),
        sa.Column("note", Words(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("capacity", Words(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", Words(), sa.ForeignKey("position.id"), nullable=True),
    )
    op.create_index("ix_position_document", "position", ["document"])


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("amendment", Words(), sa.ForeignKey("amendment.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("base", Words(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("touches", sa.JSON(), nullable=False),
        sa.Column("rationale", Words(), nullable=False),
        sa.Column("placement_note", Words(), nullable=False),
        sa.Column("at", AwareTime(), nullable=False),
        sa.Column("by", Words(), nullable=False),
    )
