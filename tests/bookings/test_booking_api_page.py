"""docs/booking-api.md says what the code does: every example is sent, every figure of its signatures is worked out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from antrean.domain.booking_claim import BookingClaim, BookingKey
from antrean.domain.errors import RuleViolation
from antrean.link.outside import Outside
from antrean.seal.bookings import BookingSigner, prove_booking
from antrean.seal.requests import WINDOW_MS, Asked, Signer, message
from queue_server.bookings.connector import Crowd, Offer, Outcome
from queue_server.bookings.connectors.json.connector import JsonConnector
from tests.bookings.portal import KEY, NOW_MS, SECRET, SIGNS, FakePortal, entry, portal_app
from tests.server.house_of_tests import FakeWorld, fill, served

PAGE = (Path(__file__).parents[2] / "docs" / "booking-api.md").read_text(encoding="utf-8")
START_MS = 1_764_036_000_000  # 2025-11-25 09:00 in Jakarta
ASKED = {"Accept-Language": "en"}


@dataclass(frozen=True)
class Example:
    """A request of the page and the answer that stands below it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.target} {self.status}"


def examples(word: str = "") -> list[Example]:
    """The pairs of http blocks; `word` stands behind "http" where the mall itself answers."""
    blocks = iter(re.findall(rf"```http{word}\n(.*?)```", PAGE, re.DOTALL))
    return [_example(asked, answered) for asked, answered in zip(blocks, blocks, strict=True)]


def _example(asked: str, answered: str) -> Example:
    head, _, body = asked.strip().partition("\n\n")
    first, *headers = head.split("\n")
    method, target, _ = first.split(" ")
    told, _, answer = answered.partition("\n\n")
    named = dict(line.split(": ", 1) for line in headers)
    return Example(method, target, named, body.encode(), int(told.split(" ")[1]), json.loads(answer))


def code(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def like(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the moment it was given."""
    return {name: value for name, value in answer.items() if name != "server_ms"}


def test_there_is_an_example_of_every_operation() -> None:
    assert [one.name.split("?")[0] for one in examples()] == [
        "GET /v1/changes",
        "GET /v1/changes",
        "GET /v1/changes",
        "POST /v1/outcomes 200",
        "PUT /v1/mall 200",
    ]
    assert [one.target for one in examples(" mall")] == ["/v1/bookings/hint", "/v1/bookings/push"]


def test_a_portal_answers_as_the_page_says() -> None:
    portal = FakePortal()
    portal.put(entry(1), entry(2, status="cancelled", revision="3"))
    client = portal_app(portal).test_client()
    for one in examples():
        headers = {**one.headers, **ASKED}
        answered = client.open(one.target, method=one.method, headers=headers, data=one.body)
        assert (answered.status_code, answered.get_json()) == (one.status, one.answer), one.name
        again = client.open(one.target, method=one.method, headers=headers, data=one.body)
        if one.status == 200:
            assert (again.status_code, again.get_json()["error"]["code"]) == (401, "replayed_request")


def test_the_mall_sends_what_the_page_says() -> None:
    sent: list[httpx.Request] = []
    listed = [one for one in examples() if one.status == 200]
    answers = iter([*listed, listed[-1]])

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=next(answers).answer)

    outside = Outside("http://localhost:8090", transport=httpx.MockTransport(answer))
    connector = JsonConnector(outside, Signer(KEY, SECRET), lambda: NOW_MS, lambda count: bytes(count))
    page = connector.changes("", 0, 1)
    connector.changes(page.cursor, 0, 1)
    connector.tell(
        Outcome("A-1", "arrived", START_MS - 480_000, False, "A1-012", "1"),
        listed[2].headers["Idempotency-Key"],
    )
    connector.offer(Offer(3, {"mall": {}}, (Crowd("ktp-baru", 4, (10, 25)),)))
    connector.close()
    for request, one in zip(sent, listed, strict=False):
        assert (request.method, request.url.raw_path.decode(), request.read()) == (
            one.method,
            one.target,
            one.body,
        )
        assert {name.lower() for name in one.headers} <= set(request.headers)
    assert json.loads(sent[-1].read()).keys() == {"catalogue_rev", "crowding", "catalogue"}


def test_the_signature_is_worked_out_step_by_step() -> None:
    function = code("python")[0]
    scope: dict[str, Any] = {}
    exec(function, scope)
    lines, worked_out, _ = code("text")
    for one in (*examples(), *examples(" mall")):
        time_ms, nonce = int(one.headers["Antrean-Time"]), one.headers["Antrean-Nonce"]
        found = scope["signature"](SECRET, one.method, one.target, one.body, time_ms, nonce)
        assert found == one.headers["Antrean-Signature"], one.name
        own = Signer(KEY, SECRET).headers(Asked(one.method, one.target, one.body), time_ms, nonce)
        assert found == own["Antrean-Signature"]
    first = examples()[1]
    asked = Asked(first.method, first.target, first.body)
    assert message(asked, NOW_MS, "contoh-nonce-0001").decode() == lines
    assert first.headers["Antrean-Signature"] == worked_out.strip()
    assert f"`{SECRET}`" in PAGE
    assert WINDOW_MS == 5 * 60_000


def test_the_signed_code_is_worked_out() -> None:
    token = code("text")[2].strip()
    (booked,) = re.findall(r"zero bytes, the code `(\w+)`", PAGE)
    signer = BookingSigner(bytes(32))
    assert signer.seal(BookingClaim(booked, START_MS, 30), "ktp-baru", KEY) == token
    assert signer.public == SIGNS
    proved = prove_booking(token, [BookingKey("portal", KEY, SIGNS)], ["kk-baru", "ktp-baru"])
    assert (proved.booking_id, proved.code, proved.service) == (booked, booked, "ktp-baru")
    with pytest.raises(RuleViolation, match="unknown_booking"):
        prove_booking(token, [BookingKey("portal", "mpp-lain", SIGNS)], ["ktp-baru"])


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[httpx.Client]:
    fill(tmp_path)
    sources = "".join(
        f'[[source]]\nname = "{name}"\nkind = "json"\nurl = "http://127.0.0.1:9/"\nmall = "{KEY}"\n'
        f'secret = "{secret}"\n'
        for name, secret in (("portal-kota", SECRET), ("portal-lain", SECRET[::-1]))
    )
    (tmp_path / "bookings.toml").write_text(sources, encoding="utf-8")
    world = FakeWorld(NOW_MS)
    with served(tmp_path, world) as house:
        house.running.parts.bookings.worker.look()
        world.now_ms = NOW_MS + 60_000  # a server takes nothing that was signed before it started
        yield house.client


def test_the_mall_answers_as_the_page_says(mall: httpx.Client) -> None:
    for one in examples(" mall"):
        answered = mall.request(one.method, one.target, headers=one.headers, content=one.body)
        assert (answered.status_code, like(answered.json())) == (one.status, like(one.answer)), one.name
        again = mall.request(one.method, one.target, headers=one.headers, content=one.body)
        assert (again.status_code, again.json()["error"]["code"]) == (401, "replayed_request")
