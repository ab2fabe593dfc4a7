"""Every bracket has a life: the version that opened it, those that reworded it, the one that lifted it, and by whom."""

from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.bracket_history import BracketLife, Issued, Step, history
from drafting.domain.bracket_tree import Pair, Place, pairs
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind
from tests.domain.strategies import paragraphs, vocabularies


def text(*paragraphs: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 0, f"OP{n}", words) for n, words in enumerate(paragraphs))


def issued(name: str, *paragraphs: str, **who: str) -> Issued:
    return Issued(name, text(*paragraphs), {section: tuple(codes.split()) for section, codes in who.items()})


def test_a_bracket_is_followed_from_the_version_that_opens_it_to_the_one_that_lifts_it() -> None:
    versions = [
        issued("zero", "States take appropriate measures."),
        issued("Rev.1", "States take [all] appropriate measures.", se_0="ARV"),
        issued("Rev.2", "States shall take [all necessary] appropriate measures.", se_0="BOR CAL"),
        issued("Rev.3", "States shall take all necessary appropriate measures.", se_0="ARV BOR"),
    ]
    (life,) = history(versions)
    assert life == BracketLife(
        pair=Pair(Place("se_0", 18), Place("se_0", 32)),
        text="all necessary",
        opened=Step("Rev.1", ("ARV",)),
        reworded=(Step("Rev.2", ("BOR", "CAL")),),
        lifted=Step("Rev.3", ("ARV", "BOR")),
        kept=True,
    )
    assert life.age(versions) == 2


def test_a_bracket_lifted_with_its_text_did_not_keep_it_even_if_the_word_stands_elsewhere() -> None:
    (life,) = history([issued("1", "take [all] care of all"), issued("2", "take care of all")])
    assert (life.lifted, life.kept) == (Step("2", ()), False)


def test_equal_brackets_in_one_paragraph_are_told_apart_by_their_place() -> None:
    first, second = history(
        [issued("1", "[all] States take [all] measures"), issued("2", "all States take [all] measures")]
    )
    assert (first.lifted, first.kept) == (Step("2", ()), True)
    assert (second.lifted, second.pair.opened) == (None, Place("se_0", 16))


def test_a_reworded_bracket_is_the_same_and_a_new_one_beside_it_another() -> None:
    lives = history([issued("1", "act [now]"), issued("2", "act [now or later] [or not]")])
    assert [(life.text, life.opened.version, len(life.reworded)) for life in lives] == [
        ("now or later", "1", 1),
        ("or not", "2", 0),
    ]


def test_a_bracket_is_the_same_though_every_word_around_it_has_changed() -> None:
    old = "Parties may take measures for migrants abroad [the] and report on progress each second year"
    new = "States shall adopt steps towards refugees everywhere [the] while informing all members without any delay"
    (life,) = history([issued("1", old), issued("2", new)])
    assert (life.opened.version, life.reworded, life.lifted) == ("1", (), None)


def test_where_two_brackets_become_one_the_first_goes_on() -> None:
    first, second = history([issued("1", "act [now] [or later]"), issued("2", "act [now or later]")])
    assert (first.text, first.lifted) == ("now or later", None)
    assert (second.lifted, second.kept) == (Step("2", ()), True)


def test_a_nested_bracket_outlives_the_one_around_it() -> None:
    outer, inner = history([issued("1", "act [now [or later]]"), issued("2", "act now [or later]")])
    assert outer.lifted == Step("2", ())
    assert outer.kept
    assert inner.lifted is None


def test_a_bracket_over_several_paragraphs_is_one() -> None:
    versions = [issued("1", "take [all", "due", "care] now"), issued("2", "take [all", "legal", "care] now")]
    (life,) = history(versions)
    assert (life.text, life.reworded, life.age(versions)) == ("all\nlegal\ncare", (Step("2", ()),), 2)


def test_a_bracket_that_moves_to_another_paragraph_is_the_same() -> None:
    (life,) = history(
        [
            issued("1", "First [within two years] ends.", "Second."),
            issued("2", "First ends.", "Second [within two years]."),
        ]
    )
    assert (life.lifted, life.pair.opened) == (None, Place("se_1", 7))


def test_a_bracket_of_a_paragraph_that_is_gone_is_lifted_without_its_text() -> None:
    (life,) = history([issued("1", "One.", "[Two.]"), issued("2", "One.")])
    assert (life.lifted, life.kept) == (Step("2", ()), False)


def test_a_mark_without_a_partner_has_a_life_too() -> None:
    (life,) = history([issued("1", "take all] care"), issued("2", "take all] due care"), issued("3", "take all care")])
    assert (life.pair.opened, life.opened.version, life.lifted) == (None, "1", Step("3", ()))


def test_thousands_of_brackets_are_followed_in_bounded_time() -> None:
    deep, flat = "[a " * 4_000 + "]" * 4_000, ["[a [b] c] " * 10] * 200
    started = perf_counter()
    assert len(history([issued("1", deep), issued("2", deep.replace("a", "b", 300))])) == 4_000
    assert len(history([issued("1", *flat), issued("2", *[words.replace("c", "d") for words in flat])])) == 4_000
    assert perf_counter() - started < 3


@st.composite
def planted(draw: st.DrawFn) -> tuple[list[str], list[list[tuple[int, int]]]]:
    """A paragraph of distinct words, and for each of several versions which stretches of it stand in brackets."""
    words = [f"{word}{n}" for n, word in enumerate(draw(paragraphs(draw(vocabularies()))).split(" "))]
    words = [word.replace("[", "").replace("]", "") for word in words]
    stretches = [(start, start + 2) for start in range(0, len(words) - 2, 3)]
    live = st.lists(st.sampled_from(stretches), unique=True) if stretches else st.just([])
    return words, draw(st.lists(live, min_size=1, max_size=5))


@given(planted())
@settings(max_examples=150)
def test_planted_brackets_are_opened_and_lifted_where_they_were(
    given_: tuple[list[str], list[list[tuple[int, int]]]],
) -> None:
    words, live = given_
    versions = []
    for number, stretches in enumerate(live):
        parts = words[:]
        for start, end in stretches:
            parts[start], parts[end - 1] = f"[{parts[start]}", f"{parts[end - 1]}]"
        versions.append(issued(str(number), " ".join(parts)))
    expected = []
    for number, stretches in enumerate(live):
        for stretch in stretches:
            if number == 0 or stretch not in live[number - 1]:
                gone = next((n for n in range(number, len(live)) if stretch not in live[n]), None)
                expected.append((" ".join(words[slice(*stretch)]), str(number), None if gone is None else str(gone)))
    found = [(life.text, life.opened.version, life.lifted and life.lifted.version) for life in history(versions)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert all(life.kept is not False for life in history(versions))


@given(planted())
@settings(max_examples=50)
def test_the_lives_that_go_on_are_the_brackets_of_the_last_version(
    given_: tuple[list[str], list[list[tuple[int, int]]]],
) -> None:
    words, live = given_
    versions = [
        issued(str(n), " ".join([*words[: len(some)], *("[x" for _ in some), "y]"])) for n, some in enumerate(live)
    ]
    standing = {life.pair for life in history(versions) if life.lifted is None}
    assert standing == set(pairs(versions[-1].text))
