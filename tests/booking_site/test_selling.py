"""Places, slots and days: what is sold, and that nothing is sold twice."""

import datetime
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from antrean.domain.booking_claim import BookingKey
from antrean.domain.booking_code import is_own_code
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.ledger import site_bookings, site_malls
from antrean.seal.bookings import prove_booking
from queue_server.site.settings import SiteSettings
from tests.booking_site.site_of_tests import DAY, HOUR, MINUTE, MONDAY, Site, catalogue, site_in

TEN = MONDAY + HOUR
TOMORROW = MONDAY + DAY


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(RuleViolation) as caught:
        act()
    return caught.value.code


def free(site: Site, start_ms: int, service: str = "ktp-baru") -> int:
    date = local_day("Asia/Jakarta", start_ms)
    return {slot.start_ms: slot.free for slot in site.desk.slots("uji", service, date)}[start_ms]


def test_a_booking_has_a_place_a_code_and_a_proof_that_needs_no_network(site: Site) -> None:
    assert free(site, TEN) == 3
    booked = site.book(TEN)
    assert free(site, TEN) == 2
    assert is_own_code(booked.code)
    assert (booked.status, booked.changeable, booked.end_ms) == ("booked", True, TEN + 30 * MINUTE)
    proven = prove_booking(
        booked.token, [BookingKey("situs", "uji", site.desk.signer.public)], ["kk", "ktp-baru"]
    )
    assert (proven.code, proven.service, proven.start_ms, proven.end_ms) == (
        booked.code,
        "ktp-baru",
        TEN,
        TEN + 30 * MINUTE,
    )
    assert site.desk.booking(booked.secret) == booked


def test_a_slot_is_never_sold_beyond_its_places_however_many_ask_at_once(site: Site) -> None:
    ready, ended, lock = threading.Barrier(16), Counter[str](), threading.Lock()
    codes: set[str] = set()

    def visitor(number: int) -> None:
        ready.wait(30)
        for attempt in range(3):
            try:
                made = site.desk.book(
                    "uji", "ktp-baru", TEN, f"v{number}-{attempt}@example.org", "id", f"10.0.0.{number}"
                )
            except RuleViolation as refused:
                word = refused.code
            else:
                word = "booked"
                codes.add(made.code)
            with lock:
                ended[word] += 1

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ended == {"booked": 3, "slot_full": 45}
    assert len(codes) == 3


def test_booking_moving_and_cancelling_at_once_leaves_every_slot_within_its_places(site: Site) -> None:
    starts = [TEN, TEN + 30 * MINUTE, TEN + 60 * MINUTE]
    unforeseen: list[BaseException] = []

    def visitor(number: int) -> None:
        chance = random.Random(number)
        secrets: list[str] = []
        for step in range(12):
            start = chance.choice(starts)
            try:
                if secrets and chance.random() < 0.5:
                    secret = chance.choice(secrets)
                    if chance.random() < 0.5:
                        site.desk.cancel(secret)
                    else:
                        site.desk.reschedule(secret, start)
                else:
                    contact = f"v{number}-{step}@example.org"
                    secrets.append(site.desk.book("uji", "ktp-baru", start, contact, "id", "10.1.1.1").secret)
            except RuleViolation as refused:
                if refused.code not in ("slot_full", "booking_settled"):
                    unforeseen.append(refused)

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not unforeseen
    with site.ledger.reading() as r:
        rows = site_bookings.after_change(r, "uji", 0, 1000)
    held = Counter(row.start_ms for row in rows if row.place is not None)
    assert held
    assert max(held.values()) <= 3
    assert all((row.place is None) == (row.status == "cancelled") for row in rows)
    assert len({(row.start_ms, row.place) for row in rows if row.place is not None}) == sum(held.values())
    assert [free(site, start) for start in starts] == [3 - held[start] for start in starts]


def test_the_file_itself_refuses_a_place_that_is_held(site: Site) -> None:
    site.book(TEN)
    with site.ledger.reading() as r:
        (row,) = site_bookings.after_change(r, "uji", 0, 10)
    twin = replace(row, code="ZZZZZZZZ", secret_hash="another")
    with pytest.raises(Exception, match="UNIQUE"):
        site.ledger.writer.run(lambda tx: site_bookings.add(tx, twin))


def test_a_cancelled_place_and_a_left_one_are_sold_again(site: Site) -> None:
    first, second, third = (site.book(TEN) for _ in range(3))
    assert refusal(lambda: site.book(TEN)) == "slot_full"
    cancelled = site.desk.cancel(first.secret)
    assert (cancelled.status, cancelled.changeable) == ("cancelled", False)
    assert site.desk.cancel(first.secret) == cancelled
    site.book(TEN)
    moved = site.desk.reschedule(second.secret, TOMORROW)
    assert (moved.start_ms, moved.code) == (TOMORROW, second.code)
    assert moved.token != second.token
    site.book(TEN)
    assert refusal(lambda: site.desk.reschedule(moved.secret, TEN)) == "slot_full"
    assert site.desk.booking(moved.secret).start_ms == TOMORROW
    assert site.desk.reschedule(third.secret, TEN) == site.desk.booking(third.secret)
    assert refusal(lambda: site.desk.reschedule(first.secret, TOMORROW)) == "booking_settled"


def test_days_say_why_nothing_is_free(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        data = catalogue(days_ahead=6, blackouts=["2025-11-26"])
        site.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 2, data))
        for _ in range(3):
            for slot in site.desk.slots("uji", "kk", datetime.date(2025, 11, 25)):
                site.book(slot.start_ms, "kk")
        days = {day.date.day: (day.free, day.reason) for day in site.desk.days("uji", "kk")}
    # Nine o'clock has begun: today nine slots of three are left, in a full day ten.
    assert days == {
        24: (27, ""),
        25: (0, "full"),
        26: (0, "blackout"),
        27: (30, ""),
        28: (30, ""),
        29: (0, "closed"),
        30: (0, "closed"),
    }


def test_only_slots_that_are_to_come_are_sold(site: Site) -> None:
    assert refusal(lambda: site.book(MONDAY)) == "slot_gone"
    assert refusal(lambda: site.book(TEN + 1)) == "slot_gone"
    assert refusal(lambda: site.book(MONDAY + 3 * HOUR)) == "slot_gone"  # the midday break
    assert refusal(lambda: site.book(MONDAY + 21 * DAY)) == "slot_gone"
    assert refusal(lambda: site.book(10**30)) == "slot_gone"
    assert site.book(MONDAY + 14 * DAY).start_ms == MONDAY + 14 * DAY
    assert refusal(lambda: site.book(TEN, "npwp")) == "not_bookable"
    assert refusal(lambda: site.book(TEN, "passport")) == "unknown_service"
    assert refusal(lambda: site.book(TEN, key="elsewhere")) == "unknown_mall"


def test_nothing_is_sold_for_today_while_the_mall_is_silent(site: Site) -> None:
    booked = site.book(TEN)
    site.world.at_ms += 30 * MINUTE
    site.book(TEN)
    site.world.at_ms += 1
    assert refusal(lambda: site.book(TEN)) == "same_day_closed"
    assert not site.desk.malls()[0].in_contact
    assert [day.reason for day in site.desk.days("uji", "ktp-baru")[:2]] == ["same_day", ""]
    assert {slot.free for slot in site.desk.slots("uji", "ktp-baru", datetime.date(2025, 11, 24))} == {0}
    later = site.book(TOMORROW)
    assert refusal(lambda: site.desk.reschedule(later.secret, TEN)) == "same_day_closed"
    assert site.desk.cancel(booked.secret).status == "cancelled"
    site.sign_of_life()
    assert site.book(TEN).start_ms == TEN


def test_a_booking_is_settled_once_its_slot_began(site: Site) -> None:
    booked = site.book(TEN)
    site.world.at_ms = TEN
    assert not site.desk.booking(booked.secret).changeable
    assert refusal(lambda: site.desk.cancel(booked.secret)) == "booking_settled"
    assert refusal(lambda: site.desk.reschedule(booked.secret, TOMORROW)) == "booking_settled"
    assert refusal(lambda: site.desk.booking("not-a-secret")) == "unknown_booking"


def test_other_slots_in_the_catalogue_sell_nothing_that_old_bookings_hold(site: Site) -> None:
    for start in (TEN, TEN, TEN, TEN + 30 * MINUTE):
        site.book(start)
    whole_hours = catalogue(slot_minutes=60)
    site.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 2, whole_hours))
    assert free(site, TEN) == 6 - 4
    site.book(TEN)
    site.book(TEN)
    assert refusal(lambda: site.book(TEN)) == "slot_full"
    fewer = catalogue(per_hour=4)
    site.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 3, fewer))
    assert (free(site, TEN), free(site, TEN + 30 * MINUTE), free(site, TEN + HOUR)) == (0, 0, 1)


def test_a_mall_that_told_nothing_yet_is_not_shown_and_two_malls_share_nothing(tmp_path: Path) -> None:
    with site_in(tmp_path, SiteSettings(tries_per_hour=1000), "uji", "lain") as site:
        site.ledger.writer.run(lambda tx: site_malls.add_mall(tx, "baru", "x" * 64, MONDAY))
        assert [card.key for card in site.desk.malls()] == ["lain", "uji"]
        for _ in range(3):
            site.book(TEN)
        assert site.book(TEN, key="lain").mall == "lain"
        site.ledger.writer.run(lambda tx: site_malls.remove_mall(tx, "lain", MONDAY))
        assert [card.key for card in site.desk.malls()] == ["uji"]
        assert refusal(lambda: site.book(TEN, key="lain")) == "unknown_mall"


def test_a_booking_keeps_its_page_when_the_mall_drops_the_service_or_is_removed(site: Site) -> None:
    booked = site.book(TEN, "kk")
    other = site.book(TEN)
    fewer = catalogue()
    fewer["services"] = [row for row in fewer["services"] if row["code"] != "kk"]
    fewer["counters"] = []
    fewer["mall"]["name"] = "Mal Baru"
    site.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 2, fewer))
    mall, service = site.desk.booked_by(booked)
    assert (mall.name, service.code) == ("Mal Uji", "kk")
    assert site.desk.booked_by(other)[0].name == "Mal Baru"
    page = site.client.get(f"/b/{booked.secret}")
    assert (page.status_code, booked.code[:4] in page.text) == (200, True)
    assert refusal(lambda: site.desk.reschedule(booked.secret, TOMORROW)) == "unknown_service"
    site.ledger.writer.run(lambda tx: site_malls.remove_mall(tx, "uji", MONDAY))
    assert site.client.get(f"/b/{other.secret}").status_code == 200
    assert site.desk.cancel(booked.secret).status == "cancelled"


def test_catalogues_by_which_nothing_was_booked_are_dropped_and_a_revision_may_come_twice(site: Site) -> None:
    booked = site.book(TEN)
    for per_hour in (4, 8, 12):
        site.ledger.writer.run(
            partial(site_malls.set_catalogue, key="uji", rev=7, file=catalogue(per_hour=per_hour))
        )
        assert free(site, TEN + HOUR) == per_hour // 4
    with site.ledger.reading() as r:
        kept = [number for number in range(1, 9) if site_malls.catalogue(r, number) is not None]
    assert kept == [1, 4]
    assert site.desk.booked_by(booked)[1].booking == site.desk.mall("uji").services["ktp-baru"].booking


def test_a_clock_that_was_set_back_does_not_make_the_mall_heard_for_ever(site: Site) -> None:
    site.world.at_ms += 365 * DAY
    site.sign_of_life()
    site.world.at_ms = MONDAY
    assert refusal(lambda: site.book(TEN)) == "same_day_closed"
    site.sign_of_life()
    assert site.book(TEN).status == "booked"


def test_today_is_the_malls_own_day(site: Site) -> None:
    east = catalogue(days_ahead=1)
    east["mall"]["timezone"] = "Asia/Jayapura"
    site.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 2, east))
    site.world.at_ms = MONDAY + 14 * HOUR  # 23.00 in Jakarta, where it is Monday, is 01.00 in Jayapura
    site.sign_of_life()
    assert [day.date.day for day in site.desk.days("uji", "ktp-baru")] == [25, 26]
    first = site.desk.slots("uji", "ktp-baru", datetime.date(2025, 11, 25))[0]
    assert first.start_ms == MONDAY + 22 * HOUR
    site.world.at_ms += 31 * MINUTE
    assert refusal(lambda: site.book(first.start_ms)) == "same_day_closed"


def at_once(acts: Sequence[Callable[[], str]]) -> Counter[str]:
    """What each of these gave, all begun in the same moment; refusals by their code."""
    ready, ended, lock = threading.Barrier(len(acts)), Counter[str](), threading.Lock()

    def one(act: Callable[[], str]) -> None:
        ready.wait(30)
        try:
            word = act()
        except RuleViolation as refused:
            word = refused.code
        with lock:
            ended[word] += 1

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended


def test_a_contact_that_asks_many_times_at_once_gets_one_booking(site: Site) -> None:
    def wish(start: int) -> Callable[[], str]:
        return lambda: site.book(start, contact="satu@example.org").status

    acts = [wish(TEN + turn % 4 * 30 * MINUTE) for turn in range(8)]
    assert at_once(acts) == {"booked": 1, "one_open_booking": 7}


def test_a_form_that_is_pressed_many_times_at_once_books_once(site: Site) -> None:
    def press() -> str:
        return site.desk.book(
            "uji", "ktp-baru", TEN, "satu@example.org", "id", "192.0.2.7", "a-form-nobody-guesses"
        ).code

    (code,) = at_once([press] * 8)
    assert is_own_code(code)
    assert free(site, TEN) == 2
