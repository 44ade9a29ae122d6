"""A calendar and a whole server: from the entry somebody makes to the line that says what became of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from antrean.domain.booking import BookingStatus
from antrean.link.caldav import Calendar
from queue_server.bookings import conflicts
from queue_server.bookings.connectors import KINDS
from queue_server.bookings.connectors.caldav.reading import code_of_uid
from queue_server.bookings.settings import FILE_NAME
from tests.bookings_caldav.radicale_house import PASSWORD, USER, Radicale, event
from tests.bookings_server.booked_mall import HOUR_MS, MINUTE_MS, TEN, BookedMall
from tests.bookings_server.fake_outside import FakeOutside

FILE = """
[[source]]
name = "situs"
kind = "caldav"
url = "{url}"
user = "{user}"
password_file = "kalender.password"
service = "ktp-baru"
"""


@pytest.fixture
def mall(house: Radicale, tmp_path: Path) -> Iterator[BookedMall]:
    mall = BookedMall(tmp_path / "hall", FakeOutside())
    (mall.folder / "kalender.password").write_text(PASSWORD + "\n", encoding="utf-8")
    (mall.folder / FILE_NAME).write_text(FILE.format(url=house.calendar, user=USER), encoding="utf-8")
    mall.worker.kinds = KINDS
    yield mall
    mall.stop()


def written(at_ms: int) -> str:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at_ms)).strftime(":%Y%m%dT%H%M%SZ")


def entry(uid: str, start_ms: int, *more: str) -> str:
    return event(uid, written(start_ms), written(start_ms + 30 * MINUTE_MS), *more, service="")


def test_from_the_entry_to_who_was_served_and_who_did_not_come(mall: BookedMall, house: Radicale) -> None:
    for uid in ("comes", "stays-away", "cancelled", "deleted"):
        house.put(f"{uid}.ics", entry(uid, TEN))
    mall.look()
    assert mall.row("comes").code == code_of_uid("comes")
    mall.at(TEN - 5 * MINUTE_MS)
    for uid in ("comes", "cancelled", "deleted"):
        assert mall.check_in(code_of_uid(uid)).status_code == 200
    house.put("cancelled.ics", entry("cancelled", TEN, "STATUS:CANCELLED"))
    house.delete("deleted.ics")
    mall.look()
    assert "X-ANTREAN-OUTCOME:ARRIVED" in house.get("comes.ics")
    assert "X-ANTREAN-AFTER-CANCEL:TRUE" in house.get("cancelled.ics")
    assert "STATUS:CANCELLED" in house.get("cancelled.ics")
    assert {uid: mall.status(uid) for uid in ("comes", "cancelled", "deleted")} == dict.fromkeys(
        ("comes", "cancelled", "deleted"), BookingStatus.ARRIVED
    )
    decided = {code: decision for code, case, decision in mall.cases() if case == conflicts.CANCELLED}
    assert decided == dict.fromkeys(map(code_of_uid, ("cancelled", "deleted")), conflicts.PRESENCE)
    label = mall.serve()
    mall.at(TEN + 3 * HOUR_MS)
    mall.look()
    mall.look()
    assert f"X-ANTREAN-NUMBER:{label}" in house.get("comes.ics")
    assert "X-ANTREAN-OUTCOME:FULFILLED" in house.get("comes.ics")
    assert "X-ANTREAN-OUTCOME:NOSHOW" in house.get("stays-away.ics")
    assert mall.waiting() == []


def test_killed_after_it_was_written_the_calendar_says_it_once(
    mall: BookedMall, house: Radicale, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put("a.ics", entry("a", TEN))
    mall.look()
    mall.check_in(code_of_uid("a"))
    writes: list[str] = []
    put = Calendar.put

    def killed(calendar: Calendar, href: str, data: bytes, etag: str) -> bool:
        assert put(calendar, href, data, etag)
        writes.append(href)
        raise KeyboardInterrupt

    monkeypatch.setattr(Calendar, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        mall.look()
    assert "X-ANTREAN-OUTCOME:ARRIVED" in house.get("a.ics")
    assert len(mall.waiting()) == 1
    mall.restart()
    mall.worker.kinds = KINDS
    mall.look()
    assert (len(writes), mall.waiting()) == (1, [])


def test_a_listing_after_a_restart_cancels_what_is_gone_and_nothing_else(
    mall: BookedMall, house: Radicale
) -> None:
    for uid in ("a", "b"):
        house.put(f"{uid}.ics", entry(uid, TEN))
    mall.look()
    house.delete("a.ics")
    house.put("b.ics", event("b", ";VALUE=DATE:20251124", ";VALUE=DATE:20251125"))
    mall.restart()
    mall.worker.kinds = KINDS
    mall.look()
    assert {uid: mall.status(uid) for uid in ("a", "b")} == {
        "a": BookingStatus.CANCELLED,
        "b": BookingStatus.BOOKED,
    }
