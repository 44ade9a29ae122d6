"""Officers' commands: once per key, only by whom they are for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def busy(house: House) -> House:
    kiosk = house.pair()
    for _ in range(3):
        kiosk.issue()
    assert kiosk.push().status_code == 200
    return house


def test_a_call_names_the_ticket_and_the_events(busy: House) -> None:
    answer = busy.command("call_next").json()
    assert answer["ticket"]["label"] == "A1-001"
    assert answer["ticket"]["state"] == "called"
    assert [event["type"] for event in answer["events"]] == ["CounterOpened", "TicketCalled"]


def test_a_second_press_calls_nobody_twice(busy: House) -> None:
    first = busy.command("call_next", key="one-press-of-a-key")
    second = busy.command("call_next", key="one-press-of-a-key")
    assert first.json() == second.json()
    assert len(busy.hall().calls) == 1


def test_many_presses_at_once_call_one_visitor(busy: House) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: busy.command("call_next", key="same-key-for-all"), range(6)))
    assert {answer.json()["ticket"]["ticket_id"] for answer in answers} == {busy.hall().calls[0].ticket_id}
    assert len(busy.hall().calls) == 1


def test_a_key_used_for_another_body_is_refused(busy: House) -> None:
    busy.command("call_next", key="one-press-of-a-key")
    answer = busy.command("recall", key="one-press-of-a-key")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "key_reused")


def test_a_refused_command_leaves_its_key_free(busy: House) -> None:
    assert busy.command("recall", key="too-early-key").status_code == 409
    busy.command("call_next")
    assert busy.command("recall", key="too-early-key").status_code == 200


def test_a_retry_after_a_restart_gets_the_first_answer(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        kiosk.issue()
        kiosk.issue()
        kiosk.push()
        before = house.command("call_next", key="sent-before-the-kill").json()
    with served(tmp_path, world) as house:
        assert house.command("call_next", key="sent-before-the-kill").json() == before
        assert len(house.hall().calls) == 1


def test_calling_when_nobody_waits_is_an_answer_and_not_an_error(house: House) -> None:
    answer = house.command("call_next")
    assert answer.status_code == 200
    assert answer.json()["ticket"] is None


def test_an_idempotency_key_is_needed(house: House) -> None:
    answer = house.client.post(
        "/v1/commands",
        json={"command": "call_next", "counter": "1"},
        headers={"Authorization": "Bearer officer-token"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "header_needed")


@pytest.mark.parametrize(
    "role, name, counter, more, status",
    [
        ("officer", "call_next", "1", {}, 200),
        ("officer", "call_next", "2", {}, 403),
        ("officer", "reopen", "1", {"ticket": "A1-001"}, 403),
        ("supervisor", "call_next", "2", {}, 200),
        ("administrator", "call_next", "1", {}, 200),
        ("manager", "call_next", "1", {}, 403),
        ("helper", "call_next", "1", {}, 403),
        ("helper", "issue", "", {"service": "ktp-baru"}, 200),
        ("officer", "no_such_command", "1", {}, 422),
        ("officer", "call_next", "1", {"ticket_id": "x"}, 422),
        ("supervisor", "call_next", "77", {}, 404),
        ("helper", "issue", "", {"service": "nowhere"}, 404),
    ],
)
def test_each_role_may_do_its_own_work(
    busy: House, role: str, name: str, counter: str, more: dict[str, str], status: int
) -> None:
    answer = busy.command(name, role=role, counter=counter, **more)
    assert answer.status_code == status, answer.text


def test_a_ticket_made_by_staff_counts_on_from_what_was_heard(busy: House) -> None:
    answer = busy.command(
        "issue", role="helper", counter="", service="ktp-baru", priority=True, language="en"
    )
    assert answer.json()["ticket"]["label"] == "AY-004"
    assert len(answer.json()["ticket"]["token"]) == 26


def test_a_helper_settles_priority_and_calls_for_help_and_nothing_else_of_an_officer(house: House) -> None:
    kiosk = house.pair()
    ticket = kiosk.issue(priority=True)
    kiosk.write("HelpRequested", {"place": "Kios 1"})
    assert kiosk.push().status_code == 200
    helper = {"role": "helper", "counter": ""}
    assert house.command("set_priority", ticket=ticket, priority=False, **helper).status_code == 200
    assert house.hall().tickets[ticket].step.why == "arrival"
    assert house.command("finish_help", place="Kios 1", **helper).status_code == 200
    assert house.command("finish_help", place="Kios 1", **helper).status_code == 409
    assert house.command("cancel", ticket=ticket, reason="pulang", **helper).status_code == 403
    told = [(one.type, one.body["minutes"]) for one in house.events() if one.type == "HelpFinished"]
    assert told == [("HelpFinished", 1)]


def test_an_unknown_reason_for_help_takes_no_number(house: House) -> None:
    refused = house.command("issue", role="helper", counter="", service="ktp-baru", reason="poor")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_assist_reason")
    assert len(house.hall().tickets) == 0


def test_help_is_reported_by_reason_and_by_how_soon_it_came(house: House) -> None:
    for reason, minutes in (("reading", 3), ("reading", 1), ("phone", 2)):
        house.command("issue", role="helper", counter="", service="kk", reason=reason, minutes=minutes)
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kios 1"})
    assert kiosk.push().status_code == 200
    house.command("accept_help", role="helper", counter="", place="Kios 1")
    manager, days = {"Authorization": "Bearer manager-token"}, "from=2025-11-24&to=2025-11-24"
    told = house.client.get(f"/v1/reports/assistance?{days}", headers=manager).json()
    assert (told["tickets"], told["minutes"]) == (3, 6)
    assert [(row["reason"], row["tickets"]) for row in told["reasons"]] == [("reading", 2), ("phone", 1)]
    assert (told["calls"]["asked"], told["calls"]["accepted"]) == (1, 1)
    sheet = house.client.get(f"/v1/reports/waits.csv?{days}", headers=manager).text.splitlines()
    columns = dict(zip(sheet[0].split(","), sheet[1].split(","), strict=True))
    assert (columns["assisted"], columns["assisted_reading"], columns["assist_minutes"]) == ("3", "2", "6")
    visits = house.client.get(f"/v1/reports/visits.csv?{days}", headers=manager).text.splitlines()
    assert visits[1].endswith(",reading,3")


def test_reports_are_for_managers(busy: House) -> None:
    busy.command("call_next")
    busy.world.now_ms += 60_000
    busy.command("start")
    busy.world.now_ms += 300_000
    busy.command("finish")
    path = "/v1/reports/waits?from=2025-11-24&to=2025-11-24&by=service"
    assert busy.client.get(path, headers={"Authorization": "Bearer officer-token"}).status_code == 403
    manager = {"Authorization": "Bearer manager-token"}
    report = busy.client.get(path, headers=manager).json()
    assert report["total"]["issued"] == 3
    assert 300_000 <= report["total"]["serve"]["p50_ms"] < 301_000
    sheet = busy.client.get(path.replace("waits?", "waits.csv?"), headers=manager)
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert len(sheet.text.splitlines()) == 3
    visits = busy.client.get("/v1/reports/visits.csv?from=2025-11-24&to=2025-11-24", headers=manager)
    assert len(visits.text.splitlines()) == 4
    wrong = busy.client.get("/v1/reports/waits?from=2025-11-24&to=2025-11-23", headers=manager)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_range")
