"""Texts that no one writes, but somebody sends: bounded work, bounded memory, no recursion, a refusal at the door.

Work is CPU time, and never held against a clock alone: a call that takes more than a moment must not take more than
about three times as long for twice the text. The longest text that gets past the door has 100,000 code points.
"""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from time import process_time

import pytest

from drafting.config import Limits
from drafting.domain.anchors import Anchor, carry_anchors
from drafting.domain.bracket_history import Issued as BracketVersion
from drafting.domain.bracket_history import history
from drafting.domain.bracket_tree import choices, not_agreed, pairs, tree, walk
from drafting.domain.classes import hunks
from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal, compile, projections  # noqa: A004 - the design's own word
from drafting.domain.diff import accept, diff, reject
from drafting.domain.interchange import from_patch, patched, to_patch
from drafting.domain.literal import printed_literal
from drafting.domain.pairing import pair
from drafting.domain.provenance import Issued, trace
from drafting.domain.rebase import carry, carry_text
from drafting.domain.references import after_renumbering, references
from drafting.domain.status import AgreedWording, touched_agreements
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import clean_text
from drafting.domain.visible import looks_same, visible
from drafting.protocol.edits import Add, Move, Replace, Term
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionKind
from tests.domain.strategies import section

LONGEST = Limits().section_text
MOMENT = 1.0
"""CPU seconds within which nobody asks how a cost grows."""
GROWTH = 3.5
"""A quadratic cost grows by four when the text doubles."""
MEGABYTES = 150

OP = SectionKind.OPERATIVE


def text_of(*texts: str) -> Manifest:
    return tuple(Line(section(n), OP, 0, f"OP{n}", text) for n, text in enumerate(texts, 1))


def proposal(number: int, text: str, delegation: str = "") -> Proposal:
    edit = Replace(section=section(1), text=text)
    return Proposal(f"am{number}", f"ARV-{number}", (delegation or f"D{number}",), (edit,))


Pair = tuple[str, str]
Hostile = Callable[[int], Pair]
"""An old and a new text of a size; ``hostile(2)`` is twice as long as ``hostile(1)``, the longest for any."""

HOSTILE: dict[str, Hostile] = {
    "one side is empty": lambda n: ("", "word " * (10_000 * n)),
    "words without a space": lambda n: ("word," * (25_000 * n), "word," * (12_500 * n) + "x," + "word," * (12_500 * n)),
    "one endless word": lambda n: ("a" * (150_000 * n), "a" * (150_000 * n - 1) + "b"),
    "nested brackets": lambda n: ("[a " * (2_000 * n) + "]" * (2_000 * n), "[b " * (2_000 * n) + "]" * (2_000 * n)),
    "flat brackets": lambda n: ("[a] b " * (2_000 * n), "[a] c " * (2_000 * n)),
    "brackets nobody closes": lambda n: ("a [ b " * (2_000 * n), "a [ c ] d [ " * (1_000 * n)),
    "brackets that shift": lambda n: ("[a] b " * (2_000 * n), "a [b] " * (2_000 * n)),
    "one word again and again": lambda n: ("a " * (10_000 * n), "a " * (5_000 * n) + "b " + "a " * (4_990 * n)),
    "one word against the same with others": lambda n: ("a " * (10_000 * n), "b a " * (5_000 * n)),
    "two words by turns": lambda n: ("a b " * (2_500 * n), "b a a " * (1_700 * n)),
    "thousands of marks on a letter": lambda n: ("e" + "\u0301" * (2_000 * n), "e" + "\u0301" * (2_000 * n - 1) + "x"),
    "thousands of marked letters": lambda n: ("e\u0301\u0302 " * (2_500 * n), "e\u0302\u0301 " * (2_500 * n)),
    "families of emoji": lambda n: (
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * (2_500 * n),
        "\U0001f468\u200d\U0001f469\u200d\U0001f466 " * (2_500 * n),
    ),
    "one endless emoji": lambda n: ("\u200d".join(["\U0001f468"] * (10_000 * n)), "\U0001f468 " * (10_000 * n)),
    "bidi controls": lambda n: ("\u202eabc\u202c " * (2_500 * n), "\u202eabd\u202c " * (2_500 * n)),
    "lone surrogates": lambda n: ("\ud800 a " * (2_500 * n), "a \udfff " * (2_500 * n)),
    "references on and on": lambda n: ("paragraph 1, " * (2_500 * n), "paragraph 2 and (a), " * (1_500 * n)),
}


def both(old: str, new: str) -> tuple[Manifest, Manifest]:
    return text_of(old, "Two."), text_of(new, "Two.")


def compared(old: str, new: str) -> None:
    for change in compare(*both(old, new)):
        hunks(change)
    compare(text_of(old), (Line(section(9), OP, 0, "OP1", new),))


def compiled(old: str, new: str) -> None:
    if old:
        compilation = compile(text_of(old), [proposal(1, new), proposal(2, f"{new} z"), proposal(3, f"y {old}")])
        assert projections(compilation)["am1"][0].text == new
        printed_literal(compilation, named=False)


def carried(old: str, new: str) -> None:
    carry_text(old, new, f"{old} z")
    edits = (
        Replace(section=section(1), text=f"{old} z"),
        Add(after=None, section=section(9), section_kind=OP, level=0, text="q"),
    )
    assert len(carry(*both(old, new), edits).parts) == 2


def traced(old: str, new: str) -> None:
    runs = trace([Issued("1", text_of(old)), Issued("2", text_of(new)), Issued("3", text_of(f"{old} z"))])
    assert "".join(run.text for run in runs[section(1)]) == f"{old} z"


def bracketed(old: str, new: str) -> None:
    assert len(list(walk(tree(old)))) <= len(old)
    choices(old)
    pairs(text_of(old, new))
    not_agreed(text_of(old, new))
    history([BracketVersion(str(n), text_of(text), {}) for n, text in enumerate((old, new, old))])


def exchanged(old: str, new: str) -> None:
    if old.isprintable():  # a lone surrogate has no percent-encoding
        assert patched(old, from_patch(to_patch(diff(old, new)))).text == new


FUNCTIONS: dict[str, Callable[[str, str], object]] = {
    "diff": lambda old, new: [(accept(d), reject(d)) for d in (diff(old, new), diff(old, new, exact=True))],
    "compare": compared,
    "pairing": lambda old, new: pair([old, "x"], [new, "x"]),
    "compile and literal": compiled,
    "carry": carried,
    "trace": traced,
    "brackets": bracketed,
    "references": lambda old, new: references(text_of(old, new)),
    "interchange": exchanged,
    "status": lambda old, new: touched_agreements([AgreedWording(section(1), old)], text_of(new)),
    "visible": lambda old, new: (visible(old), looks_same(old, new)),
    "anchors": lambda old, new: carry_anchors(*both(old, new), [Anchor(section(1), 0, 3, old[:3])] if old[3:] else []),
}


def seconds(function: Callable[[str, str], object], texts: Pair) -> float:
    started = process_time()
    function(*texts)
    return process_time() - started


@pytest.mark.timeout(60)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_costs_a_moment_or_no_more_than_in_proportion(
    hostile: Hostile, function: Callable[[str, str], object]
) -> None:
    if seconds(function, hostile(2)) > MOMENT:
        # Never the same text twice: what is remembered costs nothing.
        once, twice = (min(seconds(function, (f"{o}{t}", n)) for t in "xyz") for o, n in (hostile(1), hostile(2)))
        assert twice < MOMENT or twice < GROWTH * once


EQUAL = text_of(*["The Parties shall report on it."] * 5_000)
ONE_EDITED = (*EQUAL[:2_500], replace(EQUAL[2_500], text="The Parties may report on it."), *EQUAL[2_501:])
TURNED = (*EQUAL[1_000:], *EQUAL[:1_000])
RETYPED = tuple(replace(line, section=section(number)) for number, line in enumerate(EQUAL, 10_000))
EDITS = (
    Replace(section=section(7), text="The Parties will report on it."),
    Add(after=section(6), section=section(99_999), section_kind=OP, level=0, text="New."),
    Move(section=section(9), after=section(4_000)),
    Term(old="Parties", new="States"),
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("new", [ONE_EDITED, TURNED, RETYPED, ()], ids=["edited", "turned", "retyped", "gone"])
def test_five_thousand_equal_paragraphs_are_told_apart_in_bounded_time(new: Manifest) -> None:
    started = process_time()
    assert len(compare(EQUAL, new)) >= len(EQUAL)
    assert len(carry(EQUAL, new, EDITS).parts) == len(EDITS)
    assert set(trace([Issued("1", EQUAL), Issued("2", new), Issued("3", EQUAL)])) == {line.section for line in EQUAL}
    pair([line.text for line in EQUAL], [line.text for line in new])
    carry_anchors(EQUAL, new, [Anchor(section(7), 4, 20, EQUAL[6].text[4:20])])
    touched_agreements([AgreedWording(line.section, line.text) for line in EQUAL], new)
    after_renumbering(EQUAL, new)
    assert process_time() - started < 30


def test_brackets_of_five_thousand_equal_paragraphs_are_followed() -> None:
    brackets = text_of(*["[The Parties] shall [report] on it."] * 5_000)
    versions = [BracketVersion("1", brackets, {}), BracketVersion("2", brackets[::-1], {})]
    started = process_time()
    assert len(history(versions)) == 10_000
    assert process_time() - started < 30


SENTENCE = "States shall take all appropriate measures to protect migrants in vulnerable situations."


@pytest.mark.timeout(60)
@pytest.mark.parametrize("own", [False, True], ids=["of two hundred", "of one"])
def test_two_hundred_wordings_of_one_sentence_are_all_on_the_page(own: bool) -> None:
    proposals = [
        proposal(
            n, SENTENCE.replace("appropriate", f"word{n}").replace("protect", f"guard{n % 7}"), "ARV" if own else ""
        )
        for n in range(200)
    ]
    started = process_time()
    compilation = compile(text_of(SENTENCE), proposals)
    page = printed_literal(compilation)
    assert all(f"word{n} " in page or f"word{n}]" in page for n in range(200))
    assert {m[0].text for m in projections(compilation).values()} == {p.edits[0].text for p in proposals}
    assert process_time() - started < 30


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ProblemCode.TEXT_EMPTY),
        (" \u2028\t", ProblemCode.TEXT_EMPTY),
        ("a" * (LONGEST + 1), ProblemCode.TEXT_TOO_LONG),
        ("a " * 2_000_000, ProblemCode.TEXT_TOO_LONG),
        ("a\u0301" * LONGEST * 4, ProblemCode.TEXT_TOO_LONG),
        ("\ud800", ProblemCode.TEXT_ILLEGAL),
        ("a\udfffb", ProblemCode.TEXT_ILLEGAL),
        ("\ud83d\udc68", ProblemCode.TEXT_ILLEGAL),
        ("e" + "\u0301" * 31, ProblemCode.TEXT_ILLEGAL),
        ("\x00", ProblemCode.TEXT_ILLEGAL),
        ("\ufdd0", ProblemCode.TEXT_ILLEGAL),
    ],
)
def test_what_is_past_the_stated_bounds_is_refused_at_the_door(text: str, code: ProblemCode) -> None:
    started = process_time()
    with pytest.raises(Refusal) as caught:
        clean_text(text, longest=LONGEST)
    assert caught.value.code is code
    assert process_time() - started < 5


@pytest.mark.parametrize("name", HOSTILE)
def test_what_passes_the_door_can_be_written_to_a_file(name: str) -> None:
    for text in HOSTILE[name](1):
        try:
            clean = clean_text(text, longest=LONGEST)
        except Refusal:
            continue
        assert clean.encode()
        assert len(clean) <= LONGEST


def test_a_patch_of_nonsense_is_refused_and_one_of_thousands_of_hunks_is_read() -> None:
    for nonsense in ("@@", "@@ -1 +1 @@\n?", "@@ -1 +1 @@\n+%ff", "@@ -1 +1 @@\n+%ED%A0%80", "@@ -1e9 +1 @@\n-a"):
        with pytest.raises(Refusal) as caught:
            from_patch(nonsense)
        assert caught.value.code is ProblemCode.MALFORMED
    hunks_ = from_patch("@@ -1 +1 @@\n-a\n+b\n" * 20_000)
    started = process_time()
    assert len(patched("a" * 20_000, hunks_).conflicts) == 19_999
    assert process_time() - started < 30


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("diff", "one word again and again"),
        ("compare", "flat brackets"),
        ("compile and literal", "nested brackets"),
        ("trace", "nested brackets"),
        ("brackets", "nested brackets"),
    ],
)
def test_hostile_texts_take_bounded_memory(function: str, name: str) -> None:
    texts = HOSTILE[name](2)
    tracemalloc.start()
    try:
        FUNCTIONS[function](*texts)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTES * 2**20


def test_the_table_of_the_two_longest_texts_that_are_compared_fits_in_a_gigabyte() -> None:
    # The table is not Python's own memory: only the system can say no to it.
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
        "from drafting.domain.diff import accept, diff\n"
        "old, new = 'a ' * 39_000, 'b a a ' * 13_000\n"
        "assert accept(diff(old, new)) == new\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
