"""The mall's server in the simulator: the real ledger, hall, protocol and commands, without sockets or threads."""

import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from antrean.domain.errors import Unavailable
from antrean.domain.timeline import Stamp
from antrean.ledger import backup, hall_meta, hall_people
from antrean.ledger.errors import LedgerBroken
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_people import ApiToken
from queue_server import problems
from queue_server.app import Parts, working_operations
from queue_server.auth.secrets import fingerprint
from queue_server.backups import BACKUPS, BackupWatch, Made, back_up
from queue_server.keeper import Keeper
from queue_server.operations import BODY_LIMIT, register
from queue_server.running import assemble
from queue_server.settings import ServerSettings
from queue_server.timekeeper import Timekeeper
from queue_server.upkeep import Upkeep
from tests.simulation.disk import SimulatedRoom
from tests.simulation.mall import COUNTERS, catalogue
from tests.simulation.network import Request, Response
from tests.simulation.world import Machine, World

URL = "http://antrean.example"
LOOK_MS = 20_000.0
BACKUP_MINUTES = 15
_SETTINGS: dict[str, Any] = {
    "host": "127.0.0.1",
    "port": 0,
    "public_url": URL,
    "streams": 8,
    "backup_minutes": BACKUP_MINUTES,
    "backups_kept": 3,
    "voice": False,
}


@dataclass(frozen=True)
class _ThisMachine:
    """What `assemble` needs of a machine."""

    machine: Machine

    def stamp(self) -> Stamp:
        return self.machine.stamp()

    def new_id(self) -> str:
        return self.machine.world.new_id()

    def random_bytes(self, count: int) -> bytes:
        return self.machine.world.random_bytes(count)


class Server:
    """One server program on one machine; `offsite` is when the newest copied backup was made, and its file."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.parts: Parts | None = None
        self._ledger: HallLedger | None = None
        self._app: Flask | None = None
        self._keeper: Keeper | None = None
        self._broken = False
        self._made_ms: dict[str, float] = {}
        self.offsite: tuple[float, bytes] | None = None
        self._set_up()
        self.start()

    def listening(self) -> bool:
        """Whether it would accept a connection."""
        return self._app is not None

    def start(self) -> None:
        """Start the program on what the disk holds."""
        if self._app is not None:
            return
        world, machine = self.world, self.machine
        machine.up, machine.paused_until = True, 0.0
        life = machine.life
        ids = FreshIds(world.new_id(), world.new_id(), world.new_id())
        try:
            room = SimulatedRoom(machine.disk)
            ledger = HallLedger.open(machine.folder, fresh=ids, now_ms=machine.stamp().wall_ms, room=room)
            room.refill()
        except Exception as error:
            self._failed_start(error)
            return
        self._ledger = ledger
        ledger.writer.on_broken = self._note_broken
        self._broken = False
        try:
            watch = BackupWatch(self._back_up, lambda: not room.low())
            made = assemble(
                ledger, ServerSettings(**_SETTINGS), _ThisMachine(machine), upkeep=Upkeep(room, watch)
            )
        except Exception as error:
            self._failed_start(error)
            return
        self.parts = made.parts
        self._app = _application(made.parts)
        self._keeper = Keeper(
            ledger,
            made.parts.live,
            Timekeeper(made.clock, made.parts.live, made.parts.new_id),
            lambda: watch(made.clock.now_ms()),
            BACKUP_MINUTES * 60_000,
            room=room,
        )
        self._keeper.begin()
        world.done["server starts"] += 1
        world.tell("the server runs")
        self._look_again(life)

    def handle(self, request: Request) -> Response | None:
        """Answer one request; None when the program died of it."""
        app = self._app
        if app is None:
            return None
        response = _ask(app, request)
        if self.machine.disk.dead or self._broken:
            self._end()
            return None
        if response.status >= 500 and response.status != 503:
            self.world.blame(
                f"{request.method} {request.path} answered {response.status}: {response.body[:300]!r}"
            )
        if response.status == 503:
            self.world.done["answers 503"] += 1
        return response

    def kill(self, *, power: bool) -> None:
        """End the program now."""
        self._drop()
        self.machine.die(power=power)

    def restore(self, file: bytes) -> None:
        """Put a backup on a fresh disk and start from it."""
        self._drop()
        self.machine.replace_disk({})
        self.machine.disk.empty()  # a new disk has room, whatever the old one had
        source = self.machine.disk.folder / "copy.db"
        source.write_bytes(file)
        ids = self.world.new_id(), self.world.new_id()
        backup.restore(source, self.machine.folder, incarnation=ids[0], log_id=ids[1])
        self.machine.boot()
        self.start()

    def copy_offsite(self) -> None:
        """Take the newest backup file to another place, as a mall's technician would."""
        files = sorted((self.machine.folder / BACKUPS).glob("*.db"))
        if files:
            self.offsite = (self._made_ms[files[-1].name], files[-1].read_bytes())

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the ledger on disk, read through with every hash."""
        return backup.verify(self.machine.folder).problems

    @property
    def folder(self) -> Path:
        """Where its data are."""
        return self.machine.folder

    # --- inside

    def _set_up(self) -> None:
        world = self.world
        ids = FreshIds(world.new_id(), world.new_id(), world.new_id())
        ledger = HallLedger.open(self.machine.folder, fresh=ids, now_ms=self.machine.stamp().wall_ms)

        def job(tx: Any) -> None:
            hall_meta.set_catalogue(tx, catalogue())
            helper = ApiToken(fingerprint("token-helper"), "helper", "helper", None, 0, None)
            hall_people.add_token(tx, helper)
            for counter in COUNTERS:
                token = ApiToken(
                    fingerprint(f"token-{counter}"), f"officer-{counter}", "officer", counter, 0, None
                )
                hall_people.add_token(tx, token)

        ledger.writer.run(job)
        ledger.close()

    def _look_again(self, life: int) -> None:
        def look() -> None:
            if self.machine.life != life or self._keeper is None:
                return
            if self.machine.paused_until <= self.world.now:
                try:
                    self._keeper.look()
                except Unavailable:
                    self.world.done["housekeeping put off"] += 1
                except LedgerBroken:
                    self._broken = True
                if self.machine.disk.dead or self._broken:
                    self._end()
                    return
            self._look_again(life)

        self.world.at(LOOK_MS, look)

    def _back_up(self, now_ms: int) -> Made:
        began = self.world.now
        made = back_up(self.machine.folder, now_ms, 3)
        self._made_ms[made.path.name] = began
        self.world.done["backups"] += 1
        return made

    def _note_broken(self, broken: LedgerBroken) -> None:
        self._broken = True

    def _failed_start(self, error: Exception) -> None:
        disk = self.machine.disk
        if not (disk.dead or disk.full or disk.sync_fails):
            self.world.blame(f"the server does not start: {error!r}")
        self._end()

    def _end(self) -> None:
        """The program ends by itself or with its machine; somebody (systemd) starts it again."""
        power = self.machine.disk.dead and self.world.dice.random() < 0.5
        sync_failed, self.machine.disk.sync_fails = self.machine.disk.sync_fails, False
        self._drop()
        # After a failed sync the kernel may have dropped what it could not write: as if power had gone.
        self.machine.die(power=power or sync_failed)
        self.world.done["server ended in the middle of a write"] += 1
        self.world.at(self.world.dice.uniform(1_000, 20_000), self.start)

    def _drop(self) -> None:
        ledger, self._ledger = self._ledger, None
        self._app, self.parts, self._keeper = None, None, None
        if ledger is not None:
            self.machine.disk.dead = True
            ledger.close()


def _application(parts: Parts) -> Flask:
    """The operations devices and counters use, exactly as the product registers them; no pages, no description."""
    app = Flask("queue_server", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.logger.setLevel(logging.CRITICAL)
    register(app, working_operations(parts), parts.gate)
    problems.install(app, parts.live.now_ms, lambda: parts.live.truth.hall.mall.timezone, lambda *_: None)
    return app


def _ask(app: Flask, request: Request) -> Response:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "antrean.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [(status, headers)]

    body = b"".join(app.wsgi_app(environ, start_response))
    status, headers = started[0]
    return Response(int(status.split()[0]), headers, body)
