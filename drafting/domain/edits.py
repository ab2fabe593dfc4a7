"""What an amendment's edits make of a base text."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from drafting.domain.labels import alternative
from drafting.domain.terms import throughout
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, PrimitiveEdit, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal


def primitive(base: Manifest, edits: Sequence[Edit]) -> tuple[PrimitiveEdit, ...]:
    """Give the edits with each merge as a replacement and deletions, each split as a replacement and additions.

    A term throughout comes last, one term after the other: it rewords what the other edits write, and is a
    replacement for each further section of ``base`` that says it. Where nothing says it, it comes to nothing.
    Ids of new sections must be there already (ValueError). Raises Refusal: UNKNOWN_SECTION for a split of what
    neither ``base`` nor an earlier addition has.
    """
    # Only a split asks what is there; of a long text, to look that up costs more than all the rest.
    known = {line.section: line for line in base} if any(isinstance(edit, Split) for edit in edits) else {}
    found: list[PrimitiveEdit] = []
    for edit in edits:
        parts = tuple(_parts(edit, known))
        known |= {line.section: line for line in (_new_line(part) for part in parts if isinstance(part, Add))}
        found += parts
    for term in (edit for edit in edits if isinstance(edit, Term)):
        found = [*_said_otherwise(term, base, found)]
    return tuple(found)


def touched(base: Manifest, edits: Sequence[Edit]) -> tuple[str, ...]:
    """List the sections that a consolidation must decide on, in the order of the edits, each once; new ones by id.

    Raises what ``primitive`` raises.
    """
    return tuple(dict.fromkeys(_minted(part.section) for part in primitive(base, edits)))


def apply(base: Manifest, edits: Sequence[Edit]) -> Manifest:
    """Give ``base`` as it reads with ``edits``, done in their order.

    A deleted section keeps its line and its subordinate lines (the following ones of a deeper level). What is added
    or moved after a section stands after that section's subordinates of a deeper level than its own; several after
    one section stand in the order given. A moved section takes its subordinates along. New lines have no label, but for
    alternatives of a section that has one: ``OP12 alt``.
    Raises Refusal: UNKNOWN_SECTION; EDITS_CONFLICT for a section moved after itself or an id already in use.
    """
    text = _Arrangement(base)
    for edit in primitive(base, edits):
        match edit:
            case Replace():
                text.rewrite(edit.section, edit.text, deleted=False)
            case Delete():
                text.rewrite(edit.section, "", deleted=True)
            case Add():
                text.add(_new_line(edit), edit.after, edit.alternative_to)
            case Move():
                text.move(edit.section, edit.after)
    return tuple(text.lines)


def check(base: Manifest, edits: Sequence[Edit]) -> None:
    """Refuse edits that cannot be meant.

    Raises Refusal: UNKNOWN_SECTION; EDITS_CONFLICT (two edits of one section contradict each other, a section is
    moved after itself, an id is already in use); NO_CHANGE (the text would read as before, or nothing says a term).
    """
    edits_of: dict[str, Counter[str]] = {}
    parts = primitive(base, edits)
    for part in parts:
        edits_of.setdefault(_minted(part.section), Counter()).update([part.op])
    changed = apply(base, edits)
    for section, kinds in edits_of.items():
        # One section may be both reworded and moved; all else says two things at once.
        if max(kinds.values()) > 1 or not (len(kinds) == 1 or kinds.keys() == {"replace", "move"}):
            raise Refusal(
                ProblemCode.EDITS_CONFLICT, f"Two edits of section {section} contradict each other.", section=section
            )
    known = {line.section for line in base}
    for edit in edits:
        if isinstance(edit, Add) and edit.alternative_to not in {None, *known}:
            raise unknown_section(edit.alternative_to or "")
        if isinstance(edit, Term) and primitive(base, [other for other in edits if other is not edit]) == parts:
            raise Refusal(ProblemCode.NO_CHANGE, f"Nothing in the text says “{edit.old}”, or it would say the same.")
    if changed == base:
        raise Refusal(ProblemCode.NO_CHANGE, "The edits leave the text as it is.")


class _Arrangement:
    """Lines that are being edited."""

    def __init__(self, base: Manifest) -> None:
        self.lines: list[Line] = list(base)
        # The section last placed after each one, which the next one placed after that one follows.
        self._followers: dict[str | None, str] = {}

    def rewrite(self, section: str, text: str, *, deleted: bool) -> None:
        place = self._place(section)
        self.lines[place] = replace(self.lines[place], text=text, deleted=deleted)

    def add(self, line: Line, after: str | None, alternative_to: str | None) -> None:
        if any(known.section == line.section for known in self.lines):
            raise Refusal(
                ProblemCode.EDITS_CONFLICT, f"The text already has a section {line.section}.", section=line.section
            )
        label = next((known.label for known in self.lines if known.section == alternative_to), "")
        if label:
            line = replace(line, label=alternative(label, {known.label for known in self.lines}))
        self._insert([line], after)

    def move(self, section: str, after: str | None) -> None:
        start = self._place(section)
        end = self._end_of_deeper(start + 1, self.lines[start].level)
        block = self.lines[start:end]
        if any(line.section == after for line in block):
            raise Refusal(
                ProblemCode.EDITS_CONFLICT, f"Section {section} cannot be moved after itself.", section=section
            )
        if after is not None:
            self._place(after)
        del self.lines[start:end]
        self._followers.pop(section, None)
        self._insert(block, after)

    def _insert(self, block: list[Line], after: str | None) -> None:
        anchor = after
        while anchor in self._followers:
            anchor = self._followers[anchor]
        place = 0 if anchor is None else self._end_of_deeper(self._place(anchor) + 1, block[0].level)
        self.lines[place:place] = block
        self._followers[after] = block[0].section

    def _place(self, section: str) -> int:
        for place, line in enumerate(self.lines):
            if line.section == section:
                return place
        raise unknown_section(section)

    def _end_of_deeper(self, start: int, level: int) -> int:
        place = start
        while place < len(self.lines) and self.lines[place].level > level:
            place += 1
        return place


def _parts(edit: Edit, known: Mapping[str, Line]) -> Iterable[PrimitiveEdit]:
    match edit:
        case Merge():
            first, *others = edit.sections
            yield Replace(section=first, text=edit.text)
            yield from (Delete(section=section) for section in others)
        case Split():
            line = known.get(edit.section)
            if line is None:
                raise unknown_section(edit.section)
            yield Replace(section=line.section, text=edit.texts[0])
            for section, text in zip(_new_sections(edit), edit.texts[1:], strict=True):
                yield Add(after=line.section, section=section, section_kind=line.kind, level=line.level, text=text)
        case Term():
            return  # when the others are done
        case _:
            yield edit


def _said_otherwise(term: Term, base: Manifest, parts: Sequence[PrimitiveEdit]) -> Iterable[PrimitiveEdit]:
    written: set[str] = set()
    for part in parts:
        if isinstance(part, Move):
            yield part
            continue
        written.add(_minted(part.section))
        if isinstance(part, Delete):
            yield part
        else:
            text = throughout(part.text, term.old, term.new)
            yield part if text == part.text else part.model_copy(update={"text": text})
    for line in base:
        if line.section not in written and (text := throughout(line.text, term.old, term.new)) != line.text:
            yield Replace(section=line.section, text=text)


def unknown_section(section: str) -> Refusal:
    """Say that a text has no such section."""
    return Refusal(ProblemCode.UNKNOWN_SECTION, f"The text has no section {section}.", section=section)


def _new_sections(split: Split) -> Sequence[str]:
    sections = split.sections or []
    if len(sections) != len(split.texts) - 1:
        message = "a split needs an id for each new section"
        raise ValueError(message)
    return sections


def _new_line(edit: Add) -> Line:
    return Line(_minted(edit.section), edit.section_kind, edit.level, "", edit.text)


def _minted(section: str | None) -> str:
    if section is None:
        message = "a new section needs its id"
        raise ValueError(message)
    return section
