"""The verbs that read a text closely: what is asked, and how the answers are read."""

from typing import Any

import pytest

from drafting.protocol.reading import ChangeKind, Nature
from drafting_client import calls
from drafting_client.calls import Call, answer

VERSION: dict[str, Any] = {"id": "ve", "document": "do", "name": "Rev.1", "symbol": "BP/CfA/Rev.1", "ordinal": 2}
VERSION |= {"parent": None, "round": None, "standing": "basis", "hash": "", "log_head": "", "issued_by": "sec"}
VERSION |= {"issued_at": "2026-11-28T14:55:00Z", "audience": "all", "recalled": None}


@pytest.mark.parametrize(
    ("call", "path", "query"),
    [
        (calls.provenance("do"), "documents/do/provenance", {}),
        (calls.provenance("do", "ve", "se"), "documents/do/provenance", {"version": "ve", "section": "se"}),
        (calls.literal("do"), "documents/do/literal", {}),
        (calls.literal("do", "ve", named=False), "documents/do/literal", {"version": "ve", "named": "false"}),
        (calls.literal_text("do", named=False), "documents/do/literal.txt", {"named": "false"}),
        (calls.brackets("do"), "documents/do/brackets", {}),
        (calls.brackets("do", "ve", lifted=True), "documents/do/brackets", {"version": "ve", "lifted": "true"}),
        (calls.references("do", "v2", "v1"), "documents/do/references", {"version": "v2", "against": "v1"}),
        (
            calls.compare(
                "do",
                "v1",
                "v2",
                delegations=["ARV", "BOR"],
                sections=["OP1"],
                natures=[Nature.SUBSTANCE],
                kinds=[ChangeKind.ADDED],
                patches=True,
            ),
            "documents/do/compare",
            {
                "from": "v1",
                "to": "v2",
                "delegation": ["ARV", "BOR"],
                "section": ["OP1"],
                "nature": ["substance"],
                "kind": ["added"],
                "patches": "true",
            },
        ),
    ],
)
def test_reading_closely_asks_at_the_address_of_the_contract(call: Call[Any], path: str, query: dict[str, Any]) -> None:
    assert (call.method, call.path, call.query) == ("GET", path, query)


def test_plain_text_comes_back_as_text() -> None:
    assert answer(calls.literal_text("do"), 200, "text/plain; charset=utf-8", "OP1 «Да»".encode()) == "OP1 «Да»"


def test_what_a_newer_server_adds_is_left_out() -> None:
    body = b'{"document": "do", "version": %s, "named": true, "paragraphs": [], "new": 1}'
    said = body % str(VERSION).replace("'", '"').replace("None", "null").encode()
    assert answer(calls.literal("do"), 200, "application/json", said).version.name == "Rev.1"
