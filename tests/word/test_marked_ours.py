"""Our own files when they come back, and that every change of a file is accounted for."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal
from drafting.domain.compilation import compile as laid
from drafting.domain.edits import apply
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Move, Replace
from drafting.word.clean import clean
from drafting.word.comments import Author, Said, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.markup import timestamp
from drafting.word.masthead import Masthead
from drafting.word.redline import Signed, redline
from drafting.word.understanding import Outcome, Stamps, understand
from tests.word.marking import dele, ins, p, r
from tests.word.returned import OPERATIVE, PRINTED, TEXT, bare, counted, edits, line, read, se

# -- our own files ----------------------------------------------------------------------------------------------------

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
ISSUED = datetime(2026, 11, 28, 14, 55, tzinfo=UTC)
AUTHORS = {"ARV": Author("Arvenia", "ARV"), "BOR": Author("Borland", "BOR")}
OURS = Stamps(
    frozenset({"arvenia", "borland", "arv", "secretariat (compilation)"}), frozenset(map(timestamp, (AT, ISSUED)))
)


@pytest.fixture
def compilation(masthead: Masthead) -> bytes:
    proposals = [
        Proposal(
            "am_1",
            "ARV-1",
            ("ARV",),
            (Replace(section=se(4), text="States should take [appropriate] measures to protect all migrants."),),
        ),
        Proposal("am_2", "BOR-1", ("BOR",), (Delete(section=se(8)),)),
        Proposal(
            "am_3",
            "BOR-2",
            ("BOR",),
            (Add(after=se(5), section=se(20), section_kind=OPERATIVE, level=1, text="States shall sing."),),
        ),
        Proposal("am_4", "ARV-2", ("ARV",), (Move(section=se(2), after=se(3)),)),
    ]
    threads = [
        Thread(
            (Said(AUTHORS["ARV"], AT, "Why so late?"), Said(AUTHORS["BOR"], AT, "Because.")),
            section=se(5),
            place=(13, 19),
            resolved=True,
        )
    ]
    signatures = Signatures(AUTHORS, {proposal.amendment: AT for proposal in proposals})
    return compiled(laid(TEXT, proposals), masthead, signatures, threads)


def test_a_clean_file_of_ours_comes_back_with_nothing(masthead: Masthead) -> None:
    found = understand(clean(TEXT, masthead), TEXT, OURS)
    assert (found.parts, found.notes, found.review, found.sure) == ((), (), (), 1.0)


def test_a_redline_of_ours_is_in_the_text_already(masthead: Masthead) -> None:
    old = tuple(one for one in TEXT if one.section != se(6))
    changes = compare(old, TEXT, exact=True)
    content = redline(old, changes, masthead, lambda _: Signed("ARV, BOR", AT))
    stamps = Stamps(frozenset({"arv", "bor"}), OURS.dates)
    found = understand(content, TEXT, stamps)
    assert (found.parts, found.review, found.untracked, set(counted(found))) == ((), (), False, {"printed"})


def test_a_compilation_of_ours_is_known_by_its_names_and_dates(compilation: bytes) -> None:
    found = understand(compilation, TEXT, OURS)
    assert (found.parts, found.notes, found.review, found.untracked) == ((), (), (), False)
    assert (set(counted(found)), len(found.printed)) == ({"printed"}, 2)


def test_a_compilation_gives_the_same_amendments_and_threads_as_went_into_it(compilation: bytes) -> None:
    found = understand(compilation, TEXT, Stamps())
    assert edits(found, "Arvenia") == [
        Move(section=se(2), after=se(3)),
        Replace(section=se(4), text="States should take [appropriate] measures to protect all migrants."),
    ]
    assert bare(edits(found, "Borland")) == [
        Add(after=se(7), section_kind=OPERATIVE, level=1, text="States shall sing."),
        Delete(section=se(8)),
    ]
    assert [
        (note.comment.author, note.comment.body, note.section, note.quote, note.comment.resolved)
        for note in found.notes
    ] == [
        ("Arvenia", "Why so late?", se(5), ("report", 13, 19), True),
        ("Borland", "Because.", se(5), ("report", 13, 19), found.notes[1].comment.resolved),
    ]
    assert found.review == ()


def test_what_somebody_writes_into_a_compilation_of_ours_is_theirs_alone(compilation: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(compilation)) as was, zipfile.ZipFile(held, "w") as now:
        for name in was.namelist():
            content = was.read(name)
            if name == "word/document.xml":
                content = content.replace(
                    b"Commitments</w:t></w:r>", b"Commitments</w:t></w:r>" + ins(" made").encode()
                )
            now.writestr(name, content)
    found = understand(held.getvalue(), TEXT, OURS)
    assert [(part.author, part.edits) for part in found.parts] == [
        ("Jane", (Replace(section=se(3), text="Commitments made"),))
    ]


@st.composite
def revisions(draw: st.DrawFn) -> Manifest:
    """The text as somebody would have it: words changed, paragraphs gone, new, and moved with what is under them."""
    lines = [one for one in TEXT if one.level == 0 or draw(st.booleans())]
    changed = [replace(one, text=draw(st.sampled_from(rewordings(one.text)))) for one in lines]
    for number in range(draw(st.integers(0, 2))):
        at = draw(st.sampled_from(free(changed)))
        changed.insert(at, line(30 + number, OPERATIVE, 1, "", f"States shall consider matter {number}."))
    if draw(st.booleans()) and (single := [one for one in changed if one.section in {se(4), se(8)}]):
        changed.remove(single[0])
        changed.insert(draw(st.sampled_from(free(changed))), single[0])
    return tuple(changed)


def free(lines: list[Line]) -> list[int]:
    """Where a paragraph may stand: not between another and what is under that."""
    return [at for at in range(1, len(lines) + 1) if at == len(lines) or lines[at].level <= 1]


def rewordings(text: str) -> list[str]:
    return [text, text, text.replace("shall", "should"), text.replace("States", "All *States*"), f"{text} Always."]


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_what_is_read_from_a_redline_makes_the_new_text_of_the_old(masthead: Masthead, new: Manifest) -> None:
    content = redline(TEXT, compare(TEXT, new, exact=True), masthead, lambda _: Signed("Jane", AT))
    found = understand(content, TEXT, Stamps())
    minted = (
        edit.model_copy(update={"section": se(90 + number)}) if isinstance(edit, Add) else edit
        for number, edit in enumerate(edits(found))
    )
    assert found.review == ()
    made = [one.text for one in apply(TEXT, tuple(minted)) if not one.deleted]
    assert made == [one.text for one in new]


# -- everything is accounted for --------------------------------------------------------------------------------------

WORDS = ["shall", "may", "report", "(a) ", " ", "measures ", "to", "", "OP1\t", "States shall report every year "]
HANDS: list[Callable[[str, str], str]] = [
    lambda text, _: r(text),
    lambda text, by: ins(text or " ", by),
    lambda text, by: dele(text or " ", by),
    lambda text, by: ins(r(text) + dele(text, "Bo"), by),
    lambda text, by: dele(dele(text, by), "Cy"),
    lambda text, by: r(text, "b", was="i", by=by),
    lambda text, by: f"<w:moveFrom {{}} w:id='9' w:author='{by}'>{r(text)}</w:moveFrom>".replace(" {}", ""),
]
RUN = st.builds(
    lambda hand, text, by: hand(text, by),
    st.sampled_from(HANDS),
    st.sampled_from(WORDS),
    st.sampled_from(["Ann", "Bo", ""]),
)
PARAGRAPH = st.builds(
    lambda runs, mark, by: p("".join(runs), mark=mark, by=by),
    st.lists(RUN, max_size=5),
    st.sampled_from(["", "", "", "ins", "del", "moveFrom", "moveTo"]),
    st.sampled_from(["Ann", "Bo"]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(PARAGRAPH, st.sampled_from([p(text) for text in PRINTED.values()])), max_size=8))
def test_every_tracked_change_is_accounted_for_once(paragraphs: list[str]) -> None:
    content = "".join(paragraphs)
    found = read(content)
    tracked = sum(content.count(f"<w:{tag} ") for tag in ("ins", "del", "moveFrom", "moveTo", "rPrChange"))
    assert len(found.outcomes) == sum(found.account.values()) == tracked
    proposed = [number for part in found.parts for number in part.changes]
    assert {number for number, outcome in found.outcomes.items() if outcome is Outcome.PROPOSED} == set(proposed)
    reviewed = {number for review in found.review for number in review.changes}
    assert reviewed == {number for number, outcome in found.outcomes.items() if outcome is Outcome.REVIEW}
