"""Views of what was searched for, and of what changed since a reader last looked."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import ChangeView, VersionView


class HitView(Wire):
    """A place where all words that were searched for stand.

    ``where``: a section of the newest text, a section of an older one, a proposal's text or rationale, a comment, a
    position. ``id`` is that thing's; ``section`` and ``label`` say where it belongs. ``excerpt`` is what stands around
    the first word found, which is ``excerpt[start:end]``.
    """

    where: Literal["text", "older_text", "amendment", "comment", "position"]
    id: str
    section: str | None
    label: str
    version: str | None
    excerpt: str
    start: int
    end: int


class TouchedView(Wire):
    """A change, and how it touches a delegation: it changes words that the delegation brought in (``words``), stands in
    a section that an amendment of the delegation is about (``amendments``, by label), or one it took a position on.
    """

    change: ChangeView
    words: bool
    amendments: list[str]
    position: bool

    @property
    def ours(self) -> bool:
        """Whether it touches the delegation at all."""
        return self.words or self.position or bool(self.amendments)


class NewsView(Wire):
    """What changed since a version, up to the newest text, and what of it touches a delegation."""

    document: str
    since: VersionView
    version: VersionView
    delegation: str | None
    changes: list[TouchedView]
