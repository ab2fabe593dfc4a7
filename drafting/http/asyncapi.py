"""The socket's contract as an AsyncAPI document, generated from its frames."""

from typing import Any

from fastapi import APIRouter
from pydantic import TypeAdapter

from drafting.protocol.commands import COMMAND
from drafting.protocol.events import PAYLOAD
from drafting.protocol.frames import CLIENT_FRAME, SERVER_FRAME

router = APIRouter(include_in_schema=False)
_REF = "#/components/schemas/{model}"


@router.get("/asyncapi.json")
def asyncapi() -> dict[str, Any]:
    """Describe ``/ws``: what clients send, what the server sends, and the commands and events inside."""
    schemas: dict[str, Any] = {}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Drafting Room", "version": "1", "description": "Commands in, events out, resumable."},
        "channels": {
            "room": {
                "address": "/ws",
                "bindings": {"ws": {"query": {"type": "object", "properties": {"ticket": {"type": "string"}}}}},
                "messages": {
                    "clientFrame": {"payload": _schema(CLIENT_FRAME, schemas)},
                    "serverFrame": {"payload": _schema(SERVER_FRAME, schemas)},
                },
            }
        },
        "operations": {
            "receive": _operation("receive", "clientFrame"),
            "send": _operation("send", "serverFrame"),
        },
        "components": {
            "messages": {
                "command": {"payload": _schema(COMMAND, schemas)},
                "eventPayload": {"payload": _schema(PAYLOAD, schemas)},
            },
            "schemas": schemas,
        },
    }


def _operation(action: str, message: str) -> dict[str, Any]:
    """Say what the server does (``receive``, ``send``) with which frames."""
    room = "#/channels/room"
    return {"action": action, "channel": {"$ref": room}, "messages": [{"$ref": f"{room}/messages/{message}"}]}


def _schema(adapter: TypeAdapter[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = adapter.json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    return schema
