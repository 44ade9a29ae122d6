"""The few single facts of a server's ledger: who it is, the day, the mall's file, small settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from antrean.domain.timeline import Stamp
from antrean.ledger.driver import Connection
from antrean.ledger.writer import Transaction

HIGHER_TERM = "higher_term"
"""The setting that keeps the highest term a device spoke of: a later life of this server."""
CLOCK_EVERY_MS = 5_000
"""The server's clock is noted at least this often while times are given out."""


class Identity(Protocol):
    """The ids a new ledger is born with."""

    @property
    def incarnation(self) -> str:
        """Changes with every restore, so that devices offer again what the backup lacks."""

    @property
    def device_id(self) -> str:
        """The server as a device with a log of its own."""

    @property
    def log_id(self) -> str:
        """The server's own log."""


@dataclass(frozen=True, slots=True)
class Meta:
    """Who this ledger is and where it stands; `catalogue` is the mall's file, {} before there is one."""

    incarnation: str
    term: int
    max_server_ms: int
    catalogue: dict[str, Any]
    catalogue_rev: int
    day: str
    generation: int
    public_url: str


@dataclass(frozen=True, slots=True)
class ClockNote:
    """The server's clock as last written down: server time with the machine's clocks beside it; boot_id "" without."""

    server_ms: int
    boot_id: str
    boot_ms: int
    wall_ms: int = 0


def first_rows(connection: Connection, fresh: Identity, now_ms: int) -> None:
    """Write the facts of a new ledger."""
    facts = {
        "incarnation": fresh.incarnation,
        "term": "1",
        "max_server_ms": str(now_ms),
        "catalogue": "{}",
        "catalogue_rev": "0",
        "day": "",
        "generation": "0",
        "public_url": "",
        "server_device_id": fresh.device_id,
        "server_log_id": fresh.log_id,
    }
    connection.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", facts.items())


def meta(r: Transaction) -> Meta:
    """Read all facts at once."""
    facts: dict[str, str] = {
        row[0]: row[1] for row in r.execute("SELECT name, value FROM meta WHERE name NOT LIKE 'setting.%'")
    }
    return Meta(
        incarnation=facts["incarnation"],
        term=int(facts["term"]),
        max_server_ms=int(facts["max_server_ms"]),
        catalogue=json.loads(facts["catalogue"]),
        catalogue_rev=int(facts["catalogue_rev"]),
        day=facts["day"],
        generation=int(facts["generation"]),
        public_url=facts["public_url"],
    )


def server_log(r: Transaction) -> tuple[str, str]:
    """The server's own (device_id, log_id)."""
    return _fact(r, "server_device_id"), _fact(r, "server_log_id")


def set_day(tx: Transaction, day: str, generation: int) -> None:
    """The hall's current day (YYYY-MM-DD) and the generation of the server's own numbers."""
    _set(tx, "day", day)
    _set(tx, "generation", str(generation))


def clock_note(r: Transaction) -> ClockNote:
    """The server's clock as last written down."""
    found = json.loads(_fact(r, "clock") or "{}")
    noted = ClockNote(
        found.get("server_ms", 0), found.get("boot_id", ""), found.get("boot_ms", 0), found.get("wall_ms", 0)
    )
    highest = int(_fact(r, "max_server_ms"))
    return noted if noted.server_ms >= highest else ClockNote(highest, "", 0)


def note_clock(tx: Transaction, server_ms: int, at: Stamp) -> None:
    """Write down that the server's clock said `server_ms` at the boot clock of `at`; it never goes down."""
    if server_ms < int(_fact(tx, "max_server_ms")):
        return
    _set(tx, "max_server_ms", str(server_ms))
    machine = {"boot_id": at.boot_id, "boot_ms": at.boot_ms, "wall_ms": at.wall_ms}
    _set(tx, "clock", json.dumps({"server_ms": server_ms, **machine}))


def set_catalogue(tx: Transaction, catalogue: Mapping[str, Any]) -> int:
    """Replace the mall's file and return its new revision."""
    rev = int(_fact(tx, "catalogue_rev")) + 1
    _set(tx, "catalogue", json.dumps(catalogue, ensure_ascii=False, separators=(",", ":")))
    _set(tx, "catalogue_rev", str(rev))
    return rev


def set_public_url(tx: Transaction, url: str) -> None:
    """The address printed on tickets, as of the server's last start; administrators' links begin with it."""
    _set(tx, "public_url", url)


def setting(r: Transaction, name: str) -> str | None:
    """A small value kept under `name`, or None."""
    row = r.execute("SELECT value FROM meta WHERE name = ?", (f"setting.{name}",)).fetchone()
    return None if row is None else str(row[0])


def set_setting(tx: Transaction, name: str, value: str) -> None:
    """Keep a small value under `name`."""
    _set(tx, f"setting.{name}", value)


def begin_life(tx: Transaction, *, incarnation: str, log_id: str) -> None:
    """A new incarnation, a term above every known one and a fresh log of the server's own."""
    term = 1 + max(int(_fact(tx, "term")), int(setting(tx, HIGHER_TERM) or "0"))
    _set(tx, "incarnation", incarnation)
    _set(tx, "server_log_id", log_id)
    _set(tx, "term", str(term))


def _fact(r: Transaction, name: str) -> str:
    row = r.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def _set(tx: Transaction, name: str, value: str) -> None:
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        (name, value),
    )
