"""The feed: every reader's events, in order, as soon as they are committed.

Each document that somebody follows has one channel. A ring (or, behind it, a slow poll: rings may be lost, and other
processes write too) makes the channel read what is new, once for all readers. A reader has no queue: it takes from
the channel's recent events, or from the log when it is further behind. So a slow reader costs nobody anything.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from drafting.house import House
from drafting.live.telling import Entry, Roll
from drafting.protocol.frames import Presence, Present, Reset
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.documents import document, events_after
from drafting.queries.people import Person, Reader, readable_streams, reader, rights
from storage.bus import Ring
from storage.log import last_place

RECENT = 2_000
MOST_AT_ONCE = 500
POLL_SECONDS = 1.0
PRESENCE_SECONDS = 0.3

_log = logging.getLogger(__name__)


class Arrival(NamedTuple):
    """What is found when somebody comes to follow a document: where its log and its process's log stand, and the last
    place that this reader may know of.
    """

    who: Reader
    process: str
    last: int
    last_seen: int
    rights: int


@dataclass(slots=True, eq=False)
class Follower:
    """Somebody who follows a document. ``place`` is up to where they were served; ``rights`` is where the process's
    log stood when we looked at what they may see.
    """

    who: Reader
    place: int
    rights: int
    section: str | None = None


@dataclass(slots=True)
class Channel:
    """A document that is followed. ``place`` and ``rights`` are up to where its log and its process's log were read;
    ``recent`` begins after ``since`` and ends at ``place``.
    """

    document: str
    process: str
    place: int
    since: int
    rights: int
    recent: deque[Entry] = field(default_factory=deque)
    followers: set[Follower] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    presence: Roll = field(default_factory=Roll)
    announcing: bool = False

    def wake(self) -> None:
        """Wake all who wait; whoever waits after this waits for the next change."""
        self.changed.set()
        self.changed = asyncio.Event()


class Feed:
    """The channels of one server. ``run`` must be running."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._channels: dict[str, Channel] = {}
        self._rung: set[str] = set()
        self._bell = asyncio.Event()
        self._poll_at = 0.0
        self.resting = False
        self.lag = 0.0
        """Seconds from when the last event that was read had happened until it was."""

    async def run(self) -> None:
        """Serve until cancelled."""
        loop = asyncio.get_running_loop()

        def heard(ring: Ring) -> None:
            if not ring.stream:
                return  # something was typed into a working draft, which is no event
            with contextlib.suppress(RuntimeError):  # the loop may be closing; the log has it anyway
                loop.call_soon_threadsafe(self._ring, ring.scope)

        stop = self._house.bus.listen(heard)
        try:
            while True:
                for channel in await self._to_read():
                    try:
                        await self._read(channel)
                    except Exception:  # noqa: BLE001 - whatever it is, see below
                        # One bad moment of the disk must not end the feed for everyone: the next poll tries again.
                        _log.exception("The log of %s could not be read", channel.document)
        finally:
            stop()

    def rest(self) -> None:
        """Let everyone go who waits: the server is about to stop."""
        self.resting = True
        for channel in self._channels.values():
            channel.wake()

    def _ring(self, scope: str) -> None:
        self._rung.add(scope)
        self._bell.set()

    async def _to_read(self) -> list[Channel]:
        """Wait for a ring or for the poll's time; give the channels to read then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._poll_at):
                await self._bell.wait()
        self._bell.clear()
        rung, self._rung = self._rung, set()
        now = asyncio.get_running_loop().time()
        if now >= self._poll_at:
            self._poll_at = now + POLL_SECONDS
            return list(self._channels.values())
        return [channel for channel in self._channels.values() if rung & {channel.document, channel.process}]

    async def _read(self, channel: Channel) -> None:
        read, rights = await asyncio.to_thread(self._news, channel)
        # Two may read at once (the run, and somebody who has just come): the later one finds most of it there already.
        new = [entry for entry in read if entry.logged.place > channel.place]
        if not new and rights <= channel.rights:
            return
        if new:
            self.lag = (self._house.now() - new[-1].logged.view.at).total_seconds()
        channel.recent.extend(new)
        channel.place = new[-1].logged.place if new else channel.place
        channel.rights = max(rights, channel.rights)
        if any(entry.logged.view.kind == "drafts_purged" for entry in new):
            # What is kept here was read before; whoever is behind gets from the log what is left of it.
            channel.recent.clear()
            channel.since = channel.place
        while len(channel.recent) > RECENT:
            channel.since = channel.recent.popleft().logged.place
        channel.wake()
        if len(read) == MOST_AT_ONCE:
            self._ring(channel.document)

    def _news(self, channel: Channel) -> tuple[list[Entry], int]:
        # In one transaction: whoever is served these events is judged by rights that are at least as new.
        with self._house.database.reading() as tx:
            new = events_after(tx, channel.document, channel.place, MOST_AT_ONCE)
            now = rights(tx, channel.document, channel.process)
        return [Entry.of(event) for event in new], now

    def _events(self, document: str, place: int) -> list[Entry]:
        with self._house.database.reading() as tx:
            return [Entry.of(event) for event in events_after(tx, document, place, MOST_AT_ONCE)]

    async def follow(self, person: Person, document: str, cursor: str | None) -> "Following":
        """Follow the document from a cursor on (``None``: from now); refused where the person may not read it.

        Whoever follows must ``close`` in the end.
        """
        found = await asyncio.to_thread(self._arrive, person, document)
        held = found.who.rights
        place = None if cursor is None else self._house.cursors.open(person.id, document, cursor, held)
        if place is not None and place > found.last:
            raise Refusal(ProblemCode.CURSOR_INVALID, "This cursor is ahead of the log; take a new snapshot.")
        fresh = Channel(document, found.process, found.last, found.last, found.rights)
        channel = self._channels.setdefault(document, fresh)
        follower = Follower(found.who, found.last_seen if place is None else place, found.rights)
        channel.followers.add(follower)
        self._announce(channel)
        self._ring(document)  # something may have been committed since we looked, when nobody listened yet
        following = Following(self, self._house, channel, follower)
        if channel.place < found.last:
            try:
                await self._read(channel)
            except BaseException:
                following.close()
                raise
        return following

    def leave(self, channel: Channel, follower: Follower) -> None:
        """Forget the follower; a channel that nobody follows goes too."""
        channel.followers.discard(follower)
        self._announce(channel)
        if not channel.followers:
            self._channels.pop(channel.document, None)

    def _arrive(self, person: Person, name: str) -> Arrival:
        with self._house.database.reading() as tx:
            who = reader(tx, person, name)
            process = document(tx, who).process
            return Arrival(
                who=who,
                process=process,
                last=last_place(tx.session, name),
                last_seen=last_place(tx.session, name, readable_streams(tx, who)),
                rights=rights(tx, name, process),
            )

    async def permitted(self, channel: Channel, follower: Follower) -> bool:
        """Tell whether the follower's rights are what they were; looks only after somebody's may have changed."""
        if follower.rights >= channel.rights:
            return True
        try:
            now = await asyncio.to_thread(self._arrive, follower.who.person, follower.who.document)
        except Refusal:
            return False
        follower.rights = now.rights
        return now.who.rights == follower.who.rights

    async def after(self, channel: Channel, place: int) -> list[Entry]:
        """Give events after the place, none that the channel has not read: from what is recent, or from the log."""
        if place >= channel.since:
            # They stand in order, and a reader is seldom far behind: look from the end.
            new = list(takewhile(lambda entry: entry.logged.place > place, reversed(channel.recent)))
            return new[::-1]
        read = await asyncio.to_thread(self._events, channel.document, place)
        return [entry for entry in read if entry.logged.place <= channel.place]

    def _announce(self, channel: Channel) -> None:
        # Three hundred arrivals within a moment are told once.
        if not channel.announcing:
            channel.announcing = True
            asyncio.get_running_loop().call_later(PRESENCE_SECONDS, self._tell_presence, channel)

    def _tell_presence(self, channel: Channel) -> None:
        """Tell those present who is present, if that is news."""
        channel.announcing = False
        present = {
            (f.who.person.handle, f.section or ""): Present(
                handle=f.who.person.handle, capacities=list(f.who.capacities), section=f.section
            )
            for f in channel.followers
        }
        told = Presence(document=channel.document, present=[present[key] for key in sorted(present)])
        channel.presence = Roll(told)
        channel.wake()

    def here(self, channel: Channel, follower: Follower, section: str | None) -> None:
        """Note which section the follower reads."""
        if follower.section != section:
            follower.section = section
            self._announce(channel)


class Following:
    """One reader's way through a document's events."""

    def __init__(self, feed: Feed, house: House, channel: Channel, follower: Follower) -> None:
        self._feed = feed
        self._house = house
        self._channel = channel
        self._follower = follower
        self._changed = channel.changed
        self._shown_out = False

    def close(self) -> None:
        """Follow no more."""
        self._feed.leave(self._channel, self._follower)

    @property
    def cursor(self) -> str:
        """From where to go on after what was given so far."""
        return self._cursor(self._follower.place)

    def _cursor(self, place: int) -> str:
        who = self._follower.who
        return self._house.cursors.seal(who.person.id, who.document, place, who.rights)

    def here(self, section: str | None) -> None:
        """Tell the others which section is being read."""
        self._feed.here(self._channel, self._follower, section)

    def show_out(self) -> None:
        """Let nothing more be seen, since what its reader was let in with is worth nothing any more."""
        self._shown_out = True
        self._channel.wake()

    async def look(self) -> list[tuple[str, Entry]]:
        """Give what is new and the reader may see, each with its cursor; nothing when there is nothing.

        Refused as ``cursor_invalid`` once the reader's rights have changed: the way on leads over a new snapshot.
        Refused as ``not_signed_in`` once they were shown out.
        """
        while True:
            if self._shown_out:
                raise Refusal(ProblemCode.NOT_SIGNED_IN, "What let you in was revoked, or is too old. Sign in again.")
            self._changed = self._channel.changed  # taken before looking, so that nothing falls between
            new = await self._feed.after(self._channel, self._follower.place)
            if not await self._feed.permitted(self._channel, self._follower):
                raise Refusal(ProblemCode.CURSOR_INVALID, "Your rights have changed; take a new snapshot.")
            if new:
                self._follower.place = new[-1].logged.place
            seen = [entry for entry in new if self._follower.who.sees(entry.logged.stream)]
            if seen or not new:
                return [(self._cursor(entry.logged.place), self._told(entry)) for entry in seen]

    def _told(self, entry: Entry) -> Entry:
        who = self._follower.who
        return entry.told(who, lambda stream: self._house.cursors.alias(who.document, stream))

    async def stirred(self) -> bool:
        """Wait until there may be something that was not there at the last look; tell whether to look on."""
        if not self._feed.resting:
            await self._changed.wait()
        return not self._feed.resting

    async def frames(self) -> AsyncIterator[str]:
        """Give the frames to send, as JSON: events, presence, and at last ``reset`` when rights have changed."""
        name, told = self._channel.document, ""
        while True:
            try:
                events = await self.look()
            except Refusal:
                yield Reset(document=name).model_dump_json()
                return
            for cursor, entry in events:
                # The one before may have waited long for a slow reader, who may have lost their rights meanwhile.
                if not await self._feed.permitted(self._channel, self._follower):
                    yield Reset(document=name).model_dump_json()
                    return
                yield f'{{"type":"event","document":"{name}","cursor":"{cursor}","event":{entry.json}}}'
            if (present := self._channel.presence.told(self._follower.who)) != told:
                told = present
                yield told
            if not events and not await self.stirred():
                return
