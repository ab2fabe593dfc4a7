"""Writes the reference from the code itself: ``make docs`` puts it into ``docs/reference/``."""  # noqa: INP001 - a script

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import typer
from pydantic import BaseModel

from drafting.cli import app as command_line
from drafting.config import Limits, Settings
from drafting.house import House
from drafting.http.app import create_app
from drafting.http.problems import STATUSES
from drafting.policy import DOORS, HANDS, POLICY, Rule
from drafting.protocol.commands import COMMANDS
from drafting.protocol.events import PAYLOADS
from drafting.protocol.frames import ClientFrame, ServerFrame
from drafting.protocol.words import RoundState

REFERENCE = Path(__file__).parent / "reference"
Schema = dict[str, Any]


def main() -> None:
    """Write all pages."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{REFERENCE}: {len(PAGES) + 1} pages\n")


def pages() -> dict[str, str]:
    """Give each page's file name and its Markdown."""
    written = {name: "\n".join([f"# {title}\n", *write()]) + "\n" for name, (title, write) in PAGES.items()}
    index = [f"- [{title}]({name})" for name, (title, _) in PAGES.items()]
    written["README.md"] = "\n".join(
        ["# Reference\n", "Written by `make docs` from the code. Do not edit.\n", *index, ""]
    )
    return written


def commands() -> Iterator[str]:
    """Tell what each command takes, and who may give it."""
    yield 'Sent to `POST /api/v1/commands` as `{"id": ULID, "command": {"kind": …}}`, or over the socket.\n'
    for model in COMMANDS:
        rule = POLICY[_kind(model)]
        yield f"## `{_kind(model)}`\n\n{_promise(model)}\n\nWho may: {_who(rule)}. When: {_when(rule)}.\n"
        yield from _fields(model.model_json_schema())
    yield from _parts(COMMANDS)


def events() -> Iterator[str]:
    """Tell what each event says."""
    yield "Each event has `stream`, `seq`, `kind`, `by`, `capacity`, `at` and a `payload`, which is one of these.\n"
    for model in PAYLOADS:
        yield f"## `{_kind(model)}`\n\n{_promise(model)}\n"
        yield from _fields(model.model_json_schema())
    yield from _parts(PAYLOADS)


def problems() -> Iterator[str]:
    """Tell the HTTP status of each problem code."""
    yield "What they mean and what to do: [problems](../problems.md).\n"
    yield from _table(("code", "HTTP status"), ((f"`{code}`", f"{s.value} {s.phrase}") for code, s in STATUSES.items()))


def policy() -> Iterator[str]:
    """Print the policy as a table."""
    rows = ((f"`{kind}`", _who(rule), _when(rule)) for kind, rule in POLICY.items())
    yield from _table(("command", "who may", "when"), rows)
    yield "\n## Whose hands are on a working draft\n"
    typing = ((kind, _who(said.type), _when(said.type), ", ".join(sorted(said.lock))) for kind, said in HANDS.items())
    yield from _table(("working draft", "who types", "when", "who locks its sections"), typing)
    yield "\n## The doors of HTTP\n"
    doors = ((f"`{door}`", who if isinstance(who, str) else ", ".join(sorted(who))) for door, who in DOORS.items())
    yield from _table(("door", "who may come through"), doors)


def settings() -> Iterator[str]:
    """Tell each setting's environment variable and default."""
    yield "What they are for: [the operator's guide](../guides/operator.md).\n"
    yield from _table(
        ("variable", "default"), ((f"`{name}`", f"`{said}`" if said else "") for name, said in variables())
    )


def variables() -> Iterator[tuple[str, str]]:
    """Give the environment variable and the default of each setting."""
    for model in (Settings, Limits):
        for name, field in model.model_fields.items():
            if name != "limits":  # they follow under their own names
                yield f"{model.model_config['env_prefix']}{name}".upper(), str(field.default)


def http() -> Iterator[str]:
    """Tell each route, from the app's own description."""
    yield "The full description is served at `/openapi.json`, that of the socket `/ws` at `/asyncapi.json`.\n"
    rows = []
    for path, methods in described()["paths"].items():
        for method, route in methods.items():
            asked = ", ".join(f"`{p['name']}`" for p in route.get("parameters", []) if p["in"] == "query")
            rows.append((f"`{method.upper()} {path}`", _plainly(route.get("description")), asked))
    yield from _table(("route", "what it does", "query"), rows)


def described() -> Schema:
    """Give the app's OpenAPI description, over a house of its own."""
    with TemporaryDirectory() as home:
        house = House(Settings(home=Path(home), database="", secret=""))
        try:
            return create_app(house).openapi()
        finally:
            house.close()


def socket() -> Iterator[str]:
    """Tell the frames that go either way."""
    for title, union in (("From clients", ClientFrame), ("From the server", ServerFrame)):
        yield f"## {title}\n"
        for model in get_args(get_args(union)[0]):
            yield f"### `{model.model_fields['type'].default}`\n\n{_promise(model)}\n"
            yield from _fields(model.model_json_schema())
    yield from _parts(get_args(get_args(ServerFrame)[0]))


def verbs() -> Iterator[str]:
    """Tell each command of the command line."""
    yield "Exit codes: 0 done; 1 refused, or something was found; 2 called wrongly.\n"
    group = typer.main.get_command(command_line)
    for name, verb in sorted(getattr(group, "commands", {}).items()):
        yield f"## `drafting {name}`\n\n{verb.help}\n"
        rows = ((f"`{'`, `'.join(p.opts)}`", getattr(p, "help", None) or "", _default(p)) for p in verb.params)
        yield from _table(("argument or option", "what it is", "default"), rows)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    return f"`{parameter.default}`" if parameter.default not in {None, False, ""} else ""


PAGES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "commands.md": ("Commands", commands),
    "events.md": ("Events", events),
    "problems.md": ("Problem codes", problems),
    "policy.md": ("Who may do what, and when", policy),
    "settings.md": ("Settings", settings),
    "http.md": ("HTTP routes", http),
    "socket.md": ("Socket frames", socket),
    "command-line.md": ("The command line", verbs),
}


def _kind(model: type[BaseModel]) -> str:
    return str(model.model_fields["kind"].default)


def _promise(model: type[BaseModel]) -> str:
    return _plainly(model.__doc__)


def _plainly(promise: str | None) -> str:
    """Give a docstring as one line of Markdown."""
    return " ".join((promise or "").replace("``", "`").split())


def _who(rule: Rule) -> str:
    return ", ".join(sorted(rule.roles)) + (", on their own delegation's only" if rule.own else "")


def _when(rule: Rule) -> str:
    if rule.phases is None:
        return "always"
    return "the round is " + " or ".join(phase for phase in RoundState if phase in rule.phases)


def _parts(models: Iterable[type[BaseModel]]) -> Iterator[str]:
    """Tell what the models are made of."""
    parts: dict[str, Schema] = {}
    for model in models:
        parts |= model.model_json_schema().get("$defs", {})
    yield "## Parts\n"
    for name, schema in sorted(parts.items()):
        yield f"### {name}\n\n{_plainly(schema.get('description'))}\n"
        if "enum" in schema:
            yield f"{_type(schema)}\n"
        yield from _fields(schema)


def _fields(schema: Schema) -> Iterator[str]:
    needed = schema.get("required", [])
    rows = (
        (f"`{name}`", _type(said), "required" if name in needed else f"`{json.dumps(said.get('default'))}`")
        for name, said in schema.get("properties", {}).items()
        if "const" not in said  # that is the kind, which is the heading
    )
    yield from _table(("field", "type", "default"), rows)


def _type(schema: Schema) -> str:
    """Say a JSON Schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if union := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(_type, union)))
    if values := schema.get("enum") or [schema[key] for key in ("const",) if key in schema]:
        return " or ".join(f"`{value}`" for value in values)
    return _plain_type(schema)


def _plain_type(schema: Schema) -> str:
    items = schema.get("prefixItems") or [schema.get("items", {})]
    match schema:
        case {"type": "array"}:
            said = ", ".join(map(_type, items))
            return f"list of {said}" if len(items) == 1 else f"({said})"
        case {"type": "string", "pattern": str(pattern)} if pattern[3:4] == "_":
            return f"id `{pattern[1:4]}…`"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"object of {_type(values)}"
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "anything"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Write a table; nothing where there are no rows."""
    found = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    if found:
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in [list(heads), ["---"] * len(heads), *found]) + "\n"


if __name__ == "__main__":
    main()
