from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from drafting.commands import passwords
from drafting.http import attempts
from drafting.http.attempts import Attempts
from drafting.protocol.problems import Refusal
from drafting.queries.people import Person
from storage.tables import Participant
from tests.http.hosting import Room, hosted

GOOD = "a long enough password"


def set_password(room: Room, handle: str, kept: str) -> None:
    person = room.person(handle)
    room.house.database.write(lambda tx: passwords.keep(tx, person, kept)).result()


def kept(room: Room, handle: str) -> str:
    return room.house.database.read(lambda tx: tx.session.get_one(Participant, room.person(handle).id).password)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        for handle in ("arv", "bor", "cal"):
            set_password(room, handle, passwords.hashed(GOOD))
        yield room


def sign_in(room: Room, handle: str, password: str, *, at: str = "192.0.2.1", **headers: str) -> httpx.Response:
    """Try from an address, which a proxy on this machine names."""
    said = {"handle": handle, "password": password}
    return httpx.post(f"{room.address}/api/v1/sessions", json=said, headers={"X-Forwarded-For": at, **headers})


@contextmanager
def browser(room: Room, handle: str, *, by: str) -> Iterator[httpx.Client]:
    """A browser that signed in by link or by password."""
    said = {"code": room.granted("sign_in", handle)} if by == "link" else {"handle": handle, "password": GOOD}
    with httpx.Client(base_url=room.address) as client:
        client.post("/api/v1/sessions", json=said).raise_for_status()
        yield client


def test_a_handle_and_its_password_begin_a_session(own: Room) -> None:
    answer = sign_in(own, "arv", GOOD)
    assert (answer.status_code, answer.json()["handle"]) == (200, "arv")
    assert "httponly" in answer.headers["set-cookie"].lower()
    cookies = {"drafting_session": answer.cookies["drafting_session"]}
    assert httpx.get(f"{own.address}/api/v1/me", cookies=cookies).json()["handle"] == "arv"


def test_a_password_is_the_same_however_its_letters_were_typed(own: Room) -> None:
    set_password(own, "cal", passwords.hashed("crème brûlée, ﬁn"))
    assert sign_in(own, "cal", "cre\u0300me bru\u0302le\u0301e, fin").status_code == 200
    set_password(own, "cal", passwords.hashed(GOOD))


def test_an_unknown_handle_a_wrong_password_and_none_are_answered_alike(
    own: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    honest = PasswordHasher.verify

    def counting(hasher: PasswordHasher, kept: str, password: str) -> bool:
        verified.append(kept.rpartition("$")[0].rpartition("$")[0])
        return honest(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    answers = [sign_in(own, handle, "wrong", at="192.0.2.2") for handle in ("nobody", "bor", "notes")]
    assert [(a.status_code, a.content) for a in answers] == [(401, answers[0].content)] * 3
    assert answers[0].json()["code"] == "not_signed_in"
    # As much work for each: one verification, at the same cost.
    assert verified == ["$argon2id$v=19$m=19456,t=2,p=1"] * 3


def test_who_has_no_password_is_let_in_by_none(own: Room) -> None:
    for password in ("", "\x00", "None"):
        assert sign_in(own, "notes", password, at="192.0.2.3").status_code == 401


def test_a_page_of_another_site_cannot_try_passwords(own: Room) -> None:
    answer = sign_in(own, "arv", GOOD, Origin="http://somewhere-else.example")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    "said",
    [
        {"handle": "arv"},
        {"password": GOOD},
        {"handle": "arv", "password": "x" * 201},
        {"handle": "Arv Arven", "password": GOOD},
        {"handle": "arv", "password": GOOD, "code": "c"},
        {"handle": "arv", "password": [GOOD]},
    ],
)
def test_a_sign_in_that_is_none_is_malformed_and_nothing_of_it_is_repeated(own: Room, said: dict[str, Any]) -> None:
    answer = httpx.post(f"{own.address}/api/v1/sessions", json=said)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert GOOD not in answer.text


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(own: Room) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(GOOD)
    set_password(own, "cal", old)
    assert sign_in(own, "cal", "wrong", at="192.0.2.4").status_code == 401
    assert kept(own, "cal") == old
    assert sign_in(own, "cal", GOOD).status_code == 200
    renewed = kept(own, "cal")
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(own, "cal", GOOD).status_code == 200
    assert kept(own, "cal") == renewed


def test_a_password_set_meanwhile_is_not_undone_by_an_older_one(own: Room) -> None:
    person, new = own.person("cal"), passwords.hashed("something else entirely")
    set_password(own, "cal", new)
    own.house.database.write(lambda tx: passwords.keep(tx, person, "renewed", instead_of="older")).result()
    assert kept(own, "cal") == new
    set_password(own, "cal", passwords.hashed(GOOD))


def test_hashing_holds_nobody_up(own: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=60, memory_cost=19_456, parallelism=1))
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=own.address))
        slow = stack.enter_context(_trying(own))
        slowest = max(client.get("/healthz").elapsed.total_seconds() for _ in range(20))
        assert slow.is_alive()
    assert slowest < 0.5


@contextmanager
def _trying(room: Room) -> Iterator[Any]:
    from threading import Thread  # noqa: PLC0415 - for this helper alone

    thread = Thread(target=sign_in, args=(room, "nobody", "wrong"), kwargs={"at": "192.0.2.5"})
    thread.start()
    yield thread
    thread.join()


# -- setting it -------------------------------------------------------------------------------------------------------


def test_a_new_password_needs_the_old_one(own: Room) -> None:
    with browser(own, "bor", by="password") as client:
        for said in ({"new": GOOD + "!"}, {"new": GOOD + "!", "old": "wrong"}):
            answer = client.put("/api/v1/me/password", json=said)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        assert client.put("/api/v1/me/password", json={"new": GOOD + "!", "old": GOOD}).status_code == 204
    assert sign_in(own, "bor", GOOD, at="192.0.2.6").status_code == 401
    assert sign_in(own, "bor", GOOD + "!", at="192.0.2.6").status_code == 200
    set_password(own, "bor", passwords.hashed(GOOD))


def test_a_session_that_a_link_began_may_set_one_and_a_token_may_not(own: Room) -> None:
    with own.client("chair") as client:
        assert client.put("/api/v1/me/password", json={"new": GOOD}).json()["code"] == "not_permitted"
    with browser(own, "chair", by="link") as client:
        assert client.put("/api/v1/me/password", json={"new": GOOD}).status_code == 204
    assert sign_in(own, "chair", GOOD).json()["handle"] == "chair"


def test_a_new_password_ends_all_other_sessions_and_unused_links_and_no_token(own: Room) -> None:
    token, link = own.headers("bor"), own.granted("sign_in", "bor")
    with browser(own, "bor", by="link") as mine, browser(own, "bor", by="password") as other:
        assert mine.put("/api/v1/me/password", json={"new": GOOD}).status_code == 204
        assert mine.get("/api/v1/me").status_code == 200
        assert other.get("/api/v1/me").status_code == 401
    assert httpx.post(f"{own.address}/api/v1/sessions", json={"code": link}).status_code == 401
    assert httpx.get(f"{own.address}/api/v1/me", headers=token).status_code == 200


def test_a_password_has_twelve_characters_at_least(own: Room) -> None:
    with browser(own, "bor", by="link") as client:
        answer = client.put("/api/v1/me/password", json={"new": "elevenchars"})
        assert answer.json()["code"] == "malformed"
        assert "elevenchars" not in answer.text


# -- what lets me in --------------------------------------------------------------------------------------------------


def test_a_person_sees_what_lets_them_in_and_no_secret(own: Room) -> None:
    secret = own.granted("token", "observer")
    with httpx.Client(base_url=own.address, headers={"Authorization": f"Bearer {secret}"}) as client:
        own.granted("sign_in", "observer")
        own.granted("ticket", "observer")
        answer = client.get("/api/v1/me/credentials")
    shown = answer.json()["items"]
    assert [(one["kind"], one["current"]) for one in shown] == [("token", True), ("sign_in", False)]
    assert all(set(one) == {"id", "kind", "label", "created_at", "expires_at", "current"} for one in shown)
    assert secret not in answer.text


def test_how_a_session_began_is_said(own: Room) -> None:
    with browser(own, "arv", by="link"), browser(own, "arv", by="password") as client:
        shown = client.get("/api/v1/me/credentials").json()["items"]
    assert {"sign-in link", "password"} <= {one["label"] for one in shown if one["kind"] == "session"}
    (current,) = (one for one in shown if one["current"])
    assert (current["kind"], current["label"]) == ("session", "password")


def test_what_is_revoked_lets_nobody_in_and_another_persons_cannot_be(own: Room) -> None:
    token = own.headers("cal")
    with own.client("observer") as observer, httpx.Client(base_url=own.address, headers=token) as cal:
        (mine,) = (one["id"] for one in cal.get("/api/v1/me/credentials").json()["items"] if one["current"])
        theirs, unknown = (observer.delete(f"/api/v1/me/credentials/{name}") for name in (mine, "cr_" + "0" * 24))
        assert (theirs.status_code, unknown.status_code) == (404, 404)
        assert theirs.text.replace(mine, "cr_" + "0" * 24) == unknown.text
        assert cal.delete(f"/api/v1/me/credentials/{mine}").status_code == 204
        assert cal.get("/api/v1/me").status_code == 401


# -- too many attempts ------------------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_an_address_must_wait_longer_and_longer(own: Room) -> None:
    statuses = [sign_in(own, "arv", "wrong", at="198.51.100.1").status_code for _ in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]
    refused = sign_in(own, "arv", GOOD, at="198.51.100.1")
    assert refused.json()["code"] == "too_many_attempts"
    assert 1 <= int(refused.headers["retry-after"]) <= 2
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"])


def test_a_right_password_makes_the_wrong_ones_before_it_forgotten(own: Room) -> None:
    tries = (["wrong"] * 4 + [GOOD]) * 3
    statuses = [sign_in(own, "arv", password, at="198.51.100.9").status_code for password in tries]
    assert statuses == [401, 401, 401, 401, 200] * 3


def test_a_flood_from_elsewhere_locks_nobody_out(own: Room) -> None:
    session = own.granted("session", "arv")
    for number in range(30):
        sign_in(own, "arv", "wrong", at=f"203.0.113.{number % 3}")
    assert sign_in(own, "arv", "wrong", at="203.0.113.1").status_code == 429
    assert sign_in(own, "arv", GOOD, at="192.0.2.77").status_code == 200
    assert httpx.get(f"{own.address}/api/v1/me", cookies={"drafting_session": session}).status_code == 200
    code = {"code": own.granted("sign_in", "arv")}
    elsewhere = {"X-Forwarded-For": "203.0.113.1"}
    assert httpx.post(f"{own.address}/api/v1/sessions", json=code, headers=elsewhere).status_code == 200
    assert sign_in(own, "bor", GOOD, at="203.0.113.1").status_code == 200


def test_an_unknown_handle_is_slowed_down_just_the_same(own: Room) -> None:
    statuses = [sign_in(own, "nobody.at.all", "wrong", at="198.51.100.2").status_code for _ in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]


def test_the_old_password_cannot_be_guessed_in_a_stolen_session_either(own: Room) -> None:
    session = {"drafting_session": own.granted("session", "bor")}
    with httpx.Client(base_url=own.address, cookies=session, headers={"X-Forwarded-For": "198.51.100.3"}) as thief:
        said = {"new": GOOD, "old": "wrong"}
        codes = [thief.put("/api/v1/me/password", json=said).json()["code"] for _ in range(6)]
    assert codes == ["not_permitted"] * 5 + ["too_many_attempts"]


class Ticking:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def waits(tried: Attempts, handle: str, address: str) -> int:
    """Try; give how many seconds one would have to wait (0: the try was let through)."""
    try:
        tried.begin(handle, address)
    except Refusal as refusal:
        seconds = refusal.facts["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    return 0


def test_each_further_try_waits_twice_as_long_and_a_right_one_ends_it() -> None:
    clock = Ticking()
    tried = Attempts(clock)
    assert [waits(tried, "arv", "192.0.2.1") for _ in range(5)] == [0] * 5
    for seconds in (2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert waits(tried, "arv", "192.0.2.1") == seconds
        clock.now += seconds
        assert waits(tried, "arv", "192.0.2.1") == 0
    clock.now += 900
    assert waits(tried, "arv", "192.0.2.1") == 0
    tried.succeeded("arv", "192.0.2.1")
    assert [waits(tried, "arv", "192.0.2.1") for _ in range(5)] == [0] * 5


def test_an_address_is_slowed_down_for_all_handles_but_never_for_long() -> None:
    clock = Ticking()
    tried = Attempts(clock)
    assert [waits(tried, f"h{n}", "192.0.2.1") for n in range(100)] == [0] * 100
    assert waits(tried, "another", "192.0.2.1") == 2
    assert waits(tried, "another", "192.0.2.2") == 0
    for number in range(10):
        clock.now += 30
        assert waits(tried, f"another{number}", "192.0.2.1") == 0
        assert 2 <= waits(tried, "more", "192.0.2.1") <= 30


def test_a_conference_that_signs_in_at_once_behind_one_address_is_not_slowed_down() -> None:
    tried = Attempts(Ticking())
    for number in range(1_000):
        assert waits(tried, f"h{number}", "192.0.2.1") == 0
        tried.succeeded(f"h{number}", "192.0.2.1")


def test_one_half_of_an_ipv6_address_is_one_household() -> None:
    tried = Attempts(Ticking())
    assert [waits(tried, "arv", f"2001:db8:1:1::{n:x}") for n in range(6)] == [0, 0, 0, 0, 0, 2]
    assert waits(tried, "arv", "2001:db8:1:2::1") == 0


def test_what_is_long_past_is_forgotten_and_a_flood_from_everywhere_fills_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "MOST_KEPT", 50)
    clock = Ticking()
    tried = Attempts(clock)
    for number in range(1_000):
        assert waits(tried, "arv", f"2001:db8:{number:x}::1") == 0
    assert len(tried._tried) <= 52  # noqa: SLF001 - memory shows nowhere else
    assert [waits(tried, "bor", "192.0.2.1") for _ in range(6)][-1] == 2
    clock.now += 3_601
    assert [waits(tried, "bor", "192.0.2.1") for _ in range(5)] == [0] * 5


def test_a_person_is_known_by_their_own_hash(own: Room) -> None:
    found, hash_ = own.house.database.read(lambda tx: passwords.kept_of(tx, "arv"))
    assert found == Person(own.person("arv").id, "arv", "Arv", administrator=False)
    assert passwords.verified(hash_, GOOD)
    assert not passwords.verified(hash_, GOOD + " ")
    assert not passwords.verified("damaged", GOOD)


def test_whoever_is_no_proxy_of_ours_is_not_believed_where_it_comes_from(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTING_PROXIES", "192.0.2.200")
    with hosted(tmp_path_factory.mktemp("proxied")) as room:
        statuses = [sign_in(room, "arv", "wrong", at=f"203.0.113.{number}").status_code for number in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]
