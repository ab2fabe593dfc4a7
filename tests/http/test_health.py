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
