"""What can go wrong for a caller: the room said no, or the room could not be reached."""

from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is no error: it is the room's ordinary answer
    """The room says no, and nothing was written.

    ``code`` is stable and for programs (compare it with ``drafting.protocol.problems.ProblemCode``; a newer server may
    know more codes), ``detail`` is a sentence for people, ``facts`` holds what else the room told (say, the text that
    stands now).
    """

    def __init__(self, code: str, detail: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(f"{detail} ({code})")
        self.code = code
        self.detail = detail
        self.facts = facts or {}


class Unreachable(Exception):  # noqa: N818 - named as what it is, beside Refused
    """No answer that this client can read came from the room within the patience it was given.

    A command that ends so may or may not have been taken. Given again with the id it had, it is taken once.
    """


class Broken(Exception):  # noqa: N818 - never leaves the package
    """One try failed in a way that another may mend: a cut line, a silent one, a server that is restarting."""
