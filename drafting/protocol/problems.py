"""Refusals: a stable code for programs, a sentence for people. Only ``drafting.http.problems`` knows HTTP statuses."""

from enum import StrEnum
from typing import Any


class ProblemCode(StrEnum):
    """Every code the service answers with. Codes are never renamed or reused."""

    # who you are
    NOT_SIGNED_IN = "not_signed_in"
    TICKET_INVALID = "ticket_invalid"
    NOT_PERMITTED = "not_permitted"
    CAPACITY_NOT_HELD = "capacity_not_held"
    HAND_TAKEN = "hand_taken"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    # what you named
    UNKNOWN = "unknown"
    UNKNOWN_SECTION = "unknown_section"
    ALREADY_EXISTS = "already_exists"
    CURSOR_INVALID = "cursor_invalid"
    # what you sent
    MALFORMED = "malformed"
    UNKNOWN_KIND = "unknown_kind"
    COMMAND_ID_REUSED = "command_id_reused"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_ILLEGAL = "text_illegal"
    TOO_LARGE = "too_large"
    DRAFT_FULL = "draft_full"
    EDITS_CONFLICT = "edits_conflict"
    NO_CHANGE = "no_change"
    # when you sent it
    STALE = "stale"
    UPDATE_MISSING = "update_missing"
    SECTION_LOCKED = "section_locked"
    ROUND_OPEN = "round_open"
    ROUND_CLOSED = "round_closed"
    ROUND_CONSOLIDATED = "round_consolidated"
    AMENDMENT_CLOSED = "amendment_closed"
    CONFLICT = "conflict"
    AMENDMENTS_UNACCOUNTED = "amendments_unaccounted"
    # files
    NOT_WORD = "not_word"
    FILE_HOSTILE = "file_hostile"
    FILE_EMPTY = "file_empty"
    FILE_UNSUPPORTED = "file_unsupported"
    FILE_UNRELATED = "file_unrelated"
    # the house itself
    BUSY = "busy"
    STORAGE_FULL = "storage_full"
    INTERNAL = "internal"


class Refusal(Exception):  # noqa: N818 - a refusal is no error: it is the room's ordinary answer
    """The room says no: ``code`` is stable, ``detail`` a sentence for the person who asked.

    ``facts`` are further fields for programs (say, the text that stands now), safe to show to the asker.
    """

    def __init__(self, code: ProblemCode, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes whole; an exception of several arguments would break the one that receives it."""
        return _again, (self.code, self.detail, self.facts)


def _again(code: ProblemCode, detail: str, facts: dict[str, object]) -> Refusal:
    return Refusal(code, detail, **facts)
