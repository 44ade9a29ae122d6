"""A whole server as one value: its parts wired together, started and stopped in the right order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from cheroot.wsgi import Server

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.domain.hall import Hall
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_meta
from antrean.ledger.folder_lock import FolderLock, held_alone
from antrean.ledger.hall import LOCK_NAME, FreshIds, HallLedger
from queue_server import clock_log
from queue_server.acceptance import newest_ms
from queue_server.app import PageRoom, Parts, create_app
from queue_server.auth.accounts import Accounts
from queue_server.auth.callers import Gate
from queue_server.auth.enrolment import Enrolment
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import Passwords
from queue_server.auth.signed import SignedGate
from queue_server.backups import BackupWatch, Made
from queue_server.bookings.room import bookings_of
from queue_server.bookings.senders import Senders
from queue_server.clock import ServerClock, break_of, first_ms
from queue_server.contacts import Contacts
from queue_server.hub import Hub
from queue_server.keeper import DAY_MS, Keeper
from queue_server.live import LiveHall, Truth
from queue_server.serving import http_server, port_of, reachable_host
from queue_server.settings import ServerSettings
from queue_server.sounds import sounds_of
from queue_server.timekeeper import Timekeeper
from queue_server.topics import renderer
from queue_server.upkeep import Upkeep, server_room
from queue_server.version import program_version


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
    lock: FolderLock

    def serve(self) -> None:
        """Answers requests until stopped."""
        self.http.serve()

    def answers(self) -> None:
        """Returns once all that waited for the log's one writer is done; a writer that hangs keeps the caller."""
        with suppress(AntreanError):  # a full or broken disk is told elsewhere; the server still answers
            self.parts.ledger.writer.run(lambda tx: None)

    def stop(self) -> None:
        """Ends streams and requests at once, then closes the ledger cleanly."""
        self.parts.hub.close()
        self.http.stop()
        self.keeper.close()
        self.parts.bookings.worker.close()
        self.parts.ledger.close()
        self.lock.close()


def start(
    data: Path,
    settings: ServerSettings,
    world: World,
    on_broken: Callable[[AntreanError], None],
    pages: PageRoom | None = None,
    back_up: Callable[[int], Made] | None = None,
    heartbeat_s: float = 5.0,
) -> Running:
    """Opens the ledger in `data`, rebuilds today, and listens; call `serve()` on the result.

    Raises RuleViolation `not_set_up` when no mall was put in yet, Unavailable or LedgerBroken from the ledger, OSError
    when the port is taken. `back_up(now_ms)` makes one backup, on the housekeeping thread.
    """
    # Two servers on one ledger would each call visitors from a hall of their own.
    lock = held_alone(data, LOCK_NAME, f"another server, or a restore, works on {data}")
    try:
        fresh = FreshIds(world.new_id(), world.new_id(), world.new_id())
        room = server_room(data)
        ledger = HallLedger.open(data, fresh=fresh, now_ms=world.stamp().wall_ms, room=room)
        try:
            room.refill()
            watch = (
                BackupWatch(back_up, lambda: not room.low()) if back_up and settings.backup_minutes else None
            )
            running = _started(ledger, lock, settings, world, pages, Upkeep(room, watch), heartbeat_s)
            ledger.writer.on_broken = on_broken
            return running
        except BaseException:
            ledger.close()
            raise
    except BaseException:
        lock.close()
        raise


@dataclass(frozen=True)
class Assembled:
    """A server's parts over an open ledger, with its clock; nothing listens and no thread of theirs runs yet."""

    parts: Parts
    clock: ServerClock
    address: list[str]
    known_address: str


def assemble(
    ledger: HallLedger,
    settings: ServerSettings,
    world: World,
    heartbeat_s: float = 5.0,
    upkeep: Upkeep | None = None,
) -> Assembled:
    """Wires a server together and rebuilds today from the log; raises RuleViolation `not_set_up`."""
    with ledger.reading() as r:
        meta = hall_meta.meta(r)
        note, at, log = hall_meta.clock_note(r), world.stamp(), clock_log.read(r)
        newest = newest_ms(r, log)
    first, lost = first_ms(note, at, newest, log.steps)
    if meta.catalogue_rev == 0:
        raise RuleViolation("not_set_up", folder=str(ledger.folder))
    began = log if log.first else replace(log, first=world.new_id())
    reboot = break_of(note, at, newest, first, world.new_id())
    if reboot is not None:
        began = began.rebooted(reboot, lost=lost)
    if began != log:
        ledger.writer.run(lambda tx: clock_log.write(tx, began))
    since = began.breaks[-1].after_ms if began.breaks else 0
    clock = ServerClock(world.stamp, first, began.doubt_ms > 0, since, began.epochs)
    hub = Hub(
        renderer(clock.now_ms), clock.now_ms, f"{meta.incarnation}.{meta.term}", settings.streams, heartbeat_s
    )
    ears: list[Callable[[Hall], None]] = []

    def publish(truth: Truth) -> None:
        hub.publish(truth.position, truth)
        for ear in ears:
            ear(truth.hall)

    live = LiveHall(
        ledger,
        clock.now_ms,
        world.stamp,
        world.new_id,
        publish,
        world.random_bytes,
    )
    hub.publish(live.truth.position, live.truth)
    sounds = sounds_of(live, settings.voice_languages, settings.voice_pack) if settings.voice else None
    if sounds is not None:
        ears.append(sounds.hear)
    address = [settings.public_url]
    contacts = Contacts()
    bookings = bookings_of(ledger, live, contacts, meta.incarnation, lambda: world.random_bytes(16).hex())
    senders = Senders(lambda: bookings.worker.configs, clock.now_ms())
    parts = Parts(
        ledger=ledger,
        live=live,
        hub=hub,
        gate=Gate(ledger, clock.now_ms, SignedGate(senders, clock.now_ms).admit),
        accounts=Accounts(ledger, clock.now_ms, world.random_bytes, Passwords(), Lockout()),
        enrolment=Enrolment(ledger, clock.now_ms, world.random_bytes, world.new_id, Lockout()),
        new_id=world.new_id,
        public_url=lambda: address[0],
        incarnation=meta.incarnation,
        term=meta.term,
        version=program_version(),
        sounds=sounds,
        clock=clock,
        contacts=contacts,
        bookings=bookings,
        help_loud_ms=settings.help_loud_minutes * 60_000,
        upkeep=upkeep,
    )
    return Assembled(parts, clock, address, meta.public_url)


def _started(
    ledger: HallLedger,
    lock: FolderLock,
    settings: ServerSettings,
    world: World,
    pages: PageRoom | None,
    upkeep: Upkeep,
    heartbeat_s: float,
) -> Running:
    made = assemble(ledger, settings, world, heartbeat_s, upkeep)
    parts, clock = made.parts, made.clock
    http = http_server(create_app(parts, pages), settings.host, settings.port, settings.streams)
    http.prepare()
    port = port_of(http)
    if not made.address[0]:
        made.address[0] = f"http://{reachable_host(settings.host)}:{port}"
    if made.address[0] != made.known_address:
        ledger.writer.run(lambda tx: hall_meta.set_public_url(tx, made.address[0]))
    keeper = Keeper(
        ledger,
        parts.live,
        Timekeeper(clock, parts.live, world.new_id),
        partial(_back_up, upkeep.watch, clock) if upkeep.watch else None,
        settings.backup_minutes * 60_000,
        room=upkeep.room,
        notes_kept_ms=settings.notes_days * DAY_MS,
        forget_bookings=parts.bookings.forget,
    )
    parts.hub.start()
    keeper.start()
    parts.bookings.worker.start()
    return Running(parts, keeper, http, port, lock)


def _back_up(watch: BackupWatch, clock: ServerClock) -> None:
    watch(clock.now_ms())


def in_background(running: Running) -> threading.Thread:
    """Serves on another thread (tests and demonstrations)."""
    thread = threading.Thread(target=running.serve, name="http", daemon=True)
    thread.start()
    return thread
