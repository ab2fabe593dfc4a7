"""What verify finds. Every column of the tables that hold the negotiation is altered here, one at a time."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from storage import tables as t
from tests.casting import Cast, add, delete, opened, replace, tamper


@pytest.fixture
def told(room: Cast) -> Cast:
    """A room after a round: a version issued, decisions, comments to two audiences, and a second round begun."""
    one = room.sections[5]
    first = room.table("arv", replace(one, "States shall act."), rationale="Shorter.")
    added = room.table("bor", add(room.sections[9], "A new one.", "se_" + "2" * 26))
    room.table("cal", delete(room.sections[10]))
    room.do("cal", "withdraw_amendment", amendment=room.snapshot("sec").amendments[2].id)
    target = {"quote": "States", "start": 0, "end": 6}
    question = room.do("arv", "post_comment", section=one, target=target, body="Who?", audience="own").made["comment"]
    room.do("arv", "post_comment", reply_to=question, body="All of them.")
    room.do("bor", "post_comment", amendment=first, body="We agree.")
    room.close()
    room.decide(one, [first], "incorporate", reason="Nobody objected.")
    room.decide("se_" + "2" * 26, [added], "bracket", "chair")
    room.issue(renumber=True)
    room.clock.move(days=1)
    room.open(name="Second round")
    amendment = room.table("arv", delete(room.sections[6]))
    room.do("arv", "revise_amendment", amendment=amendment, revision=1, edits=[delete(room.sections[9])])
    assert room.verify().findings == []
    return room


STATE = (
    t.Amendment,
    t.Revision,
    t.Comment,
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
    t.Scope,
    t.Stream,
    t.Event,
)
UNNOTICED = {
    ("document", "created_at"): "shown nowhere; the event that imported it says when",
    ("amendment", "place"): "only an order; noticed when it changes the order (below)",
    ("comment", "place"): "as above",
    ("decision", "place"): "as above",
    ("participant", "administrator"): "the host's own decision, in no log: it is made at the machine",
    ("event", "payload"): "noticed unless it is purged, which is allowed (below)",
}
JSON = {"names", "heads", "account", "renumbering", "edits", "touches", "target", "amendments"}


def columns() -> list[tuple[str, str]]:
    return [(table.__tablename__, column.name) for table in STATE for column in table.__table__.columns]  # type: ignore[attr-defined,misc] # SQLModel does not type its tables


def other(column: str, value: Any) -> Any:
    """Give another value of the same kind, that could have been meant."""
    if column in JSON:
        return '[{"other": 1}]' if value in {"[]", "null", None} else "[]"
    if column in {"at", "issued_at", "opened_at", "deadline"}:
        return "2031-01-01T00:00:00.000000+00:00"
    if column in {"late", "circulated", "withdrawn", "deleted", "undone"}:
        return 1 - value
    if isinstance(value, int):
        return value + 1000
    choices = {"kind": "footnote", "state": "open", "mode": "held", "outcome": "not_retained", "standing": "proposal"}
    new = choices.get(column, f"{value or ''}9")
    return {"open": "closed"}.get(value, new) if column == "state" else new


@pytest.mark.parametrize("table", [table.__tablename__ for table in STATE])
def test_an_altered_column_is_found(told: Cast, table: str) -> None:
    for column in [column for name, column in columns() if name == table and (name, column) not in UNNOTICED]:
        rows = told.house.database.read(
            lambda tx, c=column: tx.session.connection().exec_driver_sql(f'SELECT rowid, "{c}" FROM "{table}"').all()  # noqa: S608 - our own names
        )
        change = f'UPDATE "{table}" SET "{column}" = :v WHERE rowid = :r'  # noqa: S608 - as above
        # One row in the beginning, one in the end; the first person is the host's, whose name no log says.
        for rowid, value in {rows[-1]} if (table, column) == ("participant", "name") else {rows[0], rows[-1]}:
            tamper(told.house.database, change, v=other(column, value), r=rowid)
            assert told.verify().findings, (column, rowid, value)
            tamper(told.house.database, change, v=value, r=rowid)
    assert told.verify().findings == []


def test_what_may_stay_unnoticed_is_a_column_that_there_is() -> None:
    assert set(UNNOTICED) <= set(columns())


@pytest.mark.parametrize("table", [table.__tablename__ for table in STATE])
def test_any_deleted_row_is_found(told: Cast, table: str) -> None:
    rows = told.house.database.read(
        lambda tx: tx.session.connection().exec_driver_sql(f'SELECT rowid FROM "{table}"').scalars().all()  # noqa: S608 - our own names
    )
    for rowid in rows if len(rows) < 6 else [*rows[:3], *rows[-3:]]:
        with_copy = f'CREATE TABLE kept AS SELECT * FROM "{table}" WHERE rowid = {rowid}'  # noqa: S608 - as above
        told.house.database.write(lambda tx, s=with_copy: tx.session.connection().exec_driver_sql(s) and None).result()
        tamper(told.house.database, f'DELETE FROM "{table}" WHERE rowid = :r', r=rowid)  # noqa: S608 - as above
        assert told.verify().findings, rowid
        tamper(told.house.database, f'INSERT INTO "{table}" SELECT * FROM kept')  # noqa: S608 - as above
        told.house.database.write(
            lambda tx: tx.session.connection().exec_driver_sql("DROP TABLE kept") and None
        ).result()


def places(cast: Cast) -> set[str]:
    return {finding.place for finding in cast.verify().findings}


def test_the_findings_name_what_was_altered(told: Cast) -> None:
    (first, *_) = told.snapshot("sec").amendments
    tamper(told.house.database, "UPDATE amendment SET withdrawn = 1 WHERE id = :id", id=first.id)
    assert places(told) == {f"amendments {first.id}"}
    tamper(told.house.database, "UPDATE amendment SET withdrawn = 0 WHERE id = :id", id=first.id)
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
    for table in ("amendment", "comment", "decision"):
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
        "UPDATE event SET at = 'yesterday' WHERE place = 2",
        "UPDATE event SET at = '2026-01-01T00:00:00' WHERE place = 2",
        "UPDATE event SET place = 'x' WHERE place = 2",
        "UPDATE event SET payload = '{' WHERE place = 2",
        "UPDATE event SET payload = '{}' WHERE place = 2",
        "UPDATE version SET heads = '{'",
        "UPDATE version SET heads = '[1]'",
        "UPDATE revision SET edits = '{'",
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


def test_an_empty_house_is_in_order(tmp_path: Path) -> None:
    house = opened(tmp_path, lambda: None)  # type: ignore[arg-type,return-value] # nobody asks for the time
    cast = Cast(house, None)  # type: ignore[arg-type] # as above
    assert cast.verify().model_dump() == {"events": 0, "streams": 0, "versions": 0, "findings": []}
    house.close()


def test_every_table_is_either_looked_at_here_or_is_no_part_of_the_negotiation() -> None:
    # Credentials are in no log: a wrong one lets nobody in.
    names = {table.__tablename__ for table in STATE} | {"credential"}  # type: ignore[misc] # as above
    assert names == set(SQLModel.metadata.tables)
