import hashlib
import json
from typing import Any

import pytest
from sqlmodel import select

from storage.tables import ManifestLine, SectionVersion, Version
from tests.casting import TEXT, Cast, add, delete, replace


def import_of(*sections: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {"title": "T", "symbol": "BP/T", "sections": list(sections), **said}


def section(text: str, label: str = "", kind: str = "operative") -> dict[str, Any]:
    return {"kind": kind, "level": 0, "label": label, "text": text}


def version(cast: Cast, version_id: str) -> Version:
    return cast.house.database.read(lambda tx: tx.session.get_one(Version, version_id))


def section_versions(cast: Cast, version_id: str) -> dict[str, SectionVersion]:
    """Give the section versions that a version is made of, by section."""

    def rows(tx: Any) -> dict[str, SectionVersion]:
        lines = tx.session.exec(select(ManifestLine).where(ManifestLine.version == version_id))
        return {line.section: tx.session.get_one(SectionVersion, line.section_version) for line in lines}

    return cast.house.database.read(rows)


def test_an_imported_text_is_the_first_version_with_ids_for_life_and_labels(cast: Cast) -> None:
    cast.take_in()
    snapshot = cast.snapshot("watch")
    assert [(s.kind, s.level, s.label, s.text) for s in snapshot.sections] == TEXT
    assert len({s.id for s in snapshot.sections}) == 12
    assert (snapshot.document.title, snapshot.document.symbol) == ("Call for Action", "BP/CfA")
    (first,) = snapshot.versions
    assert (first.name, first.symbol, first.ordinal, first.parent) == ("Zero draft", "BP/CfA", 1, None)
    assert (first.standing, first.issued_by, first.issued_at) == ("basis", "sec", cast.clock.at)
    assert {t.cause for t in section_versions(cast, first.id).values()} == {"import"}


def test_labels_that_nobody_gave_are_computed(cast: Cast) -> None:
    cast.do("sec", "import_document", **import_of(section("One."), section("Two."), section("Why,", "", "preambular")))
    cast.document = cast.do("sec", "import_document", **import_of(section("One."), section("Two."))).made["document"]
    assert [s.label for s in cast.snapshot("arv").sections] == ["OP1", "OP2"]


@pytest.mark.parametrize(
    ("text", "code"), [(" ", "text_empty"), ("x" * 100_001, "text_too_long"), ("\x0c\x01", "text_illegal")]
)
def test_a_text_that_cannot_be_kept_refuses_the_whole_import(cast: Cast, text: str, code: str) -> None:
    assert cast.code("sec", "import_document", **import_of(section("Fine."), section(text))) == code
    assert cast.verify().versions == 0


def test_issuing_is_refused_while_an_amendment_is_not_accounted_for_and_names_it(room: Cast) -> None:
    first = room.table("arv", delete(room.sections[5]))
    both = room.table("bor", delete(room.sections[6]), delete(room.sections[9]))
    gone = room.table("cal", delete(room.sections[10]))
    room.do("cal", "withdraw_amendment", amendment=gone)
    room.close()
    room.decide(room.sections[6], [both], "incorporate")
    refusal = room.refused("chair", "issue_version", round=room.round, name="Rev.1")
    assert (refusal.code, refusal.facts) == ("amendments_unaccounted", {"amendments": ["ARV-1", "BOR-1"]})
    assert "ARV-1, BOR-1" in refusal.detail
    assert room.snapshot("arv").rounds[0].state == "closed"
    room.decide(room.sections[5], [first], "not_retained")
    assert room.refused("chair", "issue_version", round=room.round, name="R").facts == {"amendments": ["BOR-1"]}
    room.decide(room.sections[9], [both], "not_retained")
    room.issue()


def test_what_is_still_held_must_be_circulated_before_issuing(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    held.close()
    refusal = held.refused("sec", "issue_version", round=held.round, name="Rev.1")
    assert refusal.facts == {"amendments": ["ARV-1"]}
    held.do("sec", "circulate_amendments", round=held.round)
    held.decide(held.sections[5], [amendment], "incorporate")
    held.issue()


def test_every_amendment_of_the_round_has_its_line_in_the_account(room: Cast) -> None:
    sections = room.sections
    taken = room.table("arv", delete(sections[5]))
    part = room.table("bor", delete(sections[6]), delete(sections[9]))
    gone = room.table("cal", delete(sections[10]))
    room.do("cal", "withdraw_amendment", amendment=gone)
    bracketed = room.table("cal", replace(sections[2], "*Recalling* the dignity of all,"))
    room.clock.move(days=9)
    late = room.table("arv", delete(sections[10]))
    room.close()
    one = room.decide(sections[5], [taken], "incorporate")
    two = room.decide(sections[6], [part], "incorporate")
    three = room.decide(sections[9], [part], "not_retained")
    four = room.decide(sections[2], [bracketed], "bracket")
    rev = room.issue()
    shown = room.issued("sec", rev)
    assert [(line.label, line.amendment, line.outcome, line.decisions) for line in shown.account] == [
        ("ARV-1", taken, "incorporated", [one]),
        ("BOR-1", part, "in_part", [two, three]),
        ("CAL-1", gone, "withdrawn", []),
        ("CAL-2", bracketed, "bracketed", [four]),
        ("ARV-2", late, "not_admitted", []),
    ]
    assert room.events("bor")[-1].payload["account"] == [line.model_dump(mode="json") for line in shown.account]


def test_a_version_has_its_symbol_and_a_hash_that_covers_its_parents(room: Cast) -> None:
    first = version(room, room.version)
    room.close()
    rev1 = version(room, room.issue("Rev.1"))
    room.open()
    room.close()
    rev2 = version(room, room.issue("Rev.2"))
    assert (rev1.symbol, rev2.symbol) == ("BP/CfA/Rev.1", "BP/CfA/Rev.2")
    assert (rev1.parent, rev2.parent) == (first.id, rev1.id)
    assert [first.ordinal, rev1.ordinal, rev2.ordinal] == [1, 2, 3]

    def expected(row: Version, parent: str) -> str:
        texts = section_versions(room, row.id)
        lines = [[s.id, s.kind, s.level, s.label, texts[s.id].hash, s.deleted] for s in room.snapshot("sec").sections]
        covered = {
            "document": room.document,
            "name": row.name,
            "symbol": row.symbol,
            "ordinal": row.ordinal,
            "parent": parent,
            "round": row.round,
            "standing": "basis",
            "audience": "all",
            "log_head": row.log_head,
            "issued_by": "sec",
            "account": [],
            "renumbering": [],
            "lines": lines,
        }
        said = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    assert rev1.hash == expected(rev1, first.hash)
    assert rev2.hash == expected(rev2, rev1.hash)
    assert len({first.hash, rev1.hash, rev2.hash}) == 3


def test_a_version_names_the_heads_of_every_stream_at_its_issue(room: Cast) -> None:
    room.do("arv", "post_comment", section=room.sections[5], body="Between us.", audience="own")
    room.close()
    row = version(room, room.issue())
    assert {stream: seq for stream, (seq, _) in row.heads.items()} == {"all": 3, "delegation:ARV": 1}
    said = json.dumps(row.heads, sort_keys=True, separators=(",", ":"))
    assert row.log_head == hashlib.sha256(said.encode()).hexdigest()


def test_a_section_whose_words_did_not_change_keeps_its_section_version(room: Cast) -> None:
    one, new = room.sections[5], "se_" + "2" * 26
    changed = room.table("arv", replace(one, "States shall act."))
    added = room.table("bor", add(room.sections[9], "A new one.", new))
    moved = room.table("cal", {"op": "move", "section": one, "after": room.sections[10]})
    other = room.table("cal", replace(one, "States will act."))
    room.close()
    first = room.version
    cause = room.decide(one, [changed], "incorporate")
    room.decide(one, [moved], "incorporate")
    room.decide(one, [other], "not_retained")
    adding = room.decide(new, [added], "incorporate")
    before, after = section_versions(room, first), section_versions(room, room.issue())
    assert {s for s in before if before[s].id != after[s].id} == {one}
    assert (after[one].parent, after[one].cause, after[one].text) == (before[one].id, cause, "States shall act.")
    assert (after[new].parent, after[new].cause) == (None, adding)


def test_labels_stay_and_new_ones_are_put_between_unless_the_issue_renumbers(room: Cast) -> None:
    one, gone, new = room.sections[5], room.sections[9], "se_" + "2" * 26
    amendment = room.table("arv", add(one, "A new one.", new), delete(gone))
    room.close()
    room.decide(new, [amendment], "incorporate")
    room.decide(gone, [amendment], "incorporate")
    rev1 = room.issue()
    shown = {s.id: s for s in room.snapshot("arv").sections}
    assert (shown[one].label, shown[new].label) == ("OP1", "OP1bis")
    assert (shown[gone].label, shown[gone].deleted, shown[gone].text) == ("OP3", True, "")
    assert room.issued("sec", rev1).renumbering == []
    room.open()
    room.close()
    rev2 = room.issue("Rev.2", renumber=True)
    labels = {s.id: s.label for s in room.snapshot("arv").sections}
    assert gone not in labels
    assert (labels[one], labels[new]) == ("OP1", "OP2")
    table = room.issued("sec", rev2).renumbering
    assert [(old, now) for _, old, now in table] == [
        ("OP1bis", "OP2"),
        ("OP2", "OP3"),
        ("OP2(a)", "OP3(a)"),
        ("OP2(b)", "OP3(b)"),
        ("OP3", ""),
    ]
    assert [list(row) for row in table] == room.events("arv")[-1].payload["renumbering"]


def test_a_version_name_is_used_once_in_a_document(room: Cast) -> None:
    room.close()
    room.issue()
    room.open()
    room.close()
    assert room.code("sec", "issue_version", round=room.round, name="Rev.1") == "already_exists"
    room.issue("Rev.2")


def test_no_row_of_an_issued_version_is_ever_changed_afterwards(room: Cast) -> None:
    room.close()
    rev1 = room.issue()
    before = room.issued("sec", rev1).model_dump_json()
    room.open()
    amendment = room.table("arv", delete(room.sections[5]))
    room.close()
    room.decide(room.sections[5], [amendment], "incorporate")
    room.issue("Rev.2", renumber=True)
    assert room.issued("sec", rev1).model_dump_json() == before
