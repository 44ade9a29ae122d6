from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.booking_code import is_own_code
from queue_server.bookings.connector import Problem, Seen
from queue_server.bookings.connectors.caldav.lines import lines_of
from queue_server.bookings.connectors.caldav.reading import Booked, Rules, read_entry, rules_of
from tests.bookings_caldav.radicale_house import event, ms

WITA = rules_of(ZoneInfo("Asia/Makassar"), ("ktp", "kk", "paspor"))
BERLIN = """BEGIN:VTIMEZONE
TZID:Kantor
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def seen(text: str, rules: Rules = WITA) -> Seen:
    found = read_entry(text.encode(), '"1"', rules)
    assert isinstance(found, Booked), found
    return found.seen


def problem(text: str | bytes, rules: Rules = WITA) -> Problem:
    found = read_entry(text if isinstance(text, bytes) else text.encode(), '"1"', rules)
    assert isinstance(found, Problem), found
    return found


def with_zone(text: str, zone: str) -> str:
    return text.replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT", 1)


@pytest.mark.parametrize(
    ("zone", "start"),
    [("Asia/Jakarta", "02:00"), ("Asia/Makassar", "01:00"), ("Asia/Jayapura", "00:00")],
)
def test_nine_in_the_morning_is_nine_in_the_malls_own_zone(zone: str, start: str) -> None:
    rules = rules_of(ZoneInfo(zone), ("ktp",))
    one = seen(event("a", ":20261123T090000", ":20261123T093000"), rules)
    assert one.start_ms == ms(f"2026-11-23 {start}")
    assert one.end_ms - one.start_ms == 30 * 60_000


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        (":20261123T020000Z", "2026-11-23 02:00"),
        (";TZID=Asia/Jakarta:20261123T090000", "2026-11-23 02:00"),
        (";TZID=Asia/Jayapura:20261123T090000", "2026-11-23 00:00"),
        (';TZID="Asia/Jakarta":20261123T090000', "2026-11-23 02:00"),
        (";TZID=SE Asia Standard Time:20261123T090000", "2026-11-23 02:00"),
        (";TZID=/freeassociation.sourceforge.net/Asia/Jakarta:20261123T090000", "2026-11-23 02:00"),
        (";TZID=Europe/Berlin:20260723T090000", "2026-07-23 07:00"),
        (";TZID=Europe/Berlin:20261123T090000", "2026-11-23 08:00"),
    ],
)
def test_the_calendars_own_zone_counts(written: str, instant: str) -> None:
    text = event("a", written, "").replace("DTEND\n", "DURATION:PT45M\n")
    one = seen(text)
    assert (one.start_ms, one.end_ms) == (ms(instant), ms(instant) + 45 * 60_000)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("20260723T090000", "2026-07-23 07:00"),
        ("20261123T090000", "2026-11-23 08:00"),
        ("20261025T023000", "2026-10-25 00:30"),  # shown twice: the first time is meant
        ("20260329T023000", "2026-03-29 01:30"),  # skipped: counted with the offset before
    ],
)
def test_a_calendar_that_saves_daylight_in_a_zone_of_its_own(local: str, instant: str) -> None:
    text = event("a", f";TZID=Kantor:{local}", "").replace("DTEND\n", "DURATION:PT15M\n")
    assert seen(with_zone(text, BERLIN)).start_ms == ms(instant)
    named = seen(text.replace("TZID=Kantor", "TZID=Europe/Berlin"))
    assert named.start_ms == ms(instant)


def test_two_calendars_may_mean_different_zones_by_one_name() -> None:
    text = event("a", ";TZID=Kantor:20261123T090000", ";TZID=Kantor:20261123T093000")
    assert seen(with_zone(text, BERLIN)).start_ms == ms("2026-11-23 08:00")
    other = BERLIN.replace("+0100", "+0800").replace("+0200", "+0900")
    assert seen(with_zone(text, other)).start_ms == ms("2026-11-23 01:00")


def test_a_visit_over_the_hour_that_comes_twice_is_as_long_as_it_lasts() -> None:
    start, end = ";TZID=Europe/Berlin:20261025T013000", ";TZID=Europe/Berlin:20261025T033000"
    one = seen(event("a", start, end))
    assert one.end_ms - one.start_ms == 3 * 3_600_000


@pytest.mark.parametrize(
    ("lines", "service"),
    [
        (("X-ANTREAN-SERVICE:paspor",), "paspor"),
        (("X-ANTREAN-SERVICE:PASPOR",), "paspor"),
        (("CATEGORIES:Penting,KTP",), "ktp"),
        (("CATEGORIES:Penting", "CATEGORIES:kk"), "kk"),
        (("CATEGORIES:kk", "X-ANTREAN-SERVICE:paspor"), "paspor"),
        ((), "ktp"),
        (("CATEGORIES:Penting",), "ktp"),
    ],
)
def test_which_service_an_entry_is_for(lines: tuple[str, ...], service: str) -> None:
    rules = rules_of(ZoneInfo("Asia/Jakarta"), ("ktp", "kk", "paspor"), "ktp")
    text = event("a", ":20261123T090000", ":20261123T093000", *lines, service="")
    assert seen(text, rules).service == service


def test_a_code_comes_from_the_entry_or_always_the_same_from_its_uid() -> None:
    own = event("a", ":20261123T090000", ":20261123T093000", "X-ANTREAN-CODE:kota-77 31")
    assert seen(own).code == "KOTA7731"
    derived = seen(event("a", ":20261123T090000", ":20261123T093000")).code
    assert is_own_code(derived)
    assert derived == seen(event("a", ":20261124T090000", ":20261124T093000")).code
    assert derived != seen(event("b", ":20261123T090000", ":20261123T093000")).code


def test_a_cancelled_entry_is_a_cancelled_booking() -> None:
    text = event("a", ":20261123T090000", ":20261123T093000", "STATUS:CANCELLED")
    assert seen(text).cancelled
    assert not seen(text.replace("CANCELLED", "TENTATIVE")).cancelled


def test_names_and_addresses_never_leave_the_entry() -> None:
    personal = (
        "SUMMARY:KTP Siti Contoh",
        "DESCRIPTION:NIK 3175000000000000\\, telepon 0800-contoh",
        "ATTENDEE;CN=Siti Contoh:mailto:siti@contoh.example",
        "ORGANIZER;CN=Siti Contoh:mailto:siti@contoh.example",
        "LOCATION:Jalan Contoh 1",
        "CONTACT:Siti Contoh",
        "X-NIK:3175000000000000",
    )
    good = event("a", ":20261123T090000", ":20261123T093000", *personal)
    bad = event("a", ":20261123T090000", ":20261123T080000", *personal, "CATEGORIES:Siti Contoh")
    unreadable = event("a", ":Siti Contoh", ";CN=Siti Contoh:20261123T080000", *personal)
    told = repr([read_entry(text.encode(), "", WITA) for text in (good, bad, unreadable)]).lower()
    assert not [word for word in ("siti", "3175", "0800", "jalan") if word in told]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("all_day", event("a", ";VALUE=DATE:20261123", ";VALUE=DATE:20261124")),
        ("series", event("a", ":20261123T090000", ":20261123T093000", "RRULE:FREQ=WEEKLY")),
        ("series", event("a", ":20261123T090000", ":20261123T093000", "RECURRENCE-ID:20261123T090000")),
        ("no_end", event("a", ":20261123T090000", "").replace("DTEND\n", "")),
        ("bad_times", event("a", ":20261123T090000", ":20261123T090000")),
        ("bad_times", event("a", ":20261123T090000", ":20261124T090001")),
        ("bad_times", event("a", ":20261123T250000", ":20261123T093000")),
        ("bad_times", event("a", ":2026-11-23 09:00", ":20261123T093000")),
        ("bad_times", event("a", ":00010101T000000", ":00010101T003000")),
        ("bad_times", event("a", ":20261123T090000", "").replace("DTEND\n", "DURATION:P9999999999W\n")),
        ("unknown_zone", event("a", ";TZID=Tidak/Ada:20261123T090000", ":20261123T093000Z")),
        ("unknown_zone", event("a", ";TZID=../../etc/passwd:20261123T090000", ":20261123T093000Z")),
        ("unknown_zone", event("a", ";TZID=Asia:20261123T090000", ":20261123T093000Z")),
        ("no_service", event("a", ":20261123T090000", ":20261123T093000", service="Penting")),
        ("two_services", event("a", ":20261123T090000", ":20261123T093000", service="ktp,kk")),
        ("unknown_service", event("a", ":20261123T090000", ":20261123T093000", "X-ANTREAN-SERVICE:sim")),
        ("bad_code", event("a", ":20261123T090000", ":20261123T093000", "X-ANTREAN-CODE:Ä")),
        ("broken_line", event("a", ":20261123T090000", ":20261123T093000", "UID:b")),
        ("no_uid", event("", ":20261123T090000", ":20261123T093000")),
        ("no_uid", event("x" * 256, ":20261123T090000", ":20261123T093000")),
        ("not_a_calendar", "<html>Masuk dulu</html>"),
        ("not_a_calendar", b"\xff\xfe\x00\x01"),
        ("not_a_calendar", ""),
        ("too_large", "BEGIN:VCALENDAR\n" + "X-A:" + "a" * 1024 * 1024),
    ],
)
def test_what_cannot_be_a_booking_is_named(code: str, text: str | bytes) -> None:
    found = problem(text)
    assert (found.code, bool(found.detail)) == (code, True)
    assert len(found.booking_id) <= 255


def test_tasks_and_notes_in_the_calendar_are_left_in_peace() -> None:
    text = event("a", ":20261123T090000", ":20261123T093000").replace("VEVENT", "VTODO")
    assert read_entry(text.encode(), "", WITA) is None


def test_a_zone_that_changes_every_second_is_not_run_through() -> None:
    evil = BERLIN.replace("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=SECONDLY")
    text = event("a", ";TZID=Kantor:20261123T090000", ":20261123T093000Z")
    assert problem(with_zone(text, evil)).code == "unknown_zone"


@given(st.binary(max_size=300), st.data())
@settings(max_examples=150, deadline=None)
def test_nonsense_never_breaks_the_reader(rubbish: bytes, data: st.DataObject) -> None:
    good = with_zone(event("a", ";TZID=Kantor:20261123T090000", ":20261123T093000Z"), BERLIN).encode()
    at = data.draw(st.integers(0, len(good)))
    text = good[:at] + rubbish + good[at:]
    assert b"".join(line.raw for line in lines_of(text)) == text
    read_entry(text, '"1"', WITA)
