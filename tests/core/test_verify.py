"""What verify finds. Every column of the tables that hold the negotiation is altered here, one at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy import delete as delete_from
from sqlmodel import SQLModel

from drafting.house import House
from storage import tables as t
from storage.columns import Json
from tests.casting import Cast, Clock, add, copied, delete, opened, replace, tamper


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """A room after a round: a version issued, decisions, comments to two audiences, and a second round begun. Its house
    is closed: each test alters a copy.
    """
    clock = Clock()
    room = Cast(opened(tmp_path_factory.mktemp("scene"), clock), clock)
    room.found()
    room.take_in()
    room.open()
    one = room.sections[5]
    first = room.table("arv", replace(one, "States shall act."), rationale="Shorter.")
    added = room.table("bor", add(room.sections[9], "A new one.", "se_" + "2" * 26))
    room.table("cal", delete(room.sections[10]))
    room.do("cal", "withdraw_amendment", amendment=room.snapshot("sec").amendments[2].id)
    target = {"quote": "States", "start": 0, "end": 6}
    question = room.do("arv", "post_comment", section=one, target=target, body="Who?", audience="own").made["comment"]
    room.do("arv", "post_comment", reply_to=question, body="All of them.")
    room.do("bor", "post_comment", amendment=first, body="We agree.")
    room.do("bor", "take_position", amendment=first, stand="cannot_accept", note="Not yet.")
    room.do("bor", "take_position", amendment=first, stand="support")
    room.do("bor", "take_position", section=room.sections[2], stand="reserve", reservation="scrutiny")
    room.do("clerk", "take_position", section=one, stand="retain", audience="own")
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.draft("clerk", delete(room.sections[8]))
    for handle in ("notes", "clerk"):
        draft = room.working(handle)
        locks = {"notes": "chair", "clerk": "arv"}[handle]
        room.do(locks, "lock_section", draft=draft, section=room.sections[4])
        room.do(locks, "lock_section", draft=draft, section=room.sections[5])
    room.close()
    room.decide(one, [first], "incorporate", reason="Nobody objected.")
    room.decide("se_" + "2" * 26, [added], "bracket", "chair")
    room.issue(renumber=True)
    agreed = {"section": room.sections[6], "status": "agreed_ad_referendum", "awaiting": ["ARV"], "note": "Packaged."}
    room.do("chair", "set_status", version=room.version, **agreed)
    room.clock.move(days=1)
    room.open(name="Second round")
    room.enter("notes", "ARV", delete(room.sections[7]), sponsors=["BOR"])
    amendment = room.table("arv", delete(room.sections[6]))
    room.do("arv", "revise_amendment", amendment=amendment, revision=1, edits=[delete(room.sections[9])])
    assert room.verify().findings == []
    room.house.close()
    return room


@pytest.fixture
def told(scene: Cast, tmp_path: Path) -> Iterator[Cast]:
    """The scene, to be altered."""
    told = copied(scene, tmp_path)
    yield told
    told.house.close()


STATE = (
    t.Amendment,
    t.Revision,
    t.Comment,
    t.Position,
    t.Group,
    t.Agreement,
    t.Decision,
    t.Round,
    t.Version,
    t.ManifestLine,
    t.SectionVersion,
    t.Section,
    t.Document,
    t.Delegation,
    t.HeldCapacity,
    t.Process,
    t.Participant,
    t.Receipt,
    t.WorkingDraft,
    t.DraftLock,
    t.Scope,
    t.Stream,
    t.Event,
)
UNNOTICED = {
    ("document", "created_at"): "shown nowhere; the event that imported it says when",
    ("document", "regroupings"): "a count that only makes those who follow look at their rights again",
    ("participant", "password"): "in no log, like other credentials: a wrong one lets nobody in",
    ("workingdraft", "last_update"): "what is typed is in no log: see TYPED",
    ("amendment", "draft"): "told in the label of what is not tabled yet",
    ("amendment", "place"): "only an order; noticed when it changes the order (below)",
    ("version", "place"): "as above",
    ("comment", "place"): "as above",
    ("decision", "place"): "as above",
    ("position", "place"): "as above",
    ("agreement", "place"): "as above",
    ("participant", "administrator"): "the host's own decision, in no log: it is made at the machine",
    ("event", "payload"): "noticed unless it is purged, which is allowed (below)",
}
TYPED = {
    "draftupdate": "what is typed into a working draft is in no log: no history of keystrokes is kept",
    "draftstate": "as above: it is what those bytes amount to",
    "drafthand": "as above: it only tells whose client ids they are, and a wrong one lets nobody in",
    "drafttie": "shown to nobody but the draft's own side, who sees beside it whether the amendment says the same",
}
"""Tables of working drafts that no event tells of."""
TABLES = {table.__tablename__: table.__table__ for table in STATE}  # type: ignore[attr-defined,misc] # SQLModel does not type its tables


def columns() -> list[tuple[str, str]]:
    return [(name, column.name) for name, table in TABLES.items() for column in table.columns]


def rows_of(cast: Cast, table: str) -> list[dict[str, Any]]:
    """Give the table's rows in the order of their keys."""
    asked = select(TABLES[table]).order_by(*TABLES[table].primary_key)
    return cast.house.database.read(lambda tx: [dict(row) for row in tx.session.connection().execute(asked).mappings()])


def this(table: str, row: dict[str, Any]) -> ColumnElement[bool]:
    """Name exactly that row."""
    return and_(*(column == row[column.name] for column in TABLES[table].primary_key))


def other(table: str, column: str, value: Any) -> Any:
    """Give another value of the same kind, that could have been meant."""
    if value is None and isinstance(TABLES[table].c[column].type, Json):
        return [{"other": 1}]
    match value:
        case bool():
            return not value
        case int():
            return value + 1000
        case datetime():
            return datetime(2031, 1, 1, tzinfo=UTC)
        case list() | dict():
            return [] if value else [{"other": 1}]
    choices = {"kind": "footnote", "state": "open", "mode": "held", "outcome": "not_retained", "standing": "proposal"}
    new = choices.get(column, f"{value or ''}9")
    return {"open": "closed"}.get(value, new) if column == "state" else new


@pytest.mark.parametrize("table", TABLES)
def test_an_altered_column_is_found(told: Cast, table: str) -> None:
    for column in [column for name, column in columns() if name == table and (name, column) not in UNNOTICED]:
        rows = rows_of(told, table)
        # One row in the beginning, one in the end; the first person is the host's, whose name no log says.
        for row in rows[-1:] if (table, column) == ("participant", "name") else [*rows[:1], *rows[1:][-1:]]:
            altered = {**row, column: other(table, column, row[column])}
            tamper(told.house.database, update(TABLES[table]).where(this(table, row)).values(altered))
            assert told.verify().findings, (column, row)
            tamper(told.house.database, update(TABLES[table]).where(this(table, altered)).values(row))
    assert told.verify().findings == []


def test_what_may_stay_unnoticed_is_a_column_that_there_is() -> None:
    assert set(UNNOTICED) <= set(columns())


@pytest.mark.parametrize("table", TABLES)
def test_any_deleted_row_is_found(told: Cast, table: str) -> None:
    rows = rows_of(told, table)
    for row in rows if len(rows) < 6 else [*rows[:3], *rows[-3:]]:
        tamper(told.house.database, delete_from(TABLES[table]).where(this(table, row)))
        assert told.verify().findings, row
        tamper(told.house.database, insert(TABLES[table]).values(row))


def places(cast: Cast) -> set[str]:
    return {finding.place for finding in cast.verify().findings}


def test_the_findings_name_what_was_altered(told: Cast) -> None:
    (first, *_) = told.snapshot("sec").amendments
    tamper(told.house.database, "UPDATE amendment SET withdrawn = true WHERE id = :id", id=first.id)
    assert places(told) == {f"amendments {first.id}"}
    tamper(told.house.database, "UPDATE amendment SET withdrawn = false WHERE id = :id", id=first.id)
    tamper(told.house.database, "UPDATE sectionversion SET text = 'Forged.' WHERE text = 'States shall act.'")
    found = places(told)
    assert any(place.startswith("section version sv_") for place in found)
    assert f"sections {told.sections[5]}" in found


def test_a_private_comment_that_was_made_public_is_found(told: Cast) -> None:
    tamper(told.house.database, "UPDATE comment SET stream = 'all' WHERE stream = 'delegation:ARV' AND body = 'Who?'")
    (finding,) = told.verify().findings
    assert finding.what == "its audience was altered"


def test_a_capacity_that_nobody_gave_is_found_a_secretarys_too(told: Cast) -> None:
    for capacity in ("secretary", "head:BOR"):
        eve = told.person("watch").id
        said = {"p": eve, "c": capacity, "x": told.process}
        tamper(
            told.house.database, "INSERT INTO heldcapacity (participant, process, capacity) VALUES (:p, :x, :c)", **said
        )
        assert places(told) == {f"{eve} {capacity}"}
        tamper(
            told.house.database, "DELETE FROM heldcapacity WHERE participant = :p AND capacity = :c", p=eve, c=capacity
        )


def test_two_people_who_changed_handles_are_found(told: Cast) -> None:
    for old, new in (("sec", "x"), ("bor", "sec"), ("x", "bor")):
        tamper(told.house.database, "UPDATE participant SET handle = :n WHERE handle = :o", n=new, o=old)
    changed = [place for place in places(told) if not place.startswith("receipt")]
    assert len(changed) == 2


def test_an_order_that_was_changed_is_found(told: Cast) -> None:
    for table in ("version", "amendment", "comment", "decision", "position"):
        tamper(told.house.database, f"UPDATE {table} SET place = -place")  # noqa: S608 - our own names
        assert any("(order)" in place for place in places(told))
        tamper(told.house.database, f"UPDATE {table} SET place = -place")  # noqa: S608 - as above


def test_a_log_rewound_with_its_stream_and_scope_is_found_by_the_version_issued_after(told: Cast) -> None:
    (version,) = [v for v in told.snapshot("sec").versions if v.ordinal == 2]
    document = told.document
    last = "(SELECT max(place) FROM event WHERE scope = :d AND stream = 'delegation:ARV')"
    tamper(told.house.database, f"DELETE FROM event WHERE scope = :d AND place = {last}", d=document)  # noqa: S608 - ours
    head = "SELECT hash FROM event WHERE scope = :d AND stream = 'delegation:ARV' AND seq = 1"
    tamper(
        told.house.database,
        f"UPDATE stream SET seq = 1, head = ({head}) WHERE scope = :d AND name = 'delegation:ARV'",  # noqa: S608 - ours
        d=document,
    )
    assert f"version {version.name}" in places(told)


def test_the_last_event_rewound_cleanly_is_found_by_what_the_tables_hold(told: Cast) -> None:
    said = {"d": told.document}
    tamper(
        told.house.database,
        "DELETE FROM event WHERE scope = :d AND place = (SELECT last_place FROM scope WHERE id = :d)",
        **said,
    )
    head = "SELECT hash FROM event WHERE scope = :d AND stream = 'all' ORDER BY seq DESC LIMIT 1"
    rewind = f"UPDATE stream SET seq = seq - 1, head = ({head}) WHERE scope = :d AND name = 'all'"  # noqa: S608 - ours
    tamper(told.house.database, rewind, **said)
    tamper(told.house.database, "UPDATE scope SET last_place = last_place - 1 WHERE id = :d", **said)
    last = told.snapshot("sec").amendments[-1].id
    assert {place.split()[0] for place in places(told)} == {"amendments", "receipt"}
    assert f"amendments {last}" in places(told)


def test_a_purged_payload_is_no_finding_of_the_chain(told: Cast) -> None:
    tamper(told.house.database, "UPDATE event SET payload = NULL WHERE kind = 'comment_posted' AND stream = 'all'")
    told_of = {finding.place for finding in told.verify().findings}
    assert all(place.startswith("comments") for place in told_of), "only the comment that was not purged with it"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET payload = '{' WHERE place = 2",
        "UPDATE event SET payload = '{}' WHERE place = 2",
        "UPDATE version SET heads = '[1]'",
        "UPDATE revision SET edits = '[{}]'",
        "UPDATE round SET state = 'asleep'",
        "DELETE FROM version",
        "DELETE FROM document",
        "DELETE FROM event",
        "DELETE FROM event WHERE scope = 'house'",
        "DELETE FROM scope",
        "DELETE FROM participant",
    ],
)
def test_what_cannot_even_be_read_is_a_finding_and_no_crash(told: Cast, change: str) -> None:
    tamper(told.house.database, change)
    assert told.verify().findings


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET at = 'yesterday' WHERE place = 2",
        "UPDATE event SET at = '2026-01-01T00:00:00' WHERE place = 2",
        "UPDATE event SET place = 'x' WHERE place = 2",
        "UPDATE version SET heads = '{'",
        "UPDATE revision SET edits = '{'",
    ],
)
def test_what_only_sqlite_lets_into_such_a_column_is_a_finding_and_no_crash(told: Cast, change: str) -> None:
    tamper(told.house.database, change)
    assert told.verify().findings


def test_an_empty_house_is_in_order(house: House, clock: Clock) -> None:
    assert Cast(house, clock).verify().model_dump() == {"events": 0, "streams": 0, "versions": 0, "findings": []}


def test_every_table_is_either_looked_at_here_or_is_no_part_of_the_negotiation() -> None:
    # Credentials are in no log: a wrong one lets nobody in.
    names = TABLES.keys() | TYPED.keys() | {"credential"}
    assert names == set(SQLModel.metadata.tables)
