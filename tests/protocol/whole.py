"""A server and its kiosks with real ledgers, talking real HTTP inside one process under one true time."""

import itertools
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from flask import Flask

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import AntreanError
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_log
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued
from antrean.ledger.device_memory import Pairing
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_log import StoredEvent
from antrean.link.server import ServerLink
from kiosk.conversation import Conversation, News
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from queue_server.app import Parts, create_app
from queue_server.running import assemble
from tests.server.house_of_tests import MORNING_MS, FakeWorld, fill, settings

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Server:
    """A mall's server in `folder` that can be stopped and started again; `asked` lists what reached it."""

    def __init__(self, folder: Path, world: FakeWorld, mall: Mapping[str, Any] | None = None) -> None:
        self.folder = folder
        self.world = world
        self.asked: list[tuple[str, int]] = []
        fill(folder, mall)
        self.start()

    def start(self) -> None:
        ids = [str(uuid.UUID(int=number)) for number in (1, 2, 3)]
        self.ledger = HallLedger.open(
            self.folder, fresh=FreshIds(*ids), now_ms=self.world.now_ms, check=False
        )
        self.parts: Parts = assemble(self.ledger, settings(), self.world).parts
        self._app: Flask = create_app(self.parts, None)
        self._open = True

    def stop(self) -> None:
        if self._open:
            self.ledger.close()
            self._open = False

    def transport(self) -> httpx.BaseTransport:
        return _Transport(self)

    def send(self, request: httpx.Request) -> httpx.Response:
        answer = httpx.WSGITransport(app=self._app).handle_request(request)
        self.asked.append((request.url.path, answer.status_code))
        return answer

    def pair(self, name: str = "Kios") -> Pairing:
        device = self.parts.enrolment.pair(self.parts.enrolment.make_code("kiosk", name, "test"), "127.0.0.1")
        one = device.device
        return Pairing(
            one.device_id,
            device.token,
            "kiosk",
            name,
            one.issuer or "",
            "http://hall",
            self.parts.incarnation,
            self.parts.term,
            ("http://hall",),
        )

    def hall(self) -> Any:
        return self.parts.live.truth.hall

    def command(self, name: str, *, role: str = "supervisor", **more: Any) -> httpx.Response:
        with httpx.Client(transport=self.transport(), base_url="http://hall") as client:
            headers = {"Authorization": f"Bearer {role}-token", "Idempotency-Key": str(uuid.uuid4())}
            return client.post("/v1/commands", json={"command": name, **more}, headers=headers)

    def events(self, type_name: str = "") -> list[StoredEvent]:
        with self.ledger.reading() as r:
            found = hall_log.since(r, 0, 100_000)
        return [one for one in found if type_name in ("", one.envelope.type)]

    def tickets(self) -> list[StoredEvent]:
        return self.events("TicketIssued")


class _Transport(httpx.BaseTransport):
    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._server.send(request)


class Machine:
    """A kiosk's clocks over the true time of `world`; a boot may begin with a dead wall clock."""

    def __init__(self, world: FakeWorld, name: str) -> None:
        self._world = world
        self._name = name
        self._boots = itertools.count(1)
        self.wall_off_ms = 0
        self.reboot()

    def reboot(self, wall_off_ms: int = 0) -> None:
        self.boot = f"{self._name}-boot-{next(self._boots)}"
        self._began_ms = self._world.now_ms - 20_000
        self.wall_off_ms = wall_off_ms

    def stamp(self) -> Stamp:
        now = self._world.now_ms
        return Stamp(self.boot, now - self._began_ms, now + self.wall_off_ms)


class Kiosk:
    """One kiosk process over a folder; the network is whatever `transport` gives, None is no network."""

    def __init__(self, folder: Path, machine: Machine, pairing: Pairing | None = None) -> None:
        self.folder = folder
        self.machine = machine
        self.new_id: Callable[[], str] = lambda: str(uuid.uuid4())
        self._talk: Conversation | None = None
        self.start(pairing)

    def start(self, pairing: Pairing | None = None) -> None:
        stamp = self.machine.stamp()
        self.ledger = DeviceLedger.open(self.folder, new_id=self.new_id, stamp=stamp)
        if pairing is not None:
            self.ledger.memory.pair(pairing, new_id=self.new_id)
        memory = self.ledger.memory
        self.clock = MallClock(self.machine.stamp, memory.anchor(stamp.boot_id), memory.met_ms())
        self.issuing = Issuing(self.ledger, self.clock, self.new_id)
        self._talk = None

    def stop(self) -> None:
        if self._talk is not None:
            self._talk.close()
        self.ledger.close()

    def issue(self, service: str = "ktp-baru", count: int = 1) -> list[Issued]:
        known = self.ledger.memory.catalogue()
        assert known is not None, "a kiosk that never met its server has no services"
        mall = mall_from_dict(known[1])
        return [self.issuing.issue(mall, service, priority=False, language="id") for _ in range(count)]

    def try_issue(self, service: str) -> bool:
        with suppress(AntreanError):
            return bool(self.issue(service))
        return False

    def meet(self, server: Server) -> News:
        """One exchange in the same conversation as before."""
        if self._talk is None:
            pairing = self.ledger.memory.pairing()
            assert pairing is not None
            link = ServerLink(pairing.servers, pairing.token, transport=server.transport())
            self._talk = Conversation(self.ledger, link, self.clock, self.new_id, version="test")
        return self._talk.exchange()


def world() -> FakeWorld:
    return FakeWorld(MORNING_MS)
