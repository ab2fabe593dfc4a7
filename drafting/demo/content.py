"""The demonstration's files: texts in Markdown, and in TOML what happens to them."""

import tomllib
from importlib.resources import files
from typing import Any

from drafting.word.importing import ImportedDraft, read_draft


def content(name: str) -> dict[str, Any]:
    """Read what happens."""
    return tomllib.loads((files("drafting.demo") / name).read_text(encoding="utf-8"))


def draft(name: str) -> ImportedDraft:
    """Read a text as the importer understands it."""
    return read_draft(name, (files("drafting.demo") / name).read_bytes())
