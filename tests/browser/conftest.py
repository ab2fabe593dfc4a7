"""A real Chromium on the demonstration, served by a real process."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.server import Server, served

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")  # no longer: while it is open, nothing else in this process can run a loop
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("browser") / "home")
    assert server.run("demo").returncode == 0
    with served(server.home) as running:
        yield running


@pytest.fixture
def enter(chromium: Browser, demonstration: Server) -> Iterator[Callable[..., Page]]:
    """Sign somebody in, in a browser of their own; any script error or refused resource fails the test."""
    pages: list[Page] = []
    wrong: list[str] = []

    def signed_in(handle: str, width: int = 1440) -> Page:
        page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        pages.append(page)
        page.goto(demonstration.told("sign-in", handle)["link"])
        page.get_by_role("heading", name="Documents").wait_for()
        return page

    yield signed_in
    for page in pages:
        page.context.close()
    assert wrong == []
