"""What a device remembers of its server: the pairing, the mall, numbers heard, shares, and the clock's anchors."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from antrean.domain.claim import PaperKey
from antrean.domain.event import Envelope
from antrean.domain.timeline import Anchor, Stamp
from antrean.ledger import device_log
from antrean.ledger.device_recovery import go_above, tell_again
from antrean.ledger.driver import Connection
from antrean.ledger.errors import translated
from antrean.ledger.second_memory import SecondMemory


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
    """What an answer of the server tells every kiosk; `generation` is the highest it knows for this issuer.

    `shares` are what this kiosk may issue on `day` of each service with a quota and `issued` what the server has seen
    of that, `base_shares` what it may issue on any later day before it has heard from the server again.
    """

    day: str
    generation: int
    numbers: Mapping[str, int]
    shares: Mapping[str, int]
    base_shares: Mapping[str, int] = field(default_factory=dict)
    issued: Mapping[str, int] = field(default_factory=dict)


_BELIEVABLE = (
    "length(boot_id) BETWEEN 1 AND 80 AND boot_ms >= 0 AND error_ms BETWEEN 0 AND 600000"
    " AND server_ms BETWEEN 1 AND 4102444800000 AND length(epoch) <= 64"
)
"""Sectors that turned to rubbish may leave rows that can be read; no exchange takes ten minutes or the next century."""


class DeviceMemory:
    """Facts told by the server, kept for the hours without it; `writing` opens one durable transaction."""

    def __init__(
        self,
        connection: Connection,
        writing: Callable[[], AbstractContextManager[Connection]],
        second: SecondMemory,
    ) -> None:
        self._connection = connection
        self._writing = writing
        self._second = second

    def pairing(self) -> Pairing | None:
        """How the device is enrolled, or None."""
        text = self.fact("pairing")
        if not text:
            return None
        data = json.loads(text)
        return Pairing(**{**data, "servers": tuple(data["servers"])})

    def pair(self, pairing: Pairing, *, new_id: Callable[[], str]) -> None:
        """Keep an enrolment; a device that was somebody else before starts a new log.

        It tells its tickets of the current day again there, the acknowledged ones too: the usual reason is a server
        that was restored from a backup which knows neither the device nor what it sent.
        """
        data = {name: getattr(pairing, name) for name in Pairing.__slots__}
        again: list[Envelope] = []
        with self._facts() as tx:
            at = device_log.own(tx)
            if at.device_id and at.device_id != pairing.device_id:
                tx.execute(
                    "UPDATE own SET log_id = ?, last_seq = 0, last_hash = '', generation = generation + 1",
                    (new_id(),),
                )
                again = device_log.tickets_of_generation(tx, at.generation)
                tx.execute("UPDATE outbox SET moved = 1 WHERE acknowledged_ms IS NULL")
                tx.execute("UPDATE booking_copy SET cursor = ''")  # another server's words, or another mall's
            if at.issuer != pairing.issuer:
                tx.execute("UPDATE own SET day = ''")
                for table in ("counters", "heard", "shares"):
                    tx.execute(f"DELETE FROM {table}")
            tx.execute("UPDATE own SET device_id = ?, issuer = ?", (pairing.device_id, pairing.issuer))
            tell_again(tx, again, new_id)
            _set(tx, "pairing", json.dumps(data))

    def take_issuer(self, issuer: str, *, new_id: Callable[[], str], stamp: Stamp) -> None:
        """Go on under another character the server gave; the numbers continue."""
        pairing = self.pairing()
        if pairing is None or pairing.issuer == issuer:
            return
        data = {name: getattr(pairing, name) for name in Pairing.__slots__} | {"issuer": issuer}
        with self._facts() as tx:
            tx.execute("UPDATE own SET issuer = ?", (issuer,))
            _set(tx, "pairing", json.dumps(data))
            go_above(tx, 0, "", new_id=new_id, stamp=stamp)

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

        A share is the total this device may issue of a service that day. Writes only what changed.
        """
        if self._known(heard):
            return
        with self._writing() as tx:
            _set(tx, "base_shares", json.dumps(dict(heard.base_shares)))
            at = device_log.own(tx)
            if heard.day > at.day:
                above = max(at.generation, heard.generation) + 1
                device_log.open_day(tx, heard.day, above, "server", event_id=new_id(), stamp=stamp)
            elif heard.generation > at.generation:
                go_above(tx, heard.generation, at.day, new_id=new_id, stamp=stamp)
            if heard.day >= at.day:
                tx.executemany(
                    "INSERT INTO heard VALUES (?, ?) ON CONFLICT (series) DO UPDATE"
                    " SET number = max(number, excluded.number)",
                    list(heard.numbers.items()),
                )
            # What was spent on this day before the server spoke of it counts; a copied disk may have spent less. The
            # server's day wins over a later one: that was the guess of a wrong clock.
            tx.executemany(
                "INSERT INTO shares VALUES (?1, ?2, ?3, ?4) ON CONFLICT (service) DO UPDATE"
                " SET granted = excluded.granted, day = excluded.day,"
                " spent = max(excluded.spent, iif(day = excluded.day, spent, 0))",
                [
                    (service, heard.day, share, heard.issued.get(service, 0))
                    for service, share in heard.shares.items()
                ],
            )

    def catalogue(self) -> tuple[int, dict[str, Any]] | None:
        """The mall's file as last received, with its revision; None before the first."""
        text = self.fact("catalogue")
        return (int(self.fact("catalogue_rev") or 0), json.loads(text)) if text else None

    def set_catalogue(self, rev: int, catalogue: Mapping[str, Any]) -> None:
        """Keep the mall's file."""
        with self._facts() as tx:
            _set(tx, "catalogue", json.dumps(catalogue, ensure_ascii=False, separators=(",", ":")))
            _set(tx, "catalogue_rev", str(rev))

    def share_left(self, service: str, day: str) -> int:
        """How many tickets of a service with a quota this kiosk may still issue on `day`."""
        with translated():
            _, granted, spent = device_log.share(self._connection, service, day)
            return max(0, granted - spent)

    def anchor(self, boot_id: str) -> Anchor | None:
        """The best known tie of this boot's clock to server time."""
        with translated():
            row = self._connection.execute(
                f"SELECT boot_id, boot_ms, server_ms, error_ms, epoch FROM anchors WHERE boot_id = ? AND {_BELIEVABLE}",
                (boot_id,),
            ).fetchone()
            return None if row is None else Anchor(*row)

    def anchors(self, limit: int) -> list[Anchor]:
        """The best ties of the newest boots that met the server, at most `limit`."""
        with translated():
            rows = self._connection.execute(
                f"SELECT boot_id, boot_ms, server_ms, error_ms, epoch FROM anchors WHERE {_BELIEVABLE}"
                " ORDER BY server_ms DESC LIMIT ?",
                (limit,),
            )
            return [Anchor(*row) for row in rows]

    def set_anchor(self, anchor: Anchor) -> None:
        """Keep a tie of the boot clock to server time."""
        with self._writing() as tx:
            tx.execute(
                "INSERT INTO anchors (boot_id, boot_ms, server_ms, error_ms, epoch) VALUES (?1, ?2, ?3, ?4, ?5)"
                " ON CONFLICT (boot_id) DO UPDATE SET boot_ms = ?2, server_ms = ?3, error_ms = ?4, epoch = ?5",
                (anchor.boot_id, anchor.boot_ms, anchor.server_ms, anchor.error_ms, anchor.epoch),
            )

    def met_ms(self) -> int:
        """The latest server time ever heard, 0 before the first contact."""
        with translated():
            row = self._connection.execute(
                f"SELECT max(server_ms) FROM anchors WHERE {_BELIEVABLE}"
            ).fetchone()
            return int(row[0] or 0) if row else 0

    def last_issue(self) -> Stamp | None:
        """When the newest ticket was issued, or None."""
        with translated():
            row = self._connection.execute(
                "SELECT boot_id, boot_ms, wall_ms FROM events WHERE position = (SELECT max(position) FROM "
                "tickets)"
            ).fetchone()
            return None if row is None else Stamp(*row)

    def paper_seed(self, make: Callable[[], bytes]) -> bytes:
        """The secret of this device's own key for papers, made by `make` the first time and kept for ever."""
        if not self.fact("paper_seed"):
            with self._facts() as tx:  # of two programs that start together, one key is kept
                tx.execute(
                    "INSERT INTO meta (name, value) VALUES ('paper_seed', ?) ON CONFLICT DO NOTHING",
                    (make().hex(),),
                )
        return bytes.fromhex(self.fact("paper_seed"))

    def paper_keys(self) -> tuple[PaperKey, ...]:
        """The public keys of the mall's kiosks as last heard."""
        found = json.loads(self.fact("paper_keys") or "[]")
        return tuple(PaperKey(*row) for row in found)

    def set_paper_keys(self, keys: Sequence[PaperKey]) -> None:
        """Keep the public keys of the mall's kiosks."""
        self._write("paper_keys", json.dumps([[key.device_id, key.issuer, key.key] for key in keys]))

    def fact(self, name: str) -> str:
        """A remembered text, "" when there is none."""
        with translated():
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            return "" if row is None else str(row[0])

    def keep(self) -> None:
        """See to it that the second file holds every fact."""
        with translated():
            self._second.keep(dict(_texts(self._connection)))

    @contextmanager
    def _facts(self) -> Iterator[Connection]:
        """A transaction that changes facts."""
        with self._writing() as tx:
            yield tx
        self.keep()

    def _write(self, name: str, value: str) -> None:
        with self._facts() as tx:
            _set(tx, name, value)

    def _known(self, heard: Heard) -> bool:
        with translated():
            at = device_log.own(self._connection)
            if heard.day > at.day or heard.generation > at.generation:
                return False
            if heard.day < at.day:
                return True
            numbers = dict(_pairs(self._connection, "SELECT series, number FROM heard"))
            rows = self._connection.execute("SELECT service, day, granted, spent FROM shares")
            shares = {row[0]: (row[1], row[2], row[3]) for row in rows}
            base = json.loads(self.fact("base_shares") or "{}")
        return (
            base == dict(heard.base_shares)
            and all(_settled(shares.get(service), heard, service) for service in heard.shares)
            and all(numbers.get(series, 0) >= number for series, number in heard.numbers.items())
        )


def _settled(row: tuple[str, int, int] | None, heard: Heard, service: str) -> bool:
    """Whether hearing of this share again would change nothing."""
    if row is None or row[0] != heard.day:
        return False
    return row[1] == heard.shares[service] and row[2] >= heard.issued.get(service, 0)


def _texts(connection: Connection) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute("SELECT name, value FROM meta")]


def _pairs(connection: Connection, sql: str) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in connection.execute(sql)]


def _set(tx: Connection, name: str, value: str) -> None:
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        (name, value),
    )
