"""A calendar server that is odd in the ways a test asks for; it answers within the process, without a socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import httpx
from defusedxml.ElementTree import fromstring

from antrean.link.caldav import Calendar
from antrean.link.dav import Account
from antrean.link.multistatus import path_of
from queue_server.bookings.connectors.caldav.calendar import PAGE, CalendarSource
from tests.bookings_caldav.radicale_house import catalogue

HOME = "/dav/antrean/"
CALENDAR = HOME + "pemesanan/"
URL = "http://localhost"
Answering = Callable[[httpx.Request], httpx.Response | None]


def multistatus(*answers: str, token: str = "") -> httpx.Response:
    """The answer about many things."""
    end = f"<d:sync-token>{token}</d:sync-token>" if token else ""
    names = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return httpx.Response(207, text=f"<d:multistatus {names}>{''.join(answers)}{end}</d:multistatus>")


def about(href: str, props: str = "", status: int = 0) -> str:
    """What is said of one address."""
    whole = f"<d:status>HTTP/1.1 {status} x</d:status>" if status else ""
    found = f"<d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    return f"<d:response><d:href>{escape(href)}</d:href>{whole}{found if props else ''}</d:response>"


@dataclass
class OddServer:
    """`entries` by the last part of their address. `first` may answer a request before the ordinary way does.

    Tokens of an older `life` are forgotten.
    """

    entries: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    life: int = 1
    syncs: bool = True
    etags: bool = True
    first: Answering = lambda request: None
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.asked.append(request)
        return self.first(request) or self._answer(request)

    def source(self, url: str = URL + CALENDAR, *, digest: bool = False, page: int = PAGE) -> CalendarSource:
        """A connector to this server."""
        account = Account(url, "antrean", "kata sandi", digest=digest)
        calendar = Calendar(account, transport=httpx.MockTransport(self))
        source = CalendarSource(calendar, lambda n: len(self.asked).to_bytes(n), page=page)
        source.offer(catalogue(("ktp",)))
        return source

    def save(self, name: str, text: str) -> None:
        """Somebody saves an entry."""
        self.entries[name] = text
        self.history.append(name)

    def delete(self, name: str) -> None:
        """Somebody deletes an entry."""
        if self.entries.pop(name, None) is not None:
            self.history.append(name)

    @property
    def token(self) -> str:
        """The sync token of now."""
        return f"http://kalender.example/{self.life}/{len(self.history)}"

    def etag(self, name: str) -> str:
        """Different for each state of an entry."""
        return "" if not self.etags else f'"{abs(hash(self.entries[name]))}"'

    def report(self, request: httpx.Request) -> str:
        """The name of the report a request asks for, "" for other requests."""
        return fromstring(request.content).tag.split("}")[1] if request.method == "REPORT" else ""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        match request.method, self.report(request):
            case "PROPFIND", _:
                return self._told(request)
            case "REPORT", "calendar-query":
                return multistatus(*(self._listed(name) for name in self.entries))
            case "REPORT", "sync-collection":
                return self._synced(fromstring(request.content).findtext("{DAV:}sync-token") or "")
            case "REPORT", "calendar-multiget":
                hrefs = [path_of(one.text or "") for one in fromstring(request.content).iter("{DAV:}href")]
                return multistatus(*(self._read(href.rsplit("/", 1)[1]) for href in hrefs))
            case "GET", _ if name in self.entries:
                text = self.entries[name].replace("\n", "\r\n")
                return httpx.Response(200, text=text, headers={"ETag": f"W/{self.etag(name)}"})
            case "PUT", _ if request.headers.get("If-Match") == self.etag(name):
                self.save(name, request.content.decode().replace("\r\n", "\n"))
                return httpx.Response(204)
            case "PUT", _:
                return httpx.Response(412)
        return httpx.Response(404)

    def _synced(self, token: str) -> httpx.Response:
        life, _, at = token.removeprefix("http://kalender.example/").partition("/")
        if life != str(self.life):
            error = '<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>'
            return httpx.Response(403, text=error)
        names = dict.fromkeys(self.history[int(at) :])
        told = (self._listed(n) if n in self.entries else about(CALENDAR + n, status=404) for n in names)
        return multistatus(*told, token=self.token)

    def _told(self, request: httpx.Request) -> httpx.Response:
        token = f"<d:sync-token>{self.token}</d:sync-token>" if self.syncs else ""
        kind = f"<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>{token}"
        if request.url.path not in (CALENDAR, HOME):
            return httpx.Response(404)
        if request.url.path == HOME:
            own = f"<d:resourcetype><d:collection/></d:resourcetype><c:calendar-home-set><d:href>{HOME}</d:href>"
            return multistatus(about(HOME, own + "</c:calendar-home-set>"), about(CALENDAR, kind))
        inner = map(self._listed, self.entries) if request.headers["Depth"] == "1" else ()
        return multistatus(about(CALENDAR, kind), *inner)

    def _listed(self, name: str) -> str:
        return about(CALENDAR + name, f"<d:getetag>{escape(self.etag(name))}</d:getetag>")

    def _read(self, name: str) -> str:
        if name not in self.entries:
            return about(CALENDAR + name, status=404)
        data = f"<c:calendar-data>{escape(self.entries[name])}</c:calendar-data>"
        return about(CALENDAR + name, f"<d:getetag>{escape(self.etag(name))}</d:getetag>{data}")
