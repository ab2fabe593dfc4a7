"""How delegations and the house are named in a Word file: one name each, in the text's language."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from drafting.protocol.views import DelegationView
from drafting.protocol.words import Role
from drafting.queries.groups import group_views
from drafting.queries.people import delegations
from drafting.word.comments import Author
from storage.database import ReadTransaction
from storage.tables import Document

HOUSE: dict[str, Author] = {
    Role.CHAIR: Author("Chair", "CH"),
    Role.SECRETARY: Author("Secretariat", "SEC"),
    Role.NOTE_TAKER: Author("Note-taker", "NT"),
    Role.TRANSLATOR: Author("Translator", "TR"),
    Role.OBSERVER: Author("Observer", "OBS"),
    Role.FACILITATOR: Author("Facilitator", "FAC"),
    Role.ADMINISTRATOR: Author("Administrator", "ADM"),
}
"""Who acts for no delegation."""
SOMEBODY = Author("A delegation", "–")  # noqa: RUF001 - a dash is meant
"""A delegation that is not told."""


def names_of(tx: ReadTransaction, document: Document) -> dict[str, Author]:
    """Name the delegations of the secretariat's table and the document's closed groups, by code, each differently.

    Where a name is not approved in the document's language, the English one stands, or else the code.
    """
    table = delegations(tx, document.process)
    known = {one.code: _short(one, document.language) for one in table}
    known |= {group.code: _canonical(group.name) for group in group_views(tx, document.id)}
    taken = Counter(name.casefold() for name in (*known.values(), *(author.name for author in HOUSE.values())))
    return {
        code: Author(f"{name} ({code})" if taken[name.casefold()] > 1 else name, code) for code, name in known.items()
    }


def signature(names: Mapping[str, Author], delegation: str | None, capacity: str) -> Author:
    """Name who said something in a capacity, for a delegation or for the house."""
    if delegation:
        return names.get(delegation, Author(delegation, delegation))
    return HOUSE.get(capacity.partition(":")[0], SOMEBODY)


def listed(names: Mapping[str, Author], codes: Iterable[str]) -> str:
    """Name several delegations in a row."""
    return ", ".join(names[code].name for code in codes if code in names)


def _short(delegation: DelegationView, language: str) -> str:
    names = delegation.names
    named = names.get(language) or names.get(language.partition("-")[0]) or names.get("en") or {}
    return _canonical(named.get("short", "")) or delegation.code


def _canonical(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
