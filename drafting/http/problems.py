"""From refusals to ``application/problem+json`` (RFC 9457). The only place that knows both codes and statuses."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from drafting.protocol.problems import ProblemCode, Refusal
from storage.database import ConnectionLostError, DiskFull

STATUSES = {
    ProblemCode.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    ProblemCode.TICKET_INVALID: HTTPStatus.UNAUTHORIZED,
    ProblemCode.NOT_PERMITTED: HTTPStatus.FORBIDDEN,
    ProblemCode.CAPACITY_NOT_HELD: HTTPStatus.FORBIDDEN,
    ProblemCode.HAND_TAKEN: HTTPStatus.FORBIDDEN,
    ProblemCode.TOO_MANY_ATTEMPTS: HTTPStatus.TOO_MANY_REQUESTS,
    ProblemCode.UNKNOWN: HTTPStatus.NOT_FOUND,
    ProblemCode.UNKNOWN_SECTION: HTTPStatus.NOT_FOUND,
    ProblemCode.ALREADY_EXISTS: HTTPStatus.CONFLICT,
    ProblemCode.CURSOR_INVALID: HTTPStatus.GONE,
    ProblemCode.MALFORMED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.UNKNOWN_KIND: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.COMMAND_ID_REUSED: HTTPStatus.CONFLICT,
    ProblemCode.TEXT_EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.TEXT_TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.TEXT_ILLEGAL: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ProblemCode.DRAFT_FULL: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ProblemCode.EDITS_CONFLICT: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.NO_CHANGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.STALE: HTTPStatus.CONFLICT,
    ProblemCode.UPDATE_MISSING: HTTPStatus.CONFLICT,
    ProblemCode.SECTION_LOCKED: HTTPStatus.CONFLICT,
    ProblemCode.ROUND_OPEN: HTTPStatus.CONFLICT,
    ProblemCode.ROUND_CLOSED: HTTPStatus.CONFLICT,
    ProblemCode.ROUND_CONSOLIDATED: HTTPStatus.CONFLICT,
    ProblemCode.AMENDMENT_CLOSED: HTTPStatus.CONFLICT,
    ProblemCode.CONFLICT: HTTPStatus.CONFLICT,
    ProblemCode.AMENDMENTS_UNACCOUNTED: HTTPStatus.CONFLICT,
    ProblemCode.NOT_WORD: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.FILE_HOSTILE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.FILE_EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.FILE_UNSUPPORTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.FILE_UNRELATED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ProblemCode.STORAGE_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    ProblemCode.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_CODES = {
    HTTPStatus.NOT_FOUND: ProblemCode.UNKNOWN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemCode.TOO_LARGE,
    HTTPStatus.INTERNAL_SERVER_ERROR: ProblemCode.INTERNAL,
}
"""The codes of what the framework refuses by itself; anything else it refuses is malformed."""
_KEPT = {HTTPStatus.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED}
"""Its statuses that say more than the code does."""
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    # The server drops a connection on which something unforeseen happened; whoever is told does not ask there again.
    HTTPStatus.INTERNAL_SERVER_ERROR: {"Connection": "close"},
    # What is left of a body that is too large is not read.
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {"Connection": "close"},
}
MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 5
_LONGEST_NAME = 80


class Problem(BaseModel):
    """A problem document (RFC 9457): ``code`` is stable, ``detail`` a sentence for the person who asked.

    Further fields are facts for programs.
    """

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: ProblemCode
    detail: str


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "The room says no, and why",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""What every route may answer besides what it promises; for the API's description."""


def refusal_of(failure: Exception) -> Refusal:
    """Say any failure as a refusal; what nobody foresaw is ``internal`` and tells nothing of its inside."""
    match failure:
        case Refusal():
            return failure
        case RequestValidationError() | ValidationError():
            return malformed(failure)
        case DiskFull():
            return Refusal(ProblemCode.STORAGE_FULL, "The server's disk is full; nothing was stored.")
        case ConnectionLostError():
            sentence = "The database went away; what you sent may have been stored. Send it again, with the same id."
            return Refusal(ProblemCode.BUSY, sentence)
        case _:
            return Refusal(ProblemCode.INTERNAL, "Something went wrong at our end; nothing was stored.")


def malformed(failure: RequestValidationError | ValidationError) -> Refusal:
    """Say what is wrong with what was sent: where, and why; never the input itself."""
    faults = failure.errors()
    if any(fault["type"].startswith("union_tag") and fault["loc"][-1:] in {(), ("command",)} for fault in faults):
        return Refusal(ProblemCode.UNKNOWN_KIND, "There is no frame or command of this kind.")
    said = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in faults[:_MOST_FAULTS]]
    return Refusal(ProblemCode.MALFORMED, "; ".join(said) + ".")


def _place(loc: tuple[int | str, ...]) -> str:
    """Name the place of a fault. Names of unknown fields are the sender's: they are cut, and may hold anything."""
    named = ".".join(str(step)[:_LONGEST_NAME] for step in loc)
    return named.encode("utf-8", "replace").decode() or "body"


def answer(failure: Exception, status: HTTPStatus | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """Give the problem document of a failure, at the status that its code has if none is given."""
    refusal = refusal_of(failure)
    status = status or STATUSES[refusal.code]
    problem = Problem(
        type=f"urn:drafting-room:problem:{refusal.code}",
        title=status.phrase,
        status=status.value,
        code=refusal.code,
        detail=refusal.detail,
        **{name: fact for name, fact in refusal.facts.items() if name not in Problem.model_fields},
    )
    waiting = {"Retry-After": str(refusal.facts["retry_after"])} if "retry_after" in refusal.facts else {}
    said = {**_HEADERS.get(status, {}), **waiting, **(headers or {})}
    return Response(problem.model_dump_json(), status.value, said, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make the app answer every failure as a problem."""

    async def refused(_request: Request, failure: Exception) -> Response:
        return answer(failure)

    async def other(_request: Request, failure: Exception) -> Response:
        if not isinstance(failure, HTTPException) or isinstance(failure.__cause__, Refusal):
            # What our own layers refuse while a body is being read comes wrapped.
            return answer(failure.__cause__ if isinstance(failure.__cause__, Refusal) else failure)
        status = HTTPStatus(failure.status_code)
        said = Refusal(_CODES.get(status, ProblemCode.MALFORMED), str(failure.detail))
        return answer(said, _KEPT.get(status), failure.headers)

    for kind in (Refusal, RequestValidationError, ValidationError, DiskFull, Exception):
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(HTTPException, other)
