"""What outsides send to their mall: signed by the secret of a source, never undoing what is newer."""

import itertools
import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from antrean.ledger import hall_booking_notes, hall_bookings
from antrean.ledger.hall_bookings import BookingRow
from antrean.seal.requests import Asked, Signer
from tests.bookings.portal import KEY, SECRET, FakePortal, entry, served_portal
from tests.journey.outside import wait_until
from tests.server.house_of_tests import FakeWorld, House, fill, served

OTHER_SECRET = "rahasia-kedua-juga-hanya-contoh-saja"
NONCES = itertools.count()


@pytest.fixture(scope="module")
def portal() -> Iterator[FakePortal]:
    with served_portal(FakePortal()) as portal:
        yield portal


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, portal: FakePortal) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("mall")
    fill(folder)
    rows = (("portal-kota", SECRET, portal.url), ("portal-lain", OTHER_SECRET, "http://127.0.0.1:9"))
    (folder / "bookings.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}"\nkind = "json"\nurl = "{url}"\nmall = "{KEY}"\nsecret = "{secret}"\n'
            "every_seconds = 900\n"
            for name, secret, url in rows
        ),
        encoding="utf-8",
    )
    with served(folder, FakeWorld()) as house:
        assert portal.wait_for("changes", 1)
        yield house


def send(house: House, path: str, body: object, secret: str = SECRET, key: str = KEY) -> httpx.Response:
    target = f"/v1/bookings/{path}"
    content = json.dumps(body).encode()
    now_ms = house.running.parts.live.now_ms()
    nonce = f"nonce-of-a-test-{next(NONCES):06d}"
    signed = Signer(key, secret).headers(Asked("POST", target, content), now_ms, nonce)
    headers = {**signed, "Content-Type": "application/json", "Accept-Language": "en"}
    return house.client.post(target, content=content, headers=headers)


def booking(house: House, source: str, number: int) -> BookingRow | None:
    with house.running.parts.ledger.reading() as r:
        return hall_bookings.booking(r, source, f"A-{number}")


def cancelled(house: House, number: int) -> bool:
    row = booking(house, "portal-kota", number)
    return row is not None and row.cancelled


def last_error(house: House) -> str:
    with house.running.parts.ledger.reading() as r:
        return hall_bookings.sources(r)["portal-kota"].last_error


def until(true: Callable[[], bool]) -> None:
    """Waits for something the worker does after the portal has answered it."""
    wait_until(true, "what follows the portal's answer")


def code(answer: httpx.Response) -> str:
    found: str = answer.json()["error"]["code"]
    return found


def test_a_hint_has_the_outside_asked_at_once(house: House, portal: FakePortal) -> None:
    before = portal.asked.count("changes")
    portal.put(entry(50))
    assert send(house, "hint", {}).status_code == 200
    assert portal.wait_for("changes", before + 1)


def test_two_outsides_may_call_the_mall_by_one_key(house: House) -> None:
    assert send(house, "push", {"bookings": [entry(1)]}).json()["taken"] == 1
    assert send(house, "push", {"bookings": [entry(2)]}, OTHER_SECRET).json()["taken"] == 1
    found = [
        (booking(house, name, at) is not None) for name in ("portal-kota", "portal-lain") for at in (1, 2)
    ]
    assert found == [True, False, False, True]


def test_a_push_that_comes_late_brings_nothing_old_back(house: House) -> None:
    cancelled = entry(3, status="cancelled", revision="10")
    assert send(house, "push", {"bookings": [entry(3, revision="2")]}).json()["taken"] == 1
    assert send(house, "push", {"bookings": [cancelled]}).json()["taken"] == 1
    assert send(house, "push", {"bookings": [entry(3, revision="9")]}).json()["taken"] == 0
    row = booking(house, "portal-kota", 3)
    assert row is not None
    assert row.cancelled


def test_whoever_does_not_share_the_secret_changes_nothing(house: House) -> None:
    for secret, key, said in (
        (SECRET + "!", KEY, "bad_signature"),
        (SECRET, "mpp-lain", "unknown_key"),
    ):
        for path, body in (("push", {"bookings": [entry(4)]}), ("hint", {})):
            answer = send(house, path, body, secret, key)
            assert (answer.status_code, code(answer)) == (401, said)
            assert isinstance(answer.json()["server_ms"], int)
    unsigned = house.client.post("/v1/bookings/push", json={"bookings": [entry(4)]})
    assert (unsigned.status_code, code(unsigned)) == (401, "signature_missing")
    officer = {"Authorization": "Bearer administrator-token"}
    assert house.client.post("/v1/bookings/hint", json={}, headers=officer).status_code == 401
    assert booking(house, "portal-kota", 4) is None


@pytest.mark.parametrize(
    "spoil, field",
    [
        ({"start": "2025-11-25T09:00:00"}, "bookings.1.start"),
        ({"start": "2025-02-30T09:00:00Z"}, "bookings.1.start"),
        ({"revision": "seven"}, "bookings.1.revision"),
        ({"status": "arrived"}, "bookings.1.status"),
        ({"name": "a person"}, "bookings.1.name"),
    ],
)
def test_a_push_that_cannot_be_meant_is_refused_whole(
    house: House, spoil: dict[str, str], field: str
) -> None:
    answer = send(house, "push", {"bookings": [entry(5), {**entry(6), **spoil}]})
    assert (answer.status_code, code(answer)) == (422, "bad_field")
    assert field in answer.json()["error"]["message"]
    assert booking(house, "portal-kota", 5) is None


def test_too_much_at_once_is_refused(house: House) -> None:
    many = {"bookings": [entry(number) for number in range(1000, 1201)]}
    assert send(house, "push", many).status_code == 422
    assert send(house, "push", {"bookings": [], "pad": "x" * 300_000}).status_code == 413


def test_a_booking_for_a_service_the_mall_does_not_have_is_shown_to_a_person(house: House) -> None:
    odd = entry(7, service="paspor-kucing")
    assert send(house, "push", {"bookings": [odd]}).json()["taken"] == 0
    with house.running.parts.ledger.reading() as r:
        problems = hall_booking_notes.problems(r, "portal-kota")
    assert [(one.booking_id, one.code) for one in problems] == [("A-7", "unknown_service")]


def test_a_listing_cancels_nothing_that_lies_behind_today(house: House, portal: FakePortal) -> None:
    sunday = {"start": "2025-11-23T09:00:00+07:00", "end": "2025-11-23T09:30:00+07:00"}
    monday = {"start": "2025-11-24T14:00:00+07:00", "end": "2025-11-24T14:30:00+07:00"}
    both = [entry(60, **sunday), entry(61, **monday)]
    assert send(house, "push", {"bookings": both}).json()["taken"] == 2
    house.world.now_ms += 60_000
    portal.lost, before = True, portal.asked.count("outcome")
    send(house, "hint", {})
    until(lambda: cancelled(house, 61))
    assert not cancelled(house, 60)
    assert portal.asked.count("outcome") == before


def test_an_outside_that_refuses_the_catalogue_is_still_heard(house: House, portal: FakePortal) -> None:
    portal.refuses, portal.catalogue_rev, portal.lost = True, None, False
    sent = portal.asked.count("catalogue")
    for number in (70, 71):
        portal.put(entry(number))
        send(house, "hint", {})
        until(lambda number=number: booking(house, "portal-kota", number) is not None)  # type: ignore[misc]
    until(lambda: "bad_catalogue" in last_error(house))
    assert portal.asked.count("catalogue") == sent + 1
    portal.refuses = False


def test_a_revision_that_only_looks_like_a_number_is_no_number(house: House, portal: FakePortal) -> None:
    portal.put(entry(80, revision="²"))
    send(house, "hint", {})
    until(lambda: booking(house, "portal-kota", 80) is not None)
    assert (
        send(house, "push", {"bookings": [entry(80, status="cancelled", revision="5")]}).json()["taken"] == 1
    )
