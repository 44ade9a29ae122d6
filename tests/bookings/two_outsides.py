"""The booking site and a real calendar server, each behind an internet that can be cut, and what people do there."""

import io
import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from antrean.domain.booking import BookingStatus
from queue_server.bookings.connectors.caldav.reading import code_of_uid
from queue_server.serving import http_server, port_of
from tests.booking_site.site_of_tests import SECRET, Site, World, made
from tests.bookings.mall_process import SharedClock
from tests.bookings_caldav.radicale_house import CALENDAR, PASSWORD, USER, Radicale, event, radicale
from tests.faults.proxy import FaultProxy

SITE, CALENDARS = "situs", "kalender"
HALF_HOUR = 30 * 60_000
ARTIFICIAL = ("example.org", "Contoh Orang")
"""What every contact that the outsides know has in it, and the mall must never see."""
FILE = """
[[source]]
name = "situs"
kind = "json"
url = "{site}"
mall = "uji"
secret_file = "situs.secret"

[[source]]
name = "kalender"
kind = "caldav"
url = "{calendar}"
user = "{user}"
password_file = "kalender.password"
"""


@dataclass
class Booked:
    """One booking as its citizen has it: `secret` and the signed `token` only from the site."""

    source: str
    booking_id: str
    code: str
    service: str
    secret: str = ""
    token: str = ""


@dataclass(frozen=True)
class Word:
    """What a side says of a booking. A calendar's entry that was deleted says nothing (None in place of a word)."""

    status: BookingStatus
    start_ms: int
    label: str
    after_cancel: bool


class Heard:
    """Stands in the site's own process before its application: keeps each outcome, and may hold back an answer."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application
        self.outcomes: dict[tuple[str, str], set[str]] = defaultdict(set)
        """The idempotency keys by (booking, outcome)."""
        self.posts = 0
        self.hold = Hold()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != "/v1/outcomes":
            return self._application(environ, start)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        said = json.loads(body)
        self.outcomes[said["id"], said["status"]].add(environ["HTTP_IDEMPOTENCY_KEY"])
        self.posts += 1
        answer = self._application(environ, start)
        self.hold.pass_by()
        return answer


@dataclass
class Hold:
    """Lets so many go by and stops the next one until it is released."""

    left: int = -1
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def pass_by(self) -> None:
        if self.left > 0:
            self.left -= 1
        elif self.left == 0:
            self.left = -1
            self.reached.set()
            self.released.wait(60)


class _SiteWorld(World):
    """The site's machine, under the clock of all."""

    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock

    def now_ms(self) -> int:
        return self._clock.now_ms


@dataclass
class Outsides:
    """Both of them; the mall reaches each only through its proxy."""

    clock: SharedClock
    site: Site
    heard: Heard
    calendar: Radicale
    ways: tuple[FaultProxy, FaultProxy]
    writes: Hold = field(default_factory=Hold)
    written: int = 0

    def settings(self, folder: Path) -> None:
        """Connects the mall in `folder` to both."""
        (folder / "situs.secret").write_text(SECRET, encoding="utf-8")
        (folder / "kalender.password").write_text(PASSWORD, encoding="utf-8")
        told = FILE.format(site=self.ways[0].url, calendar=self.ways[1].url + CALENDAR, user=USER)
        (folder / "bookings.toml").write_text(told, encoding="utf-8")

    def cut(self) -> None:
        """No internet."""
        for way in self.ways:
            way.refuse()

    def heal(self) -> None:
        """Internet again."""
        for way in self.ways:
            way.fair()

    def book(self, source: str, service: str, start_ms: int, number: int) -> Booked:
        """Somebody books; a calendar's entry carries their name and address too."""
        if source == SITE:
            view = self.site.book(start_ms, service, contact=f"orang-{number}@example.org")
            return Booked(SITE, view.code, view.code, service, view.secret, view.token)
        uid = f"entri-{number:04d}"
        who = f"ATTENDEE;CN=Contoh Orang {number}:mailto:orang-{number}@example.org"
        at = written(start_ms), written(start_ms + HALF_HOUR)
        self.calendar.put(
            f"{uid}.ics", event(uid, *at, who, f"SUMMARY:Contoh Orang {number}", service=service)
        )
        return Booked(CALENDARS, uid, code_of_uid(uid), service)

    def cancel(self, booked: Booked, *, delete: bool = False) -> None:
        """Somebody cancels; in a calendar some write so into the entry, and others `delete` it."""
        if booked.source == SITE:
            self.site.desk.cancel(booked.secret)
        elif delete:
            self.calendar.delete(f"{booked.booking_id}.ics")
        else:
            self._rewrite(booked, "END:VEVENT", "STATUS:CANCELLED\nEND:VEVENT")

    def move(self, booked: Booked, start_ms: int) -> None:
        """Somebody takes another slot; the site gives a new QR."""
        if booked.source == SITE:
            booked.token = self.site.desk.reschedule(booked.secret, start_ms).token
            return
        self._rewrite(booked, r"DTSTART:\w+", f"DTSTART{written(start_ms)}")
        self._rewrite(booked, r"DTEND:\w+", f"DTEND{written(start_ms + HALF_HOUR)}")

    def word(self, booked: Booked) -> Word | None:
        """What the outside says of a booking now."""
        if booked.source == SITE:
            view = self.site.desk.booking(booked.secret)
            return Word(BookingStatus(view.status), view.start_ms, view.label, view.after_cancel)
        if self.calendar.client.get(CALENDAR + f"{booked.booking_id}.ics").status_code == 404:
            return None
        lines = self.calendar.get(f"{booked.booking_id}.ics").splitlines()
        values = dict(line.split(":", 1) for line in lines)
        names = [line.partition(":")[0] for line in lines]
        assert len([name for name in names if name.startswith("X-ANTREAN")]) == len(
            {name for name in names if name.startswith("X-ANTREAN")}
        ), "a line of ours stands there twice"
        status = values.get("X-ANTREAN-OUTCOME", values.get("STATUS", "BOOKED")).lower()
        start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return Word(
            BookingStatus(status),
            int(start.timestamp() * 1000),
            values.get("X-ANTREAN-NUMBER", ""),
            "X-ANTREAN-AFTER-CANCEL" in values,
        )

    def _rewrite(self, booked: Booked, pattern: str, new: str) -> None:
        name = f"{booked.booking_id}.ics"
        text, count = re.subn(pattern, new, self.calendar.get(name))
        assert count == 1
        self.calendar.put(name, text)


def written(at_ms: int) -> str:
    """An instant as a calendar's line has it, its colon included."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime(":%Y%m%dT%H%M%SZ")


@contextmanager
def two_outsides(folder: Path, clock: SharedClock) -> Iterator[Outsides]:
    """A site and a calendar server on loopback while the block runs."""
    for name in ("site", "calendar"):
        (folder / name).mkdir()
    site = made(folder / "site", _SiteWorld(clock))
    app = site.client.application
    heard = Heard(app.wsgi_app)
    app.wsgi_app = heard  # type: ignore[assignment]
    server = http_server(app, "127.0.0.1", 0, 0)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        with (
            radicale(folder / "calendar") as calendar,
            FaultProxy(port_of(server)) as to_site,
            FaultProxy(int(calendar.url.rpartition(":")[2])) as to_calendar,
        ):
            outsides = Outsides(clock, site, heard, calendar, (to_site, to_calendar))

            def before(method: str, path: str) -> None:
                if method == "PUT":
                    outsides.written += 1
                    outsides.writes.pass_by()

            calendar.between = before
            yield outsides
    finally:
        heard.hold.released.set()
        server.stop()
        thread.join(30)
        site.ledger.close()
