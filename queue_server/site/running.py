"""Starting and stopping a booking site over its data folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cheroot.wsgi import Server

from antrean.domain.errors import AntreanError, Unavailable
from antrean.ledger import site, small_file
from antrean.ledger.folder_lock import FolderLock, held_alone
from antrean.ledger.room import Room
from antrean.ledger.site import LOCK_NAME, Fresh, SiteLedger
from antrean.ledger.site_backup import backup_site
from antrean.seal.bookings import BookingSigner
from antrean.seal.keys import SEED_BYTES
from queue_server.backups import BackupWatch, Made, back_up
from queue_server.serving import http_server, port_of, reachable_host
from queue_server.site.app import SiteParts, create_site
from queue_server.site.contact import SECRET_BYTES
from queue_server.site.keeping import SiteKeeper
from queue_server.site.settings import SiteSettings
from queue_server.site.site_desk import SiteDesk
from queue_server.upkeep import Upkeep, server_room
from queue_server.version import program_version

SECRET_FILE = "contacts.secret"
"""Keys the hashes of contacts. Not in the database, so that a backup tells nothing about anybody."""


class World(Protocol):
    """What a site needs of the machine it runs on."""

    def now_ms(self) -> int:
        """The wall clock."""

    def new_id(self) -> str:
        """A new UUID."""

    def random_bytes(self, count: int) -> bytes:
        """Bytes nobody can guess."""


@dataclass(frozen=True)
class RunningSite:
    """A site that listens; `serve()` blocks until `stop()` is called from another thread."""

    parts: SiteParts
    keeper: SiteKeeper
    http: Server
    port: int
    url: str
    lock: FolderLock

    def serve(self) -> None:
        """Answers requests until stopped."""
        self.http.serve()

    def answers(self) -> None:
        """Returns once all that waited for the one writer is done; a writer that hangs keeps the caller."""
        with suppress(AntreanError):  # a full or broken disk is told elsewhere; the site still answers
            self.parts.ledger.writer.run(lambda tx: None)

    def stop(self) -> None:
        """Ends requests, then closes the ledger cleanly."""
        self.http.stop()
        self.keeper.close()
        self.parts.ledger.close()
        self.lock.close()


def start(
    data: Path, settings: SiteSettings, world: World, on_broken: Callable[[AntreanError], None]
) -> RunningSite:
    """Opens the ledger in `data`, making it first where there is none, and listens; call `serve()` on the result.

    Raises Unavailable or LedgerBroken from the ledger, OSError when the port is taken.
    """
    # Two sites on one ledger would each count tries and nonces of their own. Secrets and the signing key are in it.
    lock = held_alone(data, LOCK_NAME, f"another booking site, or a restore, works on {data}", mode=0o700)
    try:
        room = server_room(data)
        ledger = opened(data, world, room)
        try:
            room.refill()
            running = _started(data, ledger, lock, room, settings, world)
            ledger.writer.on_broken = on_broken
            return running
        except BaseException:
            ledger.close()
            raise
    except BaseException:
        lock.close()
        raise


def opened(data: Path, world: World, room: Room | None = None, *, check: bool = True) -> SiteLedger:
    """The site's ledger for writing, made first where there is none."""
    fresh = Fresh(world.new_id(), world.random_bytes(SEED_BYTES))
    return SiteLedger.open(data, fresh=fresh, check=check, room=room)


def contact_secret(data: Path, random_bytes: Callable[[int], bytes]) -> bytes:
    """The secret that keys the hashes of contacts, made at the first start; raises Unavailable for a damaged one."""
    path = data / SECRET_FILE
    if not path.exists():
        small_file.write_durably(path, random_bytes(SECRET_BYTES).hex().encode() + b"\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path} cannot be read: {error}", permanent=True) from error
    if len(secret) < SECRET_BYTES:
        raise Unavailable(
            f"{path} is too short: {SECRET_BYTES} bytes in hexadecimal are needed", permanent=True
        )
    return secret


def _started(
    data: Path, ledger: SiteLedger, lock: FolderLock, room: Room, settings: SiteSettings, world: World
) -> RunningSite:
    with ledger.reading() as r:
        signer = BookingSigner(site.seed(r))
    secret = contact_secret(data, world.random_bytes)
    watch = None
    if settings.backup_minutes:
        watch = BackupWatch(lambda now: _back_up(data, now, settings.backups_kept), lambda: not room.low())
    desk = SiteDesk(ledger, settings, signer, secret, world.now_ms, world.random_bytes)
    parts = SiteParts(ledger, desk, settings, program_version(), world.now_ms(), Upkeep(room, watch))
    http = http_server(create_site(parts), settings.host, settings.port, 0)
    http.prepare()
    port = port_of(http)
    keeper = SiteKeeper(ledger, settings, world.now_ms, watch, room)
    keeper.start()
    url = settings.public_url.rstrip("/") or f"http://{reachable_host(settings.host)}:{port}"
    return RunningSite(parts, keeper, http, port, url, lock)


def _back_up(data: Path, now_ms: int, keep: int) -> Made:
    return back_up(data, now_ms, keep, lambda folder, target: backup_site(folder, target).last_change)
