"""The demonstration as it was left, and ways to look at it as somebody."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from drafting.house import House
from drafting.protocol.views import (
    AmendmentView,
    CompilationView,
    CompiledSectionView,
    DeskView,
    IssuedView,
    SectionView,
    Snapshot,
)
from drafting.queries.compilation import compilation
from drafting.queries.desk import desk_for
from drafting.queries.documents import documents, snapshot
from drafting.queries.people import person_by_handle, reader
from drafting.queries.versions import issued

DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass
class Played:
    """The demonstration as it was left. Documents go by their symbols."""

    house: House
    seconds: float = 0.0
    """Of processor time that playing took."""
    ids: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        with self.house.database.reading() as tx:
            found = documents(tx, person_by_handle(tx, "observer"))
        self.ids = {document.symbol: document.id for document in found}

    def seen_by(self, handle: str, symbol: str = "BP/CfA") -> Snapshot:
        with self.house.database.reading() as tx:
            return snapshot(tx, reader(tx, person_by_handle(tx, handle), self.ids[symbol]), self.house.cursors)

    def compilation(self, symbol: str = "BP/CfA", handle: str = "observer") -> CompilationView:
        with self.house.database.reading() as tx:
            return compilation(tx, reader(tx, person_by_handle(tx, handle), self.ids[symbol]), None)

    def compiled(self, label: str, symbol: str = "BP/CfA") -> CompiledSectionView:
        return next(section for section in self.compilation(symbol).sections if section.section.label == label)

    def desk(self) -> DeskView:
        last = self.seen_by("secretariat").rounds[-1].id
        with self.house.database.reading() as tx:
            return desk_for(tx, reader(tx, person_by_handle(tx, "secretariat"), self.ids["BP/CfA"]), last)

    def issued(self, name: str) -> IssuedView:
        version = next(version.id for version in self.seen_by("observer").versions if version.name == name)
        with self.house.database.reading() as tx:
            return issued(tx, reader(tx, person_by_handle(tx, "observer"), self.ids["BP/CfA"]), version)

    def section(self, label: str, symbol: str = "BP/CfA") -> SectionView:
        return next(section for section in self.seen_by("observer", symbol).sections if section.label == label)

    def in_the_last_round(self, handle: str = "secretariat", symbol: str = "BP/CfA") -> list[AmendmentView]:
        seen = self.seen_by(handle, symbol)
        return [amendment for amendment in seen.amendments if amendment.round == seen.rounds[-1].id]
