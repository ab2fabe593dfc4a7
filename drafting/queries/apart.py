"""Reading that may take long: gathered in a transaction, worked out in another process if the text is long."""

from collections.abc import Iterable
from typing import Final, Protocol

from pydantic import BaseModel

from drafting.domain.text import Manifest

LONG: Final = 25_000
"""Code points of text, in all, from which an answer may take more than some 20 ms to work out."""


class Gathered(Protocol):
    """Everything that an answer is made of, read already: plain values, which travel between processes."""

    @property
    def length(self) -> int:
        """Count the code points that have to be read for the answer."""

    def view(self) -> BaseModel:
        """Work the answer out."""


def as_json(gathered: Gathered) -> bytes:
    """Work the answer out and write it: bytes travel back faster than what they say."""
    return gathered.view().model_dump_json().encode()


def length_of(texts: Iterable[Manifest]) -> int:
    """Count the code points of texts."""
    return sum(len(line.text) for text in texts for line in text)
