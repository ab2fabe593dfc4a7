"""The words with which a file says what its text does not: in its language, English where we have none."""

from collections.abc import Mapping
from dataclasses import dataclass

from drafting.protocol.words import Reservation, SectionStatus, Stand


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is printed of its own accord in the margin of a compilation and over it, and under what is agreed."""

    compilation: str
    proposal: str
    sponsors: str
    rationale: str
    placement: str
    deleted_by: str
    proposed_by: str
    moves: str
    behind: str
    first: str
    unplaced: str
    for_some: Mapping[str, str]
    statuses: Mapping[SectionStatus, str]
    awaiting: str
    placement_pending: str
    stands: Mapping[Stand, str]
    reservations: Mapping[Reservation, str]


_PHRASES = {
    "en": Phrases(
        compilation="Compilation",
        proposal="Proposal",
        sponsors="Sponsors",
        rationale="Rationale",
        placement="Placement",
        deleted_by="Deleted by",
        proposed_by="Proposed by",
        moves="Moves",
        behind="after",
        first="to the start",
        unplaced="Made on an older text and not shown here",
        for_some={
            "own": "For its own side only",
            "group": "For the group only",
            "secretariat": "For the secretariat only",
            "chair": "For the chair only",
        },
        statuses={
            SectionStatus.AGREED_IN_INFORMALS: "Agreed in informals",
            SectionStatus.AD_REFERENDUM: "Agreed ad referendum",
            SectionStatus.AGREED: "Agreed",
            SectionStatus.ADOPTED: "Adopted",
        },
        awaiting="awaiting",
        placement_pending="placement pending",
        stands={
            Stand.SUPPORT: "Support",
            Stand.CANNOT_ACCEPT: "Cannot accept",
            Stand.RESERVE: "Reserve",
            Stand.FLEXIBLE: "Flexible",
            Stand.RETAIN: "Retain the text",
        },
        reservations={
            Reservation.GENERAL: "general",
            Reservation.SCRUTINY: "scrutiny",
            Reservation.PLACEMENT: "placement",
        },
    ),
    "ru": Phrases(
        compilation="Сводный текст",
        proposal="Предложение",
        sponsors="Авторы",
        rationale="Обоснование",
        placement="Место в тексте",
        deleted_by="Исключают",
        proposed_by="Предлагают",
        moves="Перенос",
        behind="после",
        first="в начало",
        unplaced="Внесено к прежнему тексту и здесь не показано",
        for_some={
            "own": "Только для своей стороны",
            "group": "Только для группы",
            "secretariat": "Только для секретариата",
            "chair": "Только для председателя",
        },
        statuses={
            SectionStatus.AGREED_IN_INFORMALS: "Согласовано на неофициальных консультациях",
            SectionStatus.AD_REFERENDUM: "Согласовано условно",
            SectionStatus.AGREED: "Согласовано",
            SectionStatus.ADOPTED: "Принято",
        },
        awaiting="ожидается",
        placement_pending="место в тексте не определено",
        stands={
            Stand.SUPPORT: "Поддержка",
            Stand.CANNOT_ACCEPT: "Неприемлемо",
            Stand.RESERVE: "Оговорка",
            Stand.FLEXIBLE: "Гибкая позиция",
            Stand.RETAIN: "Сохранить текст",
        },
        reservations={
            Reservation.GENERAL: "общая",
            Reservation.SCRUTINY: "для изучения",
            Reservation.PLACEMENT: "по месту в тексте",
        },
    ),
    "ar": Phrases(
        compilation="النص التجميعي",
        proposal="اقتراح",
        sponsors="مقدمو الاقتراح",
        rationale="التعليل",
        placement="الموضع",
        deleted_by="تحذفه",
        proposed_by="تقترحه",
        moves="نقل",
        behind="بعد",
        first="إلى البداية",
        unplaced="قُدم على نص سابق وغير مبين هنا",
        for_some={
            "own": "للجانب المعني فقط",
            "group": "للمجموعة فقط",
            "secretariat": "للأمانة فقط",
            "chair": "للرئيس فقط",
        },
        statuses={
            SectionStatus.AGREED_IN_INFORMALS: "متفق عليه في المشاورات غير الرسمية",
            SectionStatus.AD_REFERENDUM: "متفق عليه بشرط الاستشارة",
            SectionStatus.AGREED: "متفق عليه",
            SectionStatus.ADOPTED: "معتمد",
        },
        awaiting="في انتظار",
        placement_pending="الموضع غير محدد",
        stands={
            Stand.SUPPORT: "تأييد",
            Stand.CANNOT_ACCEPT: "غير مقبول",
            Stand.RESERVE: "تحفظ",
            Stand.FLEXIBLE: "موقف مرن",
            Stand.RETAIN: "الإبقاء على النص",
        },
        reservations={
            Reservation.GENERAL: "عام",
            Reservation.SCRUTINY: "للدراسة",
            Reservation.PLACEMENT: "بشأن الموضع",
        },
    ),
}


def phrases(language: str) -> Phrases:
    """Give the phrases for a language tag."""
    return _PHRASES.get(language.partition("-")[0].lower(), _PHRASES["en"])
