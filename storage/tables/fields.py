"""How the tables' columns are written down."""

from typing import Any

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import AwareTime, Json, Words


def time(*, nullable: bool = False) -> Any:
    """Give a column of aware times."""
    return Field(default=None, sa_column=Column(AwareTime, nullable=nullable))


def json() -> Any:
    """Give a column of JSON."""
    return Field(sa_column=Column(Json, nullable=False))


def text() -> Any:
    """Give a column of text."""
    return Field(sa_column=Column(Words, nullable=False))
