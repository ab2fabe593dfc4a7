"""What a file says about itself: the masthead on its first page, and the end matter that vouches for the text."""

from dataclasses import dataclass
from datetime import datetime

from drafting.word.emphasis import BOLD, PLAIN
from drafting.word.markup import RTL_LANGUAGES, run


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts printed around a text. ``date`` is aware and printed in its own zone.

    ``language`` and ``original_language`` are tags (``en``, ``ru``, ``ar``). ``version_hash`` is the text's and
    ``log_head`` the digest at the head of the event log when the version was issued. An empty string prints nothing.
    ``line_numbers``: every fifth line has its number at the margin. ``wide``: the page lies on its long side.
    """

    title: str
    symbol: str
    version_name: str
    distribution: str
    date: datetime
    original_language: str
    language: str
    document_id: str
    version_id: str
    version_hash: str
    log_head: str
    line_numbers: bool = True
    wide: bool = False

    def __post_init__(self) -> None:
        if self.date.utcoffset() is None:
            raise ValueError("A masthead's date must say its time zone.")

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return _primary(self.language) in RTL_LANGUAGES

    @property
    def width(self) -> int:
        """How wide the page is between its margins, in twentieths of a point."""
        return 14002 if self.wide else 9070

    @property
    def words(self) -> "Words":
        """The printed words in the file's language, English where we have none."""
        return _WORDS.get(_primary(self.language), _WORDS["en"])


@dataclass(frozen=True, slots=True)
class Words:
    """The few words that a file prints of its own accord."""

    distribution: str
    original: str
    page: str
    of: str
    languages: dict[str, str]
    months: tuple[str, ...]
    date: str

    def day(self, date: datetime) -> str:
        """Write a date as a diplomat does: 28 November 2026."""
        return self.date.format(day=date.day, month=self.months[date.month - 1], year=date.year)

    def language(self, tag: str) -> str:
        """Give a language's name, or its tag where we have no name."""
        return self.languages.get(_primary(tag), tag)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


_WORDS = {
    "en": Words(
        distribution="Distr.",
        original="Original",
        page="Page",
        of="of",
        languages={"en": "English", "ru": "Russian", "ar": "Arabic", "fr": "French", "es": "Spanish", "zh": "Chinese"},
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        date="{day} {month} {year}",
    ),
    "ru": Words(
        distribution="Распространение",
        original="Язык оригинала",
        page="Страница",
        of="из",
        languages={
            "en": "английский",
            "ru": "русский",
            "ar": "арабский",
            "fr": "французский",
            "es": "испанский",
            "zh": "китайский",
        },
        months=(
            *("января", "февраля", "марта", "апреля", "мая", "июня"),
            *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
        ),
        date="{day} {month} {year} года",
    ),
    "ar": Words(
        distribution="التوزيع",
        original="الأصل",
        page="الصفحة",
        of="من",
        languages={
            "en": "بالإنكليزية",
            "ru": "بالروسية",
            "ar": "بالعربية",
            "fr": "بالفرنسية",
            "es": "بالإسبانية",
            "zh": "بالصينية",
        },
        months=(
            *("كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه"),
            *(
                "تموز/يوليه",
                "آب/أغسطس",
                "أيلول/سبتمبر",
                "تشرين الأول/أكتوبر",
                "تشرين الثاني/نوفمبر",
                "كانون الأول/ديسمبر",
            ),
        ),
        date="{day} {month} {year}",
    ),
}


def masthead_paragraphs(masthead: Masthead) -> str:
    """Title and symbol over a rule; below, the version beside distribution, date and original language."""
    words = masthead.words
    right = [
        f"{words.distribution}: {masthead.distribution}" if masthead.distribution else "",
        words.day(masthead.date),
        f"{words.original}: {words.language(masthead.original_language)}" if masthead.original_language else "",
    ]
    printed = [text for text in right if text]
    left = [masthead.version_name, *[""] * (len(printed) - 1)]
    lines = [
        _paragraph(masthead, "MastheadLine", [(beside, PLAIN), ("\t" + text, PLAIN)])
        for beside, text in zip(left, printed, strict=True)
    ]
    top = _paragraph(masthead, "Masthead", [(masthead.title, PLAIN), ("\t", PLAIN), (masthead.symbol, BOLD)])
    return top + "".join(lines)


def end_matter(masthead: Masthead) -> str:
    """Write the small print by which a reader can check the text against the log; always at least one paragraph."""
    facts = [
        (masthead.document_id, f"Document {masthead.document_id}"),
        (masthead.version_id, f"Version {masthead.version_id}"),
        (masthead.version_hash, f"Text {masthead.version_hash}"),
        (masthead.log_head, f"Log {masthead.log_head}"),
    ]
    printed = [sentence for fact, sentence in facts if fact] or [""]
    return "".join(_paragraph(masthead, "EndMatter", [(sentence, PLAIN)], rtl=False) for sentence in printed)


def _paragraph(masthead: Masthead, style: str, runs: list[tuple[str, int]], *, rtl: bool | None = None) -> str:
    rtl = masthead.rtl if rtl is None else rtl
    content = "".join(run(text, look, rtl=rtl) for text, look in runs if text)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:bidi/>" if rtl else ""}</w:pPr>{content}</w:p>'
