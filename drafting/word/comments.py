"""Native comments: threads in the margin, with their replies, and whether they are resolved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import NamedTuple

from drafting.word.emphasis import PLAIN
from drafting.word.markup import escape, run, timestamp

_REFERENCE = '<w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'


class Author(NamedTuple):
    """In whose name something stands in a file: as Word prints it, and in short."""

    name: str
    initials: str


class Said(NamedTuple):
    """One comment of a thread. A line break in ``text`` begins a paragraph; ``at`` is aware."""

    author: Author
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and its replies, at least the comment.

    It stands on ``amendment`` (where that first changes something), or on ``section``: on the whole of it, or on
    ``place``, start and end in code points of its text.
    """

    said: tuple[Said, ...]
    section: str | None = None
    place: tuple[int, int] | None = None
    amendment: str | None = None
    resolved: bool = False


class Anchors(NamedTuple):
    """What of a thread stands in the text: before the range, and behind it (``references`` are runs)."""

    starts: str
    ends: str
    references: str


@dataclass(slots=True)
class Margin:
    """Takes the threads of one file in reading order, and gives the parts that hold them."""

    rtl: bool
    _numbers: Iterator[int] = field(default_factory=count)
    _paragraphs: Iterator[int] = field(default_factory=lambda: count(1))
    _comments: list[str] = field(default_factory=list)
    _extended: list[str] = field(default_factory=list)

    def take(self, threads: Sequence[Thread]) -> Anchors:
        """Take threads that stand on one range; a reply has the range of what it replies to."""
        numbers = [number for thread in threads for number in self._thread(thread)]
        return Anchors(
            "".join(f'<w:commentRangeStart w:id="{number}"/>' for number in numbers),
            "".join(f'<w:commentRangeEnd w:id="{number}"/>' for number in numbers),
            "".join(f'<w:r>{_REFERENCE}<w:commentReference w:id="{number}"/></w:r>' for number in numbers),
        )

    @property
    def comments(self) -> str:
        """All that is said, for ``comments.xml``; empty if there is nothing."""
        return "".join(self._comments)

    @property
    def extended(self) -> str:
        """Which comment replies to which, and what is resolved, for ``commentsExtended.xml``."""
        return "".join(self._extended)

    def _thread(self, thread: Thread) -> Iterator[int]:
        root = ""
        for said in thread.said:
            number = next(self._numbers)
            last = self._comment(number, said)
            parent = f' w15:paraIdParent="{root}"' if root else ""
            self._extended.append(f'<w15:commentEx w15:paraId="{last}"{parent} w15:done="{int(thread.resolved)}"/>')
            root = root or last
            yield number

    def _comment(self, number: int, said: Said) -> str:
        """Write a comment; gives the id of its last paragraph, by which Word knows it."""
        identifier = ""
        paragraphs: list[str] = []
        for line in said.text.splitlines() or [""]:
            identifier = f"{next(self._paragraphs):08X}"
            mark = "" if paragraphs else f"<w:r>{_REFERENCE}<w:annotationRef/></w:r>"
            bidi = "<w:bidi/>" if self.rtl else ""
            paragraphs.append(
                f'<w:p w14:paraId="{identifier}"><w:pPr><w:pStyle w:val="CommentText"/>{bidi}</w:pPr>'
                f"{mark}{run(line, PLAIN, rtl=self.rtl) if line else ''}</w:p>"
            )
        self._comments.append(
            f'<w:comment w:id="{number}" w:author="{escape(said.author.name)}" w:date="{timestamp(said.at)}" '
            f'w:initials="{escape(said.author.initials)}">{"".join(paragraphs)}</w:comment>'
        )
        return identifier
