"""The page of a booking: its code and QR, its calendar file, another time, giving it back."""

import base64
import datetime
import io
import re

import pytest
import zxingcpp
from flask.testing import FlaskClient
from icalendar import Calendar
from PIL import Image, ImageOps

from antrean.domain.booking_claim import BookingKey
from antrean.domain.booking_code import shown_code
from antrean.domain.errors import RuleViolation
from antrean.seal.bookings import prove_booking
from queue_server.site.desk import BookingView, CrowdView
from queue_server.site.pages.qr import DOTS
from tests.site_pages.fake_desk import DAY_MS, KEY, MONDAY_MS, FakeDesk, sample_mall
from tests.site_pages.site_of_tests import SERVICE, book, said, starts


@pytest.fixture
def booked(site: FlaskClient, desk: FakeDesk) -> BookingView:
    """Tuesday, 08.30 to 09.00."""
    assert book(site, starts(desk)[2]).status_code == 303
    return desk.kept["secret0001"]


def test_the_code_is_large_and_the_qr_scans_and_proves_the_booking(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    page = site.get("/b/secret0001").text
    assert shown_code(booked.code) in page
    found = re.search(r'src="data:image/png;base64,([^"]+)"', page)
    assert found is not None
    image = Image.open(io.BytesIO(base64.b64decode(found[1])))
    inside = ImageOps.invert(image.convert("L")).getbbox()
    assert inside == (4 * DOTS, 4 * DOTS, image.width - 4 * DOTS, image.height - 4 * DOTS), (
        "four quiet modules"
    )
    (read,) = zxingcpp.read_barcodes(image.convert("L"))
    assert read.text == booked.token
    proven = prove_booking(read.text, [BookingKey("situs", KEY, desk.public)], [SERVICE, "ktp-baru"])
    assert (proven.code, proven.service, proven.start_ms) == (booked.code, SERVICE, booked.start_ms)


def test_it_says_when_to_come_where_and_what_to_bring(site: FlaskClient, booked: BookingView) -> None:
    words = said(site.get("/b/secret0001").text)
    for part in (
        "Selasa, 24 November 2026",
        "08.30–09.00 WIB",
        "Datang pukul 08.15–08.45.",
        "Mal Pelayanan Publik Kota Samudra",
        "Lantai 1",
        "Surat kehilangan dari polisi",
        "Simpan halaman ini",
    ):
        assert part in words


def test_on_its_day_it_tells_how_crowded_the_mall_is_now(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    desk.crowds[KEY, SERVICE] = CrowdView(7, (10, 25), MONDAY_MS)
    assert "orang menunggu" not in said(site.get("/b/secret0001").text)
    desk.now = booked.start_ms - 3_600_000
    assert "Sekarang di mal: 7 orang menunggu, kira-kira 10–25 menit" in said(site.get("/b/secret0001").text)
    del desk.crowds[KEY, SERVICE]
    assert "Sekarang di mal" not in said(site.get("/b/secret0001").text)


def test_nobody_else_keeps_the_page_or_is_told_its_address(site: FlaskClient, booked: BookingView) -> None:
    for path in ("", "/booking.ics", "/move", "/cancel"):
        headers = site.get(f"/b/secret0001{path}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_calendar_file_says_the_right_instant_and_rings_twice(
    site: FlaskClient, booked: BookingView
) -> None:
    answer = site.get("/b/secret0001/booking.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    begin = datetime.datetime(2026, 11, 24, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
    assert event.decoded("dtstart") == begin
    assert event.decoded("dtend") == begin + datetime.timedelta(minutes=30)
    assert shown_code(booked.code) in str(event["description"])
    assert "Surat kehilangan" in str(event["description"])
    assert "Kota Samudra" in str(event["location"])
    assert event["url"] == "https://booking.samudra.example/b/secret0001"
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [
        -datetime.timedelta(days=1),
        -datetime.timedelta(hours=1),
    ]


def test_a_moved_or_cancelled_booking_takes_the_place_of_its_calendar_entry(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    def told() -> tuple[str, int, str, int]:
        (event,) = Calendar.from_ical(site.get("/b/secret0001/booking.ics").data).walk("VEVENT")
        words = [event[name].to_ical() for name in ("uid", "sequence", "status")]
        uid, sequence, status = (w.decode() if isinstance(w, bytes) else str(w) for w in words)
        return uid, int(sequence), status, len(event.walk("VALARM"))

    before = told()
    desk.now += 60_000
    assert site.post(f"/b/secret0001/to/{starts(desk)[5]}").status_code == 303
    moved = told()
    desk.now += 60_000
    assert site.post("/b/secret0001/cancel").status_code == 303
    gone = told()
    assert before[0] == moved[0] == gone[0]
    assert before[1] < moved[1] < gone[1]
    assert moved[2:] == ("CONFIRMED", 2)
    assert gone[2:] == ("CANCELLED", 0)


def test_a_booking_moves_after_one_question_and_gets_a_new_qr(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    new = starts(desk)[5]
    assert "Pilih hari" in said(site.get("/b/secret0001/move").text)
    day = site.get("/b/secret0001/move/2026-11-24").text
    assert f'href="/b/secret0001/to/{new}"' in day
    assert "08.30 Milik Anda" in said(day)
    asked = said(site.get(f"/b/secret0001/to/{new}").text)
    assert "Pindah ke jadwal ini?" in asked
    assert "10.00–10.30 WIB" in asked
    for _ in range(2):  # the second press finds it there, though the last place went meanwhile
        answer = site.post(f"/b/secret0001/to/{new}")
        desk.sell_out(KEY, SERVICE, new)
        assert answer.location == "/b/secret0001?now=moved"
    assert "QR-nya baru" in said(site.get(answer.location).text)
    assert desk.kept["secret0001"].start_ms == new
    assert desk.kept["secret0001"].token != booked.token


def test_a_new_time_taken_meanwhile_leaves_the_old_one_valid(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    new = starts(desk)[5]
    desk.sell_out(KEY, SERVICE, new)
    for answer in (site.get(f"/b/secret0001/to/{new}"), site.post(f"/b/secret0001/to/{new}")):
        assert answer.status_code == 409
        assert "baru saja diambil orang lain" in said(answer.text)
        assert "Jadwal Anda yang sekarang tetap berlaku." in said(answer.text)
    desk.refuse.append(RuleViolation("same_day_closed"))
    assert "Pilih hari" in said(site.post(f"/b/secret0001/to/{starts(desk)[6]}").text)
    assert desk.kept["secret0001"].start_ms == booked.start_ms


def test_it_is_given_back_after_one_question_and_only_once(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    assert "Batalkan booking ini?" in said(site.get("/b/secret0001/cancel").text)
    assert desk.kept["secret0001"].status == "booked"
    for _ in range(2):
        assert site.post("/b/secret0001/cancel").location == "/b/secret0001"
    page = site.get("/b/secret0001").text
    assert "Booking ini sudah dibatalkan" in said(page)
    assert "data:image/png" not in page
    assert site.get("/b/secret0001/move").status_code == 409
    assert site.get("/b/secret0001/cancel").status_code == 409


def test_a_service_that_is_sold_no_more_keeps_its_bookings(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    desk.catalogues[KEY] = sample_mall(bookable=("ktp-baru",))
    assert booked.code[:4] in said(site.get("/b/secret0001").text)
    for path in ("/move", "/move/2026-11-24", f"/to/{booked.start_ms}"):
        answer = site.get(f"/b/secret0001{path}")
        assert answer.status_code == 409, path
        assert "Layanan ini tidak memakai booking." in said(answer.text)
    assert site.post("/b/secret0001/cancel").status_code == 303


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": "arrived", "label": "A1-012"}, "Nomor Anda A1-012."),
        ({"status": "arrived", "after_cancel": True}, "pernah dibatalkan, tetapi Anda datang"),
        ({"status": "fulfilled"}, "Terima kasih sudah datang."),
        ({"status": "noshow"}, "Anda tercatat tidak datang"),
    ],
)
def test_what_the_mall_says_is_shown(
    site: FlaskClient, desk: FakeDesk, booked: BookingView, changed: dict[str, object], sentence: str
) -> None:
    desk.says("secret0001", changeable=False, **changed)
    page = site.get("/b/secret0001").text
    assert sentence in said(page)
    assert "/move" not in page
    settled = site.post(f"/b/secret0001/to/{starts(desk)[6]}")
    assert settled.status_code == 409
    assert "tidak bisa diubah lagi" in said(settled.text)
    assert "tidak bisa diubah lagi" in said(site.post("/b/secret0001/cancel").text)


def test_the_qr_stays_all_day_and_goes_when_the_day_is_over(
    site: FlaskClient, desk: FakeDesk, booked: BookingView
) -> None:
    desk.now = booked.end_ms + 3_600_000
    desk.says("secret0001", changeable=False)
    assert "data:image/png" in site.get("/b/secret0001").text
    desk.now += DAY_MS
    page = site.get("/b/secret0001").text
    assert "Jadwal ini sudah lewat" in said(page)
    assert "data:image/png" not in page
