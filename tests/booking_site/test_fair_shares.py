"""Nobody takes everybody's places, and nobody's name is kept for it."""

from pathlib import Path

import pytest

from antrean.domain.errors import BadInput, RuleViolation
from antrean.ledger import site_bookings
from queue_server.site.contact import contact_hash, plain_contact
from queue_server.site.fair import HOUR_MS, Tries, blocked_until, network_of
from queue_server.site.keeping import BOOKINGS_KEPT_MS, forget
from queue_server.site.settings import SiteSettings
from tests.booking_site.site_of_tests import DAY, HOUR, MONDAY, Site, site_in

TEN = MONDAY + HOUR
CONTACT = "Orang.Contoh@Example.org"


def hashes(site: Site) -> list[bool]:
    """Whether the hash of the contact is still there, of every booking in the order of their making."""
    with site.ledger.reading() as r:
        return [row.contact_hash is not None for row in site_bookings.after_change(r, "uji", 0, 100)]


def not_come(site: Site, day: int) -> str:
    """Books for the contact at ten o'clock of so many days after Monday, and does not come; the code."""
    site.world.at_ms = MONDAY + day * DAY
    site.sign_of_life()
    booked = site.book(TEN + day * DAY, contact=CONTACT)
    site.world.at_ms = TEN + day * DAY + 2 * HOUR
    assert site.tell(booked.code, "noshow").get_json()["status"] == "noshow"
    return booked.code


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Orang.Contoh@Example.ORG ", "orang.contoh@example.org"),
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("0062.812.3456.7890", "+6281234567890"),
        ("(0274) 123456", "+62274123456"),
        ("+31 20 123 4567", "+31201234567"),
    ],
)
def test_one_address_has_one_spelling(typed: str, plain: str) -> None:
    assert plain_contact(typed) == plain


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "nama saya", "@example.org", "a@b", "a b@example.org", "a@@example.org", "12", "+0812345678901",
     "0" * 30, "x" * 250 + "@example.org", "081234567890x", "٠٨١٢٣٤٥٦٧٨٩٠"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        plain_contact(typed)
    assert caught.value.code == "bad_contact"


def test_the_file_holds_no_contact_and_no_two_malls_hold_the_same_hash(site: Site, tmp_path: Path) -> None:
    site.book(TEN, contact=CONTACT)
    site.ledger.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name != "ballast")
    assert b"example.org" not in kept.lower()
    secret = bytes.fromhex((tmp_path / "contacts.secret").read_text())
    plain = plain_contact(CONTACT)
    assert contact_hash(secret, "uji", plain).encode() in kept
    assert contact_hash(secret, "uji", plain) != contact_hash(secret, "lain", plain)
    assert contact_hash(b"another", "uji", plain) != contact_hash(secret, "uji", plain)


def test_a_contact_holds_one_open_booking_for_a_service(site: Site) -> None:
    first = site.book(TEN, contact="0812 3456 7890")
    with pytest.raises(RuleViolation, match="one_open_booking"):
        site.book(TEN + HOUR, contact="+62-812-3456-7890")
    site.book(TEN, "kk", contact="0812 3456 7890")
    site.desk.cancel(first.secret)
    again = site.book(TEN + HOUR, contact="0812 3456 7890")
    site.tell(again.code, "arrived", number="A1-001")
    assert site.book(TEN + DAY, contact="0812 3456 7890").status == "booked"


def test_a_booking_whose_slot_is_over_is_no_longer_open(site: Site) -> None:
    site.book(TEN, contact=CONTACT)
    site.world.at_ms = TEN + 31 * 60_000
    site.sign_of_life()
    assert site.book(TEN + HOUR, contact=CONTACT).status == "booked"


def test_three_no_shows_in_ninety_days_block_for_thirty_days(site: Site) -> None:
    for day in (0, 1, 2):
        not_come(site, day)
    with pytest.raises(RuleViolation, match="contact_blocked") as caught:
        site.book(TEN + 3 * DAY, contact=CONTACT)
    until = caught.value.params["until_ms"]
    assert until == TEN + 2 * DAY + 30 * DAY
    assert site.book(TEN + 3 * DAY, contact="seorang-lain@example.org").status == "booked"
    site.world.at_ms = MONDAY + 35 * DAY
    site.sign_of_life()
    assert site.book(TEN + 35 * DAY, contact=CONTACT).status == "booked"


def test_a_no_show_who_came_after_all_is_none(site: Site) -> None:
    codes = [not_come(site, day) for day in (0, 1, 2)]
    assert site.tell(codes[1], "arrived", number="A1-001").get_json()["status"] == "arrived"
    assert site.book(TEN + 3 * DAY, contact=CONTACT).status == "booked"


def test_no_rule_about_no_shows_blocks_nobody(tmp_path: Path) -> None:
    with site_in(tmp_path, SiteSettings(noshow_limit=0)) as site:
        for day in (0, 1, 2, 3):
            not_come(site, day)


@pytest.mark.parametrize(
    ("days", "until"),
    [
        ((0, 1), 0),
        ((0, 1, 2), 32),
        ((0, 50, 91), 0),
        ((0, 50, 90), 120),
        ((0, 1, 2, 100), 32),
        ((0, 1, 2, 3), 33),
    ],
)
def test_no_shows_count_within_their_days(days: tuple[int, ...], until: int) -> None:
    assert blocked_until([day * DAY for day in days], 3, 90 * DAY, 30 * DAY) == until * DAY


def test_hashes_are_erased_after_a_week_but_those_of_no_shows_once_the_rule_is_done_with_them(
    site: Site,
) -> None:
    not_come(site, 0)
    site.book(TEN + 4 * HOUR)
    rules = site.desk.settings
    assert hashes(site) == [True, True]

    def after(days: int) -> list[bool]:
        site.ledger.writer.run(lambda tx: forget(tx, rules, TEN + 5 * HOUR + days * DAY))
        return hashes(site)

    assert after(6) == [True, True]
    assert after(7) == [True, False]
    assert after(119) == [True, False]
    assert after(121) == [False, False]
    assert after(BOOKINGS_KEPT_MS // DAY + 1) == []


def test_an_address_tries_so_often_in_an_hour_and_ipv6_counts_by_subscriber() -> None:
    tries = Tries(2)
    assert [tries.take("2001:db8:1:2::1", 0), tries.take("2001:db8:1:2::9", 10)] == [None, None]
    assert tries.take("2001:db8:1:2:3::7", 20) == HOUR_MS
    assert tries.take("2001:db8:1:3::7", 20) is None
    assert tries.take("2001:db8:1:2::1", HOUR_MS) is None
    assert tries.take("2001:db8:1:2::1", HOUR_MS) == HOUR_MS + 10
    assert tries.take("2001:db8:1:2::1", -DAY) is None, "a clock that was set back must not shut anybody out"
    assert network_of("[2001:db8:1:2::1]:4711") == network_of("2001:db8:1:2::9")
    assert (
        network_of("192.0.2.7:4711")
        == network_of("::ffff:192.0.2.7")
        == network_of("192.0.2.7")
        == "192.0.2.7"
    )


def test_too_many_tries_are_refused_before_anything_else(tmp_path: Path) -> None:
    with site_in(tmp_path, SiteSettings(tries_per_hour=2)) as site:
        for number in range(2):
            site.desk.book("uji", "ktp-baru", TEN, f"v{number}@example.org", "id", "192.0.2.7")
        with pytest.raises(RuleViolation, match="too_many_tries") as caught:
            site.desk.book("uji", "ktp-baru", TEN, "nonsense", "id", "192.0.2.7")
        assert caught.value.params["until_ms"] == MONDAY + HOUR
        assert site.desk.book("uji", "ktp-baru", TEN, "v3@example.org", "id", "192.0.2.8").status == "booked"
