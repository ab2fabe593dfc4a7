"""Shorthand: how a section is to read, said by what is to be done to its text, and spelled out here."""

from collections.abc import Sequence

from drafting.domain.bracket_tree import choices, lift, resolve, tree, walk
from drafting.domain.edits import unknown_section
from drafting.domain.interchange import from_patch, patched
from drafting.domain.text import Manifest
from drafting.protocol.edits import ChooseAlternative, Edit, LiftBracket, Patch, ProposedEdit, Replace, Shorthand
from drafting.protocol.problems import ProblemCode, Refusal


def spelled_out(text: Manifest, edits: Sequence[ProposedEdit]) -> list[Edit]:
    """Give the edits with every shorthand as the rewording that it amounts to on ``text``.

    Several that follow each other on one section are one rewording: each speaks of the text as the one before left
    it. Raises Refusal: UNKNOWN_SECTION, and as ``worded``.
    """
    reads = {line.section: line.text for line in text}
    found: list[Edit] = []
    for edit in edits:
        if not isinstance(edit, LiftBracket | ChooseAlternative | Patch):
            found.append(edit)
            continue
        if edit.section not in reads:
            raise unknown_section(edit.section)
        reads[edit.section] = worded(reads[edit.section], edit)
        reworded = Replace(section=edit.section, text=reads[edit.section])
        before = found[-1] if found else None
        if isinstance(before, Replace) and before.section == edit.section:
            found.pop()
        found.append(reworded)
    return found


def worded(text: str, shorthand: Shorthand) -> str:
    """Give the text as the shorthand would have it read.

    Raises Refusal: MALFORMED where no bracket or no such alternative begins at the place named, or for a patch that
    cannot be read; CONFLICT where some of a patch does not stand where it says (``facts``: which hunks, from 1).
    """
    match shorthand:
        case LiftBracket(start=start, keep=keep):
            bracket = next((one for one in walk(tree(text)) if one.start == start), None)
            if bracket is None:
                raise Refusal(ProblemCode.MALFORMED, f"No bracket opens at {start}.", start=start)
            return lift(text, bracket, keep=keep)
        case ChooseAlternative(start=start, option=option):
            choice = next((one for one in choices(text) if one.start == start and option < len(one.options)), None)
            if choice is None:
                raise Refusal(ProblemCode.MALFORMED, f"There is no alternative {option} at {start}.", start=start)
            return resolve(text, choice, option)
    result = patched(text, from_patch(shorthand.patch))
    if result.conflicts:
        numbers = [conflict.number + 1 for conflict in result.conflicts]
        raise Refusal(ProblemCode.CONFLICT, "Some of the patch does not stand where it says.", hunks=numbers)
    return result.text
