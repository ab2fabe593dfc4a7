"""The whole line, from a zero draft to Rev.1 in Word, against a real server, by HTTP, socket and command line."""

import asyncio
import io
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from drafting.protocol.commands import COMMAND, Receipt
from drafting.protocol.fold import fold
from drafting.protocol.views import ComparisonView, CompilationView, PassageView, Snapshot
from drafting_client import Client, Refused, mint
from tests.e2e.server import Server
from tests.word.conftest import pandoc, tracked

DRAFT = """# Call for Action

*Recalling* the commitments made in earlier meetings,

*Noting* the [progress achieved,

## Goals

1. States shall take appropriate measures, including:

(a) to protect migrants;

(b) to assist returnees.

2. States shall report on progress every year.

3. States shall meet when they wish to.
"""
AROUND = re.compile(
    r"^(Call for Action\s+T/|Zero draft|Rev\.1|Distr|\d+ \w+ \d{4}|Original|Document|Version|Text|Log)\b"
)


class Line:
    """A delegation at a bare socket, as somebody without our client would write it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def hear(self, *types: str) -> dict[str, Any]:
        async with asyncio.timeout(15):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                if frame["type"] in types:
                    return frame

    async def command(self, id_: str, **command: Any) -> dict[str, Any]:
        await self.say(type="command", id=id_, command=command)
        return await self.hear("receipt", "refusal")


class Negotiation:
    """The script: what was made on the way stands in its attributes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: dict[str, Client] = {}
        self.process = self.document = self.base = self.round = self.revised = ""
        self.amendments: dict[str, str] = {}

    def client(self, handle: str) -> Client:
        if handle not in self.clients:
            self.clients[handle] = Client(self.server.address, self.server.token(handle))
        return self.clients[handle]

    def do(self, handle: str, kind: str, capacity: str, /, **fields: Any) -> Receipt:
        command = COMMAND.validate_python({"kind": kind, "capacity": capacity, **fields})
        return self.client(handle).command(command)

    def on(self, handle: str, kind: str, capacity: str, /, **fields: Any) -> dict[str, str]:
        return self.do(handle, kind, capacity, document=self.document, **fields).made

    def snapshot(self, handle: str) -> Snapshot:
        return self.client(handle).snapshot(self.document)

    def section(self, label: str) -> str:
        return next(section.id for section in self.snapshot("sec").sections if section.label == label)

    # -- the nine points, in order -----------------------------------------------------------------------------------

    def found(self) -> None:
        """The first administrator comes from the machine; all others through the API."""
        assert self.server.run("administrator", "admin", "--name", "Admin").returncode == 0
        assert self.server.run("administrator", "sec", "--name", "Secretary").returncode == 0
        self.process = self.do("admin", "create_process", "administrator", name="Process", secretary="sec").made[
            "process"
        ]
        for order, code in enumerate(("ARV", "BOR", "CAL")):
            names = {"en": {"short": code.title(), "formal": f"Republic of {code.title()}"}}
            self.do("sec", "admit_delegation", "secretary", process=self.process, code=code, names=names, order=order)
        for handle, capacity in (
            ("arv", "head:ARV"),
            ("bor", "head:BOR"),
            ("cal", "delegate:CAL"),
            ("chair", "chair"),
            ("notes", "note_taker"),
        ):
            fields = {"process": self.process, "handle": handle, "name": handle.title(), "capacities": [capacity]}
            self.do("sec", "accredit_participant", "secretary", **fields)
        assert self.client("arv").me().capacities == {self.process: ["head:ARV"]}

    def take_in(self) -> None:
        """1. Markdown and plain Word, nested, with a bracket that has no partner."""
        sec = self.client("sec")
        imported = sec.import_document(DRAFT.encode(), "draft.md", self.process, "T/1", "secretary")
        self.document, self.base = imported.receipt.made["document"], imported.receipt.made["version"]
        labels = [section.label for section in self.snapshot("cal").sections]
        assert labels == ["", "PP1", "PP2", "", "OP1", "OP1(a)", "OP1(b)", "OP2", "OP3"]
        (lint,) = sec.lint(self.document, self.base)
        assert (lint.section, lint.position) == (self.section("PP2"), len("*Noting* the "))
        memo = docx.Document()
        memo.add_heading("Memorandum of Understanding", 0)
        memo.add_heading("Article 1", 1)
        memo.add_paragraph("The Parties shall cooperate.")
        target = io.BytesIO()
        memo.save(target)
        word = sec.import_document(target.getvalue(), "memo.docx", self.process, "T/MoU", "secretary")
        texts = [section.text for section in self.client("arv").snapshot(word.receipt.made["document"]).sections]
        assert texts[0] == "Memorandum of Understanding"
        assert "The Parties shall cooperate." in texts

    def open_round(self) -> None:
        """2. A round with a deadline."""
        deadline = datetime.now(UTC) + timedelta(days=7)
        made = self.on("sec", "open_round", "secretary", base=self.base, name="First round", deadline=deadline)
        self.round = made["round"]
        (opened,) = self.snapshot("arv").rounds
        assert (opened.state, opened.deadline) == ("open", deadline)

    async def negotiate(self) -> None:
        """3. Over the socket: tabled, revised, withdrawn, commented; pushed, resumed, idempotent, private."""
        begin = {handle: self.snapshot(handle) for handle in ("bor", "notes")}
        op1, op2 = self.section("OP1"), self.section("OP2")
        on = {"document": self.document, "capacity": "head:ARV"}
        edit = {"op": "replace", "section": op1, "text": "States shall take all necessary measures, including:"}
        first, table = mint(), {"kind": "table_amendment", "round": self.round, "base": self.base, **on}
        async with connect(self.server.socket_address(self.server.token("arv"))) as socket:
            arv = Line(socket)
            receipt = await arv.command(first, **table, edits=[edit])
            assert receipt["made"]["label"] == "ARV-1"
            self.amendments["ARV-1"] = receipt["made"]["amendment"]
        async with connect(self.server.socket_address(self.server.token("arv"))) as socket:
            arv = Line(socket)
            assert await arv.command(first, **table, edits=[edit]) == receipt
            new = {
                "op": "add",
                "after": op2,
                "section_kind": "operative",
                "level": 2,
                "text": "States shall share data.",
            }
            self.amendments["ARV-2"] = (await arv.command(mint(), **table, edits=[new]))["made"]["amendment"]
            revise = {"kind": "revise_amendment", "amendment": self.amendments["ARV-1"], "revision": 1, **on}
            better = {**edit, "text": "States shall take all feasible measures, including:"}
            assert (await arv.command(mint(), **revise, edits=[better]))["made"]["revision"] == "2"
            assert (await arv.command(mint(), **revise, edits=[edit]))["code"] == "stale"
            comment = {"kind": "post_comment", "section": op1, **on}
            await arv.command(mint(), **comment, body="Capital insists.", audience="own")
            await arv.command(mint(), **comment, body="A word to the secretariat.", audience="secretariat")
            await arv.command(mint(), **comment, body="We are flexible.")
        await self.follow_with_cuts(begin["bor"], ["We are flexible."])
        await self.follow_with_cuts(begin["notes"], ["A word to the secretariat.", "We are flexible."])

    async def follow_with_cuts(self, begin: Snapshot, said: list[str]) -> None:
        """Resume from each cursor in turn over a new line: the fold of what came is what a reload shows."""
        handle = "bor" if len(said) == 1 else "notes"
        told, kinds = begin, []
        fresh = await asyncio.to_thread(self.snapshot, handle)
        while told.cursor != fresh.cursor:
            async with connect(self.server.socket_address(self.server.token(handle))) as socket:
                line = Line(socket)
                await line.say(type="subscribe", document=self.document, after=told.cursor)
                frame = await line.hear("event")
                told = fold(told, _event(frame), frame["cursor"])
                kinds.append(frame["event"]["kind"])
                socket.transport.abort()
        assert told == fresh
        assert kinds[:3] == ["amendment_tabled", "amendment_tabled", "amendment_revised"]
        assert [comment.body for comment in told.comments] == said

    def negotiate_with_the_client(self) -> None:
        """3, again: with the Python client, over its socket and its long polls."""
        op1, op2, op3 = (self.section(label) for label in ("OP1", "OP2", "OP3"))
        with (
            self.client("cal").room(self.document) as socket,
            self.client("bor").room(self.document, transport="poll") as poll,
        ):
            for label, edits in {
                "BOR-1": [
                    {"op": "replace", "section": op1, "text": "States may take appropriate measures, including:"}
                ],
                "BOR-2": [{"op": "delete", "section": op3}],
                "BOR-3": [{"op": "move", "section": op2, "after": None}],
            }.items():
                made = self.on("bor", "table_amendment", "head:BOR", round=self.round, base=self.base, edits=edits)
                self.amendments[label] = made["amendment"]
            self.on(
                "bor", "withdraw_amendment", "head:BOR", amendment=self.amendments["BOR-3"], reason="Thought again."
            )
            for room in (socket, poll):
                heard = [room.next(15)[1].kind for _ in range(4)]
                assert heard == [*["amendment_tabled"] * 3, "amendment_withdrawn"]
            assert socket.snapshot == self.snapshot("cal")
            assert poll.snapshot == self.snapshot("bor")

    def compile(self) -> None:
        """4. Every amendment over the base, attributed."""
        compiled: CompilationView = self.client("cal").compilation(self.document)
        assert compiled.amendments == ["ARV-1", "ARV-2", "BOR-1", "BOR-2"]
        by_label = {shown.section.label: shown for shown in compiled.sections if not shown.added_by}
        passages = [piece for piece in by_label["OP1"].pieces if isinstance(piece, PassageView)]
        held = {wording.text: wording.delegations for passage in passages for wording in passage.wordings}
        assert held == {"may": ["BOR"], "all feasible": ["ARV"]}
        assert [holding.delegation for holding in by_label["OP3"].deleted_by] == ["BOR"]
        (added,) = [shown for shown in compiled.sections if shown.added_by]
        assert (added.section.text, added.added_by[0].amendment) == ("States shall share data.", "ARV-2")

    def consolidate(self) -> None:
        """5. Section by section, with each outcome; then Rev.1, in which every amendment is accounted for."""
        self.on("chair", "close_round", "chair", round=self.round)
        self.decide("OP1", "bracket", ["ARV-1", "BOR-1"])
        self.decide("OP2bis", "incorporate", ["ARV-2"])
        self.decide("OP3", "not_retained", ["BOR-2"])
        self.decide("OP1(a)", "redraft", [], text="to protect all migrants;")
        with pytest.raises(Refused) as refused:
            self.decide("OP1", "redraft", [], text="Stale.", against="0" * 64)
        assert refused.value.code == "stale"
        made = self.on("sec", "issue_version", "secretary", round=self.round, name="Rev.1")
        self.revised = made["version"]
        assert made["symbol"] == "T/1/Rev.1"
        issued = self.client("arv").issued(self.document, self.revised)
        assert issued.version.parent == self.base
        assert {line.label: line.outcome for line in issued.account} == {
            "ARV-1": "bracketed",
            "ARV-2": "incorporated",
            "BOR-1": "bracketed",
            "BOR-2": "not_retained",
            "BOR-3": "withdrawn",
        }

    def decide(self, label: str, outcome: str, amendments: list[str], **more: str) -> None:
        desk = self.client("chair").desk(self.document, self.round)
        proposed = self.amendments["ARV-2"]  # its new section has no label until it is issued
        where = next(
            shown
            for shown in desk.sections
            if (shown.waiting == [proposed] if label == "OP2bis" else shown.section.label == label)
        )
        fields = {
            "round": self.round,
            "section": where.section.id,
            "outcome": outcome,
            "amendments": [self.amendments[name] for name in amendments],
            "reason": f"On {label}",
            "against": where.digest,
            **more,
        }
        self.on("chair", "decide_section", "chair", **fields)

    def compare(self) -> None:
        """6. What changed, and which amendments caused it."""
        compared: ComparisonView = self.client("bor").compare(self.document, self.base, self.revised)
        changed = {change.new.label: change for change in compared.changes if change.kinds and change.new}
        assert {label: change.kinds for label, change in changed.items()} == {
            "OP1": ["edited"],
            "OP1(a)": ["edited"],
            "OP2bis": ["added"],
        }
        assert [cause.amendments for cause in changed["OP1"].causes] == [["ARV-1", "BOR-1"]]
        assert [cause.delegations for cause in changed["OP2bis"].causes] == [["ARV"]]
        assert [cause.outcome for cause in changed["OP1(a)"].causes] == ["redraft"]
        inserted = [text for op, text in changed["OP1(a)"].spans if op == "insert"]
        assert "".join(inserted).strip() == "all"
        backwards = self.client("bor").compare(self.document, self.revised, self.base)
        assert [change.kinds for change in backwards.changes if "removed" in change.kinds] == [["removed"]]

    def export(self, sdk_errors: Callable[[bytes], list[str]]) -> None:
        """7. Word: clean and redline, valid, and each side of the redline is the clean text."""
        client = self.client("arv")
        old, new = (client.export(self.document, "clean", version) for version in (self.base, self.revised))
        redline = client.export(self.document, "redline", self.revised, self.base)
        for file in (old, new, redline):
            assert sdk_errors(file) == []
        assert pandoc(redline) == pandoc(new)
        assert _text(pandoc(redline, "reject")) == _text(pandoc(old))
        marked = {(change.kind, change.text) for change in tracked(redline) if change.kind != "kept"}
        assert ("ins", "all") in {(kind, text.strip()) for kind, text in marked}
        assert ("ins", "States shall share data.") in marked
        assert not [text for _, text in marked if {"report", "protect", "measures", "Recalling"} & set(text.split())]

    def verify(self) -> None:
        """8. All is well; then somebody alters a column, and it is named."""
        found = self.server.told("verify")
        assert (found["findings"], found["versions"]) == ([], 3)
        with sqlite3.connect(self.server.database) as database:
            database.execute("UPDATE event SET participant='bor' WHERE kind='amendment_tabled' AND seq=3")
        database.close()
        done = self.server.run("verify")
        assert done.returncode == 1
        assert re.search(rf"^{self.document} all 3: one of its columns was altered$", done.stdout, re.MULTILINE)

    def look(self) -> None:
        """9. The page is served under its policy."""
        answer = httpx.get(f"{self.server.address}/documents/{self.document}")
        assert answer.status_code in {200, 503}  # 503: it is not built here
        if answer.status_code == 200:
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["content-type"].startswith("text/html")


def _event(frame: dict[str, Any]) -> Any:
    from drafting.protocol.events import EventView  # noqa: PLC0415 - for this helper alone

    return EventView.model_validate(frame["event"])


def _text(printed: str) -> list[str]:
    """The text proper, without the masthead and the end matter, which name the version."""
    return [line for line in printed.splitlines() if line.strip() and not AROUND.match(line)]


def test_the_whole_line_from_a_zero_draft_to_rev_1_in_word(
    start: Callable[..., Server], sdk_errors: Callable[[bytes], list[str]]
) -> None:
    server = start()
    line = Negotiation(server)
    line.found()
    line.take_in()
    line.open_round()
    asyncio.run(line.negotiate())
    line.negotiate_with_the_client()
    line.compile()
    line.consolidate()
    line.compare()
    line.export(sdk_errors)
    line.look()
    line.verify()
    for client in line.clients.values():
        client.close()
    assert server.stop() == 0
    logged = server.log.read_text()
    assert len(server.secrets) >= 10
    assert [secret for secret in server.secrets if secret in logged] == []
    assert logged == ""
