import gzip
from pathlib import Path

import pytest

from drafting.http import page
from tests.http.hosting import Room

INDEX = "<!doctype html><title>Drafting Room</title>"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built page of a few files."""
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    script = folder / "assets/index-abc.js"
    script.write_text("let a = 1;")
    script.with_name("index-abc.js.gz").write_bytes(gzip.compress(b"let a = 1;"))
    (folder / "assets/notes.secret").write_text("not a type that is served")
    (tmp_path / "outside.js").write_text("outside")
    monkeypatch.setattr(page, "FOLDER", folder)
    return folder


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/", "/documents/do_1/compare", "/websters"])
def test_any_path_of_the_page_gives_the_page_under_a_strict_policy(room: Room, path: str) -> None:
    with room.client(None) as client:
        answer = client.get(path)
    assert answer.text == INDEX
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.usefixtures("built")
def test_a_built_file_is_kept_for_good_and_sent_packed_to_those_who_can_unpack(room: Room) -> None:
    with room.client(None) as client:
        packed = client.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
        plain = client.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", "let a = 1;")
    assert "content-encoding" not in plain.headers
    assert plain.text == "let a = 1;"
    for answer in (packed, plain):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/%2e%2e/outside.js", "/assets/..%2f..%2foutside.js", "/assets/notes.secret"])
def test_nothing_else_of_the_machine_is_served(room: Room, path: str) -> None:
    with room.client(None) as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


@pytest.mark.usefixtures("built")
def test_monitoring_may_ask_for_the_head_of_the_page(room: Room) -> None:
    with room.client(None) as client:
        answer = client.head("/")
    assert (answer.status_code, answer.text) == (200, "")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FOLDER", tmp_path)


@pytest.mark.usefixtures("empty")
def test_a_page_that_is_not_built_says_how_to_build_it(room: Room) -> None:
    with room.client(None) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert "make page" in answer.text
