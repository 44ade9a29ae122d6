"""Portals that answer, but not as the page says: the worker hears why, nothing crashes, nothing is told twice."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.errors import Busy
from antrean.link.outside import Outside
from antrean.seal.requests import TIME, Signer
from queue_server.bookings.connector import Offer, Outcome, Page
from queue_server.bookings.connectors.json.connector import MOST_PAGES, JsonConnector
from tests.bookings.portal import KEY, NOW_MS, SECRET, SIGNS, entry

PAGE = {"cursor": "c", "more": False, "listing": True, "bookings": [entry(1)]}
ARRIVED = Outcome("A-1", "arrived", NOW_MS, False, "A1-012", "1")
Handler = Callable[[httpx.Request], httpx.Response]


@contextmanager
def connected(handler: Handler) -> Iterator[JsonConnector]:
    outside = Outside("http://localhost:9", transport=httpx.MockTransport(handler))
    numbers = itertools.count()
    connector = JsonConnector(
        outside, Signer(KEY, SECRET), lambda: NOW_MS, lambda count: next(numbers).to_bytes(count)
    )
    try:
        yield connector
    finally:
        connector.close()


def saying(status: int, body: object) -> Handler:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda request: httpx.Response(status, content=content)


def heard(handler: Handler) -> Page:
    with connected(handler) as connector:
        return connector.changes("", 0, 1)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in PAGE.items() if key != name}


@pytest.mark.parametrize(
    "body, words",
    [
        (b"<html>Portal kota</html>", "no JSON"),
        (b"[]", "no JSON"),
        (b"", "no JSON"),
        ({}, "bookings"),
        (without("cursor"), "cursor"),
        (without("more"), "more"),
        (without("listing"), "listing"),
        ({**PAGE, "more": 1}, "more"),
        ({**PAGE, "cursor": 7}, "cursor"),
        ({**PAGE, "cursor": "c" * 201}, "cursor"),
        ({**PAGE, "bookings": {"A-1": entry(1)}}, "bookings"),
        ({**PAGE, "key": "no key"}, "key"),
        ({**PAGE, "key": [SIGNS]}, "key"),
    ],
)
def test_an_answer_of_another_shape_is_named(body: object, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        heard(saying(200, body))


def test_a_portal_of_a_later_version_may_say_more() -> None:
    page = heard(saying(200, {**PAGE, "total": 1, "bookings": [{**entry(1), "channel": "web"}]}))
    assert [one.booking_id for one in page.seen] == ["A-1"]


def test_a_cursor_that_leads_to_itself_is_left() -> None:
    answers = iter([{**PAGE, "more": True, "cursor": "a"}, {**PAGE, "more": True, "cursor": "a"}])
    with connected(lambda request: httpx.Response(200, json=next(answers))) as connector:
        assert connector.changes("", 0, 1).more
        with pytest.raises(Unavailable, match="circles"):
            connector.changes("a", 0, 1)


def test_pages_that_never_end_are_left() -> None:
    numbers = itertools.count()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={**PAGE, "bookings": [], "more": True, "cursor": str(next(numbers))})

    with connected(answer) as connector:
        cursor = ""
        for _ in range(MOST_PAGES - 1):
            cursor = connector.changes(cursor, 0, 1).cursor
        with pytest.raises(Unavailable, match="do not end"):
            connector.changes(cursor, 0, 1)
    assert next(numbers) == MOST_PAGES


@pytest.mark.parametrize(
    "status, body, permanent",
    [
        (404, b"<html>not here", True),
        (404, {"error": {"code": "not_found", "message": "Tidak ada"}}, True),
        (405, {}, True),
        (401, {"error": {"code": "unknown_key", "message": "Siapa?"}}, True),
        (403, {}, True),
        (422, {"error": {"code": "bad_field"}}, True),
        (301, b"", True),
        (500, b"", False),
    ],
)
def test_an_answer_that_blames_no_booking_leaves_everything_waiting(
    status: int, body: object, permanent: bool
) -> None:
    with pytest.raises(Unavailable) as failed:
        heard(saying(status, body))
    assert failed.value.permanent is permanent


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_no_outcome_is_put_aside_for_what_is_not_its_fault(status: int) -> None:
    with connected(saying(status, b"")) as connector, pytest.raises(Unavailable):
        connector.tell(ARRIVED, "key-of-this-outcome")


def test_an_outcome_that_is_refused_says_why() -> None:
    refused = {"error": {"code": "gone_by", "message": "Booking itu sudah lama lewat"}}
    with connected(saying(422, refused)) as connector, pytest.raises(RuleViolation) as poison:
        connector.tell(ARRIVED, "key-of-this-outcome")
    assert str(poison.value) == "Booking itu sudah lama lewat (gone_by)"


def test_an_answer_that_is_lost_on_the_way_does_not_tell_the_outcome_twice() -> None:
    told: dict[str, bytes] = {}
    losing = iter([True, True, False])

    def answer(request: httpx.Request) -> httpx.Response:
        told.setdefault(request.headers["Idempotency-Key"], request.read())
        if next(losing):
            raise httpx.ReadError("connection reset")
        return httpx.Response(200, json={"id": "A-1", "status": "arrived"})

    with connected(answer) as connector:
        for _ in range(2):
            with pytest.raises(Unavailable):
                connector.tell(ARRIVED, "key-of-this-outcome")
        connector.tell(ARRIVED, "key-of-this-outcome")
    assert list(told) == ["key-of-this-outcome"]


def test_a_busy_portal_is_asked_when_it_says() -> None:
    busy = httpx.Response(503, headers={"Retry-After": "90"})
    with pytest.raises(Busy) as failed:
        heard(lambda request: busy)
    assert failed.value.retry_after_ms == 90_000


@pytest.mark.parametrize("server_ms", [None, "1763949600000", True, -1, 0, 10**400, 1763949600])
def test_a_time_from_nowhere_is_not_signed_with(server_ms: object) -> None:
    times: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        times.append(request.headers[TIME])
        body = {"error": {"code": "stale_signature", "message": ""}, "server_ms": server_ms}
        return httpx.Response(401, content=json.dumps(body).encode())

    with connected(answer) as connector:
        for _ in range(2):
            with pytest.raises(Unavailable) as failed:
                connector.changes("", 0, 1)
            assert failed.value.permanent
    assert times == [str(NOW_MS)] * 2


def test_a_portal_that_is_never_content_with_the_time_is_asked_twice_and_no_more() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        body = {"error": {"code": "stale_signature", "message": "Basi"}, "server_ms": NOW_MS + len(asked)}
        return httpx.Response(401, json=body)

    with pytest.raises(Unavailable, match="Basi"):
        heard(answer)
    assert len(asked) == 2
    assert len({one.headers["Antrean-Nonce"] for one in asked}) == 2


def test_a_catalogue_that_was_refused_is_not_sent_every_minute() -> None:
    sent: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(len(request.read()))
        if b'"catalogue"' in request.read():
            return httpx.Response(422, json={"error": {"code": "bad_catalogue", "message": "Salah"}})
        return httpx.Response(200, json={"catalogue_rev": None})

    with connected(answer) as connector:
        for name, exchanges in (("A", 2), ("A", 3), ("A", 4), ("B", 6)):
            with pytest.raises(RuleViolation, match="Salah"):
                connector.offer(Offer(1, {"mall": {"name": name}}, ()))
            assert len(sent) == exchanges
