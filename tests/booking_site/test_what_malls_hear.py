"""The JSON booking API of the site: what malls hear, and what they say."""

import re
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.booking import BookingStatus
from antrean.ledger import site as site_ledger
from antrean.ledger import site_bookings, site_malls
from queue_server.site.api import settled
from queue_server.site.cursor import Cursor, cursor_from
from queue_server.site.settings import SiteSettings
from tests.booking_site.site_of_tests import DAY, HOUR, MINUTE, MONDAY, SECRET, Site, catalogue, made, site_in

TEN = MONDAY + HOUR
B = BookingStatus


def changes(site: Site, cursor: str = "", limit: int = 500, key: str = "uji") -> dict[str, Any]:
    answer = site.signed("GET", f"/v1/changes?cursor={cursor}&limit={limit}", key=key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def all_pages(site: Site, cursor: str = "", limit: int = 2) -> list[dict[str, Any]]:
    pages = [changes(site, cursor, limit)]
    while pages[-1]["more"]:
        pages.append(changes(site, pages[-1]["cursor"], limit))
    return pages


def test_a_full_listing_and_then_only_what_changed(site: Site) -> None:
    booked = [site.book(TEN) for _ in range(3)] + [site.book(TEN + HOUR) for _ in range(2)]
    pages = all_pages(site)
    assert [page["listing"] for page in pages] == [True, True, True]
    heard = {entry["id"]: entry for page in pages for entry in page["bookings"]}
    assert set(heard) == {one.code for one in booked}
    assert heard[booked[0].code] == {
        "id": booked[0].code,
        "code": booked[0].code,
        "service": "ktp-baru",
        "start": "2025-11-24T03:00:00.000Z",
        "end": "2025-11-24T03:30:00.000Z",
        "status": "booked",
        "revision": "1",
    }
    assert pages[0]["key"] == site.desk.signer.public
    site.desk.cancel(booked[1].secret)
    site.desk.reschedule(booked[2].secret, TEN + DAY)
    site.book(TEN)
    (page,) = all_pages(site, pages[-1]["cursor"], 10)
    assert not page["listing"]
    told = [(entry["id"], entry["status"], entry["revision"]) for entry in page["bookings"]]
    assert told[:2] == [(booked[1].code, "cancelled", "2"), (booked[2].code, "booked", "2")]
    assert len(told) == 3
    assert changes(site, page["cursor"])["bookings"] == []


def test_what_changes_while_a_listing_is_read_comes_after_it(site: Site) -> None:
    booked = sorted([site.book(TEN + hour * HOUR) for hour in (0, 1, 4)], key=lambda one: one.code)
    first = changes(site, limit=1)
    assert [entry["id"] for entry in first["bookings"]] == [booked[0].code]
    site.desk.cancel(booked[0].secret)
    new = site.book(TEN)
    pages = all_pages(site, first["cursor"], 1)
    after = changes(site, pages[-1]["cursor"])
    assert not after["listing"]
    assert {(entry["id"], entry["status"]) for entry in after["bookings"]} == {
        (booked[0].code, "cancelled"),
        (new.code, "booked"),
    }


def test_a_delta_in_pages_loses_nothing(site: Site) -> None:
    cursor = changes(site)["cursor"]
    booked = [site.book(TEN + hour * HOUR).code for hour in (0, 0, 0, 1, 1, 1, 4)]
    pages = all_pages(site, cursor, 3)
    assert [entry["id"] for page in pages for entry in page["bookings"]] == booked
    assert [page["more"] for page in pages] == [True, True, False]


def test_what_is_long_over_is_not_listed(site: Site) -> None:
    site.book(TEN)
    site.world.at_ms += 2 * DAY
    assert len(changes(site)["bookings"]) == 1
    site.world.at_ms += 2 * HOUR
    assert changes(site)["bookings"] == []


def test_a_restored_site_is_read_anew(site: Site) -> None:
    site.book(TEN)
    cursor = changes(site)["cursor"]
    site.ledger.writer.run(lambda tx: site_ledger.renew_life(tx, "00000000-0000-7000-8000-aaaaaaaaaaaa"))
    answer = site.signed("GET", f"/v1/changes?cursor={cursor}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (410, "cursor_lost")


@pytest.mark.parametrize(
    "text", ["x", "c.life-one.6", "c.other-one.1", "l.life-one.1", "c.life-one.1.A", "c.life-one.-1"]
)
def test_a_cursor_nobody_gave_is_lost(text: str) -> None:
    assert cursor_from(text, "life-one", 5) is None


@pytest.mark.parametrize("cursor", [Cursor(0), Cursor(5), Cursor(3, True, "ABCD"), Cursor(3, True)])
def test_a_cursor_comes_back_as_it_was_given(cursor: Cursor) -> None:
    assert cursor_from(cursor.text("11111111-2222"), "11111111-2222", 5) == cursor


def test_the_mall_says_what_became_of_a_booking_once_per_key(site: Site) -> None:
    booked = site.book(TEN)
    first = site.tell(booked.code, "arrived", "one-key-1", number="A1-012")
    assert first.get_json() == {"id": booked.code, "status": "arrived"}
    seen = site.desk.booking(booked.secret)
    assert (seen.status, seen.label, seen.changeable, seen.after_cancel) == (
        "arrived",
        "A1-012",
        False,
        False,
    )
    site.tell(booked.code, "fulfilled")
    again = site.tell(booked.code, "arrived", "one-key-1", number="A1-012")
    assert again.get_json() == first.get_json()
    seen = site.desk.booking(booked.secret)
    assert (seen.status, seen.label) == ("fulfilled", "A1-012")
    other = site.tell(booked.code, "noshow", "one-key-1")
    assert (other.status_code, other.get_json()["error"]["code"]) == (422, "key_reused")
    assert changes(site)["bookings"][0]["revision"] == "1", "the mall need not hear its own word"


def test_who_came_after_cancelling_is_shown_as_such_and_the_place_stays_resold(site: Site) -> None:
    first, _, _ = (site.book(TEN) for _ in range(3))
    cursor = changes(site)["cursor"]
    site.desk.cancel(first.secret)
    resold = site.book(TEN)
    assert (
        site.tell(first.code, "arrived", after_cancel=True, number="A1-001").get_json()["status"] == "arrived"
    )
    seen = site.desk.booking(first.secret)
    assert (seen.status, seen.after_cancel, seen.changeable) == ("arrived", True, False)
    assert site.tell(resold.code, "arrived", number="A1-002").get_json()["status"] == "arrived"
    site.tell(first.code, "fulfilled")
    assert site.desk.booking(first.secret).after_cancel
    with site.ledger.reading() as r:
        assert sum(site_bookings.taken(r, "uji", "ktp-baru", TEN, TEN + 1).values()) == 3
    told = {entry["id"]: entry["status"] for entry in changes(site, cursor)["bookings"]}
    assert told == {first.code: "cancelled", resold.code: "booked"}, "nothing is un-cancelled"


def test_whoever_cancelled_in_time_did_not_stay_away(site: Site) -> None:
    booked = site.book(TEN)
    site.desk.cancel(booked.secret)
    assert site.tell(booked.code, "noshow").get_json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("status", "word", "then"),
    [
        (B.BOOKED, "fulfilled", B.FULFILLED),
        (B.CANCELLED, "fulfilled", B.FULFILLED),
        (B.NOSHOW, "fulfilled", B.FULFILLED),
        (B.FULFILLED, "arrived", B.FULFILLED),
        (B.FULFILLED, "noshow", B.FULFILLED),
        (B.ARRIVED, "noshow", B.ARRIVED),
        (B.NOSHOW, "noshow", B.NOSHOW),
    ],
)
def test_presence_wins_whatever_came_before(status: BookingStatus, word: str, then: BookingStatus) -> None:
    assert settled(status, word) is then


def test_a_mall_speaks_of_its_own_bookings_only(tmp_path: Path) -> None:
    with site_in(tmp_path, None, "uji", "lain") as site:
        booked = site.book(TEN)
        assert site.tell(booked.code, "arrived", mall="lain").status_code == 404
        assert site.tell("ABCDEFGH", "arrived").status_code == 404
        assert changes(site, key="lain")["bookings"] == []
        assert site.desk.booking(booked.secret).status == "booked"


def test_the_mall_tells_what_may_be_sold_and_how_crowded_it_is(site: Site) -> None:
    crowding = [{"service": "kk", "waiting": 7, "wait": [10, 25]}, {"service": "ktp-baru", "waiting": 0}]
    answer = site.signed("PUT", "/v1/mall", {"catalogue_rev": 9, "crowding": crowding})
    assert answer.get_json() == {"catalogue_rev": 1}, "the site says which one it has"
    told = site.signed(
        "PUT", "/v1/mall", {"catalogue_rev": 9, "catalogue": catalogue(), "crowding": crowding}
    )
    assert told.get_json() == {"catalogue_rev": 9}
    seen = site.desk.crowd("uji", "kk")
    assert seen is not None
    assert (seen.waiting, seen.wait, seen.as_of_ms) == (7, (10, 25), MONDAY)
    seen = site.desk.crowd("uji", "ktp-baru")
    assert seen is not None
    assert (seen.waiting, seen.wait) == (0, None)
    assert site.desk.crowd("uji", "npwp") is None
    site.world.at_ms += 10 * MINUTE + 1
    assert site.desk.crowd("uji", "kk") is None


def test_a_catalogue_with_mistakes_changes_nothing(site: Site) -> None:
    bad = catalogue()
    bad["services"][0]["agency"] = "nobody"
    answer = site.signed("PUT", "/v1/mall", {"catalogue_rev": 2, "catalogue": bad, "crowding": []})
    assert answer.status_code == 422
    assert "nobody" in answer.get_json()["error"]["message"]
    assert site.desk.mall("uji").services["ktp-baru"].agency == "dukcapil"


def test_every_signed_request_is_a_sign_of_life(site: Site) -> None:
    site.world.at_ms += HOUR
    assert not site.desk.malls()[0].in_contact
    assert site.client.get("/v1/changes").status_code == 401
    assert not site.desk.malls()[0].in_contact
    changes(site)
    assert site.desk.malls()[0].in_contact


def test_a_removed_mall_and_a_stranger_are_not_heard(site: Site) -> None:
    answer = site.signed("GET", "/v1/changes", key="asing")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unknown_key")
    site.ledger.writer.run(lambda tx: site_malls.remove_mall(tx, "uji", MONDAY))
    assert site.signed("GET", "/v1/changes").status_code == 401


def test_the_description_names_every_address(site: Site) -> None:
    described = site.client.get("/v1/openapi.json").get_json()
    assert set(described["paths"]) == {
        "/healthz",
        "/v1/openapi.json",
        "/v1/changes",
        "/v1/outcomes",
        "/v1/mall",
    }
    assert site.client.get("/healthz").get_json()["status"] == "ok"
    assert SECRET not in str(described)


def test_only_the_sites_own_proxies_are_believed_about_who_calls(tmp_path: Path) -> None:
    def tried(proxies: int) -> list[int]:
        found = []
        with site_in(tmp_path / str(proxies), SiteSettings(proxies=proxies, tries_per_hour=1)) as site:
            for claimed in ("203.0.113.1", "203.0.113.2"):
                form = {"contact": f"{claimed}@example.org", "start": str(TEN)}
                headers = {"X-Forwarded-For": f"{claimed}, 198.51.100.9"}
                found.append(site.client.post("/m/uji/ktp-baru/book", data=form, headers=headers).status_code)
        return found

    assert tried(0) == [303, 429]
    assert tried(1) == [303, 429], "what a caller claims about itself stands further left"
    assert tried(2) == [303, 303]


def test_a_site_that_starts_again_knows_everything(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        booked = site.book(TEN)
        cursor = changes(site)["cursor"]
    again = made(tmp_path, site.world)
    try:
        assert again.desk.booking(booked.secret) == booked
        assert changes(again, cursor)["bookings"] == []
        with pytest.raises(Exception, match="one_open_booking"):
            again.book(TEN, contact="orang-1@example.org")
    finally:
        again.ledger.close()


def test_every_address_of_the_site_is_in_the_pages(site: Site) -> None:
    docs = Path(__file__).parents[2] / "docs"
    said = "".join((docs / name).read_text(encoding="utf-8") for name in ("pages.md", "booking-site.md"))
    rules = {rule.rule for rule in site.client.application.url_map.iter_rules()}
    assert len(rules) > 15
    assert not {rule for rule in rules if not re.search(rf"(?<=[ `]){re.escape(rule)}(?=[`?])", said)}
