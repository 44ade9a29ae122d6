"""What administrators and managers read of bookings, and what they may do."""

import datetime
import re
from pathlib import Path

import httpx

from antrean.domain.booking import CLAIMED
from antrean.domain.booking_events import BookingMatched
from antrean.ledger.hall_booking_notes import ProblemRow
from antrean.texts import STAFF_LANGUAGES, texts_for
from queue_server import bookings as bookings_room
from queue_server.bookings.conflicts import CANCELLED, CASES, DECISIONS, PRESENCE
from queue_server.bookings.health import Conflict
from tests.pages.bookers import NINE_TEN_MS, arrive, claim
from tests.pages.booking_rooms import FakeRoom, booked, mall_with, refused, sell, source, tally
from tests.pages.desk_of_tests import desk, employ
from tests.server.house_of_tests import MORNING_MS, House

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def text(client: httpx.Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def in_trouble() -> FakeRoom:
    odd = ProblemRow("kalender", "uid-7", "unknown_service", "the mall has no service 'x'", 1, MORNING_MS)
    return FakeRoom(
        sources=[
            source(last_contact_ms=MORNING_MS - MINUTE_MS),
            source(
                "kalender", kind="caldav", last_contact_ms=MORNING_MS - 52 * MINUTE_MS, silent=True, waiting=7,
                quarantined=1, last_error="dav.example did not answer in time", problems=(odd,),
            ),
        ],
        held=[refused("key-1", "kalender")],
        decided=[Conflict(MORNING_MS, CANCELLED, PRESENCE, "kota", "ABCDEFGH", "A1-003")],
        kiosks=["Kios 4"],
    )  # fmt: skip


def test_the_administrator_reads_how_every_source_is_and_settles_what_is_held(tmp_path: Path) -> None:
    room, t = in_trouble(), texts_for("id")
    with mall_with(tmp_path, room) as house:
        employ(house, "adi", "administrator")
        with desk(house, "adi") as client:
            page = text(client, "/admin/bookings")
            for said in (
                t("admin.bookings_lost", n=1, name="kalender"),
                t("admin.source_heard", when="08.59"),
                t("admin.source_silent", when="08.08", ago="52 menit"),
                t("admin.trouble_slow"),
                t("admin.source_waiting", n=7),
                t("admin.unreadable_unknown_service"),
                t("admin.booking_cancelled_after_arrival"),
                t("admin.booking_presence_wins"),
                t("admin.booking_why_presence_wins"),
                t("admin.bookings_kiosks", kiosks="Kios 4"),
                "ABCD-EFGH",
            ):
                assert said in page
            assert t("admin.conflicts_none") in text(client, "/admin/bookings?day=2025-11-23")
            assert client.get("/admin/bookings?day=besok").status_code == 422
            assert client.post("/admin/bookings/try", data={"source": "kalender"}).status_code == 200
            assert client.post("/admin/bookings/retry", data={"entry": "key-1"}).status_code == 200
            assert client.post("/admin/bookings/drop", data={"entry": "key-1"}).status_code == 200
            assert client.post("/admin/bookings/drop", data={"entry": "key-9"}).status_code == 404
            assert room.done == [("try", "kalender"), ("retry", "key-1", "adi"), ("drop", "key-1", "adi")]
            health = text(client, "/admin/health")
            assert t("admin.source_alarm", name="kalender") in health
            assert t("admin.held_alarm", n=1) in health
            assert t("admin.source_alarm", name="kota") not in health
            assert t("admin.source_alarm", name="kalender") in text(client, "/manage/now")
            del client.headers["X-CSRF-Token"]
            assert client.post("/admin/bookings/drop", data={"entry": "key-1"}).status_code == 403
            assert len(room.done) == 3


def test_a_file_of_sources_that_cannot_be_read_is_said_in_full(tmp_path: Path) -> None:
    with mall_with(tmp_path, FakeRoom(broken="source kota: there is no kind 'jason'")) as house:
        employ(house, "adi", "administrator")
        with desk(house, "adi") as client:
            for path in ("/admin/bookings", "/admin/health"):
                page = text(client, path)
                assert texts_for("id")("admin.bookings_broken") in page
                assert "there is no kind" in page


def test_every_kind_of_entry_nobody_can_read_is_told_in_words() -> None:
    """What connectors call their problems, found in their source: a new one needs its words."""
    room = Path(bookings_room.__file__).parent
    told = set[str]()
    for path in room.rglob("*.py"):
        told |= set(re.findall(r"(?:_Unreadable\(|Problem\([^,()]*, )\s*\"([a-z_]+)\"", path.read_text()))
    assert {"series", "all_day", "bad_times", "code_not_written"} <= told
    for lang in STAFF_LANGUAGES:
        assert [code for code in sorted(told) if not texts_for(lang).has(f"admin.unreadable_{code}")] == []


def test_a_mall_without_sources_says_how_to_begin(house: House) -> None:
    employ(house, "adi", "administrator", "officer")
    with desk(house, "adi") as client:
        assert "antrean-admin bookings add" in text(client, "/admin/bookings")
        assert texts_for("id")("manage.booked_none_set_up") in text(client, "/manage/bookings")
        assert client.post("/counter", data={"counter": "1"}).status_code == 200
        assert client.get("/counter/bookings").json() is None


def test_every_case_and_decision_has_its_words_and_its_reason() -> None:
    for lang in STAFF_LANGUAGES:
        t = texts_for(lang)
        names = [f"admin.booking_{one}" for one in (*CASES, *DECISIONS)]
        assert all(t.has(name) for name in (*names, *(f"admin.booking_why_{one}" for one in DECISIONS)))


def report_room() -> FakeRoom:
    waits = {"booked_wait_ms": 6 * MINUTE_MS, "walk_in_wait_ms": 19 * MINUTE_MS}
    return FakeRoom(
        sources=[source()],
        tallies=[
            tally("2025-11-21", "ktp-baru", 20, 12, early=1, late=2, noshow=5, cancelled=3, walk_in=30, **waits),
            tally("2025-11-24", "ktp-baru", 10, 4, overbooked=2, walk_in=7),
            tally("2025-11-24", "kk", 1, 0, noshow=1, walk_in=0),
        ],
    )  # fmt: skip


def test_the_manager_reads_booked_beside_walk_in_by_service_and_by_day(tmp_path: Path) -> None:
    t = texts_for("id")
    with mall_with(tmp_path, report_room()) as house:
        employ(house, "ratna", "manager")
        with desk(house, "ratna") as client:
            week = text(client, "/manage/bookings?from=2025-11-18&to=2025-11-24")
            assert t("manage.booked_heading", came=19, n=31) in week
            assert t("manage.booked_finding_over", name="ktp-baru", n=2) in week
            assert "6 menit" in week
            assert "19 menit" in week
            assert 'class="day-chart"' in week
            friday = text(client, "/manage/bookings?from=2025-11-21&by=day")
            assert t("manage.booked_finding_noshow", name="21 November 2025", n=5) in friday
            assert 'class="day-chart"' not in friday
            assert t("manage.booked_heading", came=4, n=11) in text(client, "/manage/bookings")
            assert t("manage.booked_heading_none") in text(client, "/manage/bookings?from=2025-11-02")
            assert client.get("/manage/bookings?by=hour").status_code == 422
            csv = text(client, "/manage/bookings.csv?from=2025-11-18&to=2025-11-24").splitlines()
            assert csv[0].startswith("\ufeffday,service,name,booked,in_time,early,late,noshow")
            assert csv[1] == "2025-11-21,ktp-baru,ktp-baru,20,12,1,2,5,3,0,30,360,1140"
            assert len(csv) == 4


def test_the_report_is_there_for_programs_too(house: House) -> None:
    headers = {"Authorization": "Bearer manager-token"}
    path = "/v1/reports/bookings?from=2025-11-24&to=2025-11-24"
    kiosk = house.pair()
    kiosk.issue()
    assert kiosk.push().status_code == 200
    answer = house.client.get(path, headers=headers).json()
    assert [(row["day"], row["service"], row["walk_in"]) for row in answer["rows"]] == [
        ("2025-11-24", "ktp-baru", 1)
    ]
    assert answer["total"]["walk_in"] == answer["days"][0]["walk_in"] == answer["services"][0]["walk_in"] == 1
    empty = house.client.get(path.replace("24", "02"), headers=headers).json()
    assert (empty["rows"], empty["total"]) == ([], None)
    officer = {"Authorization": "Bearer officer-token"}
    assert house.client.get(path, headers=officer).status_code == 403
    assert house.client.get(path + "0", headers=headers).status_code == 422


def test_the_counter_is_told_who_of_its_own_services_is_still_expected(tmp_path: Path) -> None:
    rows = [
        booked("BCDEFGHJ", MORNING_MS + 30 * MINUTE_MS),
        booked("ABCDEFGH", MORNING_MS - 20 * MINUTE_MS, "ktp-hilang"),
        booked("DEFGHJKM", MORNING_MS, "npwp"),
    ]
    with mall_with(tmp_path, FakeRoom(sources=[source()], rows=rows)) as house:
        employ(house, "dewi", "officer")
        with desk(house, "dewi") as client:
            assert client.get("/counter/bookings").status_code == 403
            client.post("/counter", data={"counter": "1"})
            told = client.get("/counter/bookings").json()
    assert [(row["code"], row["until_ms"] - row["slot_ms"]) for row in told] == [
        ("ABCDEFGH", 15 * MINUTE_MS),
        ("BCDEFGHJ", 15 * MINUTE_MS),
    ]
    assert set(told[0]) == {"code", "service", "slot_ms", "until_ms"}


def test_whoever_came_is_expected_no_more_as_soon_as_the_hall_knows(house: House) -> None:
    today = datetime.date(2025, 11, 24)
    expected = house.running.parts.bookings.health.expected
    sell(house, "BCDEFGHJ", MORNING_MS + 30 * MINUTE_MS)
    sell(house, "CDEFGHJK", MORNING_MS, cancelled=True)
    sell(house, "EFGHJKMN", MORNING_MS)
    sell(house, "FGHJKMNP", MORNING_MS + 24 * HOUR_MS)
    assert [one.code for one in expected(today)] == ["EFGHJKMN", "BCDEFGHJ"]
    kiosk = house.pair()
    arrive(kiosk, "EFGHJKMN", MORNING_MS)
    assert kiosk.push().status_code == 200
    assert [one.code for one in expected(today)] == ["BCDEFGHJ"]


def claimed_id(house: House) -> str:
    """The ticket whose code nobody knew."""
    tickets = house.hall().tickets.values()
    return next(str(one.ticket_id) for one in tickets if one.booking and one.booking.how == CLAIMED)


def test_a_supervisor_finds_a_visit_by_its_booking_and_reads_what_became_of_it(house: House) -> None:
    employ(house, "rina", "supervisor")
    kiosk, other = house.pair(), house.pair(name="Kios 2")
    arrive(kiosk, "ABCDEFGH", NINE_TEN_MS)
    claim(kiosk, "BCDEFGHJ")
    assert kiosk.push().status_code == 200
    arrive(other, "ABCDEFGH", NINE_TEN_MS)
    assert other.push().status_code == 200
    with desk(house, "rina") as client:
        both = text(client, "/manage/find?q=abcd-efgh")
        assert ("A1-001" in both, "A2-001" in both) == (True, True)
        claimed = text(client, "/manage/find?q=BCDEFGHJ")  # the only one: its story at once
        assert texts_for("id")("manage.booking_claimed", code="BCDE-FGHJ") in claimed
        assert texts_for("id")("manage.story_booking_claimed", code="BCDE-FGHJ") in claimed
        alias = next(one for one in house.hall().tickets.values() if one.alias_of)
        first = house.hall().tickets[alias.alias_of]
        story = text(client, f"/manage/ticket/{alias.ticket_id}")
        assert texts_for("id")("manage.state_alias", label=str(first.label)) in story
        assert texts_for("id")("manage.story_booking_arrived", code="ABCD-EFGH", slot_ms="09.10") in story
        assert client.get("/manage/find?q=bukan kode").status_code == 422
        ticket_id = claimed_id(house)
        slot = (MORNING_MS + 5 * MINUTE_MS, MORNING_MS + 35 * MINUTE_MS)
        matched = BookingMatched(ticket_id, "kota", "id-2", "BCDEFGHJ", *slot)
        house.running.parts.live.run(lambda turn: turn.write([matched]))
        listed = text(client, "/manage/out-of-order?kind=booking")
        assert texts_for("id")("manage.order_heading", n=1) in listed
        assert texts_for("id")("manage.reason_booking_matched") in listed
        assert texts_for("id")("manage.order_nobody") in listed
        assert ",booking,A1-002," in text(client, "/manage/out-of-order.csv")
        told = texts_for("id")("manage.story_booking_matched", code="BCDE-FGHJ", slot_ms="09.05")
        assert told in text(client, f"/manage/ticket/{ticket_id}")
    assert house.command("call_ticket", ticket=str(alias.label), reason="kertas kedua").status_code == 200
    state = house.running.parts.hub.state("console:1")["current"]
    assert (state["label"], state["also"]) == (str(first.label), [str(alias.label)])
