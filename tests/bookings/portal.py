"""A city's own booking portal in memory: what a newcomer would write, on the operations and the gate of the house."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from antrean.domain.errors import RuleViolation
from antrean.seal.requests import Verifier
from queue_server import problems
from queue_server.auth.callers import Access, Caller
from queue_server.auth.signed import SignedGate
from queue_server.booking_operations import booking_operations
from queue_server.operations import Call, register
from queue_server.problems import Problem
from queue_server.serving import http_server, port_of

KEY = "mpp-contoh"
SECRET = "rahasia-contoh-jangan-dipakai-di-mana-pun"
NOW_MS = 1_763_949_600_000  # 2025-11-24 09:00 in Jakarta
SIGNS = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"


def entry(number: int, **changes: Any) -> dict[str, Any]:
    """A booking as a portal tells it."""
    return {
        "id": f"A-{number}",
        "code": f"KTP{number:05d}",
        "service": "ktp-baru",
        "start": "2025-11-25T09:00:00+07:00",
        "end": "2025-11-25T09:30:00+07:00",
        "status": "booked",
        "revision": "1",
        **changes,
    }


@dataclass
class FakePortal:
    """Cursors count changes; everything said is kept to be looked at."""

    now_ms: int = NOW_MS
    page: int = 500
    bookings: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    outcomes: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    catalogue_rev: int | None = None
    catalogue: Mapping[str, Any] | None = None
    crowding: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lost: bool = False
    refuses: bool = False
    url: str = ""
    heard: threading.Condition = field(default_factory=threading.Condition)

    def put(self, *entries: dict[str, Any]) -> None:
        for one in entries:
            self.bookings[one["id"]] = one
            self.changed.append(one["id"])

    def wait_for(self, what: str, times: int) -> bool:
        """Whether it was asked for this so often within half a minute."""
        with self.heard:
            return self.heard.wait_for(lambda: self.asked.count(what) >= times, 30)

    def changes(self, call: Call) -> Mapping[str, Any]:
        self._hears("changes")
        cursor, limit = call.query.cursor, min(call.query.limit, self.page)
        if self.lost and cursor:
            raise Problem(410, "cursor_lost")
        kind, _, place = cursor.partition(".")
        if kind == "since":
            start = int(place)
            ids, rest = self.changed[start : start + limit], len(self.changed) - start
            following = f"since.{start + len(ids)}"
            return self._page(ids, following, rest > limit, False)
        first, _, then = place.partition(".") if kind == "all" else ("0", "", str(len(self.changed)))
        ids = list(self.bookings)[int(first) : int(first) + limit]
        more = int(first) + limit < len(self.bookings)
        following = f"all.{int(first) + limit}.{then}" if more else f"since.{then}"
        return self._page(ids, following, more, True)

    def outcome(self, call: Call) -> Mapping[str, Any]:
        self._hears("outcome")
        key, said = call.headers["Idempotency-Key"], call.body.model_dump(mode="json")
        if key in self.outcomes:
            before, status = self.outcomes[key]
            if before != said:
                raise RuleViolation("idempotency_key_reused")
            return {"id": said["id"], "status": status}
        if said["id"] not in self.bookings:
            raise Problem(404, "unknown_booking")
        self.outcomes[key] = (said, said["status"])
        self.told.append(said)
        return {"id": said["id"], "status": said["status"]}

    def mall(self, call: Call) -> Mapping[str, Any]:
        self._hears("mall")
        said = call.body
        self.crowding = [one.model_dump() for one in said.crowding]
        if said.catalogue is not None:
            self._hears("catalogue")
            if self.refuses:
                raise RuleViolation("bad_catalogue", problems="services[1]: no such thing")
            self.catalogue_rev, self.catalogue = said.catalogue_rev, said.catalogue
        return {"catalogue_rev": self.catalogue_rev}

    def _hears(self, what: str) -> None:
        with self.heard:
            self.asked.append(what)
            self.heard.notify_all()

    def _page(self, ids: list[str], cursor: str, more: bool, listing: bool) -> dict[str, Any]:
        found = [self.bookings[one] for one in ids]
        return {"cursor": cursor, "more": more, "listing": listing, "bookings": found, "key": SIGNS}


@dataclass(frozen=True)
class _Door:
    gate: SignedGate

    def admit(self, access: Access) -> Caller:
        assert access is Access.PARTNER
        return self.gate.admit()


def portal_app(portal: FakePortal) -> Flask:
    """The portal as an application."""
    app = Flask("portal", static_folder=None, template_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    gate = SignedGate(Verifier({KEY: SECRET}.get, 0), lambda: portal.now_ms)
    register(app, booking_operations(portal.changes, portal.outcome, portal.mall), _Door(gate))
    problems.install(app, lambda: portal.now_ms, lambda: "Asia/Jakarta", lambda *_: None)
    return app


@contextmanager
def served_portal(portal: FakePortal) -> Iterator[FakePortal]:
    """The portal on loopback while the block runs."""
    server = http_server(portal_app(portal), "127.0.0.1", 0, 0)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    portal.url = f"http://127.0.0.1:{port_of(server)}"
    try:
        yield portal
    finally:
        server.stop()
        thread.join(30)
