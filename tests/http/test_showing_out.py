"""Whose credential is revoked is shown out; who loses rights sees no more, even of what was ready to be sent."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from drafting.commands.credentials import revoke, revoke_all
from drafting.live.feed import Feed
from drafting.protocol.problems import Refusal
from tests.http.hosting import Room, hosted

SOON = 2.0


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        yield room


def end(room: Room, secret: str) -> None:
    room.house.database.write(lambda tx: revoke(tx, secret)).result()


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def cookie(secret: str) -> dict[str, str]:
    return {"Cookie": f"drafting_session={secret}"}


def socket_at(room: Room) -> str:
    return f"{room.address.replace('http', 'ws')}/ws"


def with_ticket(room: Room, headers: dict[str, str]) -> ClientConnection:
    ticket = httpx.post(f"{room.address}/api/v1/tickets", headers=headers).json()["ticket"]
    return connect(f"{socket_at(room)}?ticket={ticket}")


def with_header(room: Room, headers: dict[str, str]) -> ClientConnection:
    return connect(socket_at(room), additional_headers=headers)


def shown_out(socket: ClientConnection, within: float = SOON) -> tuple[int | None, str | None]:
    """Hear everything until the other side closes, which it must do in time."""
    until = time.monotonic() + within
    try:
        while True:
            socket.recv(max(0.0, until - time.monotonic()))
    except ConnectionClosed:
        return socket.close_code, socket.close_reason


@pytest.mark.parametrize("opening", [with_ticket, with_header])
@pytest.mark.parametrize(("sort", "shown"), [("token", bearer), ("session", cookie)])
def test_a_socket_closes_soon_after_what_opened_it_was_revoked(
    own: Room,
    opening: Callable[[Room, dict[str, str]], ClientConnection],
    sort: str,
    shown: Callable[[str], dict[str, str]],
) -> None:
    secret, other = own.granted(sort, "arv"), own.granted(sort, "arv")
    with opening(own, shown(secret)) as socket, opening(own, shown(other)) as staying:
        for line in (socket, staying):
            line.send(f'{{"type":"subscribe","document":"{own.document}"}}')
            line.recv(5)
        end(own, secret)
        assert shown_out(socket) == (4401, "not_signed_in")
        staying.send('{"type":"ping"}')
        while "heartbeat" not in str(staying.recv(5)):
            pass


def test_a_socket_closes_when_all_that_lets_its_person_in_is_revoked(own: Room) -> None:
    with with_ticket(own, own.headers("bor")) as bor, with_ticket(own, own.headers("cal")) as cal:
        person = own.person("bor")
        assert own.house.database.write(lambda tx: revoke_all(tx, person)).result() == 1
        assert shown_out(bor)[0] == 4401
        cal.send('{"type":"ping"}')
        assert cal.recv(5)


def test_signing_out_closes_the_sockets_of_that_browser(own: Room) -> None:
    session = cookie(own.granted("session", "cal"))
    with with_ticket(own, session) as socket:
        assert httpx.delete(f"{own.address}/api/v1/sessions", headers=session).status_code == 204
        assert shown_out(socket)[0] == 4401


def test_a_socket_does_not_outlive_what_opened_it(own: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with with_header(own, bearer(own.granted("token", "arv"))) as socket:
        later = own.house.now() + timedelta(days=366)
        monkeypatch.setattr(own.house, "now", lambda: later)
        assert shown_out(socket)[0] == 4401


def poll(room: Room, headers: dict[str, str], **query: str) -> tuple[int, dict[str, Any]]:
    path = f"{room.address}/api/v1/documents/{room.document}/events"
    answer = httpx.get(path, params=query, headers=headers, timeout=20)
    return answer.status_code, answer.json()


def test_a_long_poll_ends_soon_after_its_token_was_revoked(own: Room) -> None:
    secret = own.granted("token", "bor")
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(poll, own, bearer(secret), wait="15")
        time.sleep(0.5)
        end(own, secret)
        status, said = polling.result(SOON)
    assert (status, said["code"]) == (401, "not_signed_in")


def withdraw(room: Room, handle: str, *capacities: str) -> None:
    fields = {"process": room.process, "handle": handle, "capacities": list(capacities)}
    room.do("sec", "withdraw_accreditation", "secretary", **fields)


def test_whose_accreditation_is_withdrawn_is_reset_and_may_not_come_back(own: Room) -> None:
    own.accredit("eve", "note_taker")
    subscribe = f'{{"type":"subscribe","document":"{own.document}"}}'
    with with_header(own, own.headers("eve")) as eve:
        eve.send(subscribe)
        assert '"subscribed"' in str(eve.recv(5))
        withdraw(own, "eve", "note_taker")
        until = time.monotonic() + SOON
        while '"reset"' not in (said := str(eve.recv(max(0.0, until - time.monotonic())))):
            assert '"presence"' in said
        eve.send(subscribe)
        refused = str(eve.recv(5))
        assert '"unknown"' in refused
        assert "not_permitted" not in refused


def test_what_was_ready_to_be_sent_is_judged_again_at_sending(own: Room) -> None:
    """Four events are ready; after the first was sent, the reader's rights go; the others never leave."""
    own.accredit("eve", "note_taker")
    eve = own.person("eve")

    async def all_of_it() -> list[str]:
        feed = Feed(own.house)
        running = asyncio.create_task(feed.run())
        following = await feed.follow(eve, own.document, None)
        for number in range(4):
            await asyncio.to_thread(own.comment, "arv", f"Canary {number}", "secretariat")
        frames = following.frames()
        sent = [await anext(frames)]
        while "Canary" not in sent[-1]:
            sent.append(await anext(frames))
        await asyncio.to_thread(withdraw, own, "eve", "note_taker")
        await asyncio.sleep(0.5)  # the bell has rung, or the poll will have
        sent.extend([frame async for frame in frames])
        following.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return sent

    sent = asyncio.run(all_of_it())
    assert [frame for frame in sent if "Canary" in frame and "Canary 0" not in frame] == []
    assert '"reset"' in sent[-1]


def test_who_was_shown_out_sees_nothing_more(own: Room) -> None:
    async def all_of_it() -> None:
        feed = Feed(own.house)
        following = await feed.follow(own.person("arv"), own.document, None)
        following.show_out()
        with pytest.raises(Refusal) as refused:
            await following.look()
        assert refused.value.code == "not_signed_in"
        following.close()

    asyncio.run(all_of_it())


def test_a_bad_moment_of_the_disk_leaves_the_door_watched(own: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = own.granted("token", "arv")
    with with_header(own, bearer(secret)) as socket:
        with monkeypatch.context() as bad:
            bad.setattr("drafting.http.doorkeeper.still_valid", _broken)
            time.sleep(1.2)
        end(own, secret)
        assert shown_out(socket)[0] == 4401


def _broken(*_: object) -> None:
    raise OSError("disk I/O error")
