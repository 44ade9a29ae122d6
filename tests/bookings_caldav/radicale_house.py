"""A real Radicale on loopback, in a thread of the test's own process, and what a person does in it with a calendar."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from radicale import config
from radicale.app import Application

from queue_server.bookings.connector import Offer, Page
from queue_server.bookings.connectors.caldav.calendar import CalendarSource

USER, PASSWORD = "antrean", "kata sandi"
CALENDAR = f"/{USER}/pemesanan/"


@dataclass
class Radicale:
    """The running server; `calendar` is the address of its one calendar."""

    url: str
    folder: Path
    client: httpx.Client
    between: Callable[[str, str], None] = lambda method, path: None
    """Called before each request of a connector: here a test lets others be quicker."""
    refused: set[str] = field(default_factory=set)
    """Methods that connectors may not use, as in a calendar shared for reading only."""

    @property
    def calendar(self) -> str:
        """The calendar's whole address."""
        return self.url + CALENDAR

    def put(self, name: str, text: str) -> str:
        """Somebody saves an entry; returns its address on the server."""
        body = text.replace("\n", "\r\n").encode()
        answer = self.client.put(CALENDAR + name, content=body, headers={"Content-Type": "text/calendar"})
        answer.raise_for_status()
        return CALENDAR + name

    def get(self, name: str) -> str:
        """An entry as it stands there."""
        answer = self.client.get(CALENDAR + name)
        answer.raise_for_status()
        return answer.text.replace("\r\n", "\n")

    def delete(self, name: str) -> None:
        """Somebody deletes an entry."""
        self.client.delete(CALENDAR + name).raise_for_status()

    def empty(self) -> None:
        """A calendar without entries."""
        self.client.delete(CALENDAR).raise_for_status()
        self.client.request("MKCALENDAR", CALENDAR, content=_MADE).raise_for_status()

    def forget_tokens(self) -> None:
        """What a restored backup does: no sync token is known any more."""
        for path in self.folder.rglob(".Radicale.cache/sync-token/*"):
            path.unlink()


@contextmanager
def radicale(folder: Path, certificate: Path | None = None) -> Iterator[Radicale]:
    """Serve a Radicale with one account and one calendar until the block ends; with a certificate over https."""
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    settings = config.load()
    settings.update(
        {
            "storage": {"filesystem_folder": str(folder / "collections"), "_filesystem_fsync": "False"},
            "auth": {
                "type": "htpasswd",
                "htpasswd_filename": str(folder / "users"),
                "htpasswd_encryption": "plain",
                "delay": "0",
            },
        },
        "test",
        privileged=True,
    )
    logging.getLogger("radicale").setLevel(logging.CRITICAL)
    application = Application(settings)
    house: list[Radicale] = []

    def observed(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if house and environ.get("HTTP_USER_AGENT") == "antrean":
            house[0].between(environ["REQUEST_METHOD"], environ["PATH_INFO"])
            if environ["REQUEST_METHOD"] in house[0].refused:
                start("403 Forbidden", [])
                return [b""]
        return application(environ, start)

    server = Server(("127.0.0.1", 0), observed, numthreads=4)
    verify: ssl.SSLContext | bool = True
    if certificate is not None:
        server.ssl_adapter = BuiltinSSLAdapter(str(certificate), str(certificate))
        verify = ssl.create_default_context(cafile=str(certificate))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    scheme = "http" if certificate is None else "https"
    url = f"{scheme}://127.0.0.1:{server.bind_addr[1]}"
    try:
        with httpx.Client(
            base_url=url, auth=(USER, PASSWORD), verify=verify, trust_env=False, timeout=30
        ) as client:
            client.request("MKCALENDAR", CALENDAR, content=_MADE).raise_for_status()
            house.append(Radicale(url, folder / "collections", client))
            yield house[0]
    finally:
        server.stop()
        thread.join()


_MADE = """<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
<d:displayname>Pemesanan</d:displayname></d:prop></d:set></c:mkcalendar>"""


def event(uid: str, start: str, end: str, *more: str, service: str = "ktp") -> str:
    """One entry as a calendar program writes it; `start` and `end` with their parameters, `more` whole lines."""
    categories = [f"CATEGORIES:{service}"] if service else []
    lines = [f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"DTSTART{start}", f"DTEND{end}", *categories, *more]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contoh//kalender//ID", "BEGIN:VEVENT"]
    return "\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""])


def ms(text: str) -> int:
    """An instant written in UTC, "2026-11-23 02:00", in ms."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp() * 1000)


FROM, TO = ms("2026-11-16 00:00"), ms("2026-12-07 00:00")


def catalogue(services: tuple[str, ...], zone: str = "Asia/Jakarta") -> Offer:
    """As much of a mall's file as a calendar asks for."""
    return Offer(1, {"mall": {"timezone": zone}, "services": [{"code": code} for code in services]}, ())


def all_pages(source: CalendarSource, cursor: str = "") -> list[Page]:
    """Everything new since the cursor, as the worker reads it."""
    pages = [source.changes(cursor, FROM, TO)]
    while pages[-1].more:
        pages.append(source.changes(pages[-1].cursor, FROM, TO))
    return pages


def ids(pages: list[Page]) -> set[str]:
    return {one.booking_id for page in pages for one in page.seen}
