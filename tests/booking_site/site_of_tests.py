"""A whole booking site for tests: a real ledger file, the real application, a clock the test can set."""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from antrean.ledger import site, site_malls
from antrean.ledger.site import SiteLedger
from antrean.seal.bookings import BookingSigner
from antrean.seal.requests import Asked, Signer
from queue_server.site.app import SiteParts, create_site
from queue_server.site.desk import BookingView
from queue_server.site.running import contact_secret, opened
from queue_server.site.settings import SiteSettings
from queue_server.site.site_desk import SiteDesk
from tests.domain.malls import mall_data, service

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONDAY = 1_763_949_600_000
"""Monday 24 November 2025, 09.00 in Jakarta."""
NINE_TO_FIVE = {day: [["09:00", "12:00"], ["13:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SECRET = "0123456789abcdef" * 4


@dataclass
class World:
    """A machine whose clock stands still until the test moves it; its chance is counted, so that nothing repeats."""

    at_ms: int = MONDAY
    drawn: Iterator[int] = field(default_factory=itertools.count)

    def now_ms(self) -> int:
        return self.at_ms

    def new_id(self) -> str:
        return f"00000000-0000-7000-8000-{next(self.drawn):012d}"

    def random_bytes(self, count: int) -> bytes:
        return hashlib.shake_128(str(next(self.drawn)).encode()).digest(count)


def catalogue(**rule: Any) -> dict[str, Any]:
    """The test mall, open on weekdays; two services can be booked, six places an hour (three in half an hour)."""
    data = mall_data()
    data["mall"]["hours"] = NINE_TO_FIVE
    booking = {"per_hour": 12, "walk_in_percent": 50, **rule}
    data["services"] = [
        service("ktp-baru", "A", booking=booking),
        service("kk", "B", booking=booking),
        service("npwp", "P", "pajak", quota=2),
        *[row for row in data["services"] if row["code"] not in ("ktp-baru", "kk", "npwp")],
    ]
    return data


@dataclass
class Site:
    """A site with one mall that told its catalogue a moment ago."""

    world: World
    ledger: SiteLedger
    desk: SiteDesk
    client: FlaskClient
    people: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def sign_of_life(self) -> None:
        self.ledger.writer.run(lambda tx: site_malls.heard(tx, "uji", self.world.at_ms))

    def book(
        self, start_ms: int, service: str = "ktp-baru", contact: str = "", key: str = "uji"
    ) -> BookingView:
        """Books for somebody who was not here before, from a network of their own."""
        number = next(self.people)
        return self.desk.book(
            key,
            service,
            start_ms,
            contact or f"orang-{number}@example.org",
            "id",
            f"10.0.{number >> 8}.{number & 255}",
        )

    def signed(
        self,
        method: str,
        target: str,
        body: Mapping[str, Any] | None = None,
        key: str = "uji",
        **headers: str,
    ) -> Any:
        """What the site answers to a mall's signed request."""
        raw = b"" if body is None else json.dumps(body).encode()
        shown = Signer(key, SECRET).headers(
            Asked(method, target, raw), self.world.at_ms, self.world.random_bytes(16).hex()
        )
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self.client.open(target, method=method, data=raw, headers={**shown, **kind, **headers})

    def tell(self, code: str, status: str, key: str = "", mall: str = "uji", **more: Any) -> Any:
        """Tells an outcome as the mall does."""
        body = {"id": code, "status": status, "at": "2025-11-24T09:00:00+07:00", **more}
        name = key or f"outcome-{next(self.people):04d}"
        return self.signed("POST", "/v1/outcomes", body, key=mall, **{"Idempotency-Key": name})


def made(folder: Path, world: World, settings: SiteSettings | None = None, *malls: str) -> Site:
    """A site in `folder` with these malls (default: "uji"), opened anew or for the first time."""
    ledger = opened(folder, world)
    chosen = settings or SiteSettings(tries_per_hour=1000)

    def first(tx: Any) -> None:
        for key in malls or ("uji",):
            if site_malls.mall(tx, key) is None:
                site_malls.add_mall(tx, key, SECRET, world.at_ms)
                site_malls.set_catalogue(tx, key, 1, catalogue())
                site_malls.heard(tx, key, world.at_ms)

    ledger.writer.run(first)
    with ledger.reading() as r:
        signer = BookingSigner(site.seed(r))
    secret = contact_secret(folder, world.random_bytes)
    desk = SiteDesk(ledger, chosen, signer, secret, world.now_ms, world.random_bytes)
    app = create_site(SiteParts(ledger, desk, chosen, "test", world.at_ms - HOUR))
    return Site(world, ledger, desk, app.test_client())


@contextmanager
def site_in(folder: Path, settings: SiteSettings | None = None, *malls: str) -> Iterator[Site]:
    """A site that is closed in the end."""
    found = made(folder, World(), settings, *malls)
    try:
        yield found
    finally:
        found.ledger.close()
