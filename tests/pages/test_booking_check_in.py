"""Checking a booking in at a counter and in the hall: typed, scanned, from the list, and with a code nobody knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from antrean.domain.booking_claim import BookingClaim, BookingKey
from antrean.domain.booking_code import code_of_value
from antrean.ledger import hall_bookings
from antrean.ledger.writer import Transaction
from antrean.seal.bookings import BookingSigner
from tests.pages.booking_rooms import FakeRoom, booked, mall_with, sell, source
from tests.pages.desk_of_tests import barriers, complaints, desk, employ, sign_in
from tests.pages.officer import Officer, at_work
from tests.pages.test_lost_papers import SCAN
from tests.server.house_of_tests import MORNING_MS, House

MINUTE_MS = 60_000
LATE_MS, SOON_MS = MORNING_MS - 10 * MINUTE_MS, MORNING_MS + 5 * MINUTE_MS
OWN = code_of_value(2_025)
SITE = BookingSigner(b"a booking site's secret of 32 by")


@pytest.fixture
def booked_mall(tmp_path: Path) -> Iterator[House]:
    """Three bookings of this morning, one of them cancelled, and a site that signs its codes."""
    rows = [booked("ABCDEFGH", LATE_MS), booked("BCDEFGHJ", SOON_MS)]
    with mall_with(tmp_path, FakeRoom(sources=[source()], rows=rows)) as house:
        for row in rows:
            sell(house, row.code, row.start_ms)
        sell(house, "CDEFGHJK", MORNING_MS, cancelled=True)
        parts = house.running.parts

        def keys(tx: Transaction) -> None:
            hall_bookings.set_cursor(tx, "kota", "", parts.incarnation, MORNING_MS)
            hall_bookings.set_keys(tx, "kota", [BookingKey("kota", "mpp", SITE.public)])

        parts.ledger.writer.run(keys)
        yield house


def came(house: House) -> list[tuple[str, str, str]]:
    """The numbers with a booking: label, code, how it was kept."""
    tickets = sorted(house.hall().tickets.values(), key=lambda one: one.label.number)
    return [(str(one.label), one.booking.code, one.booking.how) for one in tickets if one.booking]


@pytest.mark.browser
def test_an_officer_checks_bookings_in_by_one_key_a_scan_and_the_list_of_who_is_late(
    booked_mall: House, tmp_path: Path
) -> None:
    with at_work(booked_mall, tmp_path) as officer:
        officer.driver.find_element("id", "tab-booked").click()
        officer.sees("telat 10 mnt", "#rows li.is-late")
        officer.sees("BCDE-FGHJ, tempat dijaga sampai 09.20", "#rows")
        assert barriers(officer.driver) == []
        said(officer, "bcde fghj", "Nomornya AY-001", "Tempatnya menurut jam booking.")
        officer.press(Keys.ESCAPE)
        officer.sees("Booking 1", "#tab-booked")  # the list is shorter as soon as the number is there
        said(officer, "BCDE-FGHJ", "Belum bisa check-in", "sudah check-in dengan nomor AY-001")
        said(officer, "cdef-ghjk", "Belum bisa check-in", "sudah dibatalkan")
        said(officer, "zz", "Belum bisa check-in", "bukan kode booking")
        said(officer, "ZZZZ-2222", "Kode ZZZZ-2222 tidak dikenal", "kodenya dicek lagi nanti")
        assert barriers(officer.driver) == []
        officer.press(Keys.ENTER)
        officer.sees("Nomornya AY-002", "#ask")
        officer.press(Keys.ESCAPE)
        officer.idle()
        officer.driver.find_element("css selector", "#rows button").send_keys(Keys.ENTER)
        officer.sees("Booking pukul 08.50", "#ask")
        officer.press(Keys.ENTER)
        officer.sees("Nomornya AY-003", "#ask")
        claim = BookingClaim(OWN, MORNING_MS + 180 * MINUTE_MS, 30)
        officer.idle()
        officer.driver.execute_script(SCAN, SITE.seal(claim, "ktp-hilang", "mpp"))
        officer.sees("Nomornya AY-004", "#ask")
        officer.sees("Datang jauh lebih awal", "#ask")
        officer.press(Keys.ESCAPE)
        officer.driver.find_element("id", "tab-waiting").click()
        for words in ("Booking 09.05, tiba 09.00", "Cek booking ZZZZ-2222", "Booking 12.00, datang awal"):
            officer.sees(words, "#rows")
        officer.press("p")
        officer.sees("Booking 08.50", "#chips")
        assert came(booked_mall) == [
            ("AY-001", "BCDEFGHJ", "in_time"),
            ("AY-002", "ZZZZ2222", "claimed"),
            ("AY-003", "ABCDEFGH", "in_time"),
            ("AY-004", OWN, "early"),
        ]
        assert all("/v1/commands" in line for line in complaints(officer.driver))
        metrics = {"width": 360, "height": 768, "deviceScaleFactor": 1, "mobile": True}
        officer.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        assert officer.run("return document.documentElement.scrollWidth - innerWidth") <= 0
        helped(booked_mall, officer)


def said(officer: Officer, code: str, title: str, words: str) -> None:
    """Types a code into the dialog of its key and reads the answer."""
    officer.press(Keys.ESCAPE)
    officer.press("c")
    officer.sees("Kode booking", "dialog[open]")
    officer.press(code, Keys.ENTER)
    officer.sees(title, "#ask")
    officer.sees(words, "#ask")


def helped(house: House, officer: Officer) -> None:
    """The same browser, in the hall: one press for a known code, two for one that nobody knows."""
    employ(house, "sari", "helper")
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 7"})
    assert kiosk.push().status_code == 200
    sell(house, "EFGHJKMN", MORNING_MS)
    officer.driver.delete_all_cookies()
    sign_in(officer.driver, house, "sari", "/helper")
    officer.sees("Check-in booking", "#booking")
    officer.driver.find_element("id", "booking-code").send_keys("efgh-jkmn", Keys.ENTER)
    officer.sees("Tempatnya menurut jam booking.", "#ticket")
    assert barriers(officer.driver) == []
    officer.driver.find_element("id", "again").click()
    officer.driver.find_element("id", "booking-code").send_keys("efgh-jkmn", Keys.ENTER)
    officer.sees("sudah check-in dengan nomor AY-005", "#booking-said")
    officer.driver.find_element("id", "booking-code").clear()
    officer.driver.find_element("id", "booking-code").send_keys("yyyy-3333", Keys.ENTER)
    officer.sees("Kode YYYY-3333 tidak dikenal", "#claim")
    officer.sees("Kiosk 7", "#strip")  # who asks for a person stays in sight
    assert barriers(officer.driver) == []
    officer.driver.find_element("id", "find").send_keys("kk")
    officer.sees("kk", "#tiles")
    officer.driver.find_element("css selector", '[data-code="kk"]').click()
    officer.sees("Booking YYYY-3333", "#ticket")
    assert {("AY-005", "EFGHJKMN", "in_time"), ("BY-001", "YYYY3333", "claimed")} <= set(came(house))


def test_without_scripts_a_helper_checks_in_by_a_form(booked_mall: House) -> None:
    employ(booked_mall, "sari", "helper")
    with desk(booked_mall, "sari") as client:
        assert 'action="/helper/check-in"' in client.get("/helper").text
        fields = {"key": "booking-key-1", "code": "BCDE-FGHJ", "service": "", "print_at": ""}
        page = client.post("/helper/check-in", data=fields)
        assert "Booking pukul 09.05" in page.text
        again = client.post(
            "/helper/check-in", data=fields
        )  # the browser's "send again" takes no second number
        assert again.url == page.url
        other = client.post("/helper/check-in", data={**fields, "key": "booking-key-2"})
        assert other.status_code == 409
        unknown = {**fields, "key": "booking-key-3", "code": "ZZZZ-2222"}
        assert client.post("/helper/check-in", data=unknown).status_code == 404
        claimed = client.post(
            "/helper/check-in", data={**unknown, "key": "booking-key-4", "service": "ktp-baru"}
        )
        assert "ZZZZ-2222" in claimed.text
        missing = client.post("/helper/check-in", data={**fields, "key": "booking-key-5", "code": ""})
        assert missing.status_code == 422
    assert [how for _, _, how in came(booked_mall)] == ["in_time", "claimed"]
