"""What working drafts read like: from what is stored of them, held against their base."""

from drafting.domain.drafted import Draft
from drafting.domain.numbering import number
from drafting.domain.text import Line, Manifest
from drafting.protocol.views import DraftLineView, WorkingTextView
from drafting.protocol.words import SectionStatus
from drafting.queries.discussion import comments_for, in_open_threads
from drafting.queries.people import Reader
from drafting.queries.redrafting import Reading, placed, reading, same, still_open, tie_view, ties
from drafting.queries.status import agreed_on
from drafting.queries.unnamed import shown
from drafting.queries.versions import version_row
from drafting.queries.working import hand, working_draft, working_draft_view
from storage.database import ReadTransaction


def working_text(tx: ReadTransaction, who: Reader, draft: str) -> WorkingTextView:
    """Show a working draft of the document as it reads now, to somebody who may read it."""
    row = working_draft(tx, who, draft)
    at = hand(tx, who.person, draft)
    read = reading(tx, row)
    view = WorkingTextView(
        draft=working_draft_view(tx, row),
        writes=at.writes,
        why_not=at.why_not[1] if at.why_not else None,
        lines=_lines(tx, who, read, at.locked),
        newest=version_row(tx, who, None).id,
        open=list(still_open(tx, read)),
        comments=list(placed(read, in_open_threads(comments_for(tx, who)))),
    )
    return shown(view, who)


def _lines(tx: ReadTransaction, who: Reader, read: Reading, locked: frozenset[str]) -> list[DraftLineView]:
    was, agreed = {line.section: line for line in read.base}, agreed_on(tx, read.row.document, read.base)
    drafted, labels = read.drafted, labelled(read.base, read.lines)
    known = ties(tx, who, read.row.id)
    alike = same(tx, read, known)
    return [
        DraftLineView(
            section=line.section,
            label=labels[line.section],
            kind=line.kind,
            level=line.level,
            text=read.typed[line.section],
            base_text=was[line.section].text if line.section in was else None,
            change=drafted.changes[line.section],
            moved=line.section in drafted.moved,
            removed=line.gone,
            locked=line.section in locked,
            status=agreed[line.section].status if line.section in agreed else SectionStatus.OPEN,
            tie=tie_view(known[line.section], same=alike[line.section]) if line.section in known else None,
        )
        for line in read.lines
    ]


def labelled(base: Manifest, text: Draft) -> dict[str, str]:
    """Give each section of a draft its label: the base's, or the one that it would get where it stands; none where a
    new one was removed again.
    """
    known = {line.section: line.label for line in base}
    printed = [line for line in text if line.section in known or not line.gone]
    lines = (
        Line(line.section, line.kind, line.level, known.get(line.section, ""), line.text, deleted=line.gone)
        for line in printed
    )
    return {line.section: "" for line in text} | {line.section: line.label for line in number(tuple(lines))}
