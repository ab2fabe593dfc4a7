"""Texts as they are negotiated, in three scripts, and the edits that people make to them."""

from collections.abc import Sequence

from hypothesis import reject
from hypothesis import strategies as st

from drafting.domain.edits import apply, check
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split
from drafting.protocol.problems import Refusal
from drafting.protocol.words import SectionKind

# ruff: noqa: RUF001 - Cyrillic and Arabic letters are meant
_LATIN = """
States shall take all appropriate measures to protect migrants in vulnerable situations and their families, including
children, as well as returnees, and to report on progress; the Parties' policy-makers recall 10,000 cases of 2024 [and
2025] in the [the] region. *Recalling* **decides** e\u0301tats re\u0301gion co-operation,
"""
_CYRILLIC = """
Государства принимают все надлежащие меры по защите мигрантов и членов их семей, включая детей, а также беженцев; и и в
на регионе [в том числе] и\u0306мя 2024 года.
"""
_ARABIC = """
تَتَّخِذُ الدُّوَلُ جَمِيعَ التَّدَابِيرِ المُناسِبَةِ لِحِمَايَةِ المُهاجِرِينَ، وَ فِي فِي [عَلَى] الإِقْلِيمِ. ٢٠٢٤ من
"""
LATIN, CYRILLIC, ARABIC = _LATIN.split(), _CYRILLIC.split(), _ARABIC.split()
ASTRAL = [
    "\U00010437\U00010432",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001d49c",
    "\U0001f1ea\U0001f1fa",
    "👍🏽",
]
VOCABULARIES = (LATIN, CYRILLIC, ARABIC, [*LATIN[:8], *ASTRAL], ["a", "a", "b", "the", ",", "["])


@st.composite
def vocabularies(draw: st.DrawFn) -> Sequence[str]:
    return draw(st.sampled_from(VOCABULARIES))


@st.composite
def paragraphs(draw: st.DrawFn, words: Sequence[str] = LATIN, *, longest: int = 25) -> str:
    return " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=longest)))


@st.composite
def rewordings(draw: st.DrawFn, text: str, words: Sequence[str] = LATIN) -> str:
    """The text with up to four planted edits: words replaced, inserted, struck, moved or put in brackets."""
    parts = text.split(" ")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(parts) - 1)))
        end = draw(st.integers(at, min(len(parts), at + 3)))
        new = draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))
        match draw(st.sampled_from(("replace", "insert", "strike", "move", "bracket", "comma"))):
            case "replace":
                parts[at:end] = new
            case "insert":
                parts[at:at] = new
            case "strike":
                del parts[at:end]
            case "move":
                moved = parts[at:end]
                del parts[at:end]
                to = draw(st.integers(0, len(parts)))
                parts[to:to] = moved
            case "bracket" if at < end:
                parts[at], parts[end - 1] = f"[{parts[at]}", f"{parts[end - 1]}]"
            case _ if parts:
                parts[at] += ","
    return " ".join(parts) or draw(st.sampled_from(words))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """An old text and a new one: mostly a rewording, now and then another text, or none."""
    words = draw(vocabularies())
    old = draw(paragraphs(words))
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(((old, ""), ("", old), (old, draw(paragraphs(words))))))
    return old, draw(rewordings(old, words))


def section(number: int) -> str:
    return f"se_{number:026d}"


@st.composite
def manifests(draw: st.DrawFn, *, most: int = 7) -> Manifest:
    words = draw(vocabularies())
    lines: list[Line] = []
    for number in range(draw(st.integers(1, most))):
        level = draw(st.integers(0, min(2, lines[-1].level + 1 if lines else 0)))
        kind = (SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH, SectionKind.SUBPARAGRAPH)[level]
        deleted = draw(st.integers(0, 7)) == 0
        text = "" if deleted else draw(paragraphs(words, longest=10))
        lines.append(Line(section(number), kind, level, f"OP{number}", text, deleted))
    return tuple(lines)


@st.composite
def edit_lists(draw: st.DrawFn, base: Manifest, owner: int = 0) -> tuple[Edit, ...]:
    """Edits that do not contradict each other; ``owner`` keeps the ids of new sections apart."""
    free = list(draw(st.permutations([line.section for line in base])))
    anchors: list[str | None] = [None, *(line.section for line in base)]
    texts = {line.section: line.text or "Restored" for line in base}
    edits: list[Edit] = []
    for number in range(draw(st.integers(1, 5))):
        new = section(1000 * (owner + 1) + number)
        match draw(st.sampled_from(("replace", "add", "add", "delete", "move", "merge", "split"))):
            case "replace" if free:
                one = free.pop()
                edits.append(Replace(section=one, text=draw(rewordings(texts[one]))))
            case "delete" if free:
                edits.append(Delete(section=free.pop()))
            case "merge" if len(free) > 1:
                edits.append(Merge(sections=[free.pop(), free.pop()], text=draw(paragraphs(longest=6))))
            case "split" if free:
                edits.append(Split(section=free.pop(), texts=["One.", "Two."], sections=[new]))
                anchors.append(new)
            case "move" if free:
                edits += _a_move(draw, base, free.pop(), anchors)
            case _:
                level, text = draw(st.integers(0, 2)), draw(paragraphs(longest=4))
                after = draw(st.sampled_from(anchors))
                kind = SectionKind.OPERATIVE
                edits.append(Add(after=after, section=new, section_kind=kind, level=level, text=text))
                anchors.append(new)
    return tuple(edits)


def _a_move(draw: st.DrawFn, base: Manifest, moved: str, anchors: Sequence[str | None]) -> list[Edit]:
    """Only a line of the deepest level, which cannot have subordinates to be moved after."""
    level = next(line.level for line in base if line.section == moved)
    to = [anchor for anchor in anchors if anchor != moved]
    return [Move(section=moved, after=draw(st.sampled_from(to)))] if level == 2 else []


def distinct_words(count: int) -> list[str]:
    """Words that all differ, in three scripts, with decomposed accents and characters beyond the basic plane."""
    roots = ("word", "слово", "كَلِمَة", "e\u0301tat", "\U0001d49c")
    return [f"{roots[number % len(roots)]}{number}" for number in range(count)]


@st.composite
def spread_rewordings(draw: st.DrawFn, words: Sequence[str], mark: str) -> str:
    """Words that all differ, some of them replaced, struck or followed by new ones, which carry ``mark``."""
    parts: list[str] = []
    for number, word in enumerate(words):
        new = f"{mark}{number}"
        choice = draw(st.sampled_from(("keep", "keep", "keep", "replace", "strike", "insert")))
        parts += {"keep": [word], "replace": [new], "strike": [], "insert": [word, new]}[choice]
    return " ".join(parts) or mark


@st.composite
def next_bases(draw: st.DrawFn, base: Manifest, owner: int) -> Manifest:
    """What a round makes of a base: some edits carried out, now and then with the deleted lines dropped."""
    text = apply(base, draw(edit_lists(base, owner)))
    return text if draw(st.booleans()) else tuple(line for line in text if not line.deleted)


@st.composite
def amendments(draw: st.DrawFn, base: Manifest, owner: int = 0) -> tuple[Edit, ...]:
    """Edits that may be tabled on the base."""
    edits = draw(edit_lists(base, owner))
    try:
        check(base, edits)
    except Refusal:
        reject()
    return edits


_SUBJECTS = ("States", "Each Party", "The Conference", "The Secretariat", "Developed countries", "Local authorities")
_VERBS = ("shall protect", "may regulate", "should finance", "shall report on", "will monitor", "is invited to assess")
_OBJECTS = (
    "migrant workers",
    "plastic waste",
    "coastal waters",
    "national plans",
    "fishing fleets",
    "seasonal permits",
)
_ENDS = ("within two years", "at the border", "without delay", "in every region", "by common accord", "from 2030 on")


@st.composite
def legal_sentences(draw: st.DrawFn, *, number: int, script: Sequence[str] = ()) -> str:
    """A sentence of ten to twenty words that no other ``number`` gives: its own names stand in it as they do in law."""
    names = [f"{stem}{number}" for stem in ("Fund", "Annex", "Region", "Body")]
    if script:
        filler = draw(st.lists(st.sampled_from(script), min_size=10, max_size=14))
        return f"{' '.join(filler[:5])} {names[0]} {names[1]} {' '.join(filler[5:])} {names[2]} {names[3]}."
    parts = [draw(st.sampled_from(some)) for some in (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)]
    subject, verb, what, end = parts
    return f"{subject} of the {names[0]} {verb} {what} under {names[1]} in the {names[2]} of {names[3]} {end}."


@st.composite
def redrafts(draw: st.DrawFn, text: str) -> str:
    """The text with one or two light edits: a word replaced, struck or inserted, a bracket set."""
    words = text.split(" ")
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(words) - 1))
        match draw(st.sampled_from(("replace", "strike", "insert", "bracket"))):
            case "replace":
                words[at] = "urgently"
            case "strike":
                del words[at]
            case "insert":
                words.insert(at, "urgently")
            case _:
                words[at] = f"[{words[at]}]"
    return " ".join(words)
