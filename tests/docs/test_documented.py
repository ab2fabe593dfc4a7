"""Whatever has a name outside is documented: in the generated reference, and by hand where people look for it."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi.routing import APIRoute

from drafting.cli import app as command_line
from drafting.config import Limits, Settings
from drafting.house import House
from drafting.http.app import create_app
from drafting.http.problems import STATUSES
from drafting.policy import POLICY
from drafting.protocol.commands import COMMAND, COMMANDS
from drafting.protocol.events import PAYLOADS
from drafting.protocol.problems import ProblemCode

HERE = Path(__file__).parents[2]
DOCS = HERE / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
WRITTEN = [HERE / "README.md", HERE / "CHANGELOG.md", HERE / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
BY_HAND = [page for page in WRITTEN if page.parent.name != "reference"]
PICTURES = DOCS / "pictures"
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SETTINGS = [f"DRAFTING_{name}".upper() for name in Settings.model_fields if name != "limits"]
SETTINGS += [f"DRAFTING_MOST_{name}".upper() for name in Limits.model_fields]
PARAMETERS = typer.main.get_command(command_line).commands  # type: ignore[attr-defined]  # it is a group
VERBS = sorted(PARAMETERS)


@cache
def reference() -> dict[str, str]:
    """Give the pages that ``make docs`` would write, whether or not it has run."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


@cache
def guides() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)


@cache
def text_of(page: Path) -> str:
    if page.parent == DOCS / "reference":
        return reference()[page.name]
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Give the fragments that a page's headings can be reached by."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def there(page: Path) -> bool:
    return page.exists() or (page.parent == DOCS / "reference" and page.name in reference())


@pytest.mark.parametrize("model", COMMANDS, ids=lambda model: model.__name__)
def test_every_command_is_in_the_reference_with_all_its_fields(model: Any) -> None:
    kind = model.model_fields["kind"].default
    section = re.split(r"^## ", reference()["commands.md"], flags=re.MULTILINE)
    told = next(part for part in section if part.startswith(f"`{kind}`"))
    assert [name for name in model.model_fields if name != "kind" and f"| `{name}` |" not in told] == []
    assert f"| `{kind}` |" in reference()["policy.md"]


def test_every_command_says_who_may_give_it() -> None:
    assert "| `decide_section` | chair, secretary | the round is open or closed |" in reference()["policy.md"]
    assert "| `import_document` | secretary | always |" in reference()["policy.md"]
    assert reference()["commands.md"].count("Who may: ") == len(POLICY) == len(COMMANDS)


def test_every_event_is_in_the_reference() -> None:
    kinds = [model.model_fields["kind"].default for model in PAYLOADS]
    assert [kind for kind in kinds if f"## `{kind}`" not in reference()["events.md"]] == []


def test_every_problem_code_is_explained_with_its_status() -> None:
    by_hand = (DOCS / "problems.md").read_text(encoding="utf-8")
    told = {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", by_hand, re.MULTILINE)}
    assert told == {code.value: STATUSES[code].value for code in ProblemCode}
    assert [c for c in ProblemCode if f"| `{c}` | {STATUSES[c].value} " not in reference()["problems.md"]] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_command_line_is_in_the_reference_and_in_a_guide(verb: str) -> None:
    assert f"## `drafting {verb}`" in reference()["command-line.md"]
    assert re.search(rf"`{verb}`|\bdrafting {verb}\b", guides())


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_reference_and_in_a_guide(setting: str) -> None:
    assert f"| `{setting}` |" in reference()["settings.md"]
    assert f"| `{setting}` |" in guides()


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.relative_to(HERE).as_posix())
def test_no_page_calls_a_verb_or_an_option_that_is_not_there(page: Path) -> None:
    for line in "\n".join(FENCED.findall(text_of(page))).splitlines():
        if called := re.match(r"(?:DRAFTING_\w+=\S+ )?drafting ([a-z-]+)(.*)", line):
            verb, rest = called.groups()
            assert verb in VERBS, line
            known = {opt for parameter in PARAMETERS[verb].params for opt in parameter.opts}
            plain = re.sub(r"""'.*|".*?"|\|\|.*|#.*""", "", rest)
            assert set(re.findall(r"(?<!\S)-{1,2}[a-z][a-z-]*", plain)) <= known, line
    assert set(re.findall(r"`drafting ([a-z-]+)", text_of(page))) <= set(VERBS)


def test_the_commands_that_the_guides_give_are_commands() -> None:
    given = re.findall(r"drafting do [^']*'(\{.*?\})'\n", guides(), re.DOTALL)
    kinds = {COMMAND.validate_json(text.replace("pr_…", f"pr_{'0' * 26}")).kind for text in given}
    assert kinds == {"create_process", "admit_delegation", "accredit_participant"}


def test_no_page_names_a_setting_that_is_none() -> None:
    named = {name for page in BY_HAND for name in re.findall(r"DRAFTING_[A-Z_]+", text_of(page))}
    assert named - set(SETTINGS) == set()


def test_every_route_is_in_the_reference(house: House) -> None:
    api = create_app(house).openapi()["paths"]
    routes = [f"`{method.upper()} {path}`" for path, methods in api.items() for method in methods]
    assert len(routes) > 20
    assert [route for route in routes if route not in reference()["http.md"]] == []
    hidden = [r.path for r in create_app(house).routes if isinstance(r, APIRoute) and not r.include_in_schema]
    assert [path for path in [*hidden, "/ws", "/openapi.json"] if path not in reference()["http.md"]] == []


FRAMES = ["subscribe", "unsubscribe", "command", "here", "ping"]
FRAMES += ["subscribed", "event", "receipt", "refusal", "reset", "presence", "heartbeat"]


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_of_the_socket_is_in_the_reference(frame: str) -> None:
    assert f"### `{frame}`" in reference()["socket.md"]


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.relative_to(HERE).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCED.sub("", text_of(page))):
        if target.startswith("https://") or (page.parent / target).parent == PICTURES:
            continue
        path, _, fragment = target.partition("#")
        there_at = (page.parent / path).resolve() if path else page
        assert there(there_at), target
        assert not fragment or fragment in anchors(there_at), target


def test_every_page_of_the_reference_links_to_what_is_there() -> None:
    for name, text in reference().items():
        for target in LINK.findall(text):
            path, _, fragment = target.partition("#")
            page = (DOCS / "reference" / path).resolve() if path else DOCS / "reference" / name
            assert there(page), (name, target)
            assert not fragment or fragment in anchors(page), (name, target)


def test_the_pictures_are_those_that_the_readme_shows() -> None:
    shown = {target for target in LINK.findall(text_of(HERE / "README.md")) if target.startswith("docs/pictures/")}
    taken = {f"docs/pictures/{file.name}" for file in PICTURES.glob("*.png")}
    assert shown == {"docs/pictures/room.png", "docs/pictures/compare.png"}
    assert not taken or shown <= taken


DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_says_what_would_change_our_mind(page: Path) -> None:
    text = text_of(page)
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[0].startswith(f"# {int(page.name[:4])}. ")
    assert parts[1::2] == ["Context", "Decision", "Consequences", "What would change our mind"]
    assert all(len(part.split()) >= 10 for part in parts[2::2])
    assert f"]({page.name})" in text_of(DOCS / "decisions" / "README.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_persona_has_a_guide_that_the_readme_names() -> None:
    names = {"delegate", "secretariat", "chair", "note-taker", "ministry-it", "operator", "developer"}
    assert {page.stem for page in GUIDES} == names
    assert [name for name in names if f"](docs/guides/{name}.md)" not in text_of(HERE / "README.md")] == []
