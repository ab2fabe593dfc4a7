"""A seat in a negotiation: what all players see from it, and what they choose from."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from drafting.protocol.views import AmendmentView, Snapshot, VersionView
from tests.casting import Cast, add, delete, move, replace

Pick = Callable[[Sequence[Any]], Any]
NATIONS = ("arv", "arv2", "bor", "cal")


class Seat:
    """Where one who gives commands sits; ``pick`` chooses from what there is. ``taken`` counts what was not refused, by
    kind; several players may share it, since each prefers what nobody has done.
    """

    def __init__(self, cast: Cast, pick: Pick, taken: Counter[str] | None = None) -> None:
        self.cast, self.pick = cast, pick
        self.taken = Counter[str]() if taken is None else taken
        self._names = 0

    @property
    def seen(self) -> Snapshot:
        return self.cast.snapshot("sec")

    def _amendment(self) -> AmendmentView | None:
        amendments = self.seen.amendments
        return self.pick(amendments) if amendments else None

    def _edits(self) -> list[dict[str, Any]]:
        sections = self.seen.sections
        one, other = self.pick(sections), self.pick(sections)
        words = self.pick(("all necessary measures", "some measures", "the feasible", "no measure"))
        forms: tuple[list[dict[str, Any]], ...] = (
            [replace(one.id, f"{one.text} {words}".strip())],
            [replace(one.id, f"{words} {one.text}".strip())],
            [add(one.id, f"New: {words}.")],
            [add(None, f"First: {words}."), delete(other.id)],
            [delete(one.id)],
            [move(one.id, other.id)],
            [{"op": "merge", "sections": [one.id, other.id], "text": f"{one.text} {other.text}".strip()}],
            [{"op": "split", "section": one.id, "texts": ["One half.", f"The other: {words}."]}],
        )
        return list(self.pick(forms))

    def _basis(self) -> VersionView:
        return [version for version in self.seen.versions if version.standing == "basis" and not version.recalled][-1]
