"""The JSON connector against a portal that answers as docs/booking-api.md says."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from antrean.domain.errors import BadInput, RuleViolation, Unavailable
from queue_server.bookings.connector import Crowd, Offer, Outcome, Page, Problem, Seen
from queue_server.bookings.connectors.json import KIND
from queue_server.bookings.connectors.json.connector import JsonConnector, connector_of
from tests.bookings.portal import KEY, NOW_MS, SECRET, SIGNS, FakePortal, entry, served_portal

YEAR = 365 * 24 * 3_600_000
START_MS = 1_764_036_000_000  # 2025-11-25 09:00 in Jakarta
NUMBERS = itertools.count()
CATALOGUE = {"mall": {"name": "MPP Contoh"}, "services": []}
ARRIVED = Outcome("A-1", "arrived", START_MS, False, "A1-012", "1")


@pytest.fixture(scope="module")
def served() -> Iterator[FakePortal]:
    with served_portal(FakePortal()) as portal:
        yield portal


@pytest.fixture
def portal(served: FakePortal) -> FakePortal:
    """The one portal of this module, empty again: ending a server takes half a second."""
    vars(served).update(vars(FakePortal(url=served.url)))
    return served


Make = Callable[..., JsonConnector]


@pytest.fixture
def make(portal: FakePortal) -> Iterator[Make]:
    made: list[JsonConnector] = []

    def connector(now_ms: Callable[[], int] = lambda: NOW_MS, **changes: Any) -> JsonConnector:
        defaults = {one.name: one.default for one in KIND.settings}
        settings = defaults | {"url": portal.url, "mall": KEY, "secret": SECRET} | changes
        made.append(connector_of(settings, now_ms, lambda count: next(NUMBERS).to_bytes(count)))
        return made[-1]

    yield connector
    for one in made:
        one.close()


def pages(connector: JsonConnector, cursor: str = "") -> list[Page]:
    found: list[Page] = []
    while not found or found[-1].more:
        found.append(connector.changes(found[-1].cursor if found else cursor, 0, 2**50))
    return found


def test_a_full_listing_comes_in_pages_and_then_only_what_changes(portal: FakePortal, make: Make) -> None:
    portal.page = 400
    portal.put(*(entry(number) for number in range(1000)))
    connector = make()
    listing = pages(connector)
    assert [len(page.seen) for page in listing] == [400, 400, 200]
    assert all(page.listing for page in listing)
    assert connector.keys() == (SIGNS,)
    assert pages(connector, listing[-1].cursor)[0].seen == ()
    portal.put(entry(7, status="cancelled", revision="2"), entry(2000))
    (news,) = pages(connector, listing[-1].cursor)
    assert (news.listing, [(one.booking_id, one.cancelled) for one in news.seen]) == (
        False,
        [("A-7", True), ("A-2000", False)],
    )


def test_a_booking_is_read_in_its_own_time_zone(portal: FakePortal, make: Make) -> None:
    wita = {"start": "2025-11-25T10:00:00+08:00", "end": "2025-11-25T10:30:00.500+08:00"}
    portal.put(entry(1), entry(2, **wita), entry(3, code="ktp-0 0001", start="2025-11-25T02:00:00Z"))
    (page,) = pages(make())
    assert page.seen[0] == Seen("A-1", "KTP00001", "ktp-baru", START_MS, START_MS + 1_800_000, False, "1")
    assert (page.seen[1].start_ms, page.seen[1].end_ms) == (START_MS, START_MS + 1_800_500)
    assert (page.seen[2].code, page.seen[2].start_ms) == ("KTP00001", START_MS)


@pytest.mark.parametrize(
    "spoil, where",
    [
        ({"start": "2025-11-25T09:00:00"}, "start"),
        ({"start": "2025-13-25T09:00:00Z"}, "start"),
        ({"start": 1764036000}, "start"),
        ({"end": "2025-11-25T09:00:00+07:00"}, "end"),
        ({"code": "----"}, "code"),
        ({"code": "a<script>"}, "code"),
        ({"status": "tentative"}, "status"),
        ({"service": ""}, "service"),
        ({"revision": None}, "revision"),
        ({"id": "x" * 201}, "id"),
        ({"id": 7}, "id"),
    ],
)
def test_an_entry_that_cannot_be_understood_holds_nothing_else_up(
    portal: FakePortal, make: Make, spoil: dict[str, Any], where: str
) -> None:
    portal.bookings = {"x": entry(1), "y": {**entry(2), **spoil}, "z": entry(3)}
    (page,) = pages(make())
    assert [one.booking_id for one in page.seen] == ["A-1", "A-3"]
    (problem,) = page.problems
    assert (problem.code, where in problem.detail) == ("bad_entry", True)


def test_entries_that_are_no_objects_are_problems_without_a_name(portal: FakePortal, make: Make) -> None:
    portal.bookings = {"x": entry(1), "y": [1, 2], "z": None}  # type: ignore[dict-item]
    (page,) = pages(make())
    assert len(page.seen) == 1
    assert [type(one) for one in page.problems] == [Problem, Problem]
    assert {one.booking_id for one in page.problems} == {""}


def test_a_lost_cursor_is_said_so_that_the_listing_begins_anew(portal: FakePortal, make: Make) -> None:
    portal.put(entry(1))
    connector = make()
    (page,) = pages(connector)
    portal.lost = True
    with pytest.raises(RuleViolation) as lost:
        connector.changes(page.cursor, 0, 1)
    assert lost.value.code == "cursor_lost"
    assert len(connector.changes("", 0, 1).seen) == 1


def test_an_outcome_told_twice_is_heard_once(portal: FakePortal, make: Make) -> None:
    portal.put(entry(1))
    for _ in range(3):
        make().tell(ARRIVED, "key-of-this-outcome")
    assert portal.told == [
        {
            "id": "A-1",
            "status": "arrived",
            "at": "2025-11-25T02:00:00.000Z",
            "after_cancel": False,
            "number": "A1-012",
        }
    ]
    assert len(portal.asked) == 3


def test_an_outcome_nobody_will_ever_take_is_told_from_one_that_must_wait(
    portal: FakePortal, make: Make
) -> None:
    with pytest.raises(RuleViolation) as poison:
        make().tell(ARRIVED, "key-of-this-outcome")
    assert (poison.value.code, poison.value.params["status"]) == ("unknown_booking", 404)
    for wrong in (make(secret=SECRET + "!"), make(mall="mpp-lain"), make(url=portal.url + "/portal")):
        with pytest.raises(Unavailable) as waiting:
            wrong.tell(ARRIVED, "key-of-this-outcome")
        assert waiting.value.permanent


def test_the_catalogue_is_sent_only_when_it_is_asked_for(portal: FakePortal, make: Make) -> None:
    connector = make()
    offer = Offer(3, CATALOGUE, (Crowd("ktp-baru", 4, (10, 25)), Crowd("kk-baru", 0, None)))
    connector.offer(offer)
    connector.offer(offer)
    assert portal.asked == ["mall", "mall", "catalogue", "mall"]
    assert portal.catalogue == CATALOGUE
    assert portal.crowding == [
        {"service": "ktp-baru", "waiting": 4, "wait": [10, 25]},
        {"service": "kk-baru", "waiting": 0, "wait": None},
    ]
    make().offer(
        Offer(3, {**CATALOGUE, "zones": []}, ())
    )  # a mall that was set up anew counts from the beginning
    assert portal.catalogue == {**CATALOGUE, "zones": []}


def test_the_catalogue_of_a_great_mall_fits(portal: FakePortal, make: Make) -> None:
    great = {"services": [{"code": f"service-{number}", "name": "x" * 1400} for number in range(600)]}
    make().offer(Offer(1, great, ()))
    assert portal.catalogue == great


@pytest.mark.parametrize("wrong_by", [-20 * YEAR, 20 * YEAR, -400_000, 400_000])
def test_a_mall_whose_clock_is_years_off_is_understood(
    portal: FakePortal, make: Make, wrong_by: int, caplog: pytest.LogCaptureFixture
) -> None:
    portal.put(entry(1))
    connector = make(lambda: NOW_MS + wrong_by)
    assert len(pages(connector)[0].seen) == 1
    connector.tell(ARRIVED, "key-of-this-outcome")
    assert portal.asked == ["changes", "outcome"]
    (said,) = caplog.messages
    assert f"{round(-wrong_by / 60_000)} minutes from that of 127.0.0.1" in said


def test_a_clock_that_jumps_is_learnt_again(portal: FakePortal, make: Make) -> None:
    clock = [NOW_MS - YEAR]
    connector = make(lambda: clock[0])
    connector.changes("", 0, 1)
    clock[0] = NOW_MS + YEAR
    connector.changes("", 0, 1)
    assert portal.asked == ["changes", "changes"]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"secret": SECRET + "!"}, "mpp-contoh"),
        ({"mall": "mpp-lain"}, "mpp-lain"),
    ],
)
def test_a_wrong_secret_or_key_is_said_plainly(
    portal: FakePortal, make: Make, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Unavailable, match=f"refuses this mall: .*{words}") as refused:
        make(**changes).changes("", 0, 1)
    assert refused.value.permanent
    assert portal.asked == []


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"url": "http://portal.example"}, "https_needed"),
        ({"url": "portal.example"}, "bad_url"),
        ({"url": "https://nama:sandi@portal.example"}, "bad_url"),
        ({"url": "https://portal.example/?a=b"}, "bad_url"),
        ({"url": "http://[::1"}, "bad_url"),
        ({"url": ""}, "bad_url"),
        ({"proxy": "nonsense"}, "bad_url"),
        ({"secret": "short"}, "weak_secret"),
        ({"mall": "MPP Contoh"}, "bad_request_key"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_at_once(
    make: Make, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        make(**changes)
    assert refused.value.code == code
