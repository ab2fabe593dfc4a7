"""Where the text stands, asked as a program asks: through the client, of a real server."""

from drafting.protocol.commands import DecideSection
from drafting.protocol.words import Outcome, SectionStatus
from drafting_client import Client
from tests.http.hosting import Room

WORDS = "States shall take all necessary measures."


def test_a_text_is_followed_from_a_preview_to_what_it_changed_for_whom(room: Room) -> None:
    one = room.sections[2]
    amendment = room.table("arv", WORDS).made["amendment"]
    chair, arv = (Client(room.address, room.granted("token", handle)) for handle in ("chair", "arv"))
    with chair, arv:
        hit = next(iter(arv.search(room.document, "necessary MEASURES")))
        assert (hit.where, hit.label, hit.excerpt[hit.start : hit.end]) == ("amendment", "ARV-1", "necessary")
        room.do("chair", "set_status", "chair", section=one, version=room.base, status="agreed")
        digest = next(s.digest for s in chair.desk(room.document, room.round).sections if s.section.id == one)
        decision = DecideSection(
            capacity="chair",
            document=room.document,
            round=room.round,
            section=one,
            amendments=[amendment],
            outcome=Outcome.INCORPORATE,
            against=digest,
        )
        shown = chair.preview(decision)
        assert [section.text for section in shown.sections] == [WORDS]
        assert [status.section for status in shown.reopens] == [one]
        assert arv.standing(room.document).counts[SectionStatus.AGREED] == 1
        chair.command(decision)
        room.do("chair", "close_round", "chair", round=room.round)
        room.do("chair", "issue_version", "chair", round=room.round, name="Rev.1")
        (news,) = arv.news(room.document, room.base, "ARV").changes
        assert (news.change.section, news.amendments, news.ours) == (one, ["ARV-1"], True)
        stands = next(section for section in arv.standing(room.document).sections if section.section == one)
        assert stands.reopened is not None
        assert (stands.status, stands.reopened.delegations) == (SectionStatus.OPEN, ["ARV"])
        assert arv.carried(room.document).amendments == []
