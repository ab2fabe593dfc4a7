"""Marked-up files are sent as one form, their names and whose they are beside them."""

from pathlib import Path

from drafting.protocol.words import CommentAudience
from drafting_client.filing import import_marked


def test_files_are_sent_with_what_is_asked_of_them(tmp_path: Path) -> None:
    (tmp_path / "arv.docx").write_bytes(b"PK1")
    call = import_marked(
        "do/1", [tmp_path / "arv.docx", ("bor.docx", b"PK2")], "note_taker", delegations=["ARV", "BOR"], take=True
    )
    assert (call.method, call.path) == ("POST", "documents/do%2F1/imports")
    assert call.files == [("arv.docx", b"PK1"), ("bor.docx", b"PK2")]
    assert call.form == {
        "capacity": "note_taker",
        "audience": CommentAudience.SECRETARIAT,
        "delegation": ["ARV", "BOR"],
        "author": (),
        "only": (),
        "take": "true",
    }
    assert call.read(b'{"taken": true, "files": [], "review": [], "later": 1}').taken
