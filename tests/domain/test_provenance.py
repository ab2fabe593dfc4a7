import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.consolidation import decide
from drafting.domain.edits import apply, touched
from drafting.domain.provenance import Decided, Issued, Origin, Run, Wording, origin_at, trace, wordings_on
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split
from drafting.protocol.words import Outcome, SectionKind
from tests.domain.strategies import distinct_words, paragraphs, rewordings, section, vocabularies

FIRST = Origin("zero draft")
ARV, BOR = ("am_arv", "ARV"), ("am_bor", "BOR")
BASE = "States shall take appropriate measures on a regular basis."


def text_of(*texts: str) -> Manifest:
    return tuple(
        Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text, deleted=not text) for n, text in enumerate(texts, 1)
    )


def reading(text: str, number: int = 1) -> Replace:
    return Replace(section=section(number), text=text)


def decided(edit: Replace | Add | Delete, *proposed: tuple[tuple[str, str], str]) -> Decided:
    return Decided((edit,), tuple(Wording(*who, text) for who, text in proposed))


def by(version: str, *who: tuple[str, str]) -> Origin:
    return Origin(version, tuple(amendment for amendment, _ in who), tuple(delegation for _, delegation in who))


def one_section(*steps: tuple[str, str, Sequence[tuple[tuple[str, str], str]]]) -> tuple[Run, ...]:
    """The first section's runs, after decisions (version, the text decided, the wordings), a version each."""
    history = [Issued("zero draft", text_of(BASE))]
    for version, text, proposed in steps:
        history.append(Issued(version, text_of(text), (decided(reading(text), *proposed),)))
    return trace(history)[section(1)]


def test_every_word_of_the_first_text_is_its_own() -> None:
    assert trace([Issued("zero draft", text_of(BASE, ""))]) == {section(1): (Run(BASE, FIRST),), section(2): ()}
    assert trace([]) == {}


def test_words_brought_in_are_the_amendments_and_the_others_stay_the_bases() -> None:
    new = "States shall take all necessary measures on a regular basis."
    runs = one_section(("Rev.1", new, [(ARV, new)]))
    assert runs == (
        Run("States shall take ", FIRST),
        Run("all necessary", by("Rev.1", ARV)),
        Run(" measures on a regular basis.", FIRST),
    )
    assert origin_at(runs, 17) == FIRST
    assert origin_at(runs, 18) == origin_at(runs, 30) == by("Rev.1", ARV)
    assert origin_at(runs, 31) == FIRST
    assert origin_at(runs, len(new)) is None


def test_two_amendments_taken_together_each_keep_their_words_and_share_what_both_propose() -> None:
    arv = "All States shall take necessary measures on a regular basis."
    bor = "All States shall take appropriate steps on a regular basis."
    text = "All States shall take necessary steps on a regular basis."
    assert one_section(("Rev.1", text, [(ARV, arv), (BOR, bor)])) == (
        Run("All ", by("Rev.1", ARV, BOR)),
        Run("States shall take ", FIRST),
        Run("necessary ", by("Rev.1", ARV)),
        Run("steps", by("Rev.1", BOR)),
        Run(" on a regular basis.", FIRST),
    )


def test_brackets_are_the_desks_and_the_wordings_in_them_their_authors() -> None:
    arv, bor = BASE.replace("appropriate", "all necessary"), BASE.replace("appropriate", "all adequate")
    text = BASE.replace("appropriate", "[appropriate] [all necessary] [all adequate]")
    desk = by("Rev.1")
    assert one_section(("Rev.1", text, [(ARV, arv), (BOR, bor)])) == (
        Run("States shall take ", FIRST),
        Run("[", desk),
        Run("appropriate", FIRST),
        Run("] [", desk),
        Run("all necessary", by("Rev.1", ARV)),
        Run("] [", desk),
        Run("all adequate", by("Rev.1", BOR)),
        Run("]", desk),
        Run(" measures on a regular basis.", FIRST),
    )


def test_a_bracket_that_an_amendment_proposes_is_the_amendments() -> None:
    new = "States shall take [appropriate] measures on a regular basis."
    assert one_section(("Rev.1", new, [(ARV, new)]))[1] == Run("[", by("Rev.1", ARV))


def test_of_a_redraft_the_words_of_an_amendment_are_its_own_and_the_rest_the_desks() -> None:
    arv = BASE.replace("appropriate", "all necessary")
    text = "States shall take all necessary and lawful measures on a regular basis."
    assert one_section(("Rev.1", text, [(ARV, arv)]))[1:3] == (
        Run("all necessary ", by("Rev.1", ARV)),
        Run("and lawful", by("Rev.1")),
    )


def test_deleted_words_that_return_keep_their_first_author() -> None:
    arv = f"{BASE} They shall also report to the Assembly."
    steps = [("Rev.1", arv, [(ARV, arv)]), ("Rev.2", "Nothing", []), ("Rev.3", f"New. {arv} So", [(BOR, arv)])]
    assert one_section(*steps) == (
        Run("New. ", by("Rev.3")),
        Run(f"{BASE} ", FIRST),
        Run("They shall also report to the Assembly. ", by("Rev.1", ARV)),
        Run("So", by("Rev.3")),
    )


def test_a_section_brought_back_to_a_former_text_is_wholly_its_former_authors() -> None:
    struck = BASE.replace("appropriate ", "")
    assert one_section(("Rev.1", struck, []), ("Rev.2", BASE, [(BOR, BASE)])) == (Run(BASE, FIRST),)


def test_two_words_alone_do_not_make_deleted_text_known_again() -> None:
    runs = one_section(
        ("Rev.1", "None.", []), ("Rev.2", "None, or regular basis none.", [(BOR, "None, or regular basis none.")])
    )
    assert runs[1] == Run(", or regular basis none", by("Rev.2", BOR))


def test_a_base_word_that_one_decision_struck_and_another_restored_is_the_bases() -> None:
    struck = BASE.replace("appropriate ", "")
    restored = BASE.replace("take ", "take all ")
    history = [
        Issued("zero draft", text_of(BASE)),
        Issued(
            "Rev.1",
            text_of(restored),
            (decided(reading(struck), (ARV, struck)), decided(reading(restored), (BOR, restored))),
        ),
    ]
    assert trace(history)[section(1)] == (
        Run("States shall take ", FIRST),
        Run("all ", by("Rev.1", BOR)),
        Run("appropriate measures on a regular basis.", FIRST),
    )


@pytest.mark.parametrize("first", [1, 2])
def test_text_moved_between_paragraphs_keeps_its_author_whichever_was_decided_first(first: int) -> None:
    sentence = " They shall meet in Vienna every year."
    into = decided(reading(f"Parties report.{sentence}", 2), (BOR, f"Parties report.{sentence}"))
    out_of = decided(reading(BASE), (ARV, BASE))
    history = [
        Issued("zero draft", text_of(BASE, "Parties report.")),
        Issued(
            "Rev.1",
            text_of(BASE + sentence, "Parties report."),
            (decided(reading(BASE + sentence), (ARV, BASE + sentence)),),
        ),
        Issued("Rev.2", text_of(BASE, f"Parties report.{sentence}"), (into, out_of) if first == 1 else (out_of, into)),
    ]
    assert trace(history)[section(2)] == (Run("Parties report.", FIRST), Run(sentence, by("Rev.1", ARV)))


KEEPS, REPORTS = "The Secretariat keeps a public register.", "The Secretariat reports every year."


@pytest.mark.parametrize("opening", ["", "Parties act. "])
@pytest.mark.parametrize("home", ["None.", "The Secretariat is new."])
def test_a_sentence_that_begins_as_the_next_one_moves_with_its_first_words(opening: str, home: str) -> None:
    """The two have different authors, so that it shows which first words went and which stayed."""
    both, left = f"{opening}{KEEPS} {REPORTS}", f"{opening}{REPORTS}"
    history = [
        Issued("zero draft", text_of(left, home)),
        Issued("Rev.1", text_of(both, home), (decided(reading(both), (ARV, both)),)),
        Issued("Rev.2", text_of(left, f"{KEEPS} {home}")),
    ]
    traced = trace(history)
    assert traced[section(1)] == (Run(left, FIRST),)
    assert traced[section(2)] == (Run(f"{KEEPS} ", by("Rev.1", ARV)), Run(home, FIRST))


def test_text_that_is_copied_is_the_one_who_copied_it() -> None:
    both = text_of(BASE, BASE)
    history = [
        Issued("zero draft", both[:1]),
        Issued(
            "Rev.1",
            both,
            (
                decided(
                    Add(after=section(1), section=section(2), section_kind=SectionKind.OPERATIVE, level=0, text=BASE),
                    (ARV, BASE),
                ),
            ),
        ),
    ]
    assert trace(history) == {section(1): (Run(BASE, FIRST),), section(2): (Run(BASE, by("Rev.1", ARV)),)}


def test_text_that_was_struck_and_stands_again_is_copied_by_who_copies_it() -> None:
    history = [
        Issued("zero draft", text_of(BASE, "None.")),
        Issued("Rev.1", text_of("", "None.")),
        Issued("Rev.2", text_of(BASE, "None.")),
        Issued("Rev.3", text_of(BASE, BASE), (decided(reading(BASE, 2), (ARV, BASE)),)),
    ]
    assert origin_at(trace(history)[section(2)], 0) == by("Rev.3", ARV)


def test_text_struck_once_comes_back_once() -> None:
    history = [
        Issued("zero draft", text_of("None.", "Nothing.", BASE)),
        Issued(
            "Rev.1",
            text_of(f"None. {BASE}", f"Nothing. {BASE}", ""),
            (
                decided(reading(f"None. {BASE}"), (ARV, f"None. {BASE}")),
                decided(reading(f"Nothing. {BASE}", 2), (BOR, f"Nothing. {BASE}")),
                decided(Delete(section=section(3))),
            ),
        ),
    ]
    traced = trace(history)
    assert traced[section(1)] == (Run(f"None. {BASE}", FIRST),)
    assert origin_at(traced[section(2)], 20) == by("Rev.1", BOR)


def test_of_many_struck_sentences_that_begin_alike_the_right_one_returns() -> None:
    """Each was brought in by another version; three words in a row are the same in all."""
    sentences = [f"The Contracting Parties shall see to task{n} and answer for duty{n}." for n in range(30)]
    history = [Issued(f"Rev.{n}", text_of("None.", *sentences[: n + 1])) for n in range(30)]
    history.append(Issued("Rev.30", text_of("None.")))
    history.append(Issued("Rev.31", text_of(f"None. {sentences[24]}")))
    assert trace(history)[section(1)] == (Run("None.", Origin("Rev.0")), Run(f" {sentences[24]}", Origin("Rev.24")))


def test_a_merge_and_a_split_bring_no_new_author() -> None:
    texts = ("One two three four.", "Five six seven eight.", "Nine ten eleven twelve. One dozen it is.")
    edits: list[Edit] = [
        Merge(sections=[section(1), section(2)], text=f"{texts[0]} {texts[1]}"),
        Split(section=section(3), texts=["Nine ten eleven twelve.", "One dozen it is."], sections=[section(9)]),
        Move(section=section(3), after=None),
    ]
    base = text_of(*texts)
    traced = trace(history_of(base, [(*ARV, edits)]))
    assert {run.origin for runs in traced.values() for run in runs if run.text.strip()} == {FIRST}


def test_what_no_decision_accounts_for_is_the_versions_own() -> None:
    history = [
        Issued("zero draft", text_of(BASE, "Two.")),
        Issued("chair's text", text_of(BASE.replace("regular", "yearly"))[:1]),
    ]
    assert trace(history) == {
        section(1): (
            Run("States shall take appropriate measures on a ", FIRST),
            Run("yearly", by("chair's text")),
            Run(" basis.", FIRST),
        )
    }


def test_the_wording_of_an_amendment_is_its_text_of_the_section() -> None:
    base = text_of("One.", "Two.")
    edits = [Merge(sections=[section(1), section(2)], text="One, two.")]
    assert wordings_on(base, section(1), *ARV, edits) == Wording(*ARV, "One, two.")
    assert wordings_on(base, section(2), *ARV, edits) == Wording(*ARV, "")


def test_endless_repeats_cost_little() -> None:
    long = "a " * 4000
    history = [
        Issued("1", text_of(f"{long}b")),
        Issued("2", text_of("c")),
        Issued("3", text_of(f"{long}d {long}")),
        Issued("4", text_of("e")),
        Issued("5", text_of(f"f {long}d")),
    ]
    before = time.process_time()
    runs = trace(history)[section(1)]
    assert time.process_time() - before < 5
    assert "".join(run.text for run in runs) == history[-1].text[0].text


# -- promises


def history_of(base: Manifest, amendments: Sequence[tuple[str, str, Sequence[Edit]]]) -> list[Issued]:
    """A round in which the desk incorporates the amendments in turn, section by section."""
    text, decisions = base, []
    for amendment, delegation, edits in amendments:
        for one in touched(base, edits):
            made = decide(Outcome.INCORPORATE, one, (base, text), [edits])
            text = apply(text, made)
            decisions.append(Decided(made, (wordings_on(base, one, amendment, delegation, edits),)))
    return [Issued("zero draft", base), Issued("Rev.1", text, tuple(decisions))]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_the_runs_are_the_text_and_no_two_neighbours_have_one_origin(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    texts = data.draw(st.lists(paragraphs(words), min_size=2, max_size=3))
    history = [Issued("0", text_of(*texts))]
    for version in ("1", "2", "3"):
        texts = [data.draw(st.one_of(st.just(""), st.just(text), rewordings(text, words))) for text in texts]
        edits = [reading(text, number) for number, text in enumerate(texts, 1) if data.draw(st.booleans())]
        history.append(Issued(version, text_of(*texts), tuple(decided(edit, (ARV, edit.text)) for edit in edits)))
    traced = trace(history)
    for line in history[-1].text:
        runs = traced[line.section]
        assert "".join(run.text for run in runs) == line.text
        assert all(before.origin != after.origin for before, after in pairwise(runs))


Planted = list[list[tuple[str, Origin]]]
"""Paragraphs of words, each with its origin."""


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_every_word_has_the_author_that_was_planted(data: st.DataObject) -> None:
    """Four rounds of words inserted, replaced, struck, moved within and between paragraphs, and brought back."""
    words = distinct_words(200)
    text: Planted = [[(words.pop(), FIRST) for _ in range(9)] for _ in range(3)]
    history = [Issued("zero draft", written(text))]
    struck: list[list[tuple[str, Origin]]] = []
    for number in range(1, 5):
        version, decisions = f"Rev.{number}", []
        changed: dict[int, tuple[str, str]] = {}
        for _ in range(data.draw(st.integers(1, 3))):
            author = (f"am_{number}{len(decisions)}", data.draw(st.sampled_from(("ARV", "BOR", "CAL"))))
            at = data.draw(st.sampled_from([p for p in range(3) if p not in changed] or [0]))
            act = data.draw(st.sampled_from(("insert", "replace", "strike", "move", "return")))
            to = at
            row = text[at]
            start = data.draw(st.integers(0, max(0, len(row) - 4)))
            block = row[start : start + 4]
            fresh = [(words.pop(), by(version, author)) for _ in range(data.draw(st.integers(1, 3)))]
            match act:
                case "insert":
                    row[start:start] = fresh
                case "replace" if len(row) > 5:
                    row[start : start + 4] = fresh
                    struck.append(block)
                case "strike" if len(row) > 5:
                    row[start : start + 4] = []
                    struck.append(block)
                case "move" if len(row) > 5:
                    to = data.draw(st.sampled_from([p for p in range(3) if p == at or p not in changed]))
                    row[start : start + 4] = []
                    place = data.draw(st.integers(0, len(text[to])))
                    text[to][place:place] = block
                case "return" if struck:
                    row[start:start] = struck.pop()
            for one in {at, to}:
                changed[one] = author
                reads = written(text)[one].text
                decisions.append(decided(reading(reads, one + 1), (author, reads)))
        history.append(Issued(version, written(text), tuple(decisions)))
        traced = trace(history)
        for line, row in zip(history[-1].text, text, strict=True):
            assert [(word, origin) for word, origin in word_by_word(traced[line.section])] == row


def written(text: Planted) -> Manifest:
    return text_of(*(" ".join(word for word, _ in row) for row in text))


def word_by_word(runs: Sequence[Run]) -> list[tuple[str, Origin]]:
    text = "".join(run.text for run in runs)
    found, at = [], 0
    for word in text.split(" "):
        origin = origin_at(runs, at)
        assert origin is not None
        assert origin_at(runs, at + len(word) - 1) == origin
        found.append((word, origin))
        at += len(word) + 1
    return found
