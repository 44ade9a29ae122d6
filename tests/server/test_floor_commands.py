"""Served services, announcements, last numbers and the list of acts out of order, over HTTP and by role."""

from pathlib import Path
from typing import Any

import pytest

from antrean.domain.errors import RuleViolation
from antrean.ledger.hall_people import Session
from queue_server.auth.callers import Staff
from queue_server.commands import run_command
from tests.domain.malls import mall_data
from tests.server.house_of_tests import MORNING_MS, FakeWorld, House, fill, served


def codes(house: House, counter: str = "1") -> list[str]:
    state = house.client.get(
        f"/v1/state?topics=console:{counter}", headers={"Authorization": "Bearer supervisor-token"}
    ).json()
    return [one["code"] for one in state["topics"][f"console:{counter}"]["services"]]


def person(name: str, *roles: str, counter: str | None = None) -> Staff:
    session = Session(name, name, MORNING_MS, MORNING_MS, MORNING_MS, counter, "csrf")
    return Staff(name, name, frozenset(roles), counter, None, session)


def give(house: House, staff: Staff, **data: Any) -> None:
    live = house.running.parts.live
    run_command(live, data, house.world.new_id(), staff, house.world.new_id)


def out_of_order(house: House, role: str = "supervisor", day: str = "") -> Any:
    asked = f"/v1/reports/out-of-order?day={day}" if day else "/v1/reports/out-of-order"
    return house.client.get(asked, headers={"Authorization": f"Bearer {role}-token"})


def test_an_officer_narrows_the_own_counter_and_a_supervisor_widens_any(house: House) -> None:
    assert house.command("set_services", services="ktp-hilang").status_code == 200
    assert codes(house) == ["ktp-hilang"]
    beyond = house.command("set_services", services="kk")
    assert (beyond.status_code, beyond.json()["error"]["code"]) == (422, "not_at_this_counter")
    assert house.command("set_services", counter="2", services="kk").status_code == 403
    assert house.command("set_services", role="helper", services="kk").status_code == 403
    assert house.command("set_services", role="supervisor", services="kk,npwp").status_code == 200
    assert codes(house) == ["kk", "npwp"]
    assert house.command("set_services", services="").status_code == 200
    assert codes(house) == ["ktp-baru", "ktp-hilang"]
    assert house.command("set_services", any_service=True, services="kk").status_code == 422


def test_served_services_outlive_a_restart_of_the_server(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        house.command("set_services", services="ktp-hilang")
    with served(tmp_path, world) as house:
        assert codes(house) == ["ktp-hilang"]


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 403), ("helper", 403), ("manager", 403), ("supervisor", 200), ("administrator", 200)],
)
def test_only_supervisors_and_administrators_announce(house: House, role: str, status: int) -> None:
    answer = house.command("announce", role=role, counter="", kind="counter_closed", about="1", minutes=5)
    assert answer.status_code == status
    board = house.client.get("/v1/state?topics=board").json()["topics"]["board"]
    assert [one["kind"] for one in board["notices"]] == (["counter_closed"] if status == 200 else [])


def test_an_announcement_has_an_id_of_the_servers_own_and_goes_when_withdrawn(house: House) -> None:
    chosen = house.command(
        "announce", role="supervisor", counter="", kind="free", text="Halo", minutes=5, announcement_id="mine"
    )
    assert (chosen.status_code, chosen.json()["error"]["code"]) == (422, "unknown_field")
    made = house.command(
        "announce", role="supervisor", counter="", kind="free", text="Halo", minutes=5
    ).json()
    (name,) = [event["body"]["announcement_id"] for event in made["events"]]
    assert len(name) == 36
    for _ in range(2):
        gone = house.command("withdraw_announcement", role="supervisor", counter="", announcement=name)
        assert gone.status_code == 200
    assert house.client.get("/v1/state?topics=board").json()["topics"]["board"]["notices"] == []
    nothing = house.command("withdraw_announcement", role="supervisor", counter="", announcement="nothing")
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (404, "unknown_announcement")


def test_after_the_last_number_staff_are_refused_with_the_time_it_was_given(
    tmp_path: Path, world: FakeWorld
) -> None:
    data = mall_data()
    data["mall"]["hours"] = {"mon": [["08:00", "09:30"]]}
    data["policy"] = {"last_number_minutes_before_close": 40}
    fill(tmp_path, data)
    with served(tmp_path, world) as house:
        refused = house.command("issue", role="helper", counter="", service="kk")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "last_number_given")
        assert "08.50" in refused.json()["error"]["message"]
        told = house.client.get("/v1/state?topics=services").json()["topics"]["services"]["services"]
        assert told["kk"]["last_number_ms"] == MORNING_MS - 10 * 60_000


def test_the_list_names_the_supervisor_who_stood_in_and_the_reason(house: House) -> None:
    for _ in range(3):
        house.command("issue", role="helper", counter="", service="ktp-baru")
    dewi, rani = person("dewi", "officer", counter="1"), person("rani", "supervisor")
    give(house, dewi, command="open_counter", counter="1")
    give(house, rani, command="call_ticket", counter="1", ticket="AY-003", reason="ibu hamil")
    give(house, dewi, command="undo_call", counter="1")
    give(house, dewi, command="cancel", counter="1", ticket="AY-002", reason="kembar")
    told = out_of_order(house).json()
    assert told["day"] == "2025-11-24"
    rows = [
        (row["what"], row["officer"], row["label"], row["reason"], row["passed_over"]) for row in told["rows"]
    ]
    assert rows == [
        ("chosen", "rani", "AY-003", "ibu hamil", 2),
        ("undone", "dewi", "AY-003", "", 0),
        ("cancelled", "dewi", "AY-002", "kembar", 0),
    ]
    stood_in = [one.body for one in house.events() if one.type == "StoodIn"]
    assert stood_in == [{"counter": "1", "officer": "dewi", "by": "rani"}]


def test_a_command_that_changes_nothing_notes_nobody_standing_in(house: House) -> None:
    dewi, rani = person("dewi", "officer", counter="1"), person("rani", "supervisor")
    give(house, dewi, command="open_counter", counter="1")
    give(house, rani, command="call_next", counter="1")
    assert [one.type for one in house.events() if one.type == "StoodIn"] == []


def test_the_list_is_for_those_who_read_reports_and_takes_dates_alone(house: House) -> None:
    assert out_of_order(house, "officer").status_code == 403
    assert out_of_order(house, "manager").json()["rows"] == []
    assert out_of_order(house, day="2025-11-20").json() == {"day": "2025-11-20", "rows": []}
    assert out_of_order(house, day="yesterday").status_code == 422
    assert out_of_order(house, day="2025-02-30").json()["error"]["code"] == "bad_range"


def test_a_second_officer_is_told_who_holds_the_counter_and_may_take_over(house: House) -> None:
    dewi, sari = person("dewi", "officer", counter="1"), person("sari", "officer", counter="1")
    give(house, dewi, command="open_counter", counter="1")
    with pytest.raises(RuleViolation, match="counter_taken") as refused:
        give(house, sari, command="open_counter", counter="1")
    assert refused.value.params["officer"] == "dewi"
    give(house, sari, command="open_counter", counter="1", take_over=True)
    with pytest.raises(RuleViolation, match="counter_taken"):
        give(house, dewi, command="call_next", counter="1")
