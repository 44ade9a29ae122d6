"""A mall whose bookings come from a fake outside: real ledger, real application, time that the test sets."""

import datetime
import shutil
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy as copy_of
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
from flask import Flask

from antrean.domain.booking import BookingStatus
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_booking_outbox import OutboxRow
from antrean.ledger.hall_bookings import BookingRow
from queue_server import problems
from queue_server.app import Parts, working_operations
from queue_server.bookings.health import Conflict
from queue_server.bookings.settings import FILE_NAME
from queue_server.operations import register
from queue_server.running import assemble
from tests.bookings_server.fake_outside import FakeOutside
from tests.domain.malls import mall_data, service
from tests.server.house_of_tests import MORNING_MS, FakeKiosk, FakeWorld, fill, settings

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
TEN = MORNING_MS + HOUR_MS
TODAY = datetime.date(2025, 11, 24)
SOURCES = '[[source]]\nname = "situs"\nkind = "fake"\nevery_seconds = 60\n'
RULE = {"per_hour": 4, "slot_minutes": 30, "walk_in_percent": 50}
"""One booking a slot."""


def booked_mall_data() -> dict[str, Any]:
    """The test mall, with two services that may be booked."""
    data = mall_data()
    data["services"] = [
        service("ktp-baru", "A", booking=RULE),
        service("ktp-hilang", "A"),
        service("kk", "B", booking=RULE),
        service("npwp", "P", "pajak", quota=2),
        service("tutup", "T", "pajak", hours={"mon": []}),
    ]
    return data


class BookedMall:
    """A server's life in `folder`; `restart()` begins the next one. Nothing runs by itself: `look()` is one round."""

    def __init__(
        self,
        folder: Path,
        outside: FakeOutside,
        data: Mapping[str, Any] | None = None,
        world: FakeWorld | None = None,
    ) -> None:
        self.folder = folder
        self.outside = outside
        self.world = world or FakeWorld(MORNING_MS)
        if not folder.exists() or not any(folder.iterdir()):
            fill(folder, data or booked_mall_data())
            (folder / FILE_NAME).write_text(SOURCES, encoding="utf-8")
        self.start()

    def start(self) -> None:
        ids = [str(uuid.UUID(int=number)) for number in (1, 2, 3)]
        self.ledger = HallLedger.open(
            self.folder, fresh=FreshIds(*ids), now_ms=self.world.now_ms, check=False
        )
        self.parts: Parts = assemble(self.ledger, settings(), self.world).parts
        self.worker = self.parts.bookings.worker
        self.worker.kinds = {"fake": self.outside.kind()}
        self._client: httpx.Client | None = None
        self.running = SimpleNamespace(parts=self.parts)

    @property
    def client(self) -> httpx.Client:
        """Speaks with the working operations; the description of the whole would take a third of a second."""
        if self._client is None:
            app, live = Flask("hall"), self.parts.live
            register(app, working_operations(self.parts), self.parts.gate)
            problems.install(app, live.now_ms, lambda: live.truth.hall.mall.timezone, lambda *words: None)
            self._client = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://hall")
        return self._client

    def stop(self) -> None:
        if self._client is not None:
            self._client.close()
        self.worker.close()
        self.ledger.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def at(self, now_ms: int) -> None:
        """It is so late now; time only goes on."""
        assert now_ms >= self.world.now_ms
        self.world.now_ms = now_ms

    def look(self) -> None:
        """One round in which every source is due."""
        for config in self.worker.configs:
            self.worker.try_now(config.name)
        self.worker.look()

    def pair(self, name: str = "Kios 1") -> FakeKiosk:
        code = self.parts.enrolment.make_code("kiosk", name, "test")
        answer = self.client.post("/v1/pair", json={"code": code})
        assert answer.status_code == 200, answer.text
        kiosk = FakeKiosk(cast(Any, self), answer.json())
        kiosk.boot_id = f"boot-{name}"
        assert kiosk.hello().status_code == 200
        return kiosk

    def check_in_at(self, kiosk: FakeKiosk, booking_id: str, slot_ms: int, **more: Any) -> str:
        """A kiosk's log says that somebody came with a booking, as it knew it."""
        changes = {"service": "ktp-baru", "series": "A", **more}
        ticket_id = kiosk.issue(**changes, channel="booking")
        body = {
            "ticket_id": ticket_id,
            "source": "situs",
            "booking_id": booking_id,
            "code": booking_id,
            "slot_ms": slot_ms,
            "slot_end_ms": slot_ms + 30 * MINUTE_MS,
            "proof": "copy",
        }
        kiosk.write("BookingArrived", body)
        return ticket_id

    def claim_at(self, kiosk: FakeKiosk, code: str, **more: Any) -> str:
        ticket_id = kiosk.issue(**more)
        kiosk.write("BookingClaimed", {"ticket_id": ticket_id, "code": code})
        return ticket_id

    def push(self, kiosk: FakeKiosk) -> None:
        answer = kiosk.push()
        assert answer.status_code == 200, answer.text
        assert answer.json()["quarantined"] == []

    def pull(self, kiosk: FakeKiosk) -> Mapping[str, Any]:
        answer = self.client.get("/v1/pull", headers=kiosk.headers)
        assert answer.status_code == 200, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    def command(self, name: str, *, role: str = "officer", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {role}-token", "Idempotency-Key": str(uuid.uuid4())}
        return self.client.post("/v1/commands", json={"command": name, **more}, headers=headers)

    def check_in(self, code: str, **more: Any) -> httpx.Response:
        return self.command("check_in", role="helper", code=code, **more)

    def serve(self, counter: str = "1") -> str:
        """Calls the next visitor and finishes; gives the number."""
        self.command("open_counter", role="supervisor", counter=counter)
        called = self.command("call_next", role="supervisor", counter=counter).json()
        for step in ("start", "finish"):
            answer = self.command(step, role="supervisor", counter=counter)
            assert answer.status_code == 200, answer.text
        return str(called["ticket"]["label"])

    def hall(self) -> Any:
        return self.parts.live.truth.hall

    def copied(self, folder: Path) -> "BookedMall":
        """The same stopped mall and outside once more, in another folder."""
        shutil.copytree(self.folder, folder)
        return BookedMall(folder, copy_of(self.outside), world=self.world)

    def row(self, booking_id: str) -> BookingRow:
        with self.ledger.reading() as r:
            found = copy.booking(r, "situs", booking_id)
        assert found is not None
        return found

    def status(self, booking_id: str) -> BookingStatus:
        return self.row(booking_id).status

    def waiting(self) -> list[OutboxRow]:
        with self.ledger.reading() as r:
            return outbox.unsettled(r)

    def conflicts(self) -> list[Conflict]:
        return self.parts.bookings.health.conflicts(TODAY)

    def cases(self) -> list[tuple[str, str, str]]:
        return [(one.code, one.case, one.decision) for one in self.conflicts()]

    def ticking(self, tick: Callable[[], None]) -> None:
        """Has `tick` called before and after every durable step of this life."""
        for owner in (self.ledger.writer, self.parts.live):
            plain = owner.run

            def run(job: Any, plain: Any = plain) -> Any:
                tick()
                result = plain(job)
                tick()
                return result

            owner.run = run  # type: ignore[method-assign]
