"""Column types that mean the same on every database."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class AwareTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite has no such type: there it is ISO text, which sorts as time does."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Take the database's own type where it has one."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        value = value.astimezone(UTC)
        return stamp(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        """Give an aware time in UTC."""
        del dialect
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if value else None


def stamp(at: datetime) -> str:
    """Write a time the one way that hashes and SQLite see it: ISO, UTC, six decimals."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Words(TypeDecorator[str]):
    """Text of any length, compared and sorted by code point, as Python and SQLite do.

    PostgreSQL would otherwise sort as its machine's locale does, and not the same on every machine.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Name the collation where the default is not by code point."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


Count = BigInteger
"""A number that grows with every event."""

Json = JSON
"""Kept as it was written, order of keys included: PostgreSQL's JSONB would sort them."""
