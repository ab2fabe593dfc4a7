"""The words of the papers for the meeting: in the text's language, English where we have none."""
# ruff: noqa: RUF001 - Russian is meant

from collections.abc import Mapping
from dataclasses import dataclass

from drafting.domain.lifecycle import state_on
from drafting.protocol.words import AmendmentState, Outcome

_O = Outcome
_NO_STATE = frozenset({_O.REDRAFT, _O.IN_PART})
"""Outcomes that no state is called by: a wording of the desk's own, and what leaves the rest waiting."""


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What stands over the lists and their columns, and in their cells of our own accord."""

    titles: Mapping[str, str]
    headings: Mapping[str, str]
    does: Mapping[str, str]
    undecided: str
    outcomes: Mapping[Outcome, str]
    open: str
    resolved: str

    @property
    def states(self) -> Mapping[AmendmentState, str]:
        """What has become of an amendment, in the words of the outcome that made it so."""
        decided = {state_on([outcome]): said for outcome, said in self.outcomes.items() if outcome not in _NO_STATE}
        return {AmendmentState.TABLED: self.undecided, AmendmentState.IN_PART: self.outcomes[_O.IN_PART]} | decided


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
    undecided="Not decided",
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
    undecided="Не решено",
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
    undecided="لم يبت فيه",
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
