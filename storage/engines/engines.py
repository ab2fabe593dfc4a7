"""What every kind of database can do."""

from enum import Enum, auto
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError


class Meaning(Enum):
    """What a failure of the database tells us."""

    FULL = auto()
    """There is no room left."""
    LOST = auto()
    """The database is not there (any more)."""
    RACED = auto()
    """Another node held or took what we wanted: the same work, done again, may succeed."""
    OTHER = auto()
    """Something else, most likely a fault of ours."""


class Engines(Protocol):
    """Makes the engines of one database. An error that they log does not print what people wrote."""

    def writer(self) -> Engine:
        """Give an engine whose commits are on disk when they return; each transaction sees what others committed."""

    def reader(self) -> Engine:
        """Give an engine whose transactions see one state from first to last and cannot write."""

    def migrator(self) -> Engine:
        """Give an engine of which only one transaction at a time goes on, in whichever program; the next one waits."""

    def hurry(self, connection: Connection) -> None:
        """From now on this transaction, which may hold locks, fails (``RACED``) where it would have to wait."""

    def size(self, connection: Connection) -> int:
        """Tell how many bytes the database takes."""

    def over(self, connection: Connection) -> bool:
        """Tell whether a failure has ended the whole transaction, not only its savepoint."""

    def forget(self, writers: Engine) -> None:
        """Let nothing that was deleted stay in unused parts of the files, as far as the database lets us."""

    def meaning(self, failure: DBAPIError) -> Meaning:
        """Tell what a failure means."""
