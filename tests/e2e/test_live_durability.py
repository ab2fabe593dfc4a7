"""What a working draft acknowledged or showed is on disk: under ``kill -9``, and by the server's system calls."""

import random
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drafting_client import mint
from tests.e2e.hands import Hand, hands, staged
from tests.e2e.server import Server
from tests.e2e.test_durability import syncs

WRITERS = ("notes", "sec", "chair", "notes", "sec")
WATCHERS = ("arv", "bor", "cal")
RATE = 60
"""Keystrokes of each writer a second."""


def all_of(crowd: list[Hand], do: str, **given: Any) -> list[Any]:
    """Ask everyone at the same moment; gives the answers."""
    asked = [(hand, hand.begin(do, **given)) for hand in crowd]
    return [hand.hands.end(question) for hand, question in asked]


def test_killed_while_many_type_it_loses_nothing_acknowledged_and_nothing_shown(start: Callable[..., Server]) -> None:
    chance = random.Random()  # noqa: S311 - when to kill, no secret
    # The two who kill have little else to do, and hear everything before the others do: hardly anything comes between.
    with hands() as stock, hands() as alert:
        room = staged(start()).anew()
        come: dict[str, Any] = {"acks": True, "comesBack": False}
        watchers = [room.sit(alert(mint()), "observer", **come)]
        writers = [room.sit(alert(mint()), "chair", **come)]
        writers += [room.sit(stock(mint()), handle, **come) for handle in WRITERS]
        watchers += [room.sit(stock(mint()), handle, **come) for handle in WATCHERS]
        acknowledged = 0
        for killer, moment in ((writers[0], "acknowledged"), (watchers[0], "shown")):
            for number, hand in enumerate(writers):
                hand.do("load", section=room.sections[1 + number % 3], rate=RATE)
            time.sleep(chance.uniform(0.6, 1.2))
            killer.do("killer", pid=room.server.pid, when=moment)
            room.server.kill()
            all_of(writers, "rest")
            all_of([*writers, *watchers], "disconnect")
            room.server.start()
            fresh = room.sit(stock(mint()), "observer")
            there = fresh.do("vector")
            for standing in all_of(writers, "standing"):
                assert there.get(str(standing["client"]), 0) >= standing["durable"] > 0
                acknowledged += standing["durable"]
            for seen in all_of(watchers, "state"):
                assert fresh.do("lacks", bytes=seen["bytes"]) is False
            all_of([*writers, *watchers], "reconnect")
            all_of(writers, "wait", **{"for": "durable"})
            everybody = [fresh, *writers, *watchers]
            all_of(everybody, "wait", **{"for": "synced"})
            all_of(everybody, "wait", hash=room.sit(stock(mint()), "arv").state())
            for standing in all_of(writers, "standing"):
                assert standing["durable"] == standing["clock"]
        assert acknowledged > 2 * RATE


SENT = r"^\d+ +send(?:to|msg)\(\d+(?P<socket><[^>]*>), (?:\{.*iov_base=)?\"\\202(?:\\[0-7]{1,3}|\\.|[^\\])"
"""A whole websocket frame of bytes with up to 125 of them, as strace writes it; what comes next is its message."""
SHOWN = re.compile(SENT + r"\\0\\2(?![0-7])")
ACKNOWLEDGED = re.compile(SENT + r"d")


def syncs_before(trace: str, what: re.Pattern[str], writer: str) -> list[int]:
    """For each such frame, count the log's syncs done since bytes last came through the writer's socket."""
    lines = trace.splitlines()
    counts = []
    for number, line in enumerate(lines):
        if what.match(line):
            came = max((n for n in range(number) if "recvfrom(" in lines[n] and writer in lines[n]), default=number)
            counts.append(syncs(lines[came:number]))
    return counts


def test_an_fsync_lies_between_a_keystroke_and_what_is_shown_and_acknowledged(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    strace = shutil.which("strace")
    assert strace, "This test needs strace: apt-get install strace (make test does so where it may)."
    trace = tmp_path / "trace"
    with hands() as stock:
        server = start()
        room = staged(server).anew()
        server.stop()
        calls = "trace=fdatasync,fsync,recvfrom,sendto,sendmsg"
        server.start((strace, "-D", "-f", "-qq", "-y", "-s", "200", "-e", calls, "-o", str(trace)))
        chair = room.sit(stock(mint()), "chair", acks=True)
        watcher = room.sit(stock(mint()), "arv")
        for number in range(5):
            chair.types(room.sections[2], f"<{number}>")
            chair.do("wait", **{"for": "durable"})
            watcher.do("sees", section=room.sections[2], part=f"<{number}>")
        server.stop()
    told = trace.read_text(errors="replace")
    (writer,) = {found["socket"] for line in told.splitlines() if (found := ACKNOWLEDGED.match(line))}
    shown, acknowledged = (syncs_before(told, what, writer) for what in (SHOWN, ACKNOWLEDGED))
    assert len(shown) == 10  # five, to the writer and to the watcher
    assert all(shown), shown
    # The first acknowledgement answers what the writer had when it came, which was nothing new.
    assert len(acknowledged) == 6
    assert all(acknowledged[1:]), acknowledged
