"""Pairing, hello, push and pull against a real server."""

import json
from pathlib import Path

from antrean.ledger import hall_log
from tests.server.house_of_tests import FakeWorld, House, fill, served


def quarantined(house: House) -> list[str]:
    with house.running.parts.ledger.reading() as r:
        return [row.code for row in hall_log.quarantine(r)]


def test_a_pairing_code_works_once_in_any_case_and_without_its_hyphen(house: House) -> None:
    code = house.running.parts.enrolment.make_code("kiosk", "Kios 1", "test")
    typed = code.replace("-", " ").lower()
    first = house.client.post("/v1/pair", json={"code": typed})
    assert first.status_code == 200
    assert first.json()["issuer"] == "1"
    assert house.client.post("/v1/pair", json={"code": code}).status_code == 410


def test_five_wrong_codes_make_an_address_wait_and_say_until_when(house: House) -> None:
    answers = [house.client.post("/v1/pair", json={"code": "AAAA-AAAA"}) for _ in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [404] * 5
    assert answers[5].status_code == 429
    assert int(answers[5].headers["Retry-After"]) > 0
    assert "09." in answers[5].json()["error"]["message"]


def test_a_pairing_code_expires_after_half_an_hour(house: House) -> None:
    code = house.running.parts.enrolment.make_code("kiosk", "Kios 1", "test")
    house.world.now_ms += 31 * 60_000
    assert house.client.post("/v1/pair", json={"code": code}).json()["error"]["code"] == "pairing_expired"


def test_a_pushed_ticket_waits_in_the_hall_and_a_second_push_changes_nothing(house: House) -> None:
    kiosk = house.pair()
    ticket = kiosk.issue()
    first = kiosk.push()
    assert first.status_code == 200, first.text
    assert first.json()["ack_seq"] == 1
    assert first.json()["heard"] == {"A": 1}
    position = house.running.parts.live.truth.position
    assert kiosk.push().json()["ack_seq"] == 1
    assert house.running.parts.live.truth.position == position
    assert house.hall().tickets[ticket].state == "waiting"


def test_a_forked_log_is_refused_and_its_new_log_gets_another_character(house: House) -> None:
    kiosk = house.pair()
    kiosk.hello()
    kiosk.issue()
    kiosk.push()
    kiosk.events.clear()
    kiosk.issue()
    answer = kiosk.push()
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "fork")
    assert answer.json()["ack_seq"] == 1
    kiosk.log_id = "another-log"
    assert kiosk.hello().json()["issuer"] == "2"
    assert kiosk.hello().json()["issuer"] == "2"


def test_a_gap_is_refused_with_what_is_known(house: House) -> None:
    kiosk = house.pair()
    kiosk.issue()
    kiosk.issue()
    answer = kiosk.push(kiosk.events[1:])
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["ack_seq"]) == (409, "gap", 0)


def test_poison_is_acknowledged_kept_and_alarmed_and_blocks_nothing(house: House) -> None:
    kiosk = house.pair()
    kiosk.write("NoSuchEvent", {"x": 1})
    kiosk.issue()
    kiosk.issue(service="closed-long-ago")
    kiosk.write("TicketCalled", {"ticket_id": "x", "counter": "1", "officer": "x", "why": "", "reason": ""})
    kiosk.issue()
    answer = kiosk.push()
    assert answer.status_code == 200, answer.text
    assert answer.json()["ack_seq"] == 5
    codes = ["unknown_event_type", "unknown_service", "not_a_device_event"]
    assert [one["code"] for one in answer.json()["quarantined"]] == codes
    assert quarantined(house) == codes
    assert len(house.hall().tickets) == 2
    assert house.client.get("/healthz").json()["status"] == "attention"


def test_what_no_kiosk_writes_of_a_booking_is_put_aside_and_its_ticket_waits_like_any(house: House) -> None:
    kiosk = house.pair()
    ticket = kiosk.issue()
    good = {
        "ticket_id": ticket, "source": "situs", "booking_id": "b1", "code": "ABCD2345",
        "slot_ms": 1, "slot_end_ms": 2, "proof": "copy",
    }  # fmt: skip
    odd = (
        {"slot_ms": 2**52},
        {"slot_ms": 3},
        {"proof": "hope"},
        {"code": "a b"},
        {"booking_id": ""},
        {"source": ""},
    )
    for change in odd:
        kiosk.write("BookingArrived", {**good, **change})
    kiosk.write("BookingClaimed", {"ticket_id": ticket, "code": "?"})
    answer = kiosk.push()
    assert [one["code"] for one in answer.json()["quarantined"]] == ["bad_event"] * (len(odd) + 1)
    assert house.hall().tickets[ticket].booking is None
    kiosk.write("BookingArrived", good)
    assert kiosk.push().json()["quarantined"] == []
    assert house.hall().bookings.get(("situs", "b1")) == ticket


def test_an_unreadable_body_in_the_middle_does_not_break_the_chain(house: House) -> None:
    kiosk = house.pair()
    kiosk.issue()
    kiosk.issue()
    kiosk.issue()
    raws = [event.to_dict() for event in kiosk.events]
    raws[1] = {"seq": 2, "nonsense": [1.5, {"ä": None}]}
    answer = kiosk.push(raws)
    assert answer.json()["ack_seq"] == 3
    assert len(house.hall().tickets) == 2


def test_a_ticket_offered_under_two_events_is_counted_once(house: House) -> None:
    kiosk = house.pair()
    ticket = kiosk.issue()
    kiosk.issue(ticket_id=ticket)
    kiosk.issue()
    answer = kiosk.push()
    assert answer.json()["quarantined"] == [{"code": "duplicate_ticket", "seq": 2}]
    assert len(house.hall().tickets) == 2


def test_order_follows_the_boot_clock_and_not_the_wall_clock_or_the_upload(house: House) -> None:
    early, late = house.pair(), house.pair()
    early.wall_ms = 4_000_000_000_000
    first = early.issue()
    early.boot_ms += 600_000
    late.boot_ms += 300_000
    second = late.issue()
    house.world.now_ms += 700_000
    assert late.push().status_code == early.push().status_code == 200
    tickets = house.hall().tickets
    assert tickets[first].arrived_ms < tickets[second].arrived_ms
    house.command("open_counter")
    assert house.command("call_next").json()["ticket"]["ticket_id"] == first


def test_another_incarnation_is_told_where_to_offer_again(house: House) -> None:
    kiosk = house.pair()
    kiosk.issue()
    answer = kiosk.push(incarnation="before-the-restore")
    assert answer.status_code == 410
    assert answer.json()["incarnation"] == kiosk.paired["incarnation"]
    assert answer.json()["ack_seq"] == 0


def test_bad_requests_are_refused_with_one_clear_reason(house: House) -> None:
    kiosk = house.pair()
    send = house.client.post
    wrong = {"Authorization": "Bearer nobody"}
    assert send("/v1/hello", json={}, headers=wrong).status_code == 401
    assert send("/v1/hello", json={}).status_code == 401
    assert kiosk.hello(protocols=[3]).status_code == 426
    assert kiosk.hello(surprise=1).status_code == 422
    assert kiosk.push([{"seq": 1}] * 201).status_code == 422
    json_type = {**kiosk.headers, "Content-Type": "application/json"}
    assert send("/v1/push", content=b"{", headers=json_type).status_code == 400
    assert send("/v1/push", content=b"{}", headers=kiosk.headers).status_code == 415
    big = json.dumps({"x": "y" * 300_000})
    answer = send("/v1/push", content=big, headers=json_type)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_withdrawn_device_is_refused_politely_in_its_language(house: House) -> None:
    kiosk = house.pair(name="Kios Lobi")
    house.running.parts.enrolment.withdraw(kiosk.paired["device_id"], "test")
    answer = house.client.get("/v1/pull", headers={**kiosk.headers, "Accept-Language": "en"})
    assert answer.status_code == 403
    assert "Kios Lobi" in answer.json()["error"]["message"]


def test_a_pull_brings_the_catalogue_only_when_it_changed(house: House) -> None:
    kiosk = house.pair()
    full = house.client.get("/v1/pull", headers=kiosk.headers).json()
    assert full["catalogue"]["mall"]["name"]
    same = house.client.get(f"/v1/pull?catalogue_rev={full['catalogue_rev']}", headers=kiosk.headers).json()
    assert same["catalogue"] is None


def test_a_new_start_rebuilds_the_same_hall_from_the_log(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        for _ in range(5):
            kiosk.issue()
        kiosk.push()
        house.command("call_next")
        house.command("start")
        house.command("call_next")
        before = house.running.parts.live.truth
    with served(tmp_path, world) as house:
        after = house.running.parts.live.truth
    assert after.hall == before.hall
    assert after.position == before.position


def test_a_new_day_expires_who_still_waits_and_announces_a_new_generation(
    tmp_path: Path, world: FakeWorld
) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        ticket = kiosk.issue()
        kiosk.push()
        day = house.hall().day
    world.now_ms += 24 * 3_600_000
    with served(tmp_path, world) as house:
        assert house.hall().day > day
        assert not house.hall().tickets
        assert house.running.parts.live.truth.generation == 2
        with house.running.parts.ledger.reading() as r:
            ended = [
                one.envelope.body for one in hall_log.of_day(r, day) if one.envelope.type == "TicketExpired"
            ]
        assert ended == [{"ticket_id": ticket, "state": "waiting"}]
