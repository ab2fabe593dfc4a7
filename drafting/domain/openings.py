"""How paragraphs of a negotiated text begin and end: the words by which a reader knows a recital from a decision."""

import re
import unicodedata

_LEAD = r"^[\W_]*"  # brackets, quotes, emphasis
_ENGLISH = (
    r"(?:(?:also|further|deeply|gravely|fully|strongly|mindful|guided|convinced|alarmed|concerned|inspired|resolved|"
    r"determined|desirous|aware|conscious|cognizant|encouraged|disturbed|dedicated|committed)\b"
    r"|[A-Za-z]{3,}ing\b|having\b|in pursuan\w+\b)"
)
_RUSSIAN = r"(?:также\s+|вновь\s+|глубоко\s+|будучи\b|[а-яё]{4,}(?:ая|яя|уя|ив|ясь|аясь|уясь)\b|приняв\b|учитывая\b)"  # noqa: RUF001
_ARABIC = r"(?:و?إذ\s)"
_RECITAL = re.compile(_LEAD + rf"(?:{_ENGLISH}|{_RUSSIAN}|{_ARABIC})", re.IGNORECASE)
_ADOPTING = re.compile(
    _LEAD
    + r"(?:We,|The (?:States )?Part(?:y|ies) to (?:this|the)\b|The (?:General Assembly|Security Council|Committee|"
    r"Conference of the Parties|Governing Body|Participants|Heads of State)\b[^.;:]{0,200},[\W_]*$"
    r"|Мы,|Генеральная Ассамблея,|إن الجمعية العامة)"
)
_ADOPTED = re.compile(
    _LEAD + r"(?:(?:Have|Has) agreed\b|Do hereby\b|Hereby (?:agree|declare|decide|adopt)|Agree as follows|"
    r"Договорились|اتفقت)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^[\[(*]*(?:(?:Part|PART|Chapter|CHAPTER|Section|SECTION|Раздел|Часть|Глава|الباب|الجزء) "
    r"(?:[IVXLC]+|[A-Z]|\d{1,2})\b|(?:Sub-)?[Oo]ptions? \d|OPTION \d|Provisions? common\b|Placement to be determined"
    r"|(?i:preamble|преамбула|الديباجة)\W*$)"
)
_MOST_WORDS_OF_A_PART = 14
_SIGNED = re.compile(
    _LEAD + r"(?:In witness whereof|Done (?:at|in)\b|Signed (?:at|in|on|by)\b|_{4,}|Совершено в|"
    r"For (?:and on behalf of )?the (?:Government|Republic|Kingdom|Ministry|State|Secretariat)\b[^.;]{0,80}$)",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.;:,?!،؛](?:\s*(?:and|or|and/or|и|или))?[\s\]\)\"”’*_}]*[\d*]{0,3}$")  # noqa: RUF001
_MARKS = frozenset({"Mn"})


def _unvocalised(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in _MARKS)


def opens_recital(text: str) -> bool:
    """Whether a paragraph begins as preambular ones do: ``Recalling``, ``*Deeply concerned*``, ``Ссылаясь``, ``إذ``."""
    return _RECITAL.match(_unvocalised(text[:80])) is not None


def adopts(text: str) -> bool:
    """Whether a paragraph names those who speak, before the preamble: ``The Parties to this Convention,``."""
    return _ADOPTING.match(text) is not None


def agrees(text: str) -> bool:
    """Whether a paragraph closes the preamble: ``Have agreed as follows:``."""
    return _ADOPTED.match(text) is not None


def heads_part(text: str) -> bool:
    """Whether a line is a heading by its words: ``Part II``, ``Option 1``, ``Provisions common for the options``."""
    return _PART.match(text) is not None and len(text.split()) <= _MOST_WORDS_OF_A_PART


def signs(text: str) -> bool:
    """Whether a signature block begins here: ``Done at``, ``For the Government of``, a line to sign on."""
    return _SIGNED.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends in punctuation (perhaps with brackets, ``and`` or a footnote's number after it)."""
    return _TERMINAL.search(text.rstrip()[-24:]) is not None


def begins_upper(text: str) -> bool:
    """Whether the first letter is no small one; scripts without case count as capital."""
    first = next((sign for sign in text if sign.isalpha()), "")
    return bool(first) and not first.islower()
