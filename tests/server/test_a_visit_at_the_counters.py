"""One ticket through several services on the real server: plans, notes, deliveries, pins, and coming back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.errors import RuleViolation
from antrean.domain.label import status_token
from antrean.domain.visit_notes import commitment
from antrean.ledger.backup import backup, restore, verify
from antrean.ledger.connection import connect, writing
from queue_server.house import ServerHouse
from tests.domain.malls import mall_of_journeys
from tests.server.house_of_tests import FakeWorld, House, fill, served

MINUTE_MS = 60_000
SECRET = "KTP lama hilang di pasar, surat kehilangan menyusul"


@pytest.fixture
def house(tmp_path: Path, world: FakeWorld) -> Iterator[House]:
    """A server whose mall publishes journeys."""
    fill(tmp_path, mall_of_journeys())
    with served(tmp_path, world) as house:
        yield house


def issue(house: House, count: int = 1, service: str = "ktp-baru", series: str = "A") -> list[str]:
    kiosk = house.pair()
    tickets = [kiosk.issue(service, series) for _ in range(count)]
    assert kiosk.push().status_code == 200
    return tickets


def serve(house: House, counter: str = "1", role: str = "officer") -> None:
    for name in ("call_next", "start"):
        assert house.command(name, counter=counter, role=role).status_code == 200


def console(house: House, counter: str = "1") -> dict[str, Any]:
    headers = {"Authorization": "Bearer supervisor-token"}
    answer = house.client.get(f"/v1/state?topics=console:{counter}", headers=headers)
    found: dict[str, Any] = answer.json()["topics"][f"console:{counter}"]
    return found


def pages_of(house: House) -> ServerHouse:
    parts = house.running.parts
    return ServerHouse(
        ledger=parts.ledger,
        live=parts.live,
        hub=parts.hub,
        gate=parts.gate,
        accounts=parts.accounts,
        enrolment=parts.enrolment,
        new_id=parts.new_id,
        address=parts.public_url,
        healthy=dict,
        contacts=parts.contacts,
        loud_ms=parts.help_loud_ms,
    )


def test_a_journey_leads_one_number_through_its_agencies(house: House) -> None:
    issue(house)
    serve(house)
    assert [one["code"] for one in console(house)["journeys"]] == ["keluarga"]
    house.command("plan_journey", journey="keluarga")
    assert [one["code"] for one in console(house)["current"]["plan"]] == ["kk", "npwp"]
    done = house.command("call_next").json()
    assert [event["type"] for event in done["events"]] == ["ServiceFinished", "VisitContinued"]
    (ticket,) = house.hall().tickets.values()
    assert (ticket.step.service, ticket.state.value, ticket.plan) == ("kk", "waiting", ("npwp",))
    serve(house, "2", "supervisor")
    house.command("finish", counter="2", role="supervisor")
    serve(house, "3", "supervisor")
    house.command("finish", counter="3", role="supervisor")
    (ticket,) = house.hall().tickets.values()
    assert [(step.service, step.state.value, step.counter) for step in ticket.steps] == [
        ("ktp-baru", "completed", "1"),
        ("kk", "completed", "2"),
        ("npwp", "completed", "3"),
    ]
    manager, days = {"Authorization": "Bearer manager-token"}, "from=2025-11-24&to=2025-11-24"
    told = house.client.get(f"/v1/reports/waits?{days}&by=agency", headers=manager).json()
    rows = {row["key"]: row for row in told["rows"]}
    assert {key: (row["issued"], row["tickets"], row["wait"]["count"]) for key, row in rows.items()} == {
        "dukcapil": (2, 1, 2),
        "pajak": (1, 1, 1),
    }
    assert (told["total"]["issued"], told["total"]["tickets"], told["total"]["delivered"]) == (3, 1, 3)


def test_what_was_delivered_counts_for_the_service_delivered(house: House) -> None:
    issue(house, 2)
    serve(house)
    assert house.command("deliver", service="kk", quantity=3).status_code == 200
    assert house.command("deliver", service="kk", quantity=2).status_code == 200
    assert house.command("deliver", service="ktp-baru", quantity=1).status_code == 200
    assert console(house)["current"]["delivered"] == [
        {"code": "kk", "name": {"id": "kk", "en": "kk"}, "quantity": 2},
        {"code": "ktp-baru", "name": {"id": "ktp-baru", "en": "ktp-baru"}, "quantity": 1},
    ]
    refused = house.command("deliver", service="kk", quantity=100)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_quantity")
    serve(house)
    house.command("finish")
    manager, days = {"Authorization": "Bearer manager-token"}, "from=2025-11-24&to=2025-11-24"
    told = house.client.get(f"/v1/reports/waits?{days}&by=service", headers=manager).json()
    assert {row["key"]: row["delivered"] for row in told["rows"]} == {"kk": 2, "ktp-baru": 2}
    sheet = house.client.get(f"/v1/reports/waits.csv?{days}", headers=manager).text.splitlines()
    head = sheet[0].lstrip("\ufeff").split(",")
    cells = [dict(zip(head, line.split(","), strict=True)) for line in sheet[1:]]
    assert [(row["service"], row["delivered"]) for row in cells] == [
        ("kk", "2"),
        ("ktp-baru", "2"),
        ("", "4"),
    ]


def test_a_notes_text_stands_outside_of_the_log_and_reaches_the_next_counter(house: House) -> None:
    issue(house)
    serve(house)
    assert house.command("note", text=f"  {SECRET} ").status_code == 200
    house.command("transfer", service="kk", place="front")
    serve(house, "2", "supervisor")
    (note,) = console(house, "2")["current"]["notes"]
    assert (note["text"], note["counter"]) == (SECRET, "1")
    (event,) = [one for one in house.events() if one.type == "NoteWritten"]
    assert set(event.body) == {"ticket_id", "counter", "officer", "note_id", "commitment"}
    assert not any(SECRET in str(one.body) for one in house.events())
    with house.running.parts.ledger.reading() as r:
        ((salt, text),) = r.execute("SELECT salt, text FROM notes").fetchall()
        assert commitment(salt, text) == event.body["commitment"]
        assert len(salt) == 32
    house.command("recall", counter="2", role="supervisor")
    assert (
        house.command("note", counter="2", role="supervisor", text="  ").json()["error"]["code"]
        == "note_empty"
    )


def test_a_note_pressed_twice_is_written_once_and_survives_a_restart(
    tmp_path: Path, world: FakeWorld
) -> None:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        issue(house)
        serve(house)
        first = house.command("note", text=SECRET, key="one-note-two-presses")
        assert house.command("note", text=SECRET, key="one-note-two-presses").json() == first.json()
    with served(tmp_path, world) as house:
        assert [one["text"] for one in console(house)["current"]["notes"]] == [SECRET]


def test_after_its_days_a_notes_text_is_gone_from_the_file_and_the_log_stays_whole(
    tmp_path: Path, world: FakeWorld
) -> None:
    fill(tmp_path)
    with served(tmp_path, world, notes_days=2) as house:
        issue(house)
        serve(house)
        house.command("note", text=SECRET)
        house.running.keeper.begin()
        house.running.keeper.look()
        assert [one["text"] for one in console(house)["current"]["notes"]] == [SECRET]
        world.now_ms += 2 * 24 * 60 * MINUTE_MS + MINUTE_MS
        house.running.keeper.look()
    connection = connect(tmp_path / "antrean.db")
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert SECRET.encode() not in (tmp_path / "antrean.db").read_bytes()
    assert verify(tmp_path).problems == ()


def test_a_backup_brings_notes_back_and_a_changed_note_is_found(tmp_path: Path, world: FakeWorld) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    fill(data)
    with served(data, world) as house:
        issue(house)
        serve(house)
        house.command("note", text=SECRET)
        assert backup(data, copy).problems == ()
    restore(copy, tmp_path / "new", incarnation="second-life", log_id="second-log")
    with served(tmp_path / "new", FakeWorld(world.now_ms)) as house:
        assert [one["text"] for one in console(house)["current"]["notes"]] == [SECRET]
    connection = connect(tmp_path / "new" / "antrean.db")
    with writing(connection) as tx:
        tx.execute("UPDATE notes SET text = 'berkas lengkap'")
    connection.close()
    assert [problem.split()[0] for problem in verify(tmp_path / "new").problems] == ["note"]


def test_a_number_sent_to_one_counter_is_offered_there_alone(house: House) -> None:
    issue(house, 2)
    serve(house)
    house.command("open_counter", counter="2", role="supervisor")
    assert (
        house.command("transfer", service="kk", to_counter="1").json()["error"]["code"]
        == "counter_does_not_serve"
    )
    assert (
        house.command("transfer", service="npwp", to_counter="3").json()["error"]["code"]
        == "counter_not_open"
    )
    sent = house.command("transfer", service="ktp-baru", place="front", to_counter="2").json()
    assert [event["type"] for event in sent["events"]] == ["TicketTransferred", "TicketPinned"]
    assert house.command("call_next").json()["ticket"]["label"] == "A1-002"
    house.command("start")
    house.command("finish")
    assert house.command("call_next").json()["ticket"] is None
    refused = house.command("call_ticket", ticket="A1-001", reason="diminta")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "pinned_elsewhere")
    assert [row["to_counter"] for row in console(house, "2")["waiting"]] == ["2"]
    assert house.command("call_next", counter="2", role="supervisor").json()["ticket"]["label"] == "A1-001"


def test_nobody_waits_for_an_officer_who_has_gone(house: House) -> None:
    issue(house)
    serve(house)
    house.command("open_counter", counter="2", role="supervisor")
    house.command("transfer", service="ktp-baru", to_counter="2")
    house.command("close_counter", counter="2", role="supervisor")
    assert house.command("call_next").json()["ticket"]["label"] == "A1-001"


def test_within_the_grace_an_absent_visitor_comes_back_by_phone(house: House) -> None:
    (ticket,) = issue(house)
    token, pages = status_token(ticket), pages_of(house)
    house.command("call_next")
    with pytest.raises(RuleViolation, match="illegal_transition"):
        pages.come_back(token)
    house.command("absent")
    state = pages.state(f"ticket:{token}")
    assert state["can"] == ["leave", "come_back"]
    assert state["no_show_until_ms"] - state["server_ms"] == pytest.approx(30 * MINUTE_MS, abs=MINUTE_MS)
    pages.come_back(token)
    assert pages.state(f"ticket:{token}")["state"] == "waiting"
    assert house.events()[-1].body == {"ticket_id": ticket, "counter": "", "officer": "visitor"}
    with pytest.raises(KeyError):
        pages.come_back(status_token("01900000-0000-7000-8000-000000000099"))


def test_beyond_the_grace_only_a_supervisor_lets_a_visitor_back(house: House) -> None:
    (ticket,) = issue(house)
    token, pages = status_token(ticket), pages_of(house)
    house.command("call_next")
    house.command("absent")
    house.world.now_ms += 31 * MINUTE_MS
    assert pages.state(f"ticket:{token}")["can"] == ["leave"]
    with pytest.raises(RuleViolation, match="grace_over"):
        pages.come_back(token)
    refused = house.command("return", ticket=ticket)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "grace_over")
    assert "30 menit" in refused.json()["error"]["message"]
    assert house.command("return", ticket=ticket, beyond_grace=True).status_code == 422
    assert house.command("return", ticket=ticket, role="supervisor").status_code == 200


def test_a_finish_by_mistake_is_taken_back_as_long_as_nobody_called_the_next_step(house: House) -> None:
    (ticket,) = issue(house)
    serve(house)
    house.command("add_service", service="kk")
    house.command("finish")
    reopened = house.command("reopen", role="supervisor", ticket=ticket).json()
    assert [event["type"] for event in reopened["events"]] == ["ContinuationUndone", "TicketReopened"]
    found = house.hall().tickets[ticket]
    assert (found.step.service, found.state.value, found.plan) == ("ktp-baru", "serving", ("kk",))
    assert len(house.hall().line("kk")) == 0
    house.command("finish")
    serve(house, "2", "supervisor")
    refused = house.command("reopen", role="supervisor", ticket=ticket)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "illegal_transition")
