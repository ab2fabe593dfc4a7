"""While the disk is slow nothing is doubled: what was let through before a refusal is there once."""

import shutil
from pathlib import Path

from drafting_client import mint
from tests.e2e.hands import hands, staged
from tests.e2e.server import Server
from tests.http.hosting import TEXT

SLOWLY = ("-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=500000")
"""Each sync takes half a second longer."""


def test_what_waited_for_the_disk_when_a_locked_section_was_refused_is_there_once(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    assert strace, "This test needs strace: apt-get install strace (make test does so where it may)."
    server = Server(tmp_path / "home")
    with hands("page.mjs") as pages, hands() as stock:
        try:
            room = staged(server.start((strace, "-D", "-f", "-qq", *SLOWLY, "-o", "/dev/null"))).anew()
            _title, preamble, act, _report = room.sections
            room.lock(preamble)
            page, watcher = pages(mint()), room.sit(stock(mint()), "arv")
            page.do("open", **room.door("notes"))
            page.do("insert", section=act, text="All ")
            page.do("insert", section=preamble, text="No: ")
            page.do("wait", connection="live", saved=True, kept=1)
            chair = room.sit(stock(mint()), "chair", acks=True)
            chair.types(room.sections[3], "Now, ")
            chair.do("wait", **{"for": "durable"})
            assert watcher.text(act) == page.do("text", section=act) == f"All {TEXT[2][3]}"
        finally:
            server.kill()
