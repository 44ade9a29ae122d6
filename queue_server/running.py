"""A whole server as one value: its parts wired together, started and stopped in the right order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from cheroot.wsgi import Server

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_meta
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.voice.pack import shipped_pack
from antrean.voice.sound import call_wav
from queue_server.app import CallSounds, PageRoom, Parts, create_app
from queue_server.auth.accounts import Accounts
from queue_server.auth.callers import Gate
from queue_server.auth.enrolment import Enrolment
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import Passwords
from queue_server.clock import ServerClock
from queue_server.hub import Hub
from queue_server.keeper import Keeper
from queue_server.live import LiveHall
from queue_server.serving import http_server, port_of, reachable_host
from queue_server.settings import ServerSettings
from queue_server.topics import renderer


class World(Protocol):
    """What a server needs of the machine it runs on."""

    def stamp(self) -> Stamp:
        """When it is now by this boot and the wall clock."""

    def new_id(self) -> str:
        """A new UUIDv7."""

    def random_bytes(self, count: int) -> bytes:
        """Bytes nobody can guess."""


@dataclass(frozen=True)
class Running:
    """A server that listens; `serve()` blocks until `stop()` is called from another thread."""

    parts: Parts
    keeper: Keeper
    http: Server
    port: int

    def serve(self) -> None:
        """Answers requests until stopped."""
        self.http.serve()

    def stop(self) -> None:
        """Ends streams and requests at once, then closes the ledger cleanly."""
        self.parts.hub.close()
        self.http.stop()
        self.keeper.close()
        self.parts.ledger.close()


def program_version() -> str:
    """The version of the installed product."""
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "0"


def start(
    data: Path,
    settings: ServerSettings,
    world: World,
    on_broken: Callable[[AntreanError], None],
    pages: PageRoom | None = None,
    back_up: Callable[[int], object] | None = None,
    heartbeat_s: float = 5.0,
) -> Running:
    """Opens the ledger in `data`, rebuilds today, and listens; call `serve()` on the result.

    Raises RuleViolation `not_set_up` when no mall was put in yet, Unavailable or LedgerBroken from the ledger, OSError
    when the port is taken. `back_up(now_ms)` makes one backup, on the housekeeping thread.
    """
    fresh = FreshIds(world.new_id(), world.new_id(), world.new_id())
    ledger = HallLedger.open(data, fresh=fresh, now_ms=world.stamp().wall_ms)
    try:
        running = _started(ledger, settings, world, pages, back_up, heartbeat_s)
        ledger.writer.on_broken = on_broken
        return running
    except BaseException:
        ledger.close()
        raise


def _started(
    ledger: HallLedger,
    settings: ServerSettings,
    world: World,
    pages: PageRoom | None,
    back_up: Callable[[int], object] | None,
    heartbeat_s: float,
) -> Running:
    with ledger.reading() as r:
        meta = hall_meta.meta(r)
    if meta.catalogue_rev == 0:
        raise RuleViolation("not_set_up", folder=str(ledger.folder))
    clock = ServerClock(
        lambda: world.stamp().wall_ms, lambda: world.stamp().boot_ms, max(meta.max_server_ms, 0)
    )
    hub = Hub(
        renderer(clock.now_ms), clock.now_ms, f"{meta.incarnation}.{meta.term}", settings.streams, heartbeat_s
    )
    live = LiveHall(
        ledger, clock.now_ms, world.stamp, world.new_id, lambda truth: hub.publish(truth.position, truth)
    )
    hub.publish(live.truth.position, live.truth)
    address: list[str] = [settings.public_url]
    parts = Parts(
        ledger=ledger,
        live=live,
        hub=hub,
        gate=Gate(ledger, clock.now_ms),
        accounts=Accounts(ledger, clock.now_ms, world.random_bytes, Passwords(), Lockout()),
        enrolment=Enrolment(ledger, clock.now_ms, world.random_bytes, world.new_id, Lockout()),
        new_id=world.new_id,
        public_url=lambda: address[0],
        incarnation=meta.incarnation,
        term=meta.term,
        version=program_version(),
        sound=CallSounds(live, _speaker()) if settings.voice else None,
    )
    http = http_server(create_app(parts, pages), settings.host, settings.port, settings.streams)
    http.prepare()
    port = port_of(http)
    if not address[0]:
        address[0] = f"http://{reachable_host(settings.host)}:{port}"
    if address[0] != meta.public_url:
        ledger.writer.run(lambda tx: hall_meta.set_public_url(tx, address[0]))
    keeper = Keeper(
        ledger,
        live,
        (lambda: back_up(clock.now_ms())) if back_up and settings.backup_minutes else None,
        settings.backup_minutes * 60_000,
    )
    hub.start()
    keeper.start()
    return Running(parts, keeper, http, port)


def _speaker() -> Callable[[str, str, str | None], bytes]:
    pack = shipped_pack("id")
    return lambda label, counter, check: call_wav(label, counter, "id", pack, check)


def in_background(running: Running) -> threading.Thread:
    """Serves on another thread (tests and demonstrations)."""
    thread = threading.Thread(target=running.serve, name="http", daemon=True)
    thread.start()
    return thread
