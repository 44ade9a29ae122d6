"""A whole server for tests: real ledger file, real cheroot on loopback, a clock and ids the test can steer."""

import itertools
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from antrean.domain.event import Envelope
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_log, hall_meta, hall_people
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_people import ApiToken
from queue_server.app import PageRoom
from queue_server.auth.secrets import fingerprint
from queue_server.backups import Made
from queue_server.running import Running, in_background, start
from queue_server.settings import ServerSettings
from tests.domain.malls import mall_data

MORNING_MS = 1_763_949_600_000  # Monday 24 November 2025, 09.00 in Jakarta


class FakeWorld:
    """A machine whose clock moves 10 ms at each look and whose ids are counted."""

    def __init__(self, now_ms: int = MORNING_MS) -> None:
        self.now_ms = now_ms
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def stamp(self) -> Stamp:
        with self._lock:
            self.now_ms += 10
            return Stamp("boot-server", self.now_ms - MORNING_MS + 1_000_000, self.now_ms)

    def new_id(self) -> str:
        with self._lock:
            return str(uuid.UUID(int=(0x0190 << 112) | (7 << 76) | (2 << 62) | next(self._ids)))

    def random_bytes(self, count: int) -> bytes:
        return (
            uuid.uuid4().bytes[:1] * 0 + b"".join(uuid.uuid4().bytes for _ in range(count // 16 + 1))[:count]
        )


def settings(**changes: Any) -> ServerSettings:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 0,
        "public_url": "http://antrean.example",
        "streams": 8,
        "backup_minutes": 0,
        "backups_kept": 3,
        "voice": False,
    }
    return ServerSettings(**{**values, **changes})


def fill(folder: Path, data: Mapping[str, Any] | None = None) -> None:
    """Makes a ledger with the test mall and one token for each role."""
    ids = [str(uuid.UUID(int=number)) for number in (1, 2, 3)]
    ledger = HallLedger.open(folder, fresh=FreshIds(*ids), now_ms=MORNING_MS)

    def job(tx: Any) -> None:
        hall_meta.set_catalogue(tx, data or mall_data())
        for role in ("officer", "supervisor", "manager", "helper", "administrator"):
            counter = "1" if role == "officer" else None
            hall_people.add_token(
                tx, ApiToken(fingerprint(f"{role}-token"), role, role, counter, MORNING_MS, None)
            )

    ledger.writer.run(job)
    ledger.close()


class House:
    """A running server with a client."""

    def __init__(self, running: Running, world: FakeWorld) -> None:
        self.running = running
        self.world = world
        self.url = f"http://127.0.0.1:{running.port}"
        self.client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        self._keys = itertools.count(1)

    def close(self) -> None:
        self.client.close()

    def hall(self) -> Any:
        return self.running.parts.live.truth.hall

    def events(self) -> list[Envelope]:
        """All that was accepted, oldest first."""
        with self.running.parts.ledger.reading() as r:
            return [one.envelope for one in hall_log.since(r, 0, 100_000)]

    def command(
        self, name: str, *, role: str = "officer", key: str | None = None, counter: str = "1", **more: Any
    ) -> httpx.Response:
        return self.client.post(
            "/v1/commands",
            json={"command": name, "counter": counter, **more},
            headers={
                "Authorization": f"Bearer {role}-token",
                "Idempotency-Key": key or f"test-key-{next(self._keys):04d}",
            },
        )

    def pair(self, kind: str = "kiosk", name: str = "Kios 1") -> "FakeKiosk":
        code = self.running.parts.enrolment.make_code(kind, name, "test")
        answer = self.client.post("/v1/pair", json={"code": code})
        assert answer.status_code == 200, answer.text
        return FakeKiosk(self, answer.json())


class FakeKiosk:
    """A device that writes a chained log in memory and talks the protocol."""

    def __init__(self, house: House, paired: Mapping[str, Any]) -> None:
        self.house = house
        self.paired = paired
        self.log_id = str(uuid.uuid4())
        self.boot_id = "boot-kiosk"
        self.boot_ms = 5_000_000
        self.wall_ms = 0
        self.events: list[Envelope] = []
        self.numbers = itertools.count(1)
        self.headers = {"Authorization": f"Bearer {paired['token']}"}

    def write(self, type_name: str, body: dict[str, Any], v: int = 1, **changes: Any) -> Envelope:
        self.boot_ms += 1_000
        values: dict[str, Any] = {
            "event_id": str(uuid.uuid4()),
            "device_id": self.paired["device_id"],
            "log_id": self.log_id,
            "seq": len(self.events) + 1,
            "type": type_name,
            "v": v,
            "boot_id": self.boot_id,
            "boot_ms": self.boot_ms,
            "wall_ms": self.wall_ms,
            "body": body,
            "prev_hash": self.events[-1].hash() if self.events else "",
        }
        envelope = Envelope(**{**values, **changes})
        self.events.append(envelope)
        return envelope

    def issue(self, service: str = "ktp-baru", series: str = "A", **changes: Any) -> str:
        ticket_id = str(uuid.uuid4())
        body = {
            "ticket_id": ticket_id,
            "service": service,
            "series": series,
            "issuer": self.paired["issuer"],
            "generation": 1,
            "number": next(self.numbers),
            "day": "2025-11-24",
            "priority": False,
            "language": "id",
            "channel": "kiosk",
            "assisted": False,
        }
        self.write("TicketIssued", {**body, **changes})
        return ticket_id

    def push(self, events: list[Any] | None = None, **changes: Any) -> httpx.Response:
        offered: list[Any] = list(self.events) if events is None else events
        raw = [one.to_dict() if isinstance(one, Envelope) else one for one in offered]
        body = {
            "term": 1,
            "incarnation": self.paired["incarnation"],
            "log_id": self.log_id,
            "boot_id": self.boot_id,
            "boot_ms": self.boot_ms,
            "events": raw,
            "anchors": [self.anchor()],
        }
        return self.house.client.post("/v1/push", json={**body, **changes}, headers=self.headers)

    def anchor(self) -> dict[str, Any]:
        """An exchange of this moment, measured without delay."""
        parts = self.house.running.parts
        return {
            "boot_id": self.boot_id,
            "boot_ms": self.boot_ms,
            "server_ms": parts.live.now_ms(),
            "error_ms": 1,
            "epoch": parts.clock.epoch,
        }

    def hello(self, **changes: Any) -> httpx.Response:
        body = {
            "protocols": [1],
            "term": 1,
            "program": "kiosk",
            "version": "0.1",
            "log_id": self.log_id,
            "last_seq": len(self.events),
            "boot_id": self.boot_id,
            "boot_ms": self.boot_ms,
            "wall_ms": self.wall_ms,
            "catalogue_rev": None,
        }
        return self.house.client.post("/v1/hello", json={**body, **changes}, headers=self.headers)


@contextmanager
def served(
    folder: Path,
    world: FakeWorld,
    pages: PageRoom | None = None,
    heartbeat_s: float = 5.0,
    back_up: Callable[[int], Made] | None = None,
    **changes: Any,
) -> Iterator[House]:
    """Serves `folder` while the block runs; every thread has ended afterwards."""
    broken: list[Exception] = []
    running = start(
        folder, settings(**changes), world, broken.append, pages, back_up=back_up, heartbeat_s=heartbeat_s
    )
    thread = in_background(running)
    house = House(running, world)
    try:
        yield house
    finally:
        house.close()
        running.stop()
        thread.join(30)
    assert not thread.is_alive()
    assert not broken
