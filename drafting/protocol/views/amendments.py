"""Views of rounds and of what is proposed in them."""

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.edits import Edit
from drafting.protocol.words import AmendmentState, EntrySource, Procedure, RoundState, SubmissionMode


class RoundView(Wire):
    """A document under negotiation on a base version, in a room or as a written procedure."""

    id: str
    number: int
    name: str
    base: str
    state: RoundState
    mode: SubmissionMode
    procedure: Procedure
    deadline: AwareDatetime
    opened_at: AwareDatetime


class RevisionView(Wire):
    """What an amendment proposed at one time, as edits of the version ``base``."""

    number: int
    base: str
    edits: list[Edit]
    rationale: str
    placement_note: str
    at: AwareDatetime
    by: str


class EntryView(Wire):
    """Who entered a proposal on behalf of a delegation, from where, and whether the delegation has confirmed it.

    ``sponsors``: in whose name it was entered; they see it while it is held, whoever leaves.
    """

    by: str
    capacity: str
    source: EntrySource
    at: AwareDatetime
    sponsors: list[str]
    confirmed: bool


class AmendmentView(Wire):
    """A delegation's proposal as it stands, its last revision last.

    ``late``: past the deadline and not admitted, so inactive. ``circulated``: everyone may see it; until then those who
    read the stream ``audience`` do. ``sponsors``: who holds it, ``delegation`` first; of a closed group's text
    (``group``) that is the group's own. ``touches``: the sections a consolidation must decide on; ``decided`` those it
    has decided on.
    """

    id: str
    label: str
    delegation: str
    sponsors: list[str]
    group: str | None
    entry: EntryView | None
    audience: str
    superseded_by: str | None
    round: str
    base: str
    state: AmendmentState
    late: bool
    circulated: bool
    touches: list[str]
    decided: list[str]
    revisions: list[RevisionView]

    @property
    def revision(self) -> RevisionView:
        """The one that counts."""
        return self.revisions[-1]

    @property
    def active(self) -> bool:
        """Whether the desk has it to decide on, or has decided."""
        gone = {AmendmentState.INTERNAL, AmendmentState.WITHDRAWN, AmendmentState.SUPERSEDED}
        return self.circulated and not self.late and self.state not in gone
