"""Drafts as people type them: numbers that go on, signatures, wrapped lines, rules."""

from drafting.domain.outline import outline
from drafting.domain.plaintext import Shape, blocks


def read(source: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.label, one.text) for one in outline(blocks(source, markdown=True))]


def test_a_bare_number_after_letters_is_a_paragraph_of_its_own() -> None:
    assert read("(a) The first;\n\n(b) the second.\n\n1. The third.\n\n(a) Its part.\n") == [
        ("subparagraph", "(a)", "The first;"),
        ("subparagraph", "(b)", "the second."),
        ("operative", "1", "The third."),
        ("subparagraph", "1(a)", "Its part."),
    ]


def test_a_recitals_opening_makes_no_recital_once_the_parties_act() -> None:
    found = read("Recalling the first,\n\n1. Decides to act;\n\n2. Recalling that, invites all to act,\n\n3. Ends.\n")
    assert [(kind, label) for kind, label, _ in found] == [
        *(("preambular", "PP1"), ("operative", "OP1"), ("operative", "OP2"), ("operative", "OP3"))
    ]


def test_what_follows_the_first_signature_is_signed_too() -> None:
    found = read(
        "# Call\n\n1. We act.\n\nFor the Government of Arvonia:\n\nJohn Smith, Minister\n\nDone in one copy.\n"
    )
    assert [kind for kind, *_ in found] == ["title", "operative", "signature", "signature", "signature"]


def test_a_number_at_the_head_of_a_wrapped_line_begins_no_paragraph() -> None:
    source = (
        "The Parties shall report on it within the period set out in their plans\n"
        "and their programmes, which shall be no longer than that of paragraph\n"
        "12. of the Convention, and in any case shorter than what the parties\n"
        "agreed in their last meeting on the matter.\n"
    )
    assert [block.text for block in blocks(source, markdown=False)] == [" ".join(source.split())]


def test_a_rule_parts_paragraphs_and_is_no_text() -> None:
    found = blocks("One\n***\nTwo\n- - -\nThree\n", markdown=True)
    assert [(block.shape, block.text) for block in found] == [
        *((Shape.PARAGRAPH, "One"), (Shape.PARAGRAPH, "Two"), (Shape.PARAGRAPH, "Three"))
    ]
