from tests.http.hosting import Room


def test_the_process_says_that_it_lives_and_that_it_is_ready(room: Room) -> None:
    with room.client(None) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ready"}


def test_a_server_whose_writer_is_gone_is_not_ready(room: Room) -> None:
    original = room.house.database.write

    def broken(*_: object) -> object:
        raise RuntimeError("the database is closed")

    room.house.database.write = broken  # type: ignore[method-assign]
    try:
        with room.client(None) as client:
            answer = client.get("/readyz")
            assert answer.status_code == 500
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "internal"
            assert client.get("/healthz").status_code == 200
    finally:
        room.house.database.write = original  # type: ignore[method-assign]


def test_metrics_count_commands_by_kind_and_answer_and_name_nobody(room: Room) -> None:
    with room.client("arv") as client:
        command = {"kind": "post_comment", "capacity": "head:ARV", "document": room.document, "body": "quite a secret"}
        refused = client.post("/api/v1/commands", json={"id": "0" * 26, "command": command})
        assert refused.json()["code"] == "malformed"
        told = client.get("/metrics").text
    assert 'drafting_commands_total{answer="malformed",kind="post_comment"} ' in told
    assert "drafting_sockets " in told
    assert "quite a secret" not in told
    assert room.document not in told


def metric(told: str, name: str) -> float:
    """The value of a metric; 0 if it has none yet."""
    return next((float(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith(f"{name} ")), 0.0)


ROUTE = "/api/v1/documents/{document}/snapshot"
COUNTED = {
    f'drafting_requests_total{{method="GET",route="{ROUTE}",status="404"}}': 3,
    f'drafting_request_seconds_count{{route="{ROUTE}"}}': 3,
    'drafting_requests_total{method="OTHER",route="/healthz",status="405"}': 1,
}


def test_metrics_tell_requests_by_route_and_how_the_house_is_doing(room: Room) -> None:
    secret = "do_" + "7" * 26
    with room.client("arv") as client:
        before = client.get("/metrics").text
        for _ in range(3):
            client.get(f"/api/v1/documents/{secret}/snapshot")
        client.request("CANARY", "/healthz")
        room.comment("arv", "Said.")
        told = client.get("/metrics").text
    assert {name: metric(told, name) - metric(before, name) for name in COUNTED} == COUNTED
    assert metric(told, "drafting_database_bytes") > 50_000
    assert metric(told, "drafting_writes_waiting") == 0
    assert metric(told, "drafting_feed_lag_seconds") >= 0
    assert secret not in told
    assert "CANARY" not in told
