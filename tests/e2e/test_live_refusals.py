"""After every refusal the service and all other Yjs clients have the same, byte for byte, without what was refused."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from drafting_client import mint
from tests.e2e.hands import Hand, Hands, Stage, hands, staged
from tests.e2e.server import served
from tests.http.hosting import TEXT

BASE = [text for *_, text in TEXT]
MOST_FRAME = 400_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    limits = {"DRAFTING_MOST_FRAME_BYTES": str(MOST_FRAME)}
    with served(tmp_path_factory.mktemp("refusals") / "home", limits) as server:
        yield staged(server)


@pytest.fixture(scope="module")
def stock() -> Iterator[Hands]:
    with hands() as process:
        yield process


@dataclass
class Scene:
    """A draft at which the chair, a delegation and an observer are, and which has been typed in."""

    room: Stage
    stock: Hands
    chair: Hand
    watchers: list[Hand]

    def come(self, handle: str, **more: Any) -> Hand:
        """Let one more in."""
        return self.room.sit(self.stock(mint()), handle, **more)

    def refused(self, hand: Hand) -> tuple[int, str, dict[str, object]]:
        """Wait until the hand is closed; give with what: the close code, and the refusal's code and facts."""
        hand.do("wait", **{"for": "closed"})
        standing = hand.do("standing")
        assert standing["closed"]["reason"] == standing["denied"]["code"]
        assert standing["denied"]["detail"].endswith(".")
        return standing["closed"]["code"], standing["denied"]["code"], standing["denied"]["facts"]

    def untouched(self, before: str) -> None:
        """See that everybody has what they had, whoever comes anew gets it, and typing goes on for all."""
        assert {hand.state() for hand in (self.chair, *self.watchers)} == {before}
        assert self.come("observer").state() == before
        self.chair.types(self.room.sections[3], "Still, ")
        for hand in (*self.watchers, self.come("arv")):
            hand.do("sees", section=self.room.sections[3], part="Still, ")
            hand.do("wait", hash=self.chair.state())


@pytest.fixture
def scene(stage: Stage, stock: Hands) -> Scene:
    room = stage.anew()
    chair = room.sit(stock(mint()), "chair", acks=True)
    watchers = [room.sit(stock(mint()), handle) for handle in ("arv", "observer")]
    chair.types(room.sections[2], "All ")
    chair.do("delete", section=room.sections[1], at=0, length=4)
    for hand in watchers:
        hand.do("wait", hash=chair.state())
    return Scene(room, stock, chair, watchers)


def test_a_reader_who_types(scene: Scene) -> None:
    before = scene.chair.state()
    bor = scene.come("bor")
    bor.types(scene.room.sections[2], "Not ")
    assert scene.refused(bor) == (4403, "not_permitted", {})
    scene.untouched(before)


def test_a_reader_who_only_deletes(scene: Scene) -> None:
    before = scene.chair.state()
    bor = scene.come("bor")
    bor.do("delete", section=scene.room.sections[2], at=0, length=4)
    assert scene.refused(bor) == (4403, "not_permitted", {})
    scene.untouched(before)


@pytest.mark.parametrize("how", ["type", "delete", "move"])
def test_an_edit_of_a_locked_section(scene: Scene, how: str) -> None:
    section = scene.room.sections[2]
    scene.room.lock(section)
    before = scene.chair.state()
    notes = scene.come("notes")
    acts: dict[str, Callable[[], object]] = {
        "type": lambda: notes.types(section, "Not "),
        "delete": lambda: notes.do("delete", section=section, at=0, length=4),
        "move": lambda: notes.do("set", section=section, fields={"rank": "zz"}),
    }
    acts[how]()
    assert scene.refused(notes) == (4403, "section_locked", {"sections": [section]})
    scene.untouched(before)


def test_one_who_writes_under_anothers_client_id(scene: Scene) -> None:
    before = scene.chair.state()
    chairs = scene.chair.do("standing")["client"]
    notes = scene.come("notes")
    notes.do("pose", client=chairs)
    notes.types(scene.room.sections[2], "Not ")
    assert scene.refused(notes) == (4403, "hand_taken", {})
    scene.untouched(before)


def test_one_who_may_not_read_the_draft_and_one_who_is_nobody(scene: Scene) -> None:
    draft = scene.room.open("arv", "head:ARV")
    own = scene.room.sit(scene.stock(mint()), "arv", draft)
    before = own.state()
    bearer = {"Authorization": f"Bearer {scene.room.bearer('bor')}"}
    for given, ending in (
        ({"headers": bearer}, {"code": 4404, "reason": "unknown"}),
        ({"params": {"token": scene.room.token("arv")}}, {"code": 4401, "reason": "ticket_invalid"}),
        ({}, {"code": 4401, "reason": "ticket_invalid"}),
    ):
        hand = scene.stock(mint())
        hand.do("connect", address=scene.room.live, draft=draft, wait=False, **given)
        hand.do("wait", **{"for": "closed"})
        assert hand.do("standing")["closed"] == ending
        assert hand.do("read") == []
    assert own.state() == before


def test_an_update_that_hangs_on_what_never_came(scene: Scene) -> None:
    before = scene.chair.state()
    notes = scene.come("notes")
    notes.do("skip", section=scene.room.sections[2])
    assert scene.refused(notes) == (4403, "update_missing", {})
    scene.untouched(before)


@pytest.mark.parametrize(("length", "code"), [(MOST_FRAME + 1, "too_large"), (110_000, "draft_full")])
def test_an_update_that_is_too_large(scene: Scene, length: int, code: str) -> None:
    before = scene.chair.state()
    notes = scene.come("notes")
    notes.types(scene.room.sections[2], "x" * length)
    assert scene.refused(notes)[:2] == (4403, code)
    scene.untouched(before)


SPOILING = [
    "delete a text",
    "replace a text",
    "delete an entry",
    "set another key",
    "set a level out of bounds",
    "write in a section that is not there",
    "use another root",
    "embed a thing",
    "format words",
]


def test_one_who_spoils_the_shape_of_the_draft(scene: Scene) -> None:
    before = scene.chair.state()
    for how in SPOILING:
        notes = scene.come("notes")
        notes.do("spoil", how=how, section=scene.room.sections[2])
        assert scene.refused(notes)[:2] == (4403, "malformed"), how
    scene.untouched(before)


@pytest.mark.parametrize(
    "message", [b"\x00\x02\x05\x01", b"\x00\x02\x03\xff\xff\xff", b"\x01\x02\xff", b"\x00\x07\x00", b""]
)
def test_what_is_no_message(scene: Scene, message: bytes) -> None:
    before = scene.chair.state()
    notes = scene.come("notes")
    notes.do("send", bytes=base64.b64encode(message).decode())
    assert scene.refused(notes)[:2] == (4403, "malformed")
    scene.untouched(before)
