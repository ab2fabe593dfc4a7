"""The working drafts of the demonstration."""

from drafting.queries.people import person_by_handle, reader
from drafting.queries.working import working_drafts_for
from drafting.queries.working_text import working_text
from tests.demo.played import Played


def changed(played: Played, handle: str) -> dict[str, dict[str, str]]:
    """Give, for each working draft of the Call for Action that the person may read, what it says of what it changes."""
    with played.house.database.reading() as tx:
        who = reader(tx, person_by_handle(tx, handle), played.ids["BP/CfA"])
        read = {draft.side: working_text(tx, who, draft.id) for draft in working_drafts_for(tx, who)}
        return {
            side: {line.label: line.text for line in view.lines if line.change != "none"} for side, view in read.items()
        }


def test_the_chairs_working_draft_is_everyones_to_read_and_arvanias_its_own(played: Played) -> None:
    assert {side: sorted(texts) for side, texts in changed(played, "arv3").items()} == {
        "": ["OP26", "OP35"],
        "ARV": ["OP22", "OP29(c)"],
    }
    assert {side: sorted(texts) for side, texts in changed(played, "bor").items()} == {"": ["OP26", "OP35"]}
    assert "[twice a year]" in changed(played, "observer")[""]["OP35"]


def test_a_section_of_the_chairs_draft_is_locked_for_now(played: Played) -> None:
    with played.house.database.reading() as tx:
        who = reader(tx, person_by_handle(tx, "notes"), played.ids["BP/CfA"])
        (draft,) = working_drafts_for(tx, who)
        assert [line.label for line in working_text(tx, who, draft.id).lines if line.locked] == ["OP53"]
