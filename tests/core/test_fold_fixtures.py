"""The fold in Python agrees with the web client's on the cases that both read."""

import json
from pathlib import Path
from typing import Any

import pytest

from drafting.protocol.events import EventView
from drafting.protocol.fold import fold
from drafting.protocol.views import Snapshot

FOLDER = Path(__file__).parents[2] / "clients" / "web" / "tests" / "fixtures"
CASES: list[dict[str, Any]] = [
    case for file in sorted(FOLDER.glob("fold-*.json")) for case in json.loads(file.read_text())
]


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_shared_case_folds_to_what_was_written_by_hand(case: dict[str, Any]) -> None:
    snapshot = Snapshot.model_validate(case["snapshot"])
    for happened in case["events"]:
        snapshot = fold(snapshot, EventView.model_validate(happened["event"]), happened["cursor"])
    assert snapshot.model_dump(mode="json") == Snapshot.model_validate(case["after"]).model_dump(mode="json")
