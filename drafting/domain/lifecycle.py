"""What state an amendment is in: derived from what was decided, never stored beside it."""

from collections.abc import Iterable, Mapping, Sequence

from drafting.protocol.words import AmendmentState, Outcome

_STATES = {
    Outcome.INCORPORATE: AmendmentState.INCORPORATED,
    Outcome.IN_PART: AmendmentState.TABLED,
    Outcome.BRACKET: AmendmentState.BRACKETED,
    Outcome.ALTERNATIVE: AmendmentState.ALTERNATIVE,
    Outcome.PARK: AmendmentState.PARKED,
    Outcome.NOT_RETAINED: AmendmentState.NOT_RETAINED,
    Outcome.REDRAFT: AmendmentState.IN_PART,
}
_GRAVEST = (AmendmentState.TABLED, AmendmentState.PARKED)
"""What decides for the whole of an amendment, whatever became of its other parts."""

_HALF = frozenset({AmendmentState.NOT_RETAINED, AmendmentState.BRACKETED, AmendmentState.ALTERNATIVE})
"""What makes it incorporated in part where some of its changes were taken before."""

Outcomes = Sequence[Outcome]
"""What was decided on one section for one amendment, in the order of deciding: in part any number of times, then one
that settles it.
"""


def settled(outcomes: Outcomes) -> bool:
    """Tell whether nothing of the amendment waits on this section: what was taken in part leaves the rest waiting."""
    return bool(outcomes) and outcomes[-1] is not Outcome.IN_PART


def pends(outcomes: Outcomes) -> bool:
    """Tell whether something of the amendment waits on this section after a round: it was parked, or never settled."""
    return not settled(outcomes) or outcomes[-1] is Outcome.PARK


def state_of(touches: Iterable[str], outcomes: Mapping[str, Outcomes]) -> AmendmentState:
    """Give the state of an amendment that touches these sections, of which some have outcomes.

    It stays tabled until all are settled, and is parked while any is; different outcomes on different sections, or
    some of its changes taken and the others not, make it incorporated in part.
    """
    return together(state_on(outcomes.get(section, ())) for section in touches)


def state_after(legs: Iterable[tuple[Iterable[str], Mapping[str, Outcomes]]]) -> AmendmentState:
    """Give the state of an amendment that was parked, and came through several rounds.

    ``legs``: for each round, the first one's first, the sections it touched there and what was decided on them.
    """
    reached: list[AmendmentState] = []
    for touches, outcomes in legs:
        waiting = [section for section in touches if pends(outcomes.get(section, ()))]
        reached += [state_on(outcomes[section]) for section in touches if section not in waiting]
        if touches and not waiting:
            return together(reached)
    return AmendmentState.PARKED


def together(states: Iterable[AmendmentState]) -> AmendmentState:
    """Give the state of a whole whose parts are in these states."""
    reached = set(states)
    gravest = next((state for state in _GRAVEST if state in reached), None)
    if gravest is not None:
        return gravest
    return reached.pop() if len(reached) == 1 else AmendmentState.IN_PART


def state_on(outcomes: Outcomes) -> AmendmentState:
    """Give the state of the part of an amendment that is about one section."""
    if not outcomes:
        return AmendmentState.TABLED
    last = _STATES[outcomes[-1]]
    in_part = Outcome.IN_PART in outcomes[:-1] and last in _HALF
    return AmendmentState.IN_PART if in_part else last
