"""What is proposed, made ready: texts as they are stored, ids for new sections; what the base forbids is refused."""

from collections.abc import Sequence

from drafting.commands.context import Context
from drafting.domain.edits import check, primitive, touched
from drafting.domain.shorthand import spelled_out
from drafting.protocol.edits import Add, Edit, Merge, ProposedEdit, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.versions import manifest
from storage.tables import Section


def prepared(ctx: Context, base: str, edits: Sequence[ProposedEdit]) -> tuple[list[Edit], list[str]]:
    """Give the edits with texts as they are stored and ids for new sections, and the sections that they touch.

    Refuses what the base does not allow.
    """
    text = manifest(ctx.tx, base)
    prepared = [_cleaned(ctx, edit) for edit in spelled_out(text, edits)]
    check(text, prepared)
    if any(isinstance(edit, Term) for edit in prepared):
        for part in primitive(text, prepared):
            if isinstance(part, Replace | Add):
                ctx.text(part.text)  # a longer term may make a section too long
    return prepared, list(touched(text, prepared))


def _cleaned(ctx: Context, edit: Edit) -> Edit:
    match edit:
        case Replace() | Merge():
            return edit.model_copy(update={"text": ctx.text(edit.text)})
        case Add():
            return edit.model_copy(update={"text": ctx.text(edit.text), "section": edit.section or ctx.mint("se")})
        case Split():
            sections = edit.sections or [ctx.mint("se") for _ in edit.texts[1:]]
            if len(sections) != len(edit.texts) - 1:
                raise Refusal(ProblemCode.MALFORMED, "A split names one new section fewer than it has texts.")
            return edit.model_copy(update={"texts": [ctx.text(text) for text in edit.texts], "sections": sections})
        case Term():
            return edit.model_copy(update={"old": ctx.text(edit.old), "new": ctx.text(edit.new)})
        case _:
            return edit


def found_sections(ctx: Context, document: str, edits: Sequence[Edit], earlier: Sequence[Edit]) -> None:
    """Give new sections the id that they keep for life; one that anybody but this amendment has used is refused."""
    for section in dict.fromkeys(new_sections(edits)).keys() - set(new_sections(earlier)):
        if ctx.session.get(Section, section) is not None:
            raise Refusal(
                ProblemCode.EDITS_CONFLICT, f"The id {section} is in use; a new section needs its own.", section=section
            )
        ctx.session.add(Section(id=section, document=document))


def new_sections(edits: Sequence[Edit]) -> list[str]:
    """List the ids of the sections that the edits would add."""
    found: list[str] = []
    for edit in edits:
        match edit:
            case Add(section=str(section)):
                found.append(section)
            case Split(sections=list(sections)):
                found += sections
    return found
