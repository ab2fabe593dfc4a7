"""A comparison for the command line: of two versions, or of two files, in four formats."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from drafting.domain.compare import compare
from drafting.domain.numbering import number
from drafting.domain.pairing import pair
from drafting.domain.text import Line, Manifest, Op, SectionChange
from drafting.queries.exports import EDITORIAL, redline_file
from drafting.queries.resolve import version_called
from drafting.queries.verify import host
from drafting.word.importing import ImportedDraft, read_draft
from drafting.word.masthead import Masthead
from drafting.word.redline import redline
from storage.database import ReadTransaction

_MARKS = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "{{+{}+}}"}
_TAGS = {Op.KEEP: "{}", Op.DELETE: "<del>{}</del>", Op.INSERT: "<ins>{}</ins>"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts and what differs; ``authors`` by section, where it is known who changed it."""

    old: Manifest
    new: Manifest
    masthead: Masthead
    authors: Mapping[str, str]

    def as_text(self) -> bytes:
        """Give the changed sections as plain text: ``[-deleted-]``, ``{+inserted+}``."""
        lines = [f"{_heading(change)}: {_marked(change, _MARKS)}" for change in self._changed()]
        return "".join(f"{line}\n" for line in lines or ["No change."]).encode()

    def as_json(self) -> bytes:
        """Give all changes as JSON, a section an item."""
        items = [
            {
                "section": change.section,
                "kinds": _kinds(change),
                "old": change.old and {"label": change.old.label, "text": change.old.text},
                "new": change.new and {"label": change.new.label, "text": change.new.text},
                "spans": [[span.op, span.text] for span in change.spans],
                "by": self.authors.get(change.section),
            }
            for change in self._changed()
        ]
        return (json.dumps({"changes": items}, ensure_ascii=False) + "\n").encode()

    def as_html(self) -> bytes:
        """Give a page of the changed sections, with ``<ins>`` and ``<del>``; everything typed is escaped."""
        title = escape(self.masthead.title)
        rows = "".join(
            f"<h2>{escape(_heading(change))}</h2><p>{_marked(change, _TAGS, escape)}</p>" for change in self._changed()
        )
        page = (
            f'<!doctype html><html lang="{escape(self.masthead.language)}"><meta charset="utf-8"><title>{title}</title>'
        )
        return f"{page}<h1>{title}</h1>{rows or '<p>No change.</p>'}</html>\n".encode()

    def as_docx(self) -> bytes:
        """Give a Word file with tracked changes."""
        changes = compare(self.old, self.new, exact=True)

        def author_of(change: SectionChange) -> str:
            return self.authors.get(change.section, EDITORIAL)

        return redline(self.old, changes, self.masthead, author_of, self.masthead.date)

    def _changed(self) -> list[SectionChange]:
        return [change for change in compare(self.old, self.new) if _kinds(change)]


def compared_versions(tx: ReadTransaction, document: str, old: str, new: str) -> Compared:
    """Compare two versions of a document, called by name, symbol or id."""
    ids = [version_called(tx, document, name) for name in (new, old)]
    file = redline_file(tx, host(document), *ids)
    return Compared(file.old, file.new, file.masthead, file.authors)


def compared_files(old: Path, new: Path) -> Compared:
    """Compare two files; their paragraphs are matched by what they say."""
    was, now = (read_draft(path.name, path.read_bytes()) for path in (old, new))
    pairs = pair([line.text for line in was.lines], [line.text for line in now.lines])
    olds = {matched.new: matched.old for matched in pairs}
    names = [f"old {olds[place]}" if place in olds else f"new {place}" for place in range(len(now.lines))]
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
    return Compared(_lines(was, [f"old {n}" for n in range(len(was.lines))]), _lines(now, names), masthead, {})


def _lines(draft: ImportedDraft, names: list[str]) -> Manifest:
    drafted = zip(names, draft.lines, strict=True)
    return number(tuple(Line(name, x.kind, x.level, x.label, x.text) for name, x in drafted))


def _kinds(change: SectionChange) -> list[str]:
    return [kind for kind in ("added", "removed", "moved", "edited") if getattr(change, kind)]


def _heading(change: SectionChange) -> str:
    line = change.new or change.old
    name = (line.label or line.kind.value) if line else ""
    return f"{name} ({', '.join(_kinds(change))})"


def _marked(change: SectionChange, marks: Mapping[Op, str], shown: Callable[[str], str] = str) -> str:
    return "".join(marks[span.op].format(shown(span.text)) for span in change.spans)
