"""What all verbs share: how they open the house, answer, and fail."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from drafting.config import Settings
from drafting.house import House
from drafting.protocol.problems import Refusal

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Negotiate a text: one base, many proposals, one compilation."
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="The handle of the participant who acts.")]
T = TypeVar("T")


def fail(status: int, refusal: Refusal) -> NoReturn:
    """Say in one line what went wrong, with its code, and end."""
    if "--json" in sys.argv:
        typer.echo(json.dumps({"code": refusal.code, "detail": refusal.detail, **refusal.facts}), err=True)
    else:
        typer.echo(f"{refusal.detail} ({refusal.code})", err=True)
    raise SystemExit(status)


@contextmanager
def opened() -> Iterator[House]:
    """Open the house that the settings name, for a while."""
    house = House(Settings())
    try:
        yield house
    finally:
        house.close()


def say(content: BaseModel | dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Answer: the content for programs, the sentence for people."""
    if as_json:
        typer.echo(content.model_dump_json() if isinstance(content, BaseModel) else json.dumps(content))
    else:
        typer.echo(sentence)


def working(title: str, work: Callable[[], T]) -> T:
    """Do something that may take long, with a bar where somebody is looking."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        bar.add_task(title)
        return work()
