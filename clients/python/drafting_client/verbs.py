"""The verbs of both clients, each declared once: awaited on one, answered at once on the other."""

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, overload

from drafting.protocol.views import Page
from drafting_client import calls, filing
from drafting_client.calls import Call

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


class Awaiting(Protocol):
    """A client whose answers are awaited."""

    async def ask(self, call: Call[R]) -> R:
        """Make the call until it is answered or patience ends."""

    def walk(self, call: Call[Page[R]]) -> AsyncIterator[R]:
        """Give the items of all pages, each page when it is needed."""


class Waiting(Protocol):
    """A client that waits for its answers itself."""

    def ask(self, call: Call[R]) -> R:
        """Make the call until it is answered or patience ends."""

    def walk(self, call: Call[Page[R]]) -> Iterator[R]:
        """Give the items of all pages, each page when it is needed."""


class Verb(Generic[P, T]):
    """A verb with one answer; signature and promise are those of the call it makes."""

    def __init__(self, call: Callable[P, Call[T]]) -> None:
        self._call = call
        self.__doc__ = call.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, client: Waiting, owner: type) -> Callable[P, T]: ...
    def __get__(self, client: Awaiting | Waiting | None, owner: type) -> object:
        if client is None:
            return self

        @functools.wraps(self._call)
        def ask(*args: P.args, **kwargs: P.kwargs) -> object:
            return client.ask(self._call(*args, **kwargs))

        return ask


class Listing(Generic[P, T]):
    """A verb that gives one item after the other, whatever the pages."""

    def __init__(self, call: Callable[P, Call[Page[T]]]) -> None:
        self._call = call
        self.__doc__ = call.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    @overload
    def __get__(self, client: Waiting, owner: type) -> Callable[P, Iterator[T]]: ...
    def __get__(self, client: Awaiting | Waiting | None, owner: type) -> object:
        if client is None:
            return self

        @functools.wraps(self._call)
        def walk(*args: P.args, **kwargs: P.kwargs) -> object:
            return client.walk(self._call(*args, **kwargs))

        return walk


class Verbs:
    """Everything that can be asked of a room over HTTP.

    Every verb raises ``Refused`` when the room says no and ``Unreachable`` when patience ends.
    """

    me = Verb(calls.me)
    processes = Listing(calls.processes)
    documents = Listing(calls.documents)
    document = Verb(calls.document)
    snapshot = Verb(calls.snapshot)
    versions = Listing(calls.versions)
    issued = Verb(calls.issued)
    lint = Listing(calls.lint)
    amendments = Listing(calls.amendments)
    comments = Listing(calls.comments)
    positions = Listing(calls.positions)
    tallies = Verb(calls.tallies)
    drafts = Listing(calls.drafts)
    draft = Verb(calls.draft)
    draft_carried = Verb(calls.draft_carried)
    draft_token = Verb(calls.draft_token)
    carried = Verb(calls.carried)
    standing = Verb(calls.standing)
    news = Verb(calls.news)
    search = Listing(calls.search)
    compilation = Verb(calls.compilation)
    compare = Verb(calls.compare)
    provenance = Verb(calls.provenance)
    literal = Verb(calls.literal)
    literal_text = Verb(calls.literal_text)
    brackets = Verb(calls.brackets)
    references = Verb(calls.references)
    desk = Verb(calls.desk)
    preview = Verb(calls.preview)
    export = Verb(calls.export)
    command = Verb(calls.command)
    import_document = Verb(calls.import_document)
    import_marked = Verb(filing.import_marked)
