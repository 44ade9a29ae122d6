"""The event stream: snapshot, change, heartbeat, cap, eviction and stop."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_server.hub import Hub, HubFull
from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def lively(tmp_path: Path, world: FakeWorld) -> Iterator[House]:
    fill(tmp_path)
    with served(tmp_path, world, heartbeat_s=0.2, streams=2) as house:
        yield house


def events(response: httpx.Response) -> Iterator[tuple[str, str, Any]]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            yield fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"])
            fields = {}


def next_of(stream: Iterator[tuple[str, str, Any]], topic: str) -> tuple[str, Any]:
    return next((position, state) for name, position, state in stream if name == topic)


def test_a_stream_begins_with_every_topic_and_hears_a_call(lively: House) -> None:
    kiosk = lively.pair()
    kiosk.issue()
    kiosk.push()
    with lively.client.stream("GET", "/v1/stream?topics=board,counter:1,services") as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        stream = events(response)
        first = [next(stream)[0] for _ in range(3)]
        assert first == ["board", "counter:1", "services"]
        lively.command("call_next")
        position, state = next_of(stream, "board")
    assert state["calls"][0]["label"] == "A1-001"
    truth = lively.running.parts.live.truth
    assert position == f"{lively.running.parts.incarnation}.1.{truth.position}"


def test_heartbeats_are_named_events(lively: House) -> None:
    with lively.client.stream("GET", "/v1/stream?topics=board") as response:
        assert next_of(events(response), "heartbeat")[1]["server_ms"] > 0


def test_a_stream_of_another_incarnation_is_reset(lively: House) -> None:
    headers = {"Last-Event-ID": "an-older-life.1.55"}
    with lively.client.stream("GET", "/v1/stream?topics=board", headers=headers) as response:
        assert next(events(response))[0] == "reset"


def test_over_the_cap_a_stream_is_sent_to_poll_and_the_rest_goes_on(lively: House) -> None:
    with (
        lively.client.stream("GET", "/v1/stream?topics=board") as one,
        lively.client.stream("GET", "/v1/stream?topics=board") as two,
    ):
        next(events(one)), next(events(two))
        refused = lively.client.get("/v1/stream?topics=board")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        polled = lively.client.get("/v1/state?topics=board,counter:2").json()
        assert set(polled["topics"]) == {"board", "counter:2"}


def test_a_device_that_comes_again_ends_its_older_stream(lively: House) -> None:
    kiosk = lively.pair()
    address = "/v1/stream?topics=services"
    with lively.client.stream("GET", address, headers=kiosk.headers) as old:
        older = events(old)
        next(older)
        with lively.client.stream("GET", address, headers=kiosk.headers) as new:
            next(events(new))
            list(older)
            assert lively.running.parts.hub.streams() == 1


def test_topics_are_checked(lively: House) -> None:
    get = lively.client.get
    assert get("/v1/state?topics=nothing").status_code == 404
    assert get("/v1/state?topics=counter:99").status_code == 404
    assert get("/v1/state?topics=ticket:nonsense").status_code == 404
    assert get("/v1/state?topics=console:1").status_code == 401
    officer = {"Authorization": "Bearer officer-token"}
    assert get("/v1/state?topics=console:2", headers=officer).status_code == 403
    assert get("/v1/state?topics=console:1", headers=officer).json()["topics"]["console:1"]["counter"] == "1"


def test_a_phone_reads_its_ticket_by_token(lively: House) -> None:
    issued = lively.command("issue", role="helper", counter="", service="kk").json()["ticket"]
    state = lively.client.get(f"/v1/state?topics=ticket:{issued['token']}").json()["topics"]
    assert state[f"ticket:{issued['token']}"]["label"] == issued["label"]


def hub(cap: int = 3) -> Hub:
    return Hub(lambda source, topic: {"topic": topic, "value": source}, lambda: 7, "inc.1", cap)


def test_a_slow_reader_gets_the_latest_state_only() -> None:
    told = hub()
    told.publish(1, "first")
    reader = told.subscribe(("board",), None)
    told.start()
    for position in range(2, 50):
        told.publish(position, f"state {position}")
    told.publish(50, "last")
    seen: list[Any] = []
    while not seen or seen[-1]["value"] != "last":
        frames = reader.take(30)
        assert frames, "the last state never came"
        seen += [frame.state for frame in frames]
    told.close()
    assert reader.take(0) is None


def test_phones_never_take_the_places_of_boards_and_consoles() -> None:
    told = Hub(lambda _, topic: {"topic": topic}, lambda: 0, "life.1", cap=8)
    told.publish(1, "x")
    phones = [told.subscribe((f"ticket:{number}",), None) for number in range(6)]
    with pytest.raises(HubFull):
        told.subscribe(("ticket:late",), None)
    screens = [told.subscribe(("board",), None) for _ in range(2)]
    with pytest.raises(HubFull):
        told.subscribe(("board",), None)
    told.unsubscribe(phones[0])
    with pytest.raises(HubFull):
        told.subscribe(("ticket:late",), None)
    told.unsubscribe(phones[1])
    told.unsubscribe(screens[0])
    assert told.subscribe(("ticket:late",), None).take(1)


def test_closing_ends_waiting_streams_at_once() -> None:
    told = hub()
    told.publish(1, "x")
    told.start()
    reader = told.subscribe(("board",), None)
    ended: list[list[bytes]] = []
    thread = threading.Thread(target=lambda: ended.append(list(told.stream(reader, None))))
    thread.start()
    told.close()
    thread.join(30)
    assert not thread.is_alive()
    with pytest.raises(HubFull):
        told.subscribe(("board",), None)
