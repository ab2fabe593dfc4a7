"""The stage of the demonstration: its time, its people, and commands that are sent one behind the other."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from drafting.house import House
from drafting.protocol.commands import Command, Envelope, Receipt
from drafting.queries.people import Person, person_by_handle
from storage.ids import Mint

if TYPE_CHECKING:
    from concurrent.futures import Future


@dataclass(slots=True)
class Clock:
    """The demonstration's time: it stands still until it is moved, and never goes back."""

    start: datetime
    at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.start

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.to(self.at + by)

    def to(self, at: datetime) -> None:
        """Let it become this time."""
        self.at = max(self.at, at)


def seeded(seed: int) -> Mint:
    """Give a mint that mints the same ids each time."""
    source = random.Random(seed)  # noqa: S311 - ids of a demonstration must be the same each time
    return Mint(lambda: source.getrandbits(80))


class Stage:
    """Where everybody acts. Commands are carried out in the order in which they are sent.

    Ids of commands, and of sections that a sender names, come from a mint of the stage's own: the house's mint serves
    the writer's thread alone, so that ids do not depend on how the two threads take turns.
    """

    def __init__(self, house: House, clock: Clock, mint: Mint) -> None:
        self.house = house
        self.clock = clock
        self.mint = mint
        self._people: dict[str, Person] = {}
        self._sent: list[Future[Receipt]] = []

    def person(self, handle: str) -> Person:
        """Give somebody who takes part already, which those are not yet whose accreditation is still on its way."""
        if handle not in self._people:
            self._people[handle] = self.house.database.read(lambda tx: person_by_handle(tx, handle))
        return self._people[handle]

    def send(self, handle: str, command: Command) -> Callable[[str], str]:
        """Send a command, and do not wait. The answer is asked for what the command made, and waits for it then."""
        envelope = Envelope(id=self.mint.command(self.clock.at), command=command)
        future = self.house.executor.execute(self.person(handle), envelope)
        self._sent.append(future)
        return lambda made: future.result().made[made]

    def settle(self) -> None:
        """Wait until all that was sent is on disk. Raises the first refusal."""
        sent, self._sent = self._sent, []
        for future in sent:
            future.result()
