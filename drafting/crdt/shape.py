"""The shape of a working draft inside its CRDT, and the sizes that bound it.

Two maps at the root: ``outline`` (section id -> a map with the four keys of an entry) and ``sections`` (section id -> a
plain text). Neither the entries nor the texts are ever deleted or replaced: only the keys are set, the texts edited.
"""

import re
from typing import Final

from drafting.domain.ranks import is_rank
from drafting.protocol.words import SectionKind

OUTLINE: Final = "outline"
SECTIONS: Final = "sections"
RANK, LEVEL, KIND, REMOVED = "rank", "level", "kind", "removed"
FIELDS: Final = (RANK, LEVEL, KIND, REMOVED)

MOST_SECTIONS: Final = 5_000
MOST_LEVEL: Final = 9
MOST_RANK: Final = 1_000
"""The longest rank: the rank between two neighbours grows by a digit for every five or six sections put there."""

_SECTION: Final = re.compile(r"se_[0-9A-HJKMNP-TV-Z]{26}")
_KINDS: Final = frozenset(SectionKind)


def is_section(name: object) -> bool:
    """Whether this is what a section's id looks like."""
    return isinstance(name, str) and _SECTION.fullmatch(name) is not None


def fits(field: str, value: object) -> bool:
    """Whether an entry's field may be set to the value. JavaScript's whole numbers may be written as fractions."""
    if field == RANK:
        return isinstance(value, str) and len(value) <= MOST_RANK and is_rank(value)
    if field == KIND:
        return isinstance(value, str) and value in _KINDS
    if field == REMOVED:
        return isinstance(value, bool)
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return field == LEVEL and whole and value in range(MOST_LEVEL + 1)
