"""A small server of the kiosk's protocol on loopback: real HTTP, real chain checks, faults to order."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from antrean.domain.event import Envelope

CATALOGUE: dict[str, Any] = {
    "mall": {
        "name": "Mal Pelayanan Publik Contoh",
        "short": "MPP Contoh",
        "city": "Kota Contoh",
        "timezone": "Asia/Jakarta",
        "complaints": {"id": "Hubungi meja informasi", "en": "Ask at the information desk"},
        "announcements": [],
        "hours": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    },
    "zones": [{"code": "1A", "floor": 1, "name": {"id": "Lantai 1", "en": "Floor 1"}}],
    "needs": [{"code": "ktp-kk", "icon": "id", "name": {"id": "KTP & KK", "en": "ID & family card"}}],
    "agencies": [
        {
            "code": "dukcapil",
            "name": {"id": "Dinas Kependudukan", "en": "Population Office"},
            "short": "Dukcapil",
            "icon": "users",
            "zone": "1A",
        }
    ],
    "services": [],
    "counters": [
        {"code": "1", "zone": "1A", "name": {"id": "Loket 1", "en": "Counter 1"}, "services": ["ktp-baru"]}
    ],
}


def service(code: str, letters: str, **more: Any) -> dict[str, Any]:
    """A complete service of the sample agency."""
    return {
        "code": code,
        "agency": "dukcapil",
        "need": "ktp-kk",
        "letters": letters,
        "name": {"id": f"Layanan {code}", "en": f"Service {code}"},
        "short": {"id": code[:24], "en": code[:24]},
        "icon": "id",
        "common": True,
        "requirements": [{"text": {"id": "Kartu Keluarga", "en": "Family card"}, "icon": "users"}],
        "cost": {"id": "Gratis", "en": "Free"},
        "time": {"id": "1 hari kerja", "en": "1 working day"},
        "product": {"id": "KTP", "en": "ID card"},
        "service_minutes": 8,
        "promise_minutes": 25,
        "words": ["ktp"],
        **more,
    }


def catalogue(*services: Mapping[str, Any]) -> dict[str, Any]:
    """The sample mall with these services."""
    return {**CATALOGUE, "services": list(services) or [service("ktp-baru", "A")]}


@dataclass
class FakeHall:
    """What the fake server knows and does; tests read and change it between exchanges."""

    catalogue: dict[str, Any] = field(default_factory=catalogue)
    catalogue_rev: int = 1
    incarnation: str = "inc-1"
    epoch: str = "epoch-1"
    term: int = 1
    issuer: str = "1"
    server_ms: int = 1_763_950_000_000
    day: str = "2025-11-24"
    generation: int = 0
    heard: dict[str, int] = field(default_factory=dict)
    shares: dict[str, int] = field(default_factory=dict)
    base_shares: dict[str, int] = field(default_factory=dict)
    issued: dict[str, int] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    help: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, list[Envelope]] = field(default_factory=dict)
    most_events: int = 200
    poison: set[int] = field(default_factory=set)
    refuse: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    greetings: list[dict[str, Any]] = field(default_factory=list)
    bookings: dict[str, dict[str, Any]] = field(default_factory=dict)
    booking_keys: list[dict[str, str]] = field(default_factory=list)
    bookings_a_page: int = 500
    bookings_life: str = "a"
    changed: threading.Condition = field(default_factory=threading.Condition)
    url: str = ""

    def tickets(self) -> list[dict[str, Any]]:
        """The bodies of every accepted TicketIssued, by log in the order of acceptance."""
        return [dict(e.body) for log in self.logs.values() for e in log if e.type == "TicketIssued"]

    def wait_for_events(self, count: int, timeout_s: float = 30) -> None:
        """Wait until so many events have arrived."""
        with self.changed:
            assert self.changed.wait_for(lambda: sum(map(len, self.logs.values())) >= count, timeout_s)

    def answer(self, path: str, body: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, JSON and headers for one request."""
        self.asked.append(path)
        if self.refuse:
            return self.refuse.pop(0)
        match path:
            case "/v1/pair":
                return self._pair(body)
            case "/v1/hello":
                self.greetings.append(body)
                last = len(self.logs.get(body["log_id"], ()))
                return (
                    200,
                    {
                        **self._told(),
                        "protocol": 1,
                        "ack_seq": last,
                        "logs": self._logs(),
                        **self._mall(body["catalogue_rev"]),
                    },
                    {},
                )
            case "/v1/push":
                return self._push(body)
            case "/v1/pull":
                rev = int(body["catalogue_rev"]) if "catalogue_rev" in body else None
                newest = {"bookings_cursor": self._newest()} if self.bookings else {}
                return 200, {**self._told(), "cursor": "inc.1.1", **self._mall(rev), **newest}, {}
            case "/v1/bookings":
                return 200, self._bookings(body.get("cursor", "")), {}
            case "/v1/state":
                live = {"services": self.services, "calls": self.calls, "help": self.help}
                return 200, {"topics": {"services": live}, "server_ms": self.server_ms}, {}
        return 404, error("not_found"), {}

    def book(self, booking_id: str, start_ms: int, **more: Any) -> None:
        """A booking was made or changed outside: it becomes the newest."""
        was = self.bookings.pop(booking_id, None) or {
            "source": "situs", "booking_id": booking_id, "code": booking_id, "service": "ktp-baru",
            "status": "booked", "label": "", "ticket_id": "",
        }  # fmt: skip
        changes = 1 + max((known["rev"] for known in self.bookings.values()), default=was.get("rev", 0))
        times = {"start_ms": start_ms, "end_ms": start_ms + 1_800_000}
        self.bookings[booking_id] = {**was, **times, **more, "rev": changes}

    def _newest(self) -> str:
        return f"{self.bookings_life}.{max(known['rev'] for known in self.bookings.values())}"

    def _bookings(self, cursor: str) -> dict[str, Any]:
        life, _, after = cursor.partition(".")
        reset = life != self.bookings_life
        seen = 0 if reset else int(after)
        newer = sorted(
            (one for one in self.bookings.values() if one["rev"] > seen), key=lambda one: one["rev"]
        )
        page = newer[: self.bookings_a_page]
        last = page[-1]["rev"] if page else seen
        told = [{name: value for name, value in one.items() if name != "rev"} for one in page]
        more = len(newer) > len(page)
        return {
            "cursor": f"{self.bookings_life}.{last}", "more": more, "reset": reset, "bookings": told,
            "keys": self.booking_keys,
        }  # fmt: skip

    def _pair(self, body: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        if body["code"] != "12345678":
            return 404, error("pairing_unknown"), {}
        known = {"device_id": "device-1", "token": "secret", "kind": "kiosk", "name": "Kios 1"}
        return 200, {**known, "issuer": self.issuer, "public_url": self.url, **self._life()}, {}

    def _logs(self) -> dict[str, Any]:
        known = {name: log for name, log in self.logs.items() if log}
        return {name: {"seq": len(log), "hash": log[-1].hash()} for name, log in known.items()}

    def _push(self, body: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        log = self.logs.setdefault(body["log_id"], [])
        if body["incarnation"] != self.incarnation:
            return 410, {**error("new_incarnation"), "ack_seq": len(log), **self._life()}, {}
        if len(body["events"]) > self.most_events:
            return 413, error("too_large"), {}
        quarantined = []
        with self.changed:
            for event in map(Envelope.from_dict, body["events"]):
                if event.seq <= len(log):
                    if log[event.seq - 1].hash() != event.hash():
                        return 409, error("fork"), {}
                    continue
                if event.seq > len(log) + 1:
                    return 409, {**error("gap"), "ack_seq": len(log), **self._life()}, {}
                if event.prev_hash != (log[-1].hash() if log else ""):
                    return 409, error("fork"), {}
                log.append(event)
                if event.seq in self.poison:
                    quarantined.append({"seq": event.seq, "code": "unknown_event_type"})
                if event.type == "TicketIssued":
                    series, number = event.body["series"], event.body["number"]
                    self.heard[series] = max(self.heard.get(series, 0), number)
                if "generation" in event.body:
                    self.generation = max(self.generation, event.body["generation"])
            self.changed.notify_all()
        return 200, {**self._told(), "ack_seq": len(log), "quarantined": quarantined}, {}

    def _life(self) -> dict[str, Any]:
        return {"incarnation": self.incarnation, "term": self.term}

    def _told(self) -> dict[str, Any]:
        return {
            **self._life(),
            "server_ms": self.server_ms,
            "epoch": self.epoch,
            "day": self.day,
            "generation": self.generation,
            "heard": self.heard,
            "shares": self.shares,
            "base_shares": self.base_shares,
            "issued": self.issued,
            "retry_after_ms": 0,
        }

    def _mall(self, known_rev: int | None) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "public_url": self.url,
            "catalogue_rev": self.catalogue_rev,
            "catalogue": None if known_rev == self.catalogue_rev else self.catalogue,
            "services": self.services,
        }


def error(code: str) -> dict[str, Any]:
    """The body of a refusal."""
    return {"error": {"code": code, "message": code}}


@contextmanager
def serving(hall: FakeHall, port: int = 0) -> Iterator[FakeHall]:
    """Serve `hall` on a free port of 127.0.0.1 until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            self._answer(json.loads(self.rfile.read(length) or b"{}"))

        def do_GET(self) -> None:
            pairs = (part.split("=", 1) for part in self.path.partition("?")[2].split("&") if "=" in part)
            self._answer(dict(pairs))

        def _answer(self, body: Any) -> None:
            status, data, headers = hall.answer(self.path.partition("?")[0], body)
            payload = json.dumps(data).encode()
            self.send_response(status)
            for name, value in {
                "Content-Length": str(len(payload)),
                "Connection": "close",
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    hall.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hall
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
