"""Views of the desk: decisions, and what waits for one."""

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.edits import PrimitiveEdit
from drafting.protocol.views.status import StatusView
from drafting.protocol.views.texts import SectionView
from drafting.protocol.words import Outcome, SectionStatus


class DecisionView(Wire):
    """What the desk decided on a section: the edits it amounts to, for whom and why.

    ``hunks``: which changes of the amendment's rewording were taken, when it was incorporated in part.
    ``objections``: the delegations that could not accept it or reserved on it, when it was decided; because of them a
    bracket stands, or the chair has decided otherwise.
    """

    id: str
    round: str
    section: str
    outcome: Outcome
    amendments: list[str]
    hunks: list[int]
    objections: list[str]
    edits: list[PrimitiveEdit]
    reason: str
    by: str
    capacity: str
    at: AwareDatetime
    undone: bool = False


class HunkView(Wire):
    """A change that a rewording makes: ``[start:end]`` of the base's text, which is ``old``, is to read ``new``.

    ``taken``: an earlier decision took it.
    """

    number: int
    start: int
    end: int
    old: str
    new: str
    taken: bool


class WaitingView(Wire):
    """An amendment that waits for a decision on a section.

    ``hunks``: the changes of its rewording, to take some of. ``clashes``: it was made on an older text, which has
    changed the same words since; it can be bracketed, redrafted, parked or not retained. ``twins``: the others that ask
    exactly the same of this section, to be decided on with it.
    """

    amendment: str
    hunks: list[HunkView]
    clashes: bool
    twins: list[str]


class DeskSectionView(Wire):
    """A section as it stands at the desk, ``digest`` to decide against, and the amendments still waiting on it.

    ``proposals`` says of each of those what it would change. ``status``: how far the room has agreed on these words; a
    decision that changes one of them reopens it.
    """

    section: SectionView
    status: SectionStatus
    digest: str
    waiting: list[str]
    proposals: list[WaitingView]
    decisions: list[str]


class PreviewView(Wire):
    """What a decision would amount to: its outcome (a bracket, where somebody objects), the sections it touches, and
    the agreements on a wording that it would reopen.
    """

    outcome: Outcome
    objections: list[str]
    sections: list[SectionView]
    reopens: list[StatusView]


class DeskView(Wire):
    """The round's consolidated text so far."""

    round: str
    sections: list[DeskSectionView]
    waiting: int
