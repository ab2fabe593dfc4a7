"""Texts to measure with: legal prose made up word by word, and a newer version of it with planted edits.

The same seed gives the same text. Sections have about 50 words; of a page's 500 words there are thus ten.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

SECTIONS_A_PAGE = 10
_SENTENCES = 2
_EDITED_AT_ONCE = 50
_SEED = 11

_SUBJECTS = (
    "States Parties",
    "The Contracting Parties",
    "Participating States",
    "The Secretariat",
    "Each Party",
    "The Conference",
    "Countries of origin, transit and destination",
    "The governing body",
)
_DUTIES = (
    "shall take",
    "shall adopt",
    "should consider",
    "are encouraged to promote",
    "shall ensure",
    "may review",
    "undertake to support",
    "shall report on",
)
_OBJECTS = (
    "appropriate measures",
    "effective and proportionate safeguards",
    "national plans and strategies",
    "legal pathways for migration",
    "the exchange of reliable information",
    "technical assistance and capacity-building",
    "periodic reports on implementation",
    "sustainable financing arrangements",
)
_TAILS = (
    "in accordance with national law and international obligations",
    "with full respect for the dignity of every person",
    "taking into account different national circumstances",
    "subject to the availability of resources",
    "on the basis of mutually agreed terms",
    "with a view to the protection of migrants in transit",
    "no later than 12 months after the entry into force",
    "in cooperation with competent international organisations",
    "without prejudice to the rights of third parties",
    "including, where necessary, at the regional level",
)
_WORDS = (
    "all",
    "feasible",
    "voluntary",
    "timely",
    "[necessary]",
    "adequate",
    "regional",
    "transparent",
    "where agreed",
)
_KINDS = (SectionKind.OPERATIVE, SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH, SectionKind.OPERATIVE)


def text(sections: int, seed: int = _SEED) -> Manifest:
    """Make up a text of so many sections; every 25th is a heading."""
    chance = random.Random(seed)  # noqa: S311 - the same each time, and no secret
    return tuple(_line(number, chance) for number in range(sections))


def edited(old: Manifest, seed: int = _SEED) -> Manifest:
    """Make a newer version: two in three sections edited by words or clauses, a few gone, new or moved."""
    chance = random.Random(seed + 1)  # noqa: S311 - as above
    lines: list[Line] = []
    for line in old:
        fate = chance.random()
        if fate < 0.02:  # noqa: PLR2004 - one in fifty goes
            continue
        if fate < 0.04 and lines:  # noqa: PLR2004 - one in fifty changes places with the one before
            lines.insert(-1, line)
            continue
        lines.append(line if fate < 1 / 3 else replace(line, text=reworded(line.text, chance)))
        if fate > 0.98:  # noqa: PLR2004 - one in fifty is followed by a new one
            lines.append(replace(line, section=f"{line.section}N", kind=SectionKind.OPERATIVE, text=_prose(chance)))
    return tuple(lines)


def reworded(words: str, chance: random.Random) -> str:
    """Make one to three edits as delegations do: a word put in, taken out or replaced, a clause added or rewritten."""
    tokens = words.split(" ")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(tokens))
        match chance.randrange(5):
            case 0:
                tokens.insert(at, chance.choice(_WORDS))
            case 1 if len(tokens) > 1:
                del tokens[at]
            case 2:
                tokens[at] = chance.choice(_WORDS)
            case 3:
                tokens[at : at + chance.randint(2, 6)] = chance.choice(_TAILS).split(" ")
            case _:
                tokens[at] += f", {chance.choice(_TAILS)},"
    return " ".join(tokens)


def lengthy(sections: int, words: int, seed: int = _SEED) -> Manifest:
    """Make up a text of so many paragraphs of so many words or a few more; none is a heading."""
    chance = random.Random(seed)  # noqa: S311 - as above
    return tuple(
        Line(f"se_{number:026d}", SectionKind.OPERATIVE, 1, f"OP{number + 1}", _of_words(words, chance))
        for number in range(sections)
    )


def redrafted(old: Manifest, seed: int = _SEED) -> Manifest:
    """Make a newer version of which no section is as it was: one to three edits to each fifty of its words."""
    chance = random.Random(seed + 3)  # noqa: S311 - as above
    lines = []
    for line in old:
        words = line.text.split(" ")
        parts = [" ".join(words[at : at + _EDITED_AT_ONCE]) for at in range(0, len(words), _EDITED_AT_ONCE)]
        lines.append(replace(line, text=" ".join(reworded(part, chance) for part in parts)))
    return tuple(lines)


def wordings(base: str, many: int, seed: int = _SEED) -> Sequence[str]:
    """Give so many delegations' wordings of one section."""
    chance = random.Random(seed + 2)  # noqa: S311 - as above
    return [reworded(base, chance) for _ in range(many)]


def _line(number: int, chance: random.Random) -> Line:
    section = f"se_{number:026d}"
    if number % 25 == 0:
        return Line(section, SectionKind.HEADING, 0, "", chance.choice(_OBJECTS).capitalize())
    kind = chance.choice(_KINDS)
    return Line(section, kind, 2 if kind is SectionKind.SUBPARAGRAPH else 1, f"OP{number}", _prose(chance))


def _of_words(words: int, chance: random.Random) -> str:
    text = _prose(chance)
    while text.count(" ") + 1 < words:
        text += f" {_prose(chance)}"
    return text


def _prose(chance: random.Random) -> str:
    return " ".join(
        f"{chance.choice(_SUBJECTS)} {chance.choice(_DUTIES)} {chance.choice(_OBJECTS)} "
        f"{chance.choice(_TAILS)}, {chance.choice(_TAILS)}."
        for _ in range(_SENTENCES)
    )
