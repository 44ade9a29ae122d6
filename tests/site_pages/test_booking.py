"""A day, a time, a contact: what can be chosen, what is said when it cannot, and that one press is one booking."""

import datetime

import pytest
from flask.testing import FlaskClient

from antrean.domain.errors import RuleViolation, Unavailable
from tests.site_pages.fake_desk import BLACKOUT, KEY, FakeDesk, sample_mall
from tests.site_pages.site_of_tests import (
    CONTACT,
    PATH,
    SERVICE,
    TUESDAY,
    book,
    hidden,
    said,
    site_of,
    starts,
)

FRIDAY = datetime.date(2026, 11, 27)


def test_days_are_keys_or_say_why_not(site: FlaskClient, desk: FakeDesk) -> None:
    for start in starts(desk, FRIDAY):
        desk.sell_out(KEY, SERVICE, start)
    desk.silent.add(KEY)
    page = site.get(f"{PATH}/day").text
    words = said(page)
    assert f'href="{PATH}/day/2026-11-24"' in page
    for day, why in (
        ("Hari ini 23 November", "Datang langsung: mal sedang tidak terhubung"),
        ("Kamis 26 November", "Tanpa booking, datang langsung"),
        ("Jumat 27 November", "Penuh"),
        ("Sabtu 28 November", "Tutup"),
        ("Kamis 3 Desember", "Libur: Hari Kota"),
    ):
        assert f"{day} {why}" in words
    assert f"/day/{BLACKOUT}" not in page


def test_today_after_the_last_slot_is_over_and_not_closed(site: FlaskClient, desk: FakeDesk) -> None:
    desk.now += 10 * 3_600_000
    assert "Hari ini 23 November Sudah lewat" in said(site.get(f"{PATH}/day").text)


def test_times_show_their_places_and_full_ones_are_no_keys(site: FlaskClient, desk: FakeDesk) -> None:
    first, second, *_ = starts(desk)
    desk.sell_out(KEY, SERVICE, second)
    page = site.get(f"{PATH}/day/2026-11-24").text
    assert f'href="{PATH}/at/{first}"' in page
    assert f"/at/{second}" not in page
    assert "08.00 Penuh" in said(page)
    assert "Tidak ada jam" in said(site.get(f"{PATH}/day/2026-11-28").text)


@pytest.mark.parametrize(
    ("timezone", "shown"),
    [
        ("Asia/Jakarta", "07.30–08.00 WIB"),
        ("Asia/Makassar", "07.30–08.00 WITA"),
        ("Asia/Jayapura", "07.30–08.00 WIT"),
    ],
)
def test_hours_are_the_malls_own(timezone: str, shown: str) -> None:
    desk = FakeDesk({KEY: sample_mall(timezone=timezone)})
    page = site_of(desk).test_client().get(f"{PATH}/at/{starts(desk)[0]}").text
    assert shown in said(page)


def test_the_contact_page_says_what_is_kept(site: FlaskClient, desk: FakeDesk) -> None:
    words = said(site.get(f"{PATH}/at/{starts(desk)[0]}").text)
    assert "Kontak Anda tidak disimpan, hanya sidiknya (hash berkunci)" in words
    assert "3 kali tidak datang dalam 90 hari berarti 30 hari tidak bisa booking" in words


def test_a_booking_is_made_and_shown_at_its_own_address(site: FlaskClient, desk: FakeDesk) -> None:
    answer = book(site, starts(desk)[2])
    assert answer.status_code == 303
    assert answer.location == "/b/secret0001?now=new"
    assert CONTACT not in answer.location
    assert "Tempat sudah dipesan" in said(site.get(answer.location).text)


def test_a_form_sent_twice_books_once(site: FlaskClient, desk: FakeDesk) -> None:
    start = starts(desk)[2]
    page = site.get(f"{PATH}/at/{start}").text
    sent = {"start": start, "form": hidden(page, "form"), "contact": CONTACT}
    first, second = (site.post(f"{PATH}/book", data=sent) for _ in range(2))
    assert first.location == second.location
    assert len(desk.kept) == 1
    other = site.post(f"{PATH}/book", data={**sent, "contact": "ibu@contoh.example"})
    assert other.location != first.location


def test_a_refused_press_leaves_nothing_behind(site: FlaskClient, desk: FakeDesk) -> None:
    start = starts(desk)[2]
    sent = {"start": start, "form": hidden(site.get(f"{PATH}/at/{start}").text, "form"), "contact": CONTACT}
    desk.refuse.append(RuleViolation("too_many_tries", until_ms=desk.now + 3_600_000))
    refused = site.post(f"{PATH}/book", data=sent)
    assert refused.status_code == 429
    assert "Coba lagi setelah pukul 08.41" in said(refused.text)
    assert hidden(refused.text, "form") == sent["form"]
    assert site.post(f"{PATH}/book", data=sent).status_code == 303


def test_a_slot_taken_meanwhile_leads_back_to_its_day_and_keeps_what_was_typed(
    site: FlaskClient, desk: FakeDesk
) -> None:
    start, other, *_ = starts(desk)
    page = site.get(f"{PATH}/at/{start}").text
    desk.sell_out(KEY, SERVICE, start)
    answer = site.post(
        f"{PATH}/book", data={"start": start, "form": hidden(page, "form"), "contact": CONTACT}
    )
    assert answer.status_code == 409
    assert "Tempat pukul 07.30 baru saja diambil orang lain. Silakan pilih jam lain." in said(answer.text)
    assert "Kontak yang Anda tulis tidak hilang." in said(answer.text)
    kept = {name: hidden(answer.text, name) for name in ("contact", "form")}
    assert kept["contact"] == CONTACT
    days = site.post(f"{PATH}/book", data={**kept, "days": "1"})
    assert hidden(days.text, "contact") == CONTACT
    day = site.post(f"{PATH}/book", data={**kept, "day": TUESDAY.isoformat()})
    assert f'name="pick" value="{other}"' in day.text
    form = site.post(f"{PATH}/book", data={**kept, "pick": other})
    assert f'value="{CONTACT}"' in form.text
    sent = {"start": other, "form": hidden(form.text, "form"), "contact": CONTACT}
    assert site.post(f"{PATH}/book", data=sent).status_code == 303


def test_a_slot_that_went_before_the_form_was_opened_is_told_too(site: FlaskClient, desk: FakeDesk) -> None:
    first, second, *_ = starts(desk)
    desk.sell_out(KEY, SERVICE, first)
    assert "baru saja diambil" in said(site.get(f"{PATH}/at/{first}").text)
    gone = site.get(f"{PATH}/at/{second + 1}")
    assert gone.status_code == 409
    assert "sudah tidak bisa dipilih" in said(gone.text)


def test_a_mall_that_fell_silent_is_the_reason_and_not_somebody_else(
    site: FlaskClient, desk: FakeDesk
) -> None:
    (today, *_), silent = starts(desk, datetime.date(2026, 11, 23)), "mal sedang tidak terhubung"
    desk.silent.add(KEY)
    assert silent in said(site.get(f"{PATH}/day/2026-11-23").text)
    answer = site.get(f"{PATH}/at/{today}")
    assert answer.status_code == 409
    assert silent in said(answer.text)
    assert "diambil orang lain" not in answer.text


def test_a_day_of_which_nothing_is_left_says_why(site: FlaskClient, desk: FakeDesk) -> None:
    for start in starts(desk, FRIDAY):
        desk.sell_out(KEY, SERVICE, start)
    assert "Penuh. Tidak ada jam" in said(site.get(f"{PATH}/day/{FRIDAY}").text)
    assert "Libur: Hari Kota." in said(site.get(f"{PATH}/day/2026-12-03").text)


def test_today_closed_meanwhile_leads_back_to_the_days(site: FlaskClient, desk: FakeDesk) -> None:
    desk.refuse.append(RuleViolation("same_day_closed"))
    answer = book(site, starts(desk)[0])
    assert answer.status_code == 409
    assert "mal sedang tidak terhubung" in said(answer.text)
    assert 'name="day" value="2026-11-25"' in answer.text
    assert hidden(answer.text, "contact") == CONTACT


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (RuleViolation("bad_contact"), 422, "Tulis nomor HP yang lengkap"),
        (RuleViolation("one_open_booking"), 409, "sudah punya booking untuk layanan ini"),
        (
            RuleViolation("contact_blocked", until_ms=1_797_000_000_000),
            429,
            "baru bisa booking lagi mulai Jumat, 11 Desember 2026",
        ),
    ],
)
def test_a_refusal_is_said_beside_the_field_and_the_field_keeps_its_words(
    site: FlaskClient, desk: FakeDesk, error: RuleViolation, status: int, sentence: str
) -> None:
    desk.refuse.append(error)
    answer = book(site, starts(desk)[0], contact='"><script>nama@contoh.example')
    assert answer.status_code == status
    assert sentence in said(answer.text)
    assert '"><script' not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;nama@contoh.example"' in answer.text
    assert ('aria-invalid="true"' in answer.text) == (error.code == "bad_contact")


def test_a_site_whose_disk_does_not_answer_says_what_stays_true(site: FlaskClient, desk: FakeDesk) -> None:
    desk.refuse.append(Unavailable("disk", permanent=False))  # type: ignore[arg-type]
    answer = book(site, starts(desk)[0])
    assert answer.status_code == 503
    assert "yang sudah dipesan tetap berlaku" in said(answer.text)


def test_a_crash_of_ours_is_a_page_that_says_what_stays_true(
    desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.refuse.append(KeyError("a bug"))  # type: ignore[arg-type]
    app = site_of(desk)
    app.testing = False
    answer = book(app.test_client(), starts(desk)[0])
    assert answer.status_code == 500
    assert "Ada kesalahan di situs ini, bukan pada Anda." in said(answer.text)
    assert "a bug" not in answer.text
    assert "KeyError" in caplog.text, "loud in the log"
