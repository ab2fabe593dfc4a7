"""The wire contract: closed to the server's senders, open to its readers; and every code means something."""

import inspect
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel, ValidationError

import drafting
from drafting.http.problems import STATUSES
from drafting.protocol import answers, base, commands, edits, events, frames, reading, searching, views
from drafting.protocol.commands import COMMAND
from drafting.protocol.frames import CLIENT_FRAME
from drafting.protocol.problems import ProblemCode

MODULES: tuple[ModuleType, ...] = (answers, base, commands, edits, events, frames, reading, searching, views)


def models() -> set[type[BaseModel]]:
    found = {value for module in MODULES for value in vars(module).values() if inspect.isclass(value)}
    return {model for model in found if issubclass(model, BaseModel) and model is not BaseModel}


def test_every_wire_model_is_frozen_and_refuses_what_it_does_not_know() -> None:
    assert len(models()) > 60
    for model in models():
        assert model.model_config.get("frozen") is True, model
        # Events alone are read leniently: a newer server may say more.
        assert model.model_config.get("extra") == ("ignore" if model is events.EventView else "forbid"), model


def test_a_command_with_a_field_or_a_kind_that_nobody_knows_is_refused() -> None:
    close = {"kind": "close_round", "capacity": "chair", "document": "do_" + "0" * 26, "round": "ro_" + "0" * 26}
    COMMAND.validate_python(close)
    for wrong in ({**close, "mood": "good"}, {**close, "kind": "update"}, {**close, "round": "ro_1"}, {}, [], None, 7):
        with pytest.raises(ValidationError):
            COMMAND.validate_python(wrong)


def test_a_frame_with_a_field_or_a_type_that_nobody_knows_is_refused() -> None:
    CLIENT_FRAME.validate_python({"type": "ping"})
    for wrong in ({"type": "ping", "loud": True}, {"type": "pong"}, {"type": "subscribe", "document": "x"}, {}):
        with pytest.raises(ValidationError):
            CLIENT_FRAME.validate_python(wrong)


def test_every_code_is_given_somewhere_and_has_a_status() -> None:
    root = Path(inspect.getfile(drafting)).parent
    sources = [
        file
        for file in root.rglob("*.py")
        if file.parts[-2:] not in {("http", "problems.py"), ("protocol", "problems.py")}
    ]
    said = "".join(file.read_text(encoding="utf-8") for file in sources)
    answered = (root / "http" / "problems.py").read_text(encoding="utf-8")
    # These are the answers to failures, which only that module names; elsewhere they are no refusals.
    by_failure = {ProblemCode.STORAGE_FULL, ProblemCode.INTERNAL, ProblemCode.UNKNOWN_KIND}
    for code in ProblemCode:
        name = f"ProblemCode.{code.name}"
        assert code in STATUSES, code
        assert 400 <= STATUSES[code] < 600
        # A socket without a valid ticket is closed with the code as its reason.
        given = answered.count(f"Refusal({name}") if code in by_failure else said.count(name) + said.count(f'"{code}"')
        assert given, f"nobody gives {code}"
    assert set(STATUSES) == set(ProblemCode)


def test_ids_of_the_wrong_sort_are_refused() -> None:
    said = {"kind": "withdraw_amendment", "capacity": "head:ARV", "document": "do_" + "0" * 26}
    for wrong in ("co_" + "0" * 26, "am_" + "0" * 25, "am_" + "I" * 26, "am_" + "0" * 26 + "\n", ""):
        with pytest.raises(ValidationError):
            COMMAND.validate_python({**said, "amendment": wrong})
