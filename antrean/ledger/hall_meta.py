"""The few single facts of a server's ledger: who it is, the day, the mall's file, small settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from antrean.ledger.driver import Connection
from antrean.ledger.writer import Transaction


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


def set_max_server_ms(tx: Transaction, ms: int) -> None:
    """Remember the highest server time given out; it never goes down."""
    tx.execute(
        "UPDATE meta SET value = ? WHERE name = 'max_server_ms' AND CAST(value AS INTEGER) < ?", (str(ms), ms)
    )


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


def reincarnate(tx: Transaction, *, incarnation: str, log_id: str) -> None:
    """After a restore: a new incarnation, a higher term and a fresh log of the server's own."""
    term = int(_fact(tx, "term")) + 1
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
