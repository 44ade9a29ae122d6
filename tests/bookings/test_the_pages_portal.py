"""The portal that docs/booking-api.md shows, as it stands there, and the mall's connector."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from queue_server.bookings.connector import Offer, Outcome
from queue_server.bookings.connectors.json.connector import JsonConnector, connector_of
from tests.bookings.portal import KEY, NOW_MS, SECRET, entry

PAGE = (Path(__file__).parents[2] / "docs" / "booking-api.md").read_text(encoding="utf-8")
YEAR = 365 * 24 * 3_600_000
NONCES = itertools.count()


@dataclass
class Shown:
    """The names the page's portal uses, and where it listens."""

    names: dict[str, Any]
    url: str

    def mall(self, secret: str = SECRET, wrong_by: int = 0, nonce: int | None = None) -> JsonConnector:
        settings = {"url": self.url, "mall": KEY, "secret": secret, "ca_file": "", "proxy": ""}

        def random_bytes(count: int) -> bytes:
            return (next(NONCES) if nonce is None else nonce).to_bytes(count)

        return connector_of(settings, lambda: round(time.time() * 1000) + wrong_by, random_bytes)


@pytest.fixture
def shown() -> Iterator[Shown]:
    names: dict[str, Any] = {}
    for block in re.findall(r"```python.*?\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)
    server = ThreadingHTTPServer(("127.0.0.1", 0), names["Portal"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Shown(names, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def made(shown: Shown) -> Iterator[Callable[..., JsonConnector]]:
    malls: list[JsonConnector] = []

    def mall(**changes: Any) -> JsonConnector:
        malls.append(shown.mall(**changes))
        return malls[-1]

    yield mall
    for one in malls:
        one.close()


def test_a_mall_speaks_with_the_portal_of_the_page(shown: Shown, made: Callable[..., JsonConnector]) -> None:
    put, mall = shown.names["put"], made()
    put(entry(1))
    put(entry(2))
    listing = mall.changes("", 0, 1)
    assert (listing.listing, [one.booking_id for one in listing.seen]) == (True, ["A-1", "A-2"])
    put(entry(2, status="cancelled", revision="2"))
    news = mall.changes(listing.cursor, 0, 1)
    assert (news.listing, [(one.booking_id, one.cancelled) for one in news.seen]) == (False, [("A-2", True)])
    for _ in range(2):
        mall.tell(Outcome("A-1", "arrived", NOW_MS, False, "A1-012", "1"), "key-of-this-outcome")
    assert list(shown.names["outcomes"].values()) == [{"id": "A-1", "status": "arrived"}]
    mall.offer(Offer(1, {"mall": {}}, ()))
    assert isinstance(shown.names["catalogue_rev"], int)
    for cursor in ("99", "x"):
        with pytest.raises(RuleViolation, match="cursor_lost"):
            mall.changes(cursor, 0, 1)
    with pytest.raises(RuleViolation, match="unknown_booking"):
        mall.tell(Outcome("A-9", "arrived", NOW_MS, False, "A1-013", "1"), "key-of-another-outcome")


def test_it_takes_no_wrong_secret_no_replay_and_teaches_a_wrong_clock(
    shown: Shown, made: Callable[..., JsonConnector]
) -> None:
    with pytest.raises(Unavailable, match="secret"):
        made(secret=SECRET + "!").changes("", 0, 1)
    for wrong_by in (-30 * YEAR, 30 * YEAR):
        assert made(wrong_by=wrong_by).changes("", 0, 1).listing
    made(nonce=2**64).changes("", 0, 1)
    with pytest.raises(Unavailable, match="heard before"):
        made(nonce=2**64).changes("", 0, 1)
