"""Any two versions: a redline accepts to the new text, rejects to the old, and marks no word that both have."""
# ruff: noqa: RUF001 - texts are Russian, Arabic and mathematical on purpose

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compare import compare
from drafting.domain.text import Line, Op, SectionChange
from drafting.protocol.words import SectionKind
from drafting.word.clean import clean
from drafting.word.lint import lint
from drafting.word.redline import Signed, redline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Readers
    from drafting.word.masthead import Masthead

    Pair = tuple[tuple[Line, ...], tuple[Line, ...]]

AT = datetime(2026, 11, 28, 14, 55, tzinfo=UTC)


def author_of(change: SectionChange) -> Signed:
    return Signed(f"author of {change.section}", AT)


WORDS = st.sampled_from(
    [
        *("the", "States", "[", "]", "*shall*", "**decides**", "*", "**", "a*b", "<&>", "cooperate,", "2030;"),
        *("Государства", "й", "е\u0301", "تُؤَكِّد", "الدُّوَل", "𝔘", "👩\u200d🌾", "n\u0303", "\\*", "\u2028"),
    ]
)
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)
KINDS = st.sampled_from(list(SectionKind))


@st.composite
def lines(draw: st.DrawFn, section: str) -> Line:
    if draw(st.integers(0, 5)) == 0:
        return Line(section, draw(KINDS), draw(st.integers(0, 3)), draw(LABELS), "", deleted=True)
    return Line(section, draw(KINDS), draw(st.integers(0, 3)), draw(LABELS), draw(TEXTS))


LABELS = st.sampled_from(["", "OP1", "PP2bis", "(a)", "4(a)(ii)", "OP1 alt"])
PRINTED = {"4(a)(ii)": "(ii)"}  # the others print as they are


@st.composite
def versions(draw: st.DrawFn) -> Pair:
    """A text, and what a round made of it: words edited, sections added, dropped, deleted, renumbered and moved."""
    old = [draw(lines(f"se_{number}")) for number in range(draw(st.integers(0, 7)))]
    new = []
    for before in old:
        fate = draw(st.sampled_from(["same", "same", "edited", "gone", "other", "relabelled"]))
        if fate == "edited" and not before.deleted:
            words = before.text.split(" ")
            at = draw(st.integers(0, len(words)))
            new.append(replace(before, text=" ".join([*words[:at], draw(TEXTS), *words[at + 1 :]])))
        elif fate == "other":
            new.append(draw(lines(before.section)))
        elif fate == "relabelled":
            new.append(replace(before, label=draw(LABELS)))
        elif fate != "gone":
            new.append(before)
    new += [draw(lines(f"se_new{number}")) for number in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        new = draw(st.permutations(new))
    return tuple(old), tuple(new)


@settings(max_examples=120, deadline=None)
@given(versions())
def test_any_two_versions_accept_to_the_new_and_reject_to_the_old(
    word: Readers, masthead: Masthead, pair: Pair
) -> None:
    old, new = pair
    changes = compare(old, new)
    file = redline(old, changes, masthead, author_of)
    assert lint(file) == ()
    for mode, version in (("accept", new), ("reject", old)):
        expected = clean(version, masthead)
        assert word.texts(file, mode) == word.texts(expected)
        assert word.looks(file, mode) == word.looks(expected)


@settings(max_examples=120, deadline=None)
@given(versions())
def test_no_kept_word_of_any_two_versions_lies_inside_an_insertion_or_deletion(
    word: Readers, masthead: Masthead, pair: Pair
) -> None:
    old, new = (tuple(map(without_emphasis, version)) for version in pair)
    changes = compare(old, new)
    file = redline(old, changes, masthead, author_of)
    for kind, op in (("ins", Op.INSERT), ("del", Op.DELETE)):
        marked = "".join(found.text for found in word.tracked(file) if found.kind == kind)
        spans = [span.text for change in changes for span in change.spans if span.op is op]
        notices = ["[deleted]" for change in changes if notice(change, op)]
        assert Counter(marked) == Counter("".join([*spans, *changed_labels(changes, op), *notices]))


def without_emphasis(found: Line) -> Line:
    return replace(found, text=found.text.replace("*", "").replace("\\", ""))


def changed_labels(changes: Sequence[SectionChange], op: Op) -> list[str]:
    """The labels that are printed inside a change, tabs included."""
    found = []
    for change in changes:
        old, new = (printed_label(side) if side else None for side in (change.old, change.new))
        mine, other = (old, new) if op is Op.DELETE else (new, old)
        if mine and mine != other:
            found.append(mine if other else mine + "\t")
    return found


def printed_label(line: Line) -> str:
    return line.label if line.kind is SectionKind.FOOTNOTE else PRINTED.get(line.label, line.label)


def notice(change: SectionChange, op: Op) -> bool:
    mine, other = (change.old, change.new) if op is Op.DELETE else (change.new, change.old)
    return bool(mine and mine.deleted and not (other and other.deleted))


@settings(max_examples=8, deadline=None)
@given(versions())
def test_pandoc_agrees_on_any_two_versions(word: Readers, masthead: Masthead, pair: Pair) -> None:
    old, new = pair
    file = redline(old, compare(old, new), masthead, author_of)
    for mode, version in (("accept", new), ("reject", old)):
        assert printed_by(word.pandoc(file, mode)) == printed_by(word.pandoc(clean(version, masthead)))


def printed_by(plain: str) -> list[str]:
    """Pandoc's lines without indentation or empty lines: how it shows a block depends on its neighbours."""
    return [line.strip() for line in re.split(r"\n+", plain) if line.strip()]
