import re
import tomllib
from pathlib import Path
from typing import TypedDict

import pytest

from drafting.domain.diff import diff
from drafting.domain.text import Op


class Case(TypedDict):
    diff: str
    why: str


CASES: list[Case] = tomllib.loads((Path(__file__).parent / "golden" / "sentences.toml").read_text())["case"]
_MARKED = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}")
_SHAPES = {Op.KEEP: "%s", Op.DELETE: "[-%s-]", Op.INSERT: "{+%s+}"}


def marked(case: Case) -> str:
    """What the engine makes of the pair."""
    old = _MARKED.sub(lambda found: found[1] or "", case["diff"])
    new = _MARKED.sub(lambda found: found[2] or "", case["diff"])
    return "".join(_SHAPES[span.op] % span.text for span in diff(old, new))


def test_there_are_forty_sentences_each_with_its_reason() -> None:
    assert len(CASES) == 40
    assert all(case["why"].endswith(".") for case in CASES)
    assert len({case["diff"] for case in CASES}) == 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["diff"][:40])
def test_a_sentence_is_marked_as_a_person_would_mark_it(case: Case) -> None:
    assert marked(case) == case["diff"], case["why"]
