"""Who may do what, and when; who reads what. One table, printed into the docs; a command without a row is refused."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import DraftKind, Role, RoundState

OPEN, CLOSED = RoundState.OPEN, RoundState.CLOSED

NATIONAL = frozenset({Role.HEAD, Role.DELEGATE, Role.CLERK})
"""Roles that are held for a delegation; a facilitator is one for a closed group, the others for the house."""
SECRETARIAT = frozenset({Role.SECRETARY, Role.NOTE_TAKER})
DESK = SECRETARIAT | {Role.CHAIR}
OVER_OBJECTIONS = frozenset({Role.CHAIR})
"""Who may take words into the text that somebody cannot accept or reserves on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may give a command (``roles``), in which state of the round (``None``: whatever it is), and whether a
    delegation or closed group may only for what is its ``own``; who acts for the house has nothing of its own.
    """

    roles: frozenset[Role]
    phases: frozenset[RoundState] | None = None
    own: bool = False


_AUTHORISED = frozenset({Role.HEAD, Role.DELEGATE})
_DRAFTING = NATIONAL | {Role.FACILITATOR}
_LEADING = frozenset({Role.SECRETARY, Role.CHAIR})
_SPEAKING = NATIONAL | DESK | {Role.FACILITATOR}
_LOCKING = DESK | {Role.HEAD, Role.FACILITATOR}

POLICY: dict[str, Rule] = {
    # the house
    "create_process": Rule(frozenset({Role.ADMINISTRATOR})),
    "admit_delegation": Rule(frozenset({Role.SECRETARY, Role.ADMINISTRATOR})),
    "correct_delegation": Rule(frozenset({Role.SECRETARY})),
    "accredit_participant": Rule(frozenset({Role.SECRETARY, Role.ADMINISTRATOR})),
    "withdraw_accreditation": Rule(frozenset({Role.SECRETARY, Role.ADMINISTRATOR})),
    # the text
    "import_document": Rule(frozenset({Role.SECRETARY})),
    "open_round": Rule(_LEADING),
    "close_round": Rule(_LEADING, frozenset({OPEN})),
    "circulate_amendments": Rule(frozenset({Role.SECRETARY}), frozenset({OPEN, CLOSED})),
    "admit_amendment": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    # the delegations
    "table_amendment": Rule(_AUTHORISED, frozenset({OPEN})),
    "revise_amendment": Rule(_AUTHORISED | {Role.FACILITATOR}, frozenset({OPEN}), own=True),
    "withdraw_amendment": Rule(_AUTHORISED | {Role.FACILITATOR}, frozenset({OPEN, CLOSED}), own=True),
    "sponsor_amendment": Rule(_AUTHORISED, frozenset({OPEN, CLOSED})),
    "leave_amendment": Rule(_AUTHORISED, frozenset({OPEN, CLOSED})),
    "draft_amendment": Rule(_DRAFTING, frozenset({OPEN, CLOSED})),
    "revise_draft": Rule(_DRAFTING, frozenset({OPEN, CLOSED}), own=True),
    "discard_draft": Rule(_DRAFTING, own=True),
    "clear_amendment": Rule(_AUTHORISED, frozenset({OPEN}), own=True),
    "purge_drafts": Rule(frozenset({Role.HEAD})),
    # on behalf of a delegation
    "enter_amendment": Rule(SECRETARIAT, frozenset({OPEN, CLOSED})),
    "correct_entry": Rule(SECRETARIAT, frozenset({OPEN, CLOSED})),
    "confirm_entry": Rule(_AUTHORISED, own=True),
    # the discussion
    "post_comment": Rule(_SPEAKING),
    "resolve_comment": Rule(_SPEAKING, own=True),
    "reopen_comment": Rule(_SPEAKING, own=True),
    "take_position": Rule(NATIONAL | {Role.NOTE_TAKER}, frozenset({OPEN, CLOSED})),
    "clear_position": Rule(_AUTHORISED, frozenset({OPEN, CLOSED}), own=True),
    "withdraw_position": Rule(NATIONAL | {Role.NOTE_TAKER}, frozenset({OPEN, CLOSED}), own=True),
    # the closed groups
    "found_group": Rule(_LEADING),
    "change_group": Rule(_LEADING),
    "dissolve_group": Rule(_LEADING),
    "report_back": Rule(frozenset({Role.FACILITATOR}), frozenset({OPEN}), own=True),
    # the desk
    "decide_section": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    "undo_decision": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    "issue_version": Rule(_LEADING, frozenset({CLOSED})),
    "issue_in_session": Rule(DESK, frozenset({OPEN, CLOSED})),
    "propose_text": Rule(frozenset({Role.CHAIR})),
    "take_up_text": Rule(frozenset({Role.CHAIR})),
    "renumber_text": Rule(_LEADING),
    "recall_version": Rule(_LEADING),
    "set_status": Rule(_LEADING),
    "issue_corrigendum": Rule(frozenset({Role.SECRETARY})),
    # the working drafts: of which kind of draft, HANDS says
    "open_working_draft": Rule(_SPEAKING),
    "lock_section": Rule(_LOCKING, own=True),
    "unlock_section": Rule(_LOCKING, own=True),
    "table_from_draft": Rule(_AUTHORISED | {Role.FACILITATOR}, frozenset({OPEN}), own=True),
    "revise_from_draft": Rule(_AUTHORISED | {Role.FACILITATOR}, frozenset({OPEN}), own=True),
    "carry_over_draft": Rule(_SPEAKING, own=True),
    "reset_section": Rule(_SPEAKING, own=True),
}


@dataclass(frozen=True, slots=True)
class Hands:
    """Who types into a working draft, and who locks sections of it against everybody's typing."""

    type: Rule
    lock: frozenset[Role]


HANDS: dict[DraftKind, Hands] = {
    DraftKind.CHAIR: Hands(Rule(DESK, frozenset({OPEN, CLOSED})), DESK),
    DraftKind.DELEGATION: Hands(Rule(NATIONAL, own=True), frozenset({Role.HEAD})),
    DraftKind.GROUP: Hands(Rule(_DRAFTING, own=True), frozenset({Role.FACILITATOR})),
}
"""Whose hands are on a working draft of each kind. Who reads it, ``reads`` says of its stream."""


ANYBODY, SIGNED_IN, READERS = "anybody", "whoever is signed in", "whoever may read the document"
DOORS: dict[str, str | frozenset[Role]] = {
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,
    "POST /api/v1/sessions": ANYBODY,
    "DELETE /api/v1/sessions": SIGNED_IN,
    "POST /api/v1/tickets": SIGNED_IN,
    "GET /api/v1/me": SIGNED_IN,
    "PUT /api/v1/me/password": SIGNED_IN,
    "GET /api/v1/me/credentials": SIGNED_IN,
    "DELETE /api/v1/me/credentials/{credential}": SIGNED_IN,
    "GET /api/v1/processes": SIGNED_IN,
    "POST /api/v1/processes/{process}/people": SIGNED_IN,  # each line is a command, judged as such
    "POST /api/v1/imports": SIGNED_IN,  # as above
    "POST /api/v1/imports/rehearsal": SIGNED_IN,  # reads a file, and nothing of ours
    "POST /api/v1/commands": SIGNED_IN,  # as above
    "GET /api/v1/documents": SIGNED_IN,  # lists what one may read
    "GET /api/v1/documents/{document}": READERS,
    "GET /api/v1/documents/{document}/snapshot": READERS,
    "GET /api/v1/documents/{document}/events": READERS,
    "GET /api/v1/documents/{document}/versions": READERS,
    "GET /api/v1/documents/{document}/versions/{version}": READERS,
    "GET /api/v1/documents/{document}/versions/{version}/lint": READERS,
    "GET /api/v1/documents/{document}/amendments": READERS,
    "GET /api/v1/documents/{document}/comments": READERS,
    "GET /api/v1/documents/{document}/positions": READERS,
    "GET /api/v1/documents/{document}/carried": READERS,
    "GET /api/v1/documents/{document}/standing": READERS,
    "GET /api/v1/documents/{document}/drafts": READERS,
    "GET /api/v1/documents/{document}/drafts/{draft}": READERS,  # of the draft, as its stream says
    "GET /api/v1/documents/{document}/drafts/{draft}/carried": READERS,  # as above
    "POST /api/v1/documents/{document}/drafts/{draft}/tokens": READERS,  # as above
    "GET /api/v1/documents/{document}/compilation": READERS,
    "GET /api/v1/documents/{document}/literal": READERS,
    "GET /api/v1/documents/{document}/literal.txt": READERS,
    "GET /api/v1/documents/{document}/compare": READERS,
    "GET /api/v1/documents/{document}/search": READERS,
    "GET /api/v1/documents/{document}/news": READERS,
    "GET /api/v1/documents/{document}/provenance": READERS,
    "GET /api/v1/documents/{document}/brackets": READERS,
    "GET /api/v1/documents/{document}/references": READERS,
    "GET /api/v1/documents/{document}/export": READERS,
    "POST /api/v1/documents/{document}/imports": NATIONAL | SECRETARIAT,  # and each item is a command, judged as such
    "GET /api/v1/documents/{document}/desk": DESK,
    "POST /api/v1/documents/{document}/desk/preview": DESK,
    "GET /api/v1/documents/{document}/tallies": DESK,
}
"""Who may come through which door of HTTP. What a reader finds there is what ``reads`` lets them see."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A capacity taken apart: the role, and the delegation or closed group it is held for (``None``: for the house)."""

    role: Role
    side: str | None

    @staticmethod
    def parse(capacity: str) -> "Acting":
        """Read ``head:ARV``, ``facilitator:CG1`` or ``chair``; refuses what is none of these."""
        word, _, code = capacity.partition(":")
        try:
            role = Role(word)
        except ValueError:
            raise Refusal(ProblemCode.MALFORMED, f"“{word}” is no role; roles are {', '.join(Role)}.") from None
        if (role in NATIONAL or role is Role.FACILITATOR) != bool(code):
            need = "is not held for a delegation" if code else "needs to say for whom, as in head:ARV"
            raise Refusal(ProblemCode.MALFORMED, f"The role {role} {need}.")
        return Acting(role, code or None)

    @property
    def delegation(self) -> str | None:
        """The delegation that is acted for, if it is one."""
        return self.side if self.role in NATIONAL else None


_OUT_OF_PHASE = {
    None: (ProblemCode.ROUND_CLOSED, "No round was opened yet: nobody can {} before one is."),
    OPEN: (ProblemCode.ROUND_OPEN, "The round is still open: close it first, then {}."),
    CLOSED: (ProblemCode.ROUND_CLOSED, "The round is closed: nobody can {} any more."),
    RoundState.CONSOLIDATED: (ProblemCode.ROUND_CONSOLIDATED, "The round is consolidated; its text was issued."),
}


def judge(kind: str, acting: Acting, phase: RoundState | None, owners: Collection[str]) -> None:
    """Refuse the command if it may not be given by this capacity, in this phase, on what these owners (a delegation; of
    a closed group's text, the group and its members) have made.
    """
    _judge(POLICY.get(kind), kind.replace("_", " "), acting, phase, owners)


def judge_hand(kind: DraftKind, acting: Acting, phase: RoundState | None, owners: Collection[str]) -> None:
    """Refuse the typing of this capacity in a working draft, as ``judge`` does; ``phase`` is the newest round's."""
    _judge(HANDS[kind].type, f"type into the {kind}'s working draft", acting, phase, owners)


def _judge(rule: Rule | None, said: str, acting: Acting, phase: RoundState | None, owners: Collection[str]) -> None:
    if rule is None or acting.role not in rule.roles:
        allowed = " or ".join(sorted(rule.roles)) if rule else "nobody"
        raise Refusal(ProblemCode.NOT_PERMITTED, f"A {acting.role} may not {said}; this is for {allowed}.")
    if rule.own and acting.side is not None and acting.side not in owners:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"This is another delegation's; only those whose it is may {said}.")
    if rule.phases is not None and phase not in rule.phases:
        code, sentence = _OUT_OF_PHASE[phase]
        raise Refusal(code, sentence.format(said))


_IN_THE_HOUSE = {"secretariat": SECRETARIAT, "desk": DESK, "chair": frozenset({Role.CHAIR})}


def reads(capacities: Iterable[str], stream: str, groups: Collection[str] = ()) -> bool:
    """Tell whether somebody with these capacities in the process, and in these closed groups, reads the stream.

    ``all``: everyone accredited. ``delegation:ARV``: that delegation. ``group:CG1``: who is in that closed group.
    ``secretariat``: secretaries and note-takers; ``desk``: they and the chair; ``chair``: the chair alone. After any of
    these three ``+ARV`` adds a delegation, ``+CG1`` a closed group, as often as there are. Any other is read by nobody.
    """
    held = [Acting.parse(capacity) for capacity in capacities]
    if stream == "all":
        return bool(held)
    audience, *codes = stream.replace("+", ":").split(":")
    if audience == "group":
        return codes[0] in groups if len(codes) == 1 else False
    if any(acting.role in _IN_THE_HOUSE.get(audience, ()) for acting in held):
        return True
    if audience in _IN_THE_HOUSE and any(code in groups for code in codes):
        return True
    known = audience == "delegation" or audience in _IN_THE_HOUSE
    return known and any(acting.delegation in codes for acting in held if acting.delegation)


def within(stream: str, other: str) -> bool:
    """Tell whether all who read the one stream, whoever they are, read the other too."""
    if other in {"all", stream}:
        return True
    (audience, *codes), (wider, *more) = (name.replace("+", ":").split(":") for name in (stream, other))
    known = _IN_THE_HOUSE | {"delegation": frozenset(), "group": frozenset()}
    return {audience, wider} <= known.keys() and known[audience] <= known[wider] and set(codes) <= set(more)
