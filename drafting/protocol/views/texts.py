"""Views of documents, sections and issued versions."""

from typing import Literal

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.words import AmendmentState, SectionKind, Standing


class DocumentView(Wire):
    """One negotiated text. ``unnamed``: proposals circulate without the names of those who make them."""

    id: str
    process: str
    title: str
    symbol: str
    language: str
    unnamed: bool


class SectionView(Wire):
    """A section as it stands in a version, or at the desk. A ``deleted`` one has no text; its label still prints."""

    id: str
    kind: SectionKind
    level: int
    label: str
    text: str
    deleted: bool = False


class AccountLine(Wire):
    """What a version says has become of one circulated amendment; late ones that nobody admitted say so."""

    amendment: str
    label: str
    outcome: AmendmentState | Literal["not_admitted"]
    decisions: list[str]


class VersionView(Wire):
    """An issued text, without its sections.

    ``hash`` covers the sections, the account, the parent's hash and ``log_head``, which in turn covers the heads of
    all streams of the document's log at the moment of issue; both are printed in the Word file. ``audience``: the
    stream whose readers may read it. ``recalled``: why it was recalled, if it was; what was issued stays as it was.
    """

    id: str
    document: str
    name: str
    symbol: str
    ordinal: int
    parent: str | None
    round: str | None
    standing: Standing
    hash: str
    log_head: str
    issued_at: AwareDatetime
    issued_by: str
    audience: str
    recalled: str | None


class IssuedView(Wire):
    """An issued text whole: sections, what became of every amendment of its round, and the renumbering table
    (section id, old label, new label).
    """

    version: VersionView
    sections: list[SectionView]
    account: list[AccountLine]
    renumbering: list[tuple[str, str, str]]


class LintView(Wire):
    """A remark on a text that was taken in: what looks wrong, and where; nothing was changed."""

    section: str
    position: int
    what: str
