import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.brackets import bracketed, count, lint, live
from drafting.domain.tokens import tokenize
from tests.domain.strategies import pairs, rewordings


@pytest.mark.parametrize(
    ("text", "faults", "pairs_in_it"),
    [
        ("", [], 0),
        ("take measures", [], 0),
        ("take [all [due]] measures", [], 2),
        ("[a] [b] [c]", [], 3),
        ("a] b", [(1, "unopened")], 0),
        ("[a", [(0, "unclosed")], 0),
        ("[a] b] [c", [(5, "unopened"), (7, "unclosed")], 1),
        ("[[a]", [(0, "unclosed")], 1),
        ("\U0001d49c]", [(1, "unopened")], 0),
    ],
)
def test_brackets_without_a_partner_are_found_and_pairs_counted(
    text: str, faults: list[tuple[int, str]], pairs_in_it: int
) -> None:
    assert list(lint(text)) == faults
    assert count(text) == pairs_in_it


def test_a_text_is_live_while_any_bracket_stands_in_it() -> None:
    assert live("take [all] measures")
    assert live("half] a bracket")
    assert not live("take (all) measures")


def test_ten_thousand_nested_brackets_are_parsed() -> None:
    assert count("[" * 10_000 + "]" * 10_000) == 10_000
    assert len(lint("[" * 10_000)) == 10_000


@pytest.mark.parametrize(
    ("current", "proposed", "expected"),
    [
        ("take measures", "take measures", "take measures"),
        ("take appropriate measures", "take all necessary measures", "take [appropriate] [all necessary] measures"),
        ("meet on a regular basis.", "meet.", "meet [on a regular basis]."),
        ("offer advice to all.", "offer advice free of charge to all.", "offer advice [free of charge] to all."),
        ("offer advice.", "offer advice free of charge.", "offer advice [free of charge]."),
        ("offer advice.", "offer advice, free of charge.", "offer advice[, free of charge]."),
        ("all children act", "children act", "[all] children act"),
        ("", "New text.", "[New text.]"),
        ("Old text.", "", "[Old text.]"),
        # a bracket around what was bracketed already
        ("take [due] measures", "take measures", "take [[due]] measures"),
        ("take [all due] measures", "take [all] measures", "take [all [due]] measures"),
        # only brackets differ: they stand
        ("take [all] measures", "take all measures", "take [all] measures"),
        ("take all measures", "take [all] measures", "take [all] measures"),
        # a bracket lifted and a word changed inside it
        ("take [all due] measures", "take all legal measures", "take [[all due]] [all legal] measures"),
        # differences and brackets cross
        ("act [now] at once", "act [at once]", "[act [now] at once] [act [at once]]"),
        # unbalanced text survives
        ("take all] measures", "take all] steps", "take all] [measures] [steps]"),
        ("[take all measures", "[take measures", "[take [all] measures"),
        ("[a b", "c b", "[[a] [c] b"),
        # only a space differs
        ("per cent", "per  cent", "per cent"),
        ("Государства принимают меры", "Государства принимают все меры", "Государства принимают [все] меры"),
    ],
)
def test_differences_stand_in_literal_brackets(current: str, proposed: str, expected: str) -> None:
    assert bracketed(current, proposed) == expected


@pytest.mark.parametrize(
    ("current", "proposed", "expected"),
    [
        ("take measures", (), "take measures"),
        ("take due measures", ("take all measures", "take measures"), "take [due] [all] measures"),
        ("take due care", ("take all care", "take legal care", "take all care"), "take [due] [all] [legal] care"),
        ("act.", ("act now.", "act later."), "act [now] [later]."),
        # changes that touch are of one stretch: nobody can read them apart
        ("take all measures", ("take measures", "take all steps"), "take [all measures] [measures] [all steps]"),
        # two proposals far from each other
        (
            "take due care of it",
            ("take all care of it", "take due care of them"),
            "take [due] [all] care of [it] [them]",
        ),
        # a wording that only lifts a bracket is none of its own
        ("take [all] care", ("take all care", "take due care"), "take [[all]] [due] care"),
        # differences and brackets cross: widened until all are whole
        ("act [now] at once", ("act [at once]", "act later"), "act [[now] at once] [[at once]] [later]"),
        # one unbalanced wording does not spoil the others
        ("take [due] care", ("take [all care", "take legal care"), "take [[due]] [[all] [legal] care"),
    ],
)
def test_several_wordings_stand_side_by_side_with_their_brackets_whole(
    current: str, proposed: tuple[str, ...], expected: str
) -> None:
    assert bracketed(current, *proposed) == expected


def is_subsequence(some: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(word in rest for word in some)


def words(text: str) -> list[str]:
    return [token for token in tokenize(text) if not token.isspace() and token not in {"[", "]"}]


@given(pairs())
@settings(max_examples=300)
def test_a_bracketed_text_has_every_word_of_both_and_no_new_fault(pair: tuple[str, str]) -> None:
    current, proposed = pair
    text = bracketed(current, proposed)
    assert is_subsequence(words(current), words(text))
    assert is_subsequence(words(proposed), words(text))
    if not lint(current) and not lint(proposed):
        assert not lint(text)


@given(pairs(), st.just("[]"))
@settings(max_examples=300)
def test_in_text_without_brackets_each_side_can_be_read_again(pair: tuple[str, str], marks: str) -> None:
    """Dropping the bracketed alternatives leaves what both share, in order."""
    current, proposed = ("".join(c for c in text if c not in marks) for text in pair)
    text = bracketed(current, proposed)
    depth, shared = 0, ""
    for character in text:
        depth += (character == "[") - (character == "]")
        shared += character if not depth and character != "]" else " "
    assert is_subsequence(words(shared), words(current))
    assert is_subsequence(words(shared), words(proposed))


@given(pairs(), st.data())
@settings(max_examples=150)
def test_several_bracketed_wordings_keep_every_word_and_add_no_fault(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    current, first = pair
    proposed = [first, *data.draw(st.lists(rewordings(current), max_size=3))]
    text = bracketed(current, *proposed)
    assert all(is_subsequence(words(wording), words(text)) for wording in (current, *proposed))
    if not any(map(lint, (current, *proposed))):
        assert not lint(text)
