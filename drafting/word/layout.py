"""How a section stands on the page: its style, its indentation, its paragraph."""

from collections.abc import Iterable

from drafting.domain.labels import printed_number
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from drafting.word.markup import run_properties

DELETED = "[deleted]"
"""What stands behind the label of a section that was deleted."""

_STYLES = {
    SectionKind.TITLE: "Title",
    SectionKind.CHAPEAU: "Chapeau",
    SectionKind.PREAMBULAR: "Preambular",
    SectionKind.OPERATIVE: "Operative",
    SectionKind.SUBPARAGRAPH: "Subparagraph",
    SectionKind.ANNEX: "Heading1",
    SectionKind.FOOTNOTE: "Note",
    SectionKind.SIGNATURE: "Signature",
}
_HEADINGS = frozenset({SectionKind.TITLE, SectionKind.HEADING, SectionKind.ARTICLE, SectionKind.ANNEX})
_DEEPEST_HEADING = 4
# Twentieths of a point: the room for a label at the margin ("OP12bis"), deeper ("(viii)"), and before a heading, where
# it is short ("IV.") or not ("Article 12").
_LABEL, _DEEPER_LABEL, _SHORT_HEADING_LABEL, _HEADING_LABEL = 1134, 850, 709, 1701
_SHORT = 4
_DEEPEST = 6


def depths(lines: Iterable[Line]) -> dict[str, int]:
    """How far in each section stands: the number of its ancestors that are no headings, by section id."""
    found: dict[str, int] = {}
    ancestors: list[Line] = []
    for line in lines:
        while ancestors and ancestors[-1].level >= line.level:
            ancestors.pop()
        found[line.section] = sum(ancestor.kind not in _HEADINGS for ancestor in ancestors)
        ancestors.append(line)
    return found


def paragraph(line: Line, depth: int, content: str, *, rtl: bool, mark: str = "") -> str:
    """One ``w:p`` around ready runs; ``mark`` is what happened to the paragraph's mark."""
    mark_properties = f"<w:rPr>{mark}{'<w:rtl/>' if rtl else ''}</w:rPr>" if mark else run_properties(0, rtl=rtl)
    return f"<w:p><w:pPr>{_properties(line, depth, rtl=rtl)}{mark_properties}</w:pPr>{content}</w:p>"


def _properties(line: Line, depth: int, *, rtl: bool) -> str:
    # The schema wants this order: style, page break, direction, indentation.
    page_break = "<w:pageBreakBefore/>" if line.kind is SectionKind.ANNEX else ""
    direction = "<w:bidi/>" if rtl else ""
    return f'<w:pStyle w:val="{_style(line)}"/>{page_break}{direction}{_indentation(line, depth)}'


def _style(line: Line) -> str:
    if line.kind in _STYLES:
        return _STYLES[line.kind]
    return f"Heading{min(line.level + 1, _DEEPEST_HEADING)}"


def _indentation(line: Line, depth: int) -> str:
    if line.kind in (SectionKind.TITLE, SectionKind.SIGNATURE):
        return ""
    if line.kind in _HEADINGS:
        room = _SHORT_HEADING_LABEL if len(printed_number(line)) <= _SHORT else _HEADING_LABEL
        return _hanging(room, room) if line.label else ""
    depth = min(depth, _DEEPEST)
    left = _LABEL + _DEEPER_LABEL * depth
    if line.label:
        return _hanging(left, _DEEPER_LABEL if depth else _LABEL)
    return f'<w:ind w:left="{left - _DEEPER_LABEL}"/>' if depth else ""


def _hanging(left: int, hanging: int) -> str:
    return f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'
