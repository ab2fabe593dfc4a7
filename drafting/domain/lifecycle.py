"""What state an amendment is in: derived from what was decided, never stored beside it."""

from collections.abc import Iterable, Mapping

from drafting.protocol.words import AmendmentState, Outcome

_STATES = {
    Outcome.INCORPORATE: AmendmentState.INCORPORATED,
    Outcome.BRACKET: AmendmentState.BRACKETED,
    Outcome.NOT_RETAINED: AmendmentState.NOT_RETAINED,
    Outcome.REDRAFT: AmendmentState.IN_PART,
}


def state_of(touches: Iterable[str], outcomes: Mapping[str, Outcome], *, withdrawn: bool) -> AmendmentState:
    """Give the state of an amendment that touches these sections, of which some have an outcome.

    It stays tabled until all are decided; different outcomes on different sections make it incorporated in part.
    """
    if withdrawn:
        return AmendmentState.WITHDRAWN
    reached = {outcomes.get(section) for section in touches}
    if None in reached:
        return AmendmentState.TABLED
    states = {_STATES[outcome] for outcome in reached if outcome is not None}
    return states.pop() if len(states) == 1 else AmendmentState.IN_PART
