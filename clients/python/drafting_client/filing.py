"""Marked-up files, sent to a room."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from drafting.protocol.views.imports import ImportBatchView
from drafting.protocol.words import CommentAudience
from drafting_client.calls import Call


def import_marked(  # noqa: PLR0913 - each is a field of the form
    document: str,
    sources: Sequence[Path | str | tuple[str, bytes]],
    capacity: str,
    *,
    delegations: Sequence[str] = (),
    round: str | None = None,  # noqa: A002 - the negotiators' word
    authors: Sequence[str] = (),
    only: Sequence[str] = (),
    audience: CommentAudience = CommentAudience.SECRETARIAT,
    together: bool = False,
    take: bool = False,
) -> Call[ImportBatchView]:
    """Send marked-up files, by their paths or as names with contents, and learn how each change is understood; with
    ``take``, carry it out. The same files sent again do nothing twice.

    ``delegations``: for whom the house enters them, one for all or one for each file. ``authors``: the names in the
    files whose changes are chosen; ``only``: the ids of the items that are. ``audience``: who is to read the comments.
    """
    files = [
        source if isinstance(source, tuple) else (Path(source).name, Path(source).read_bytes()) for source in sources
    ]
    form: dict[str, str | Sequence[str]] = {"capacity": capacity, "audience": audience}
    form |= {"delegation": delegations, "author": authors, "only": only}
    form |= {"round": round} if round is not None else {}
    form |= {name: "true" for name, flag in (("together", together), ("take", take)) if flag}
    return Call("POST", f"documents/{quote(document, safe='')}/imports", _read, form=form, files=files)


def _read(body: bytes) -> ImportBatchView:
    return ImportBatchView.model_validate_json(body, extra="ignore")
