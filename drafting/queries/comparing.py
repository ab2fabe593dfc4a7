"""A comparison for the command line: of two versions, or of two files, in five formats."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from drafting.domain import classes
from drafting.domain.compare import compare
from drafting.domain.numbering import number
from drafting.domain.pairing import pair
from drafting.domain.text import Line, Manifest, Op, SectionChange
from drafting.domain.visible import Mark, Unseen, visible
from drafting.queries.compare import Causes, Wanted, causes_between, kinds_of, patches_of
from drafting.queries.exports import redline_file
from drafting.queries.resolve import version_called
from drafting.queries.verify import host
from drafting.queries.versions import version_row
from drafting.word.importing import ImportedDraft, read_draft
from drafting.word.masthead import Masthead
from drafting.word.redline import COMPARISON, RENUMBERING, Signed, redline
from storage.database import ReadTransaction

_MARKS = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "{{+{}+}}"}
_TAGS = {Op.KEEP: "{}", Op.DELETE: "<del>{}</del>", Op.INSERT: "<ins>{}</ins>"}
_A_GUESS = 0.5
"""Below this sureness two paragraphs are said to be paired by guess."""
_DECEIVES = frozenset({Unseen.HOMOGLYPH, Unseen.BIDI_CONTROL, Unseen.ZERO_WIDTH})
"""A space or a hyphen of another sort is usual in Word files, and says the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts and what differs, as far as it is ``wanted``.

    ``signed`` and ``causes``: by section, where it is known who changed it; else it is in the name of ``house``.
    ``sure``: by section, how sure (0 to 1) its two paragraphs are one, where that was found by what they say.
    """

    old: Manifest
    new: Manifest
    masthead: Masthead
    house: Signed
    renumbering: str = RENUMBERING
    signed: Mapping[str, Signed] = field(default_factory=dict)
    causes: Causes = field(default_factory=dict)
    sure: Mapping[str, float] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)

    def as_text(self) -> bytes:
        """Give the changed sections as plain text: ``[-deleted-]``, ``{+inserted+}``, and remarks under them."""
        lines = [
            "\n    ".join([f"{_heading(change)}: {_marked(change, _MARKS)}", *self._remarks(change)])
            for change in self._changed()
        ]
        return "".join(f"{line}\n" for line in lines or ["No change."]).encode()

    def as_json(self) -> bytes:
        """Give all changes as JSON, a section an item."""
        items = [
            {
                "section": change.section,
                "kinds": kinds_of(change),
                "nature": sorted(classes.kinds(change)),
                "old": change.old and {"label": change.old.label, "text": change.old.text},
                "new": change.new and {"label": change.new.label, "text": change.new.text},
                "spans": [[span.op, span.text] for span in change.spans],
                "by": self.signed[change.section].author if change.section in self.signed else None,
                "sure": self.sure.get(change.section),
                "invisible": classes.invisible(change),
                "unseen": unseen(change),
            }
            for change in self._changed()
        ]
        return (json.dumps({"changes": items}, ensure_ascii=False) + "\n").encode()

    def as_html(self) -> bytes:
        """Give a page of the changed sections, with ``<ins>`` and ``<del>``; everything typed is escaped."""
        title = escape(self.masthead.title)
        rows = "".join(
            f"<h2>{escape(_heading(change))}</h2><p>{_marked(change, _TAGS, escape)}</p>"
            + "".join(f"<p><small>{escape(remark)}</small></p>" for remark in self._remarks(change))
            for change in self._changed()
        )
        page = (
            f'<!doctype html><html lang="{escape(self.masthead.language)}"><meta charset="utf-8"><title>{title}</title>'
        )
        return f"{page}<h1>{title}</h1>{rows or '<p>No change.</p>'}</html>\n".encode()

    def as_patch(self) -> bytes:
        """Give each section whose words changed as a line of JSON, with diff-match-patch's patch text."""
        changes = {change.section: change for change in self._changed()}
        items = (
            {"section": section, "label": _label(changes[section]), "patch": patch}
            for section, patch in patches_of(changes.values()).items()
        )
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()

    def as_docx(self) -> bytes:
        """Give a Word file with tracked changes."""
        changes = compare(self.old, self.new, exact=True)

        def signed_of(change: SectionChange) -> Signed:
            return self.signed.get(change.section, self.house)

        return redline(self.old, changes, self.masthead, signed_of, self.renumbering)

    def _changed(self) -> list[SectionChange]:
        changes = self.wanted.of(compare(self.old, self.new), self.causes)
        return [change for change in changes if kinds_of(change)]

    def _remarks(self, change: SectionChange) -> Iterator[str]:
        sure = self.sure.get(change.section, 1)
        if sure < _A_GUESS:
            yield f"That these two are one paragraph is a guess ({sure:.2f})."
        if classes.invisible(change):
            yield "Both look the same."
        if marks := unseen(change):
            yield f"Not what it looks like: {', '.join(marks)}."


def compared_versions(tx: ReadTransaction, document: str, old: str, new: str, wanted: Wanted | None = None) -> Compared:
    """Compare two versions of a document, called by name, symbol or id."""
    who = host(document)
    after, before = (version_row(tx, who, version_called(tx, document, name)) for name in (new, old))
    file = redline_file(tx, who, after.id, before.id)
    causes = causes_between(tx, who, before, after)
    texts = file.old, file.new, file.masthead
    return Compared(*texts, file.house, signed=file.signed, causes=causes, wanted=wanted or Wanted())


def compared_files(old: Path, new: Path, *, wanted: Wanted | None = None) -> Compared:
    """Compare two files; their paragraphs are matched by what they say."""
    was, now = (read_draft(path.name, path.read_bytes()) for path in (old, new))
    pairs = {matched.new: matched for matched in pair([x.text for x in was.lines], [x.text for x in now.lines])}
    names = [f"old {pairs[place].old}" if place in pairs else f"new {place}" for place in range(len(now.lines))]
    sure = {names[place]: matched.sure for place, matched in pairs.items()}
    masthead = Masthead(
        title=now.title,
        symbol="",
        version_name=new.name,
        distribution="",
        date=datetime.fromtimestamp(new.stat().st_mtime, UTC),
        original_language=now.language,
        language=now.language,
        document_id="",
        version_id="",
        version_hash="",
        log_head="",
    )
    before = _lines(was, [f"old {n}" for n in range(len(was.lines))])
    texts = before, _lines(now, names), masthead
    return Compared(*texts, Signed(COMPARISON, masthead.date), COMPARISON, sure=sure, wanted=wanted or Wanted())


def unseen(change: SectionChange) -> list[str]:
    """Name the characters that make a change look like none, and those in new words that deceive the reader."""
    found: list[str] = []
    for hunk in classes.hunks(change):
        marks = [mark for mark in _marks(change.new, hunk.new_start, hunk.new_end) if mark.what in _DECEIVES]
        if hunk.invisible:
            marks = [*_marks(change.old, hunk.start, hunk.end), *_marks(change.new, hunk.new_start, hunk.new_end)]
        found += (f"{one.name} for “{one.looks_like}”" if one.looks_like.strip() else one.name for one in marks)
    return list(dict.fromkeys(found))


def _marks(line: Line | None, start: int, end: int) -> list[Mark]:
    return [mark for mark in visible(line.text) if start <= mark.position < end] if line else []


def _lines(draft: ImportedDraft, names: list[str]) -> Manifest:
    drafted = zip(names, draft.lines, strict=True)
    return number(tuple(Line(name, x.kind, x.level, x.label, x.text) for name, x in drafted))


def _label(change: SectionChange) -> str:
    line = change.new or change.old
    return line.label if line else ""


def _heading(change: SectionChange) -> str:
    line = change.new or change.old
    name = _label(change) or (line.kind.value if line else "")
    return f"{name} ({', '.join(kinds_of(change))})"


def _marked(change: SectionChange, marks: Mapping[Op, str], shown: Callable[[str], str] = str) -> str:
    return "".join(marks[span.op].format(shown(span.text)) for span in change.spans)
