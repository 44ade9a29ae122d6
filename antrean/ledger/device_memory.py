"""What a device remembers of its server: the pairing, the mall, numbers heard, shares, and the clock's anchors."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.timeline import Anchor, Stamp
from antrean.ledger import device_log
from antrean.ledger.connection import writing
from antrean.ledger.device_outbox import raise_generation
from antrean.ledger.driver import Connection
from antrean.ledger.errors import translated


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the device is known to its server."""

    device_id: str
    token: str
    kind: str
    name: str
    issuer: str
    public_url: str
    incarnation: str
    term: int
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer of the server tells every kiosk; `generation` is the highest it knows for this issuer."""

    day: str
    generation: int
    numbers: Mapping[str, int]
    shares: Mapping[str, int]


class DeviceMemory:
    """Facts told by the server, kept for the hours without it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pairing(self) -> Pairing | None:
        """How the device is enrolled, or None."""
        text = self.fact("pairing")
        if not text:
            return None
        data = json.loads(text)
        return Pairing(**{**data, "servers": tuple(data["servers"])})

    def pair(self, pairing: Pairing, *, new_log_id: str) -> None:
        """Keep an enrolment; a device that was somebody else before starts a new log."""
        data = {name: getattr(pairing, name) for name in Pairing.__slots__}
        with writing(self._connection) as tx:
            at = device_log.own(tx)
            if at.device_id and at.device_id != pairing.device_id:
                tx.execute("UPDATE own SET log_id = ?, last_seq = 0, last_hash = ''", (new_log_id,))
                tx.execute("UPDATE outbox SET moved = 1 WHERE acknowledged_ms IS NULL")
            if at.issuer != pairing.issuer:
                tx.execute("UPDATE own SET day = ''")
                for table in ("counters", "heard", "shares"):
                    tx.execute(f"DELETE FROM {table}")
            tx.execute("UPDATE own SET device_id = ?, issuer = ?", (pairing.device_id, pairing.issuer))
            _set(tx, "pairing", json.dumps(data))

    def take_issuer(self, issuer: str, *, new_id: Callable[[], str], stamp: Stamp) -> None:
        """Go on under another character the server gave; the numbers continue."""
        pairing = self.pairing()
        if pairing is None or pairing.issuer == issuer:
            return
        data = {name: getattr(pairing, name) for name in Pairing.__slots__} | {"issuer": issuer}
        with writing(self._connection) as tx:
            tx.execute("UPDATE own SET issuer = ?", (issuer,))
            _set(tx, "pairing", json.dumps(data))
            raise_generation(tx, 0, "", new_id=new_id, stamp=stamp)

    def met(self, *, incarnation: str, term: int, public_url: str) -> None:
        """Note which server life answered and the address to print; writes only what changed."""
        pairing = self.pairing()
        if pairing is None or (pairing.incarnation, pairing.term, pairing.public_url) == (
            incarnation,
            term,
            public_url,
        ):
            return
        data = {name: getattr(pairing, name) for name in Pairing.__slots__}
        data |= {"incarnation": incarnation, "term": term, "public_url": public_url}
        self._write("pairing", json.dumps(data))

    def hear(self, heard: Heard, *, new_id: Callable[[], str], stamp: Stamp) -> None:
        """Take over what the server told: a newer day restarts the numbers, shares replace the old ones.

        A share is the total this device may issue of a service today. Writes only what changed.
        """
        if self._known(heard):
            return
        with writing(self._connection) as tx:
            at = device_log.own(tx)
            if heard.day > at.day:
                above = max(at.generation, heard.generation) + 1
                device_log.open_day(tx, heard.day, above, "server", event_id=new_id(), stamp=stamp)
            elif heard.generation > at.generation:
                raise_generation(tx, heard.generation, at.day, new_id=new_id, stamp=stamp)
            if heard.day >= at.day:
                tx.executemany(
                    "INSERT INTO heard VALUES (?, ?) ON CONFLICT (series) DO UPDATE"
                    " SET number = max(number, excluded.number)",
                    list(heard.numbers.items()),
                )
                tx.executemany(
                    "INSERT INTO shares VALUES (?, ?, 0) ON CONFLICT (service) DO UPDATE"
                    " SET granted = excluded.granted",
                    list(heard.shares.items()),
                )

    def catalogue(self) -> tuple[int, dict[str, Any]] | None:
        """The mall's file as last received, with its revision; None before the first."""
        text = self.fact("catalogue")
        return (int(self.fact("catalogue_rev") or 0), json.loads(text)) if text else None

    def set_catalogue(self, rev: int, catalogue: Mapping[str, Any]) -> None:
        """Keep the mall's file."""
        with writing(self._connection) as tx:
            _set(tx, "catalogue", json.dumps(catalogue, ensure_ascii=False, separators=(",", ":")))
            _set(tx, "catalogue_rev", str(rev))

    def share_left(self, service: str) -> int | None:
        """How many tickets of a service this kiosk may still issue today; None when nothing limits it."""
        with translated():
            row = self._connection.execute(
                "SELECT granted - spent FROM shares WHERE service = ?", (service,)
            ).fetchone()
            return None if row is None else int(row[0])

    def anchor(self, boot_id: str) -> Anchor | None:
        """The best known tie of this boot's clock to server time."""
        with translated():
            row = self._connection.execute(
                "SELECT boot_id, boot_ms, server_ms, error_ms FROM anchors WHERE boot_id = ?", (boot_id,)
            ).fetchone()
            return None if row is None else Anchor(*row)

    def set_anchor(self, anchor: Anchor) -> None:
        """Keep a tie of the boot clock to server time."""
        with writing(self._connection) as tx:
            tx.execute(
                "INSERT INTO anchors VALUES (?1, ?2, ?3, ?4) ON CONFLICT (boot_id) DO UPDATE"
                " SET boot_ms = ?2, server_ms = ?3, error_ms = ?4",
                (anchor.boot_id, anchor.boot_ms, anchor.server_ms, anchor.error_ms),
            )

    def met_ms(self) -> int:
        """The latest server time ever heard, 0 before the first contact."""
        with translated():
            row = self._connection.execute("SELECT max(server_ms) FROM anchors").fetchone()
            return int(row[0] or 0) if row else 0

    def last_issue(self) -> Stamp | None:
        """When the newest ticket was issued, or None."""
        with translated():
            row = self._connection.execute(
                "SELECT boot_id, boot_ms, wall_ms FROM events WHERE position = (SELECT max(position) FROM "
                "tickets)"
            ).fetchone()
            return None if row is None else Stamp(*row)

    def fact(self, name: str) -> str:
        """A remembered text, "" when there is none."""
        with translated():
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            return "" if row is None else str(row[0])

    def _write(self, name: str, value: str) -> None:
        with writing(self._connection) as tx:
            _set(tx, name, value)

    def _known(self, heard: Heard) -> bool:
        with translated():
            at = device_log.own(self._connection)
            if heard.day > at.day or heard.generation > at.generation:
                return False
            if heard.day < at.day:
                return True
            numbers = dict(_pairs(self._connection, "SELECT series, number FROM heard"))
            granted = dict(_pairs(self._connection, "SELECT service, granted FROM shares"))
        return all(granted.get(service) == share for service, share in heard.shares.items()) and all(
            numbers.get(series, 0) >= number for series, number in heard.numbers.items()
        )


def _pairs(connection: Connection, sql: str) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in connection.execute(sql)]


def _set(tx: Connection, name: str, value: str) -> None:
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        (name, value),
    )
