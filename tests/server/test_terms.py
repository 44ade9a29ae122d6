"""Two lives of one server: the older one must fall silent."""

from pathlib import Path

from antrean.ledger import hall_lives
from queue_server.admin.__main__ import main
from tests.server.house_of_tests import FakeWorld, House, fill, served

ANSWERS = ("/v1/hello", "/v1/push", "/v1/pull")


def older(house: House, kiosk_term: int) -> list[tuple[int, str]]:
    kiosk = house.pair()
    kiosk.issue()
    pulled = house.client.get(f"/v1/pull?term={kiosk_term}", headers=kiosk.headers)
    answers = [kiosk.hello(term=kiosk_term), kiosk.push(term=kiosk_term), pulled]
    return [(answer.status_code, answer.json().get("error", {}).get("code", "")) for answer in answers]


def test_every_answer_carries_the_servers_term(house: House) -> None:
    kiosk = house.pair()
    pulled = house.client.get("/v1/pull", headers=kiosk.headers).json()
    state = house.client.get("/v1/state?topics=board").json()
    health = house.client.get("/healthz").json()
    done = house.command("open_counter").json()
    assert {x["term"] for x in (kiosk.paired, kiosk.hello().json(), kiosk.push().json(), pulled)} == {1}
    assert {x["term"] for x in (state, health, done)} == {1}


def test_a_server_that_hears_of_a_later_life_refuses_devices_and_commands(house: House) -> None:
    assert older(house, 2) == [(409, "older_server")] * 3
    refused = house.command("open_counter")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "older_server")
    assert "Administrator" not in refused.json()["error"]["message"]
    health = house.client.get("/healthz").json()
    assert (health["status"], health["alarms"], health["higher_term"]) == ("attention", ["older_server"], 2)
    assert house.client.get("/v1/state?topics=board").status_code == 200


def test_a_restart_does_not_forget_the_later_life(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        assert kiosk.hello(term=3).status_code == 409
    with served(tmp_path, world) as house:
        assert house.command("open_counter").status_code == 409
        kiosk.house = house
        assert kiosk.hello(term=1).status_code == 409


def test_a_person_can_put_a_server_above_the_life_that_was_heard_of(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        kiosk.hello(term=5)
        ledger = house.running.parts.ledger
        ledger.writer.run(lambda tx: hall_lives.reincarnate(tx, incarnation="inc-new", log_id="log-new"))
    with served(tmp_path, world) as house:
        kiosk.house = house
        assert kiosk.hello(term=5).json()["term"] == 6
        assert house.command("open_counter").status_code == 200


def test_a_device_of_a_newer_protocol_is_answered_in_the_highest_one_both_speak(house: House) -> None:
    kiosk = house.pair()
    assert kiosk.hello(protocols=[1, 2, 7]).json()["protocol"] == 2
    assert kiosk.hello(protocols=[1]).json()["protocol"] == 1
    refused = kiosk.hello(protocols=[3])
    assert (refused.status_code, refused.json()["protocols"]) == (426, [1, 2])
    kiosk.issue()
    assert kiosk.push().status_code == 200


def test_an_event_in_a_version_the_server_does_not_know_is_kept_and_not_refused(house: House) -> None:
    kiosk = house.pair()
    kiosk.issue()
    last = kiosk.events.pop()
    kiosk.write(last.type, {**last.body, "colour": "blue"}, v=2)
    kiosk.issue()
    answer = kiosk.push().json()
    assert answer["ack_seq"] == 2
    assert [one["code"] for one in answer["quarantined"]] == ["unknown_event_version"]


def test_a_take_over_from_the_command_line_waits_for_the_server_to_stop(
    tmp_path: Path, world: FakeWorld
) -> None:
    fill(tmp_path)
    command = ["--data", str(tmp_path), "take-over"]
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        kiosk.hello(term=5)
        assert main(command) == 1
    assert main(command) == 0
    with served(tmp_path, world) as house:
        kiosk.house = house
        assert kiosk.hello(term=5).json()["term"] == 6
