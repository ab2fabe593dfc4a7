import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI

from drafting.protocol.commands import COMMANDS
from drafting.protocol.events import KINDS
from tests.http.hosting import Room

ROUTES = {
    "POST /api/v1/commands",
    "GET /api/v1/me",
    "GET /api/v1/processes",
    "GET /api/v1/documents",
    "GET /api/v1/documents/{document}",
    "GET /api/v1/documents/{document}/snapshot",
    "GET /api/v1/documents/{document}/events",
    "GET /api/v1/documents/{document}/versions",
    "GET /api/v1/documents/{document}/versions/{version}",
    "GET /api/v1/documents/{document}/versions/{version}/lint",
    "GET /api/v1/documents/{document}/amendments",
    "GET /api/v1/documents/{document}/comments",
    "GET /api/v1/documents/{document}/compilation",
    "GET /api/v1/documents/{document}/compare",
    "GET /api/v1/documents/{document}/provenance",
    "GET /api/v1/documents/{document}/literal",
    "GET /api/v1/documents/{document}/literal.txt",
    "GET /api/v1/documents/{document}/brackets",
    "GET /api/v1/documents/{document}/references",
    "GET /api/v1/documents/{document}/desk",
    "GET /api/v1/documents/{document}/carried",
    "GET /api/v1/documents/{document}/drafts",
    "GET /api/v1/documents/{document}/drafts/{draft}",
    "GET /api/v1/documents/{document}/drafts/{draft}/carried",
    "POST /api/v1/documents/{document}/drafts/{draft}/tokens",
    "POST /api/v1/documents/{document}/desk/preview",
    "GET /api/v1/documents/{document}/standing",
    "GET /api/v1/documents/{document}/search",
    "GET /api/v1/documents/{document}/news",
    "GET /api/v1/documents/{document}/positions",
    "GET /api/v1/documents/{document}/tallies",
    "GET /api/v1/documents/{document}/export",
    "POST /api/v1/documents/{document}/imports",
    "POST /api/v1/imports",
    "POST /api/v1/imports/rehearsal",
    "POST /api/v1/tickets",
    "PUT /api/v1/me/password",
    "GET /api/v1/me/credentials",
    "DELETE /api/v1/me/credentials/{credential}",
    "POST /api/v1/processes/{process}/people",
    "POST /api/v1/sessions",
    "DELETE /api/v1/sessions",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
}
PUBLIC = {"POST /api/v1/sessions", "GET /healthz", "GET /readyz", "GET /metrics"}
FRAMES = {
    "clientFrame": {"subscribe", "unsubscribe", "command", "here", "ping"},
    "serverFrame": {"subscribed", "event", "receipt", "refusal", "reset", "presence", "heartbeat"},
}


@pytest.fixture(scope="module")
def openapi(room: Room) -> dict[str, Any]:
    with room.client(None) as client:
        described: dict[str, Any] = client.get("/openapi.json").raise_for_status().json()
    return described


@pytest.fixture(scope="module")
def asyncapi(room: Room) -> dict[str, Any]:
    with room.client(None) as client:
        described: dict[str, Any] = client.get("/asyncapi.json").raise_for_status().json()
    return described


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def dangling(described: Any, whole: Any) -> Iterator[str]:
    """Every reference that leads nowhere."""
    if isinstance(described, dict):
        if isinstance(described.get("$ref"), str):
            at = whole
            for step in described["$ref"].removeprefix("#/").split("/"):
                at = at.get(step) if isinstance(at, dict) else None
            if at is None:
                yield described["$ref"]
        for part in described.values():
            yield from dangling(part, whole)
    if isinstance(described, list):
        for part in described:
            yield from dangling(part, whole)


def test_every_route_that_scripts_rely_on_is_described_and_no_other(openapi: dict[str, Any]) -> None:
    assert {name for name, _ in operations(openapi)} == ROUTES


def test_the_description_is_openapi_and_whole(openapi: dict[str, Any]) -> None:
    assert OpenAPI.model_validate(openapi).openapi.startswith("3.1")
    assert list(dangling(openapi, openapi)) == []
    for name, operation in operations(openapi):
        assert operation.get("description"), name


def test_every_route_but_the_public_ones_asks_who_you_are(openapi: dict[str, Any]) -> None:
    assert {name for name, operation in operations(openapi) if operation.get("security") == []} == PUBLIC
    assert openapi["security"] == [{"token": []}, {"session": []}]
    assert set(openapi["components"]["securitySchemes"]) == {"token", "session"}


def test_every_route_of_the_api_says_what_a_refusal_looks_like(openapi: dict[str, Any]) -> None:
    for name, operation in operations(openapi):
        if "/api/v1/" in name:
            assert "422" not in operation["responses"], name
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
    problem = openapi["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "code", "detail"} <= set(problem["properties"])
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def test_every_kind_of_command_is_described(openapi: dict[str, Any]) -> None:
    command = openapi["components"]["schemas"]["Envelope"]["properties"]["command"]
    assert set(command["discriminator"]["mapping"]) == {model.model_fields["kind"].default for model in COMMANDS}


def test_a_file_is_described_as_a_word_file_or_a_spreadsheet(openapi: dict[str, Any]) -> None:
    content = openapi["paths"]["/api/v1/documents/{document}/export"]["get"]["responses"]["200"]["content"]
    office = "application/vnd.openxmlformats-officedocument"
    assert set(content) == {f"{office}.wordprocessingml.document", f"{office}.spreadsheetml.sheet"}
    upload = openapi["paths"]["/api/v1/imports"]["post"]["requestBody"]["content"]
    assert list(upload) == ["multipart/form-data"]


def test_the_sockets_description_names_every_frame_command_and_event(asyncapi: dict[str, Any]) -> None:
    assert asyncapi["asyncapi"] == "3.0.0"
    room = asyncapi["channels"]["room"]
    assert room["address"] == "/ws"
    for message, types in FRAMES.items():
        assert set(room["messages"][message]["payload"]["discriminator"]["mapping"]) == types
    parts = asyncapi["components"]["messages"]
    assert set(parts["command"]["payload"]["discriminator"]["mapping"]) == {
        model.model_fields["kind"].default for model in COMMANDS
    }
    assert set(parts["eventPayload"]["payload"]["discriminator"]["mapping"]) == KINDS
    assert list(dangling(asyncapi, asyncapi)) == []


def test_who_sends_which_frame_is_said(asyncapi: dict[str, Any]) -> None:
    sent = {name: operation["messages"] for name, operation in asyncapi["operations"].items()}
    assert sent == {
        "receive": [{"$ref": "#/channels/room/messages/clientFrame"}],
        "send": [{"$ref": "#/channels/room/messages/serverFrame"}],
    }
    assert {operation["action"] for operation in asyncapi["operations"].values()} == {"send", "receive"}


def test_both_descriptions_are_plain_json(openapi: dict[str, Any], asyncapi: dict[str, Any]) -> None:
    for described in (openapi, asyncapi):
        assert json.loads(json.dumps(described, allow_nan=False)) == described
