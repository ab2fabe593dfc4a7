"""A draft that somebody sent, shown as it was understood; and its sections as somebody corrected them."""

from pydantic import TypeAdapter

from drafting.protocol.answers import DraftReport, Remark, UnderstoodSection
from drafting.protocol.commands import DraftedSection
from drafting.word.importing import ImportedDraft

_SECTIONS: TypeAdapter[list[DraftedSection]] = TypeAdapter(list[DraftedSection])
_LIST: TypeAdapter[list[dict[str, object]]] = TypeAdapter(list[dict[str, object]])
_TOLD = frozenset({"place", "why"})
"""What a report tells of a section besides, and need not be taken out of a corrected one."""


def report(draft: ImportedDraft) -> DraftReport:
    """Show a draft as it was understood."""
    return DraftReport(
        title=draft.title,
        language=draft.language,
        sections=[
            UnderstoodSection(
                kind=line.kind, level=line.level, label=line.label, text=line.text, place=line.place, why=line.why.value
            )
            for line in draft.lines
        ],
        remarks=[Remark(place=remark.place, sentence=remark.sentence) for remark in draft.remarks],
    )


def as_text(shown: DraftReport) -> str:
    """Give a report as lines, one for each section."""
    return "\n".join(
        f"{one.place}: {one.kind} {one.label or '-'} (level {one.level}, by its {one.why}): {one.text[:60]}"
        for one in shown.sections
    )


def corrected(sections: str | bytes) -> list[DraftedSection]:
    """Read sections that somebody corrected, as JSON: those of a report, or plain ones. Raises ValidationError."""
    told = _LIST.validate_json(sections)
    return _SECTIONS.validate_python([{name: one[name] for name in one.keys() - _TOLD} for one in told])
