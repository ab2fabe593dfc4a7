"""Who may do what, and when; who reads what. One table, printed into the docs; a command without a row is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Role, RoundState

OPEN, CLOSED = RoundState.OPEN, RoundState.CLOSED

NATIONAL = frozenset({Role.HEAD, Role.DELEGATE, Role.CLERK})
"""Roles that are held for a delegation; the others are held for the house."""
SECRETARIAT = frozenset({Role.SECRETARY, Role.NOTE_TAKER})
DESK = SECRETARIAT | {Role.CHAIR}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may give a command (``roles``), in which state of the round (``None``: whatever it is), and whether only
    for what is the delegation's ``own``.
    """

    roles: frozenset[Role]
    phases: frozenset[RoundState] | None = None
    own: bool = False


_AUTHORISED = frozenset({Role.HEAD, Role.DELEGATE})
_LEADING = frozenset({Role.SECRETARY, Role.CHAIR})

POLICY: dict[str, Rule] = {
    # the house
    "create_process": Rule(frozenset({Role.ADMINISTRATOR})),
    "admit_delegation": Rule(frozenset({Role.SECRETARY, Role.ADMINISTRATOR})),
    "accredit_participant": Rule(frozenset({Role.SECRETARY, Role.ADMINISTRATOR})),
    # the text
    "import_document": Rule(frozenset({Role.SECRETARY})),
    "open_round": Rule(_LEADING),
    "close_round": Rule(_LEADING, frozenset({OPEN})),
    "circulate_amendments": Rule(frozenset({Role.SECRETARY}), frozenset({OPEN, CLOSED})),
    "admit_amendment": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    # the delegations
    "table_amendment": Rule(_AUTHORISED, frozenset({OPEN})),
    "revise_amendment": Rule(_AUTHORISED, frozenset({OPEN}), own=True),
    "withdraw_amendment": Rule(_AUTHORISED, frozenset({OPEN, CLOSED}), own=True),
    "post_comment": Rule(NATIONAL | DESK),
    # the desk
    "decide_section": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    "undo_decision": Rule(_LEADING, frozenset({OPEN, CLOSED})),
    "issue_version": Rule(_LEADING, frozenset({CLOSED})),
}


@dataclass(frozen=True, slots=True)
class Acting:
    """A capacity taken apart: the role, and the delegation it is held for (``None``: for the house)."""

    role: Role
    delegation: str | None

    @staticmethod
    def parse(capacity: str) -> "Acting":
        """Read ``head:ARV`` or ``chair``; refuses what is neither."""
        word, _, code = capacity.partition(":")
        try:
            role = Role(word)
        except ValueError:
            raise Refusal(ProblemCode.MALFORMED, f"“{word}” is no role; roles are {', '.join(Role)}.") from None
        if (role in NATIONAL) != bool(code):
            need = "needs a delegation, as in head:ARV" if role in NATIONAL else "is not held for a delegation"
            raise Refusal(ProblemCode.MALFORMED, f"The role {role} {need}.")
        return Acting(role, code or None)


_OUT_OF_PHASE = {
    OPEN: (ProblemCode.ROUND_OPEN, "The round is still open: close it first, then {}."),
    CLOSED: (ProblemCode.ROUND_CLOSED, "The round is closed: nobody can {} any more."),
    RoundState.CONSOLIDATED: (ProblemCode.ROUND_CONSOLIDATED, "The round is consolidated; its text was issued."),
}


def judge(kind: str, acting: Acting, phase: RoundState | None, owner: str | None) -> None:
    """Refuse the command if it may not be given by this capacity, in this phase, on this owner's amendment."""
    rule = POLICY.get(kind)
    said = kind.replace("_", " ")
    if rule is None or acting.role not in rule.roles:
        allowed = " or ".join(sorted(rule.roles)) if rule else "nobody"
        raise Refusal(ProblemCode.NOT_PERMITTED, f"A {acting.role} may not {said}; this is for {allowed}.")
    if rule.own and owner != acting.delegation:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"This amendment is {owner}'s; only {owner} may {said}.")
    if rule.phases is not None and phase not in rule.phases:
        code, sentence = _OUT_OF_PHASE[phase or OPEN]
        raise Refusal(code, sentence.format(said))


def reads(capacities: Iterable[str], stream: str) -> bool:
    """Tell whether somebody with these capacities in the process reads the stream.

    ``all``: everyone accredited. ``delegation:ARV``: that delegation. ``secretariat``: secretaries and note-takers.
    ``secretariat+ARV``: they and that delegation. ``desk``: they and the chair. Any other is read by nobody.
    """
    held = [Acting.parse(capacity) for capacity in capacities]
    if stream == "all":
        return bool(held)
    if stream == "desk":
        return any(acting.role in DESK for acting in held)
    audience, _, code = stream.replace("+", ":").partition(":")
    if audience == "secretariat" and any(acting.role in SECRETARIAT for acting in held):
        return True
    return audience in {"delegation", "secretariat"} and code in {acting.delegation for acting in held}
