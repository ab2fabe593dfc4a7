"""The words of the papers for the meeting: in the text's language, English where we have none."""
# ruff: noqa: RUF001 - Russian is meant

from collections.abc import Mapping
from dataclasses import dataclass

from drafting.protocol.words import AmendmentState, Outcome


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What stands over the lists and their columns, and in their cells of our own accord."""

    titles: Mapping[str, str]
    headings: Mapping[str, str]
    does: Mapping[str, str]
    states: Mapping[AmendmentState, str]
    outcomes: Mapping[Outcome, str]
    open: str
    resolved: str


_S, _O = AmendmentState, Outcome
_EN = PaperWords(
    titles={
        "amendments": "Amendments by paragraph",
        "comments": "Comments",
        "decisions": "Decisions",
        "renumbering": "Renumbering",
    },
    headings={
        "paragraph": "Paragraph",
        "amendment": "Amendment",
        "amendments": "Amendments",
        "sponsors": "Sponsors",
        "does": "Proposal",
        "present": "Present text",
        "proposed": "Proposed text",
        "positions": "Positions",
        "outcome": "Outcome",
        "about": "On",
        "by": "By",
        "at": "When (UTC)",
        "comment": "Comment",
        "replies": "Replies",
        "state": "State",
        "reason": "Reason",
        "objections": "Objections",
        "old": "Old number",
        "new": "New number",
        "text": "Text",
    },
    does={"replace": "Reword", "add": "Add", "delete": "Delete", "move": "Move"},
    states={
        _S.TABLED: "Not decided",
        _S.INCORPORATED: "Incorporated",
        _S.IN_PART: "Incorporated in part",
        _S.BRACKETED: "Bracketed",
        _S.ALTERNATIVE: "As an alternative",
        _S.PARKED: "Parked",
        _S.NOT_RETAINED: "Not retained",
    },
    outcomes={
        _O.INCORPORATE: "Incorporated",
        _O.IN_PART: "Incorporated in part",
        _O.BRACKET: "Bracketed",
        _O.ALTERNATIVE: "As an alternative",
        _O.PARK: "Parked",
        _O.NOT_RETAINED: "Not retained",
        _O.REDRAFT: "Redrafted",
    },
    open="Open",
    resolved="Resolved",
)
_RU = PaperWords(
    titles={
        "amendments": "Поправки по пунктам",
        "comments": "Замечания",
        "decisions": "Решения",
        "renumbering": "Изменение нумерации",
    },
    headings={
        "paragraph": "Пункт",
        "amendment": "Поправка",
        "amendments": "Поправки",
        "sponsors": "Авторы",
        "does": "Предложение",
        "present": "Нынешний текст",
        "proposed": "Предлагаемый текст",
        "positions": "Позиции",
        "outcome": "Решение",
        "about": "К чему",
        "by": "Кто",
        "at": "Когда (UTC)",
        "comment": "Замечание",
        "replies": "Ответы",
        "state": "Состояние",
        "reason": "Обоснование",
        "objections": "Возражения",
        "old": "Прежний номер",
        "new": "Новый номер",
        "text": "Текст",
    },
    does={"replace": "Изменить", "add": "Добавить", "delete": "Исключить", "move": "Перенести"},
    states={
        _S.TABLED: "Не решено",
        _S.INCORPORATED: "Включено",
        _S.IN_PART: "Включено частично",
        _S.BRACKETED: "В скобках",
        _S.ALTERNATIVE: "Как вариант",
        _S.PARKED: "Отложено",
        _S.NOT_RETAINED: "Не сохранено",
    },
    outcomes={
        _O.INCORPORATE: "Включено",
        _O.IN_PART: "Включено частично",
        _O.BRACKET: "В скобках",
        _O.ALTERNATIVE: "Как вариант",
        _O.PARK: "Отложено",
        _O.NOT_RETAINED: "Не сохранено",
        _O.REDRAFT: "Изложено иначе",
    },
    open="Открыто",
    resolved="Закрыто",
)
_AR = PaperWords(
    titles={
        "amendments": "التعديلات حسب الفقرات",
        "comments": "التعليقات",
        "decisions": "القرارات",
        "renumbering": "إعادة الترقيم",
    },
    headings={
        "paragraph": "الفقرة",
        "amendment": "التعديل",
        "amendments": "التعديلات",
        "sponsors": "مقدمو الاقتراح",
        "does": "الاقتراح",
        "present": "النص الحالي",
        "proposed": "النص المقترح",
        "positions": "المواقف",
        "outcome": "النتيجة",
        "about": "بشأن",
        "by": "من",
        "at": "الوقت (UTC)",
        "comment": "التعليق",
        "replies": "الردود",
        "state": "الحالة",
        "reason": "السبب",
        "objections": "الاعتراضات",
        "old": "الرقم القديم",
        "new": "الرقم الجديد",
        "text": "النص",
    },
    does={"replace": "إعادة صياغة", "add": "إضافة", "delete": "حذف", "move": "نقل"},
    states={
        _S.TABLED: "لم يبت فيه",
        _S.INCORPORATED: "أُدرج",
        _S.IN_PART: "أُدرج جزئيا",
        _S.BRACKETED: "بين قوسين",
        _S.ALTERNATIVE: "كبديل",
        _S.PARKED: "أُرجئ",
        _S.NOT_RETAINED: "لم يُستبق",
    },
    outcomes={
        _O.INCORPORATE: "أُدرج",
        _O.IN_PART: "أُدرج جزئيا",
        _O.BRACKET: "بين قوسين",
        _O.ALTERNATIVE: "كبديل",
        _O.PARK: "أُرجئ",
        _O.NOT_RETAINED: "لم يُستبق",
        _O.REDRAFT: "أُعيدت صياغته",
    },
    open="مفتوح",
    resolved="مغلق",
)
_WORDS = {"en": _EN, "ru": _RU, "ar": _AR}


def paper_words(language: str) -> PaperWords:
    """Give the words for a language tag."""
    return _WORDS.get(language.partition("-")[0].lower(), _EN)
