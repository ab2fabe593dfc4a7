import io
import multiprocessing
import os
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import pytest

from tests.http.hosting import Room, hosted

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MARKDOWN = """# Draft [Declaration

*Recalling* the commitments,

1. States shall act [promptly.

2. States shall report.
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("small"), upload_bytes=20_000) as room:
        yield room


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    document.add_heading("Draft Memorandum", 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def sent(room: Room, name: str, content: bytes, handle: str = "sec", **changed: str | None) -> Any:
    id_ = room.house.mint.command(room.house.now())
    fields = {"process": room.process, "symbol": "T/2", "capacity": "secretary", "id": id_, **changed}
    kept = {field: value for field, value in fields.items() if value is not None}
    with room.client(handle) as client:
        return client.post("/api/v1/imports", data=kept, files={"file": (name, content)})


def test_markdown_becomes_a_document_and_its_lone_brackets_are_listed(room: Room) -> None:
    answer = sent(room, "draft.md", MARKDOWN.encode())
    assert answer.status_code == 200, answer.text
    imported = answer.json()
    made = imported["receipt"]["made"]
    assert len(imported["lint"]) == 2
    with room.client("arv") as client:
        lint = client.get(f"/api/v1/documents/{made['document']}/versions/{made['version']}/lint").json()
        sections = client.get(f"/api/v1/documents/{made['document']}/snapshot").json()["sections"]
    assert lint["items"] == imported["lint"]
    assert "States shall report." in [section["text"] for section in sections]


def test_a_word_file_becomes_a_document(room: Room) -> None:
    imported = sent(room, "memo.docx", word("States shall act.", "States shall report.")).json()
    with room.client("arv") as client:
        sections = client.get(f"/api/v1/documents/{imported['receipt']['made']['document']}/snapshot").json()[
            "sections"
        ]
    assert [section["text"] for section in sections] == [
        "Draft Memorandum",
        "States shall act.",
        "States shall report.",
    ]


def test_a_file_sent_again_is_taken_once(room: Room) -> None:
    id_ = room.house.mint.command(room.house.now())
    first, again = (sent(room, "draft.md", MARKDOWN.encode(), id=id_).json() for _ in range(2))
    assert first == again
    other = sent(room, "draft.md", b"# Another\n\n1. Text.\n", id=id_)
    assert (other.status_code, other.json()["code"]) == (409, "command_id_reused")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.docx", b"", "file_empty"),
        ("blank.md", b" \n\n", "file_empty"),
        ("picture.docx", PNG, "not_word"),
        ("picture.md", PNG, "not_word"),
        ("text.docx", b"This is no zip.", "not_word"),
        ("cut.docx", word("Text.")[:200], "not_word"),
        ("latin.txt", "Déclaration".encode("latin-1"), "text_illegal"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(room: Room, name: str, content: bytes, code: str) -> None:
    answer = sent(room, name, content)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


def test_a_zip_that_is_no_word_file_is_refused(room: Room) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert sent(room, "archive.docx", target.getvalue()).json()["code"] in {"not_word", "file_unsupported"}


@pytest.mark.parametrize("field", ["process", "symbol", "capacity", "id"])
def test_a_missing_field_is_named(room: Room, field: str) -> None:
    answer = sent(room, "draft.md", MARKDOWN.encode(), **{field: None})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert field in answer.json()["detail"]


@pytest.mark.parametrize(("field", "value"), [("id", "1"), ("process", "x"), ("symbol", "{n}"), ("title", "t" * 201)])
def test_a_field_that_cannot_be_is_named(room: Room, field: str, value: str) -> None:
    answer = sent(room, "draft.md", MARKDOWN.encode(), **{field: value})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert field in answer.json()["detail"]


def test_a_missing_file_is_named(room: Room) -> None:
    with room.client("sec") as client:
        answer = client.post("/api/v1/imports", data={"process": room.process})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "file" in answer.json()["detail"]


def test_a_form_that_is_none_is_malformed(room: Room) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    with room.client("sec") as client:
        for content in (b"", b"--x\r\nnonsense", b"\xff" * 100):
            answer = client.post("/api/v1/imports", content=content, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_delegate_takes_no_text_in(room: Room) -> None:
    answer = sent(room, "draft.md", MARKDOWN.encode(), handle="arv")
    assert (answer.status_code, answer.json()["code"]) == (403, "capacity_not_held")


def test_a_file_that_is_too_large_is_refused(small: Room) -> None:
    answer = sent(small, "large.md", b"# Title\n\n" + b"Words. " * 3_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert sent(small, "draft.md", MARKDOWN.encode()).status_code == 200


def test_a_much_too_large_upload_is_cut_off_while_it_comes(small: Room) -> None:
    begun = time.monotonic()
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
        for _ in range(100_000):
            read += 10_000
            yield b"a" * 10_000

    with small.client("sec") as client:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        answer = client.post("/api/v1/imports", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert read < 100_000_000
    assert time.monotonic() - begun < 10


def test_an_export_is_a_word_file_with_a_safe_name(room: Room) -> None:
    with room.client("arv") as client:
        answer = client.get(f"/api/v1/documents/{room.document}/export", params={"form": "clean"})
    assert answer.headers["content-disposition"] == 'attachment; filename="T-1-Zero-draft.docx"'
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert any("States shall take appropriate measures." in text for text in texts)


def test_an_export_of_what_is_not_there_is_refused(room: Room) -> None:
    with room.client("arv") as client:
        path = f"/api/v1/documents/{room.document}/export"
        nothing = client.get(path, params={"form": "clean", "version": "ve_00000000000000000000000000"})
        form = client.get(path, params={"form": "pdf"})
    assert (nothing.status_code, nothing.json()["code"]) == (404, "unknown")
    assert (form.status_code, form.json()["code"]) == (422, "malformed")


def test_a_reader_process_that_died_is_replaced(room: Room) -> None:
    assert sent(room, "draft.md", MARKDOWN.encode()).status_code == 200
    assert room.house.apart(os.getpid).result() != os.getpid()
    for process in multiprocessing.active_children():
        process.kill()
    statuses = [sent(room, "draft.md", MARKDOWN.encode()).status_code for _ in range(2)]
    assert statuses[-1] == 200
