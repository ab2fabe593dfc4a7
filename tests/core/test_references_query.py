from drafting.domain.text import Line
from drafting.protocol.reading import ReferencesView
from drafting.protocol.words import SectionKind
from drafting.queries.references import as_text, outdated, referring
from tests.casting import Cast, delete, replace

TEXT = [
    ("operative", 1, "OP1", "States shall act under OP3 and paragraph 9."),
    ("operative", 1, "OP2", "States shall report."),
    ("operative", 1, "OP3", "See Article 7 of the Convention, and OP2."),
    ("operative", 1, "OP4", "The report of OP2 is public."),
]


def shown(cast: Cast, version: str | None = None, against: str | None = None, handle: str = "watch") -> ReferencesView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: referring(tx, who, version, against)).view()


def wrong(view: ReferencesView) -> list[tuple[str, str, str | None]]:
    return [(one.reference.printed, one.reference.said, one.suggested) for one in view.outdated]


def test_each_reference_says_where_it_leads_and_which_lead_nowhere(cast: Cast) -> None:
    cast.take_in(TEXT)
    one, two, three, four = cast.sections
    view = shown(cast)
    assert [(r.section, r.start, r.end, r.said, r.target, r.dead) for r in view.references] == [
        (one, 23, 26, "OP3", three, False),
        (one, 41, 42, "9", None, True),
        (three, 12, 13, "7", None, False),
        (three, 37, 40, "OP2", two, False),
        (four, 14, 17, "OP2", two, False),
    ]
    assert [(r.fault, r.elsewhere) for r in view.references][1:3] == [("unknown", False), ("unknown", True)]
    assert (view.against, view.outdated) == (None, [])
    assert as_text(view) == "OP1: “9” leads nowhere (unknown).\n5 reference(s), 1 to look at."


def without_op2(cast: Cast, *, renumber: bool) -> tuple[str, str]:
    """Delete OP2; gives both versions."""
    cast.take_in(TEXT)
    cast.open()
    zero = cast.version
    amendment = cast.table("arv", delete(cast.sections[1]))
    cast.close()
    cast.decide(cast.sections[1], [amendment], "incorporate")
    return zero, cast.issue(renumber=renumber)


def test_what_names_a_deleted_paragraph_leads_nowhere(cast: Cast) -> None:
    zero, _ = without_op2(cast, renumber=False)
    view = shown(cast, against=zero)
    dead = [(r.printed, r.said, r.fault) for r in view.references if r.dead]
    assert dead == [("OP1", "9", "unknown"), ("OP3", "OP2", "deleted"), ("OP4", "OP2", "deleted")]
    assert wrong(view) == [("OP3", "OP2", None), ("OP4", "OP2", None)]


def test_when_the_numbers_close_up_over_a_deleted_paragraph_no_reference_to_it_passes_for_right(cast: Cast) -> None:
    zero, rev1 = without_op2(cast, renumber=True)
    view = shown(cast, rev1, zero)
    assert [(r.printed, r.said) for r in view.references if r.dead] == [("OP1", "9")]
    assert wrong(view) == [("OP1", "OP3", "OP2"), ("OP3", "OP2", None), ("OP4", "OP2", None)]
    assert view.against is not None
    assert view.against.id == zero


def test_after_a_renumbering_the_number_to_say_is_suggested_unless_the_text_says_it_already(cast: Cast) -> None:
    cast.take_in([("operative", 1, label.replace("3", "7").replace("4", "8"), text) for _, _, label, text in TEXT])
    cast.open()
    zero, (one, *_, four) = cast.version, cast.sections
    first = cast.table("arv", replace(one, "States shall act under OP7 and paragraph 8, and OP8."))
    second = cast.table("arv", replace(four, "The report of OP2 is public; see OP7."))
    cast.close()
    cast.decide(one, [first], "incorporate")
    cast.decide(four, [second], "incorporate")
    rev1 = cast.issue()
    cast.open()
    cast.close()
    cast.decide(four, [], "redraft", text="The report of OP2 is public; see OP3.")
    rev2 = cast.issue("Rev.2", renumber=True)
    assert [section.label for section in cast.snapshot("watch").sections] == ["OP1", "OP2", "OP3", "OP4"]
    view = shown(cast, rev2, rev1)
    assert wrong(view) == [("OP1", "OP7", "OP3"), ("OP1", "8", "4"), ("OP1", "OP8", "OP4")]
    assert "OP1: “OP7” is to read “OP3”." in as_text(view)
    assert shown(cast, rev1, zero).outdated == []


def line(number: int, label: str, text: str) -> Line:
    return Line(f"se{number}", SectionKind.OPERATIVE, 1, label, text)


def test_what_was_put_right_or_struck_together_with_the_renumbering_is_not_outdated() -> None:
    rest = [(2, "OP2", "States act."), (3, "OP3", "States report.")]
    later = [(2, "OP3", "States act."), (3, "OP4", "States report.")]

    def found(text: str, before: str = "See OP2 and OP3.") -> list[tuple[str, str | None]]:
        old = (line(1, "OP1", before), *(line(*one) for one in rest))
        new = (line(1, "OP1", text), line(9, "OP2", "A new one."), *(line(*one) for one in later))
        return [(one.reference.said, one.suggested) for one in outdated(old, new)]

    assert found("See OP2 and OP3.") == [("OP2", "OP3"), ("OP3", "OP4")]
    assert found("See OP3 and OP4.") == []
    assert found("See OP4.") == []
    assert found("See OP3.") == [("OP3", "OP4")]
    assert found("See the others.") == []
    assert found("See what is in OP3 and OP4.", "See OP2, as well as what is in OP3.") == []


def test_a_held_wording_refers_to_nothing_that_others_read(held: Cast) -> None:
    held.table("arv", replace(held.sections[5], "States shall act under paragraph 99."))
    for handle in ("bor", "watch"):
        assert shown(held, handle=handle).references == []
