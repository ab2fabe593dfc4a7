"""The page: built files, precompressed, under a strict policy: nothing inline, nobody else's server."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from drafting.protocol.problems import ProblemCode, Refusal

FOLDER = (Path(__file__).parent / "page").resolve()
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer whatever no route is for: with a built file, or the page itself for a path without a dot."""
    if scope["type"] == "websocket":
        await WebSocketClose()(scope, receive, send)
        return
    request = Request(scope, receive)
    path = request.url.path.removeprefix("/")
    if request.method not in {"GET", "HEAD"} or path.startswith(("api/", "live/")):
        raise Refusal(ProblemCode.UNKNOWN, "There is nothing here.")
    await _answer(request, path)(scope, receive, send)


def _answer(request: Request, path: str) -> Response:
    file = _built(path)
    if file is None and "." in path:
        raise Refusal(ProblemCode.UNKNOWN, "There is nothing here.")
    file = file or _built("index.html")
    if file is None:
        return PlainTextResponse("The page is not built yet. Run: make page\n", 503)
    return _file(request, file)


def _built(path: str) -> Path | None:
    """Find a built file; a path that leads out of the folder, or that no file can have, is nobody's."""
    try:
        file = (FOLDER / path).resolve()
        return file if file.is_relative_to(FOLDER) and file.suffix in _TYPES and file.is_file() else None
    except (OSError, ValueError):
        return None


def _file(request: Request, file: Path) -> Response:
    # Built names carry a hash of their content, so they may be kept for good; the page itself is asked for each time.
    lasting = file.parent != FOLDER
    headers = {
        **HEADERS,
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "Vary": "Accept-Encoding",
    }
    accepted = request.headers.get("accept-encoding", "")
    for name, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in accepted and packed.is_file():
            return FileResponse(packed, headers={**headers, "Content-Encoding": name}, media_type=_TYPES[file.suffix])
    return FileResponse(file, headers=headers, media_type=_TYPES[file.suffix])
