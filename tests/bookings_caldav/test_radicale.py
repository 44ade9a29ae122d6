from collections.abc import Callable
from pathlib import Path

import pytest

from antrean.domain.booking_code import shown_code
from antrean.domain.errors import BadInput, RuleViolation, Unavailable
from queue_server.bookings.connector import Outcome
from queue_server.bookings.connectors.caldav.calendar import MARGIN_MS, CalendarSource
from queue_server.bookings.connectors.caldav.reading import code_of_uid
from tests.bookings_caldav.radicale_house import (
    FROM,
    TO,
    Radicale,
    all_pages,
    catalogue,
    event,
    ids,
    ms,
    radicale,
)
from tests.link.broken_servers import certificate

Source = Callable[..., CalendarSource]
START, END = ":20261123T090000", ":20261123T093000"


def outcome(uid: str, what: str = "arrived", *, after_cancel: bool = False) -> Outcome:
    label = "" if what == "noshow" else "A1-012"
    return Outcome(uid, what, ms("2026-11-23 01:52"), after_cancel, label, "")  # type: ignore[arg-type]


def test_a_listing_and_then_only_what_changed(house: Radicale, source: Source) -> None:
    for uid in ("a", "b", "c"):
        house.put(f"{uid}.ics", event(uid, START, END))
    connector = source()
    listing = all_pages(connector)
    assert (ids(listing), listing[-1].listing) == ({"a", "b", "c"}, True)
    assert {one.start_ms for one in listing[0].seen} == {ms("2026-11-23 02:00")}

    nothing = all_pages(connector, listing[-1].cursor)
    assert [(page.seen, page.gone, page.listing) for page in nothing] == [((), (), False)]

    house.put("b.ics", event("b", ":20261124T090000", ":20261124T093000"))
    house.put("c.ics", event("c", START, END, "STATUS:CANCELLED"))
    house.put("d.ics", event("d", START, END))
    house.delete("a.ics")
    (page,) = all_pages(connector, nothing[-1].cursor)
    assert page.gone == ("a",)
    assert {(one.booking_id, one.start_ms, one.cancelled) for one in page.seen} == {
        ("b", ms("2026-11-24 02:00"), False),
        ("c", ms("2026-11-23 02:00"), True),
        ("d", ms("2026-11-23 02:00"), False),
    }


def test_many_entries_come_in_pages_and_a_page_can_be_asked_for_again(
    house: Radicale, source: Source
) -> None:
    for at in range(4):
        house.put(f"b{at}.ics", event(f"b{at}", START, END))
    connector = source()
    connector._a_page = 3
    first = connector.changes("", FROM, TO)
    assert (len(first.seen), first.more, first.listing) == (3, True, True)
    second = connector.changes(first.cursor, FROM, TO)
    assert connector.changes(first.cursor, FROM, TO) == second
    assert (len(second.seen), second.more, second.listing) == (1, False, True)


def test_what_was_gone_is_told_again_when_its_page_was_lost(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    cursor = all_pages(connector)[-1].cursor
    house.delete("a.ics")
    assert connector.changes(cursor, FROM, TO).gone == ("a",)
    again = connector.changes(cursor, FROM, TO)
    assert again.gone == ("a",)
    assert connector.changes(again.cursor, FROM, TO).gone == ()


def test_an_entry_that_moved_to_another_address_is_not_gone(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    cursor = all_pages(connector)[-1].cursor
    house.delete("a.ics")
    house.put("other.ics", event("a", START, END))
    (page,) = all_pages(connector, cursor)
    assert (page.gone, ids([page])) == ((), {"a"})


def test_a_lost_token_begins_a_new_listing(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    cursor = all_pages(connector)[-1].cursor
    house.forget_tokens()
    house.put("b.ics", event("b", START, END))
    with pytest.raises(RuleViolation) as lost:
        connector.changes(cursor, FROM, TO)
    assert lost.value.code == "cursor_lost"
    pages = all_pages(connector)
    assert (ids(pages), pages[-1].listing) == ({"a", "b"}, True)


def test_after_a_restart_the_calendar_is_listed_again(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    cursor = all_pages(source())[-1].cursor
    with pytest.raises(RuleViolation) as lost:
        source().changes(cursor, FROM, TO)
    assert lost.value.code == "cursor_lost"


def test_another_catalogue_reads_everything_again(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END, service="kk"))
    connector = source(offered=("ktp",))
    pages = all_pages(connector)
    assert [one.code for one in pages[0].problems] == ["no_service"]
    connector.offer(catalogue(("ktp",)))
    assert all_pages(connector, pages[-1].cursor)[0].seen == ()
    connector.offer(catalogue(("ktp", "kk")))
    with pytest.raises(RuleViolation):
        connector.changes(pages[-1].cursor, FROM, TO)
    assert ids(all_pages(connector)) == {"a"}


def test_the_day_that_comes_into_reach_is_looked_at(house: Radicale, source: Source) -> None:
    house.put("far.ics", event("far", ":20261208T090000", ":20261208T093000"))
    connector = source()
    pages = all_pages(connector)
    assert ids(pages) == set()
    later = TO + MARGIN_MS + 1
    assert ids([connector.changes(pages[-1].cursor, FROM, later)]) == {"far"}


def test_old_entries_that_are_tidied_away_cancel_nothing(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    cursor = all_pages(connector)[-1].cursor
    house.delete("a.ics")
    page = connector.changes(cursor, ms("2026-11-24 00:00"), TO)
    assert page.gone == ()


def test_a_calendar_without_sync_tokens_is_compared(
    house: Radicale, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antrean.link.caldav.Calendar.token", lambda self: "")
    house.put("a.ics", event("a", START, END))
    house.put("b.ics", event("b", START, END))
    house.put("c.ics", event("c", ";VALUE=DATE:20261123", ";VALUE=DATE:20261124"))
    connector = source()
    pages = all_pages(connector)
    assert ids(pages) == {"a", "b"}
    house.delete("a.ics")
    house.put("b.ics", event("b", START, END, "STATUS:CANCELLED"))
    (page,) = all_pages(connector, pages[-1].cursor)
    assert (page.gone, [one.booking_id for one in page.seen], page.problems) == (("a",), ["b"], ())
    (nothing,) = all_pages(connector, page.cursor)
    assert (nothing.seen, nothing.gone) == ((), ())


def test_unreadable_entries_are_named_and_block_nothing(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    house.put("whole-day.ics", event("whole-day", ";VALUE=DATE:20261123", ";VALUE=DATE:20261124"))
    house.put("weekly.ics", event("weekly", START, END, "RRULE:FREQ=WEEKLY;COUNT=3"))
    house.put("whose.ics", event("whose", START, END, service="Penting"))
    (page,) = all_pages(source())
    assert ids([page]) == {"a"}
    assert {(one.booking_id, one.code) for one in page.problems} == {
        ("whole-day", "all_day"), ("weekly", "series"), ("whose", "no_service"),
    }  # fmt: skip


def test_an_outcome_is_written_and_everything_else_stays(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END, "SUMMARY:KTP\\, contoh", "X-KOTA-NOMOR;X-A=1:00-77"))
    connector = source()
    cursor = all_pages(connector)[-1].cursor
    before = house.get("a.ics").splitlines()
    connector.tell(outcome("a"), "k1")
    after = house.get("a.ics").splitlines()
    ours = ["X-ANTREAN-OUTCOME:ARRIVED", "X-ANTREAN-ARRIVED-AT:20261123T015200Z", "X-ANTREAN-NUMBER:A1-012"]
    assert sorted(after) == sorted([*before, *ours])
    (page,) = all_pages(connector, cursor)
    assert ids([page]) == {"a"}
    connector.tell(outcome("a"), "k1")
    (page,) = all_pages(connector, page.cursor)
    assert page.seen == (), "the same outcome again changes nothing"


def test_somebody_who_is_quicker_loses_nothing(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    all_pages(connector)

    def meanwhile(method: str, path: str) -> None:
        if method == "PUT":
            house.between = lambda method, path: None
            house.put("a.ics", event("a", START, END, "STATUS:CANCELLED", "SUMMARY:Batal"))

    house.between = meanwhile
    connector.tell(outcome("a", after_cancel=True), "k1")
    entry = house.get("a.ics")
    assert "STATUS:CANCELLED" in entry
    assert "SUMMARY:Batal" in entry
    assert "X-ANTREAN-OUTCOME:ARRIVED" in entry
    assert "X-ANTREAN-AFTER-CANCEL:TRUE" in entry


def test_an_entry_that_changes_for_ever_is_tried_later(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    all_pages(connector)
    count = iter(range(100))

    def meanwhile(method: str, path: str) -> None:
        if method == "PUT":
            house.put("a.ics", event("a", START, END, f"SUMMARY:{next(count)}"))

    house.between = meanwhile
    with pytest.raises(Unavailable) as trouble:
        connector.tell(outcome("a"), "k1")
    assert not trouble.value.permanent


def test_a_deleted_entry_hears_nothing_and_is_not_made_again(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    all_pages(connector)
    house.delete("a.ics")
    connector.tell(outcome("a", after_cancel=True), "k1")
    assert house.client.get(house.calendar + "a.ics").status_code == 404


def test_an_outcome_finds_its_entry_at_once_after_a_restart(house: Radicale, source: Source) -> None:
    house.put("any name.ics", event("a/b ü", START, END))
    house.put("longer.ics", event("a/b ü 2", START, END))
    source().tell(outcome("a/b ü", "fulfilled"), "k1")
    assert "X-ANTREAN-OUTCOME:FULFILLED" in house.get("any name.ics")
    assert "X-ANTREAN" not in house.get("longer.ics")


def test_a_series_that_was_a_single_visit_needs_a_person(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source()
    all_pages(connector)
    house.put("a.ics", event("a", START, END, "RRULE:FREQ=DAILY;COUNT=3"))
    with pytest.raises(RuleViolation):
        connector.tell(outcome("a"), "k1")


def test_nothing_is_written_where_the_settings_say_so(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    connector = source(write_outcomes=False)
    all_pages(connector)
    before = house.get("a.ics")
    connector.tell(outcome("a"), "k1")
    assert house.get("a.ics") == before


def test_codes_are_written_once_and_only_when_asked_for(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END, "DESCRIPTION:Bawa KK"))
    house.put("own.ics", event("own", START, END, "X-ANTREAN-CODE:KOTA7731"))
    all_pages(source())
    assert "X-ANTREAN-CODE" not in house.get("a.ics")
    connector = source(write_codes=True)
    listing = all_pages(connector)
    assert "X-ANTREAN-CODE" not in house.get("a.ics"), "trying a source changes nothing"
    (page,) = all_pages(connector, listing[-1].cursor)
    code = code_of_uid("a")
    assert f"X-ANTREAN-CODE:{code}\n" in house.get("a.ics")
    assert f"DESCRIPTION:{shown_code(code)}\\nBawa KK" in house.get("a.ics")
    assert "DESCRIPTION" not in house.get("own.ics")
    (page,) = all_pages(connector, page.cursor)
    assert [(one.booking_id, one.code) for one in page.seen] == [("a", code)]
    (page,) = all_pages(connector, page.cursor)
    assert page.seen == ()


def test_a_calendar_that_may_not_be_written_says_so_and_is_read(house: Radicale, source: Source) -> None:
    house.put("a.ics", event("a", START, END))
    house.refused = {"PUT"}
    connector = source(write_codes=True)
    (page,) = all_pages(connector)
    assert ids([page]) == {"a"}
    (page,) = all_pages(connector, page.cursor)
    assert [(one.booking_id, one.code) for one in page.problems] == [("a", "code_not_written")]
    with pytest.raises(Unavailable, match="may not be written") as trouble:
        connector.tell(outcome("a"), "k1")
    assert trouble.value.permanent


@pytest.mark.parametrize("where", ["/", "/antrean/", "/antrean/pemesanan", "/antrean/pemesanan/"])
def test_the_calendar_is_found_from_the_servers_address_too(
    house: Radicale, source: Source, where: str
) -> None:
    house.put("a.ics", event("a", START, END))
    assert ids(all_pages(source(url=house.url + where))) == {"a"}


def test_one_of_several_calendars_is_chosen_by_its_name(house: Radicale, source: Source) -> None:
    house.client.request("MKCALENDAR", "/antrean/lain/").raise_for_status()
    try:
        house.put("a.ics", event("a", START, END))
        with pytest.raises(Unavailable, match="Pemesanan") as which:
            all_pages(source(url=house.url))
        assert which.value.permanent
        assert ids(all_pages(source(url=house.url, calendar="Pemesanan"))) == {"a"}
        assert ids(all_pages(source(url=house.url, calendar="pemesanan"))) == {"a"}
        with pytest.raises(Unavailable, match="no single calendar is named 'Tidak ada'"):
            all_pages(source(url=house.url, calendar="Tidak ada"))
    finally:
        house.client.delete("/antrean/lain/").raise_for_status()


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"password": "salah"}, "user name and password"),
        ({"user": "orang lain"}, "user name and password"),
        ({"url": "{url}/antrean/tidak-ada/"}, "nothing at /antrean/tidak-ada/"),
    ],
)
def test_a_wrong_address_or_password_is_said_plainly(
    house: Radicale, source: Source, others: dict[str, str], words: str
) -> None:
    told = {name: value.replace("{url}", house.url) for name, value in others.items()}
    with pytest.raises(Unavailable, match=words) as trouble:
        all_pages(source(**told))
    assert trouble.value.permanent


def test_a_server_that_is_away_is_tried_again(house: Radicale, source: Source) -> None:
    with pytest.raises(Unavailable, match="cannot be reached") as trouble:
        all_pages(source(url="http://127.0.0.1:1/antrean/"))
    assert not trouble.value.permanent


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"url": "http://kalender.contoh.example/"}, "https_needed"),
        ({"url": "kalender"}, "bad_url"),
        ({"auth": "kerberos"}, "bad_settings"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(source: Source, others: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        source(**others)
    assert refusal.value.code == code


def test_a_certificate_is_believed_only_when_it_is_named(tmp_path: Path, source: Source) -> None:
    paper = certificate(tmp_path)
    with radicale(tmp_path, paper) as secure:
        secure.put("a.ics", event("a", START, END))
        with pytest.raises(Unavailable, match="certificate") as trouble:
            all_pages(source(url=secure.calendar))
        assert trouble.value.permanent
        assert ids(all_pages(source(url=secure.calendar, ca_file=str(paper)))) == {"a"}


def test_nothing_is_asked_before_the_mall_is_known(house: Radicale, source: Source) -> None:
    connector = source(offered=())
    connector._rules = None
    with pytest.raises(Unavailable):
        connector.changes("", FROM, TO)
