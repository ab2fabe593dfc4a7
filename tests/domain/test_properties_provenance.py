"""Whose word it is, where several have a claim to it, and where text goes and comes back."""

from collections.abc import Sequence

from hypothesis import event, given, settings
from hypothesis import strategies as st

from drafting.domain.provenance import Decided, Issued, Origin, Run, Wording, trace
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Replace
from drafting.protocol.words import SectionKind
from tests.domain.strategies import distinct_words, section

FIRST = Origin("zero draft")
ARV, BOR = ("am_arv", "ARV"), ("am_bor", "BOR")


def text_of(*texts: str) -> Manifest:
    return tuple(Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text) for n, text in enumerate(texts, 1))


def decided(text: str, *proposed: tuple[tuple[str, str], str], number: int = 1) -> Decided:
    edit = Replace(section=section(number), text=text)
    return Decided((edit,), tuple(Wording(*who, wording) for who, wording in proposed))


def by(version: str, *who: tuple[str, str]) -> Origin:
    return Origin(version, tuple(amendment for amendment, _ in who), tuple(delegation for _, delegation in who))


def last(*texts: str) -> tuple[Run, ...]:
    return trace([Issued(f"v{number}", text_of(text)) for number, text in enumerate(texts)])[section(1)]


def test_three_deleted_words_in_a_row_are_known_when_they_return_and_two_are_not() -> None:
    for words, version in (("at once now", "v0"), ("at once", "v2")):
        runs = last(f"Act {words} on all routes.", "Act on all routes.", f"Act on all safe routes {words}.")
        returned = next(run for run in runs if words in run.text)
        assert returned.origin == Origin(version)


def test_words_of_a_paragraph_that_was_dropped_are_known_when_another_has_them() -> None:
    history = [
        Issued("zero draft", text_of("One.", "Parties inform each other of all routes.")),
        Issued("Rev.1", text_of("One.")),
        Issued("Rev.2", text_of("One. Parties inform each other of all routes.")),
    ]
    (run,) = trace(history)[section(1)]
    assert run.origin == FIRST


def test_a_word_is_of_the_one_who_brings_it_in_before_the_one_who_keeps_it() -> None:
    history = [
        Issued("zero draft", text_of("act later")),
        Issued("Rev.1", text_of("act act"), (decided("act act", (ARV, "act act"), (BOR, "act")),)),
    ]
    assert trace(history)[section(1)] == (Run("act ", FIRST), Run("act", by("Rev.1", ARV)))


def test_an_insertion_put_in_another_place_is_still_its_proponents() -> None:
    text = "take measures at once [legal and other]"
    proposed = (ARV, "take measures"), (BOR, "take legal and other measures at once")
    history = [
        Issued("zero draft", text_of("take measures at once")),
        Issued("Rev.1", text_of(text), (decided(text, *proposed),)),
    ]
    assert dict(words_of(trace(history)[section(1)])) == {
        **dict.fromkeys(("take", "measures", "at", "once"), FIRST),
        **dict.fromkeys(("legal", "and", "other"), by("Rev.1", BOR)),
    }


def words_of(runs: Sequence[Run]) -> list[tuple[str, Origin]]:
    return [(token, run.origin) for run in runs for token in tokenize(run.text) if token[0].isalnum()]


Planted = list[tuple[str, Origin]]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_each_side_of_a_bracket_and_every_shared_word_has_its_planted_authors(data: st.DataObject) -> None:
    """Two delegations reword one paragraph; the desk takes both, one, or puts them side by side in brackets."""
    words = distinct_words(40)
    base = [words.pop() for _ in range(6)]
    at, length = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 2))
    own = {who: [words.pop() for _ in range(data.draw(st.integers(1, 3)))] for who in (ARV, BOR)}
    shared = [words.pop() for _ in range(data.draw(st.integers(0, 2)))]
    texts = {who: " ".join([*base[:at], *shared, *mine, *base[at + length :]]) for who, mine in own.items()}
    way = data.draw(st.sampled_from(("first", "both", "bracket")))
    event(f"{way}, shared: {bool(shared)}")
    head, middle, tail = base[:at], base[at : at + length], base[at + length :]
    takers = {"first": (ARV,), "both": (ARV, BOR), "bracket": (ARV, BOR)}[way]
    expected = [(word, FIRST) for word in head]
    stands = list(head)
    if way == "bracket":
        stands += [f"[{' '.join(middle)}]"] * bool(middle)
        expected += [(word, FIRST) for word in middle]
    stands += shared
    expected += [(word, by("Rev.1", *takers)) for word in shared]
    for who in takers:
        stands += [f"[{' '.join(own[who])}]" if way == "bracket" else " ".join(own[who])]
        expected += [(word, by("Rev.1", who)) for word in own[who]]
    stands += tail
    expected += [(word, FIRST) for word in tail]
    text = " ".join(stands)
    decision = decided(text, *((who, texts[who]) for who in takers))
    history = [Issued("zero draft", text_of(" ".join(base))), Issued("Rev.1", text_of(text), (decision,))]
    assert words_of(trace(history)[section(1)]) == expected
