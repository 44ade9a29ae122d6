"""The copy of what outsides sold: which bookings are coming, what became of them, and how each source stands.

Every change of a booking takes the next `rev`, so a kiosk asks for what is newer than it knows.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antrean.domain.booking import Booking, BookingStatus, status_of
from antrean.domain.booking_claim import BookingKey
from antrean.ledger import hall_meta
from antrean.ledger.driver import Row
from antrean.ledger.writer import Transaction

NEWEST = "bookings.rev"
"""The setting that keeps the highest rev ever given; a purge takes none back."""
_COLUMNS = (
    "source, booking_id, code, service, start_ms, end_ms, cancelled, revision, outcome, outcome_ms, ticket_id,"
    " label, known_ms, changed_ms, rev"
)


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking as the mall knows it.

    `outcome` is arrived, fulfilled, noshow or "" (nothing yet) since `outcome_ms`, by the ticket `ticket_id` with the
    number `label`. `known_ms` is when the mall first heard of it at this time, `changed_ms` when this row last changed.
    """

    source: str
    booking_id: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    cancelled: bool
    revision: str
    outcome: str
    outcome_ms: int | None
    ticket_id: str
    label: str
    known_ms: int
    changed_ms: int
    rev: int

    @property
    def status(self) -> BookingStatus:
        """Outside's and mall's word together."""
        return status_of(self.cancelled, self.outcome)

    @property
    def booking(self) -> Booking:
        """What the outside says of it."""
        return Booking(
            self.source,
            self.booking_id,
            self.code,
            self.service,
            self.start_ms,
            self.end_ms,
            self.cancelled,
            self.revision,
        )


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How far one source was read and what the last attempt gave. `cursor` is good for one `life`: of this server, and
    of the source's settings.

    `since_ms` is when it was first read; `last_error` "" while all is well, else why not since `error_ms`.
    """

    name: str
    life: str
    cursor: str
    keys: tuple[BookingKey, ...]
    since_ms: int
    last_contact_ms: int | None
    last_error: str
    error_ms: int | None


def booking(r: Transaction, source: str, booking_id: str) -> BookingRow | None:
    """One booking by its own name outside."""
    row = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE source = ? AND booking_id = ?", (source, booking_id)
    ).fetchone()
    return None if row is None else _row(row)


def with_code(r: Transaction, code: str) -> list[BookingRow]:
    """Every booking with this (normal) code, earliest first: two sources may give the same one."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE code = ? ORDER BY start_ms, source, booking_id", (code,)
    )
    return [_row(row) for row in rows]


def between(r: Transaction, from_ms: int, to_ms: int) -> list[BookingRow]:
    """The bookings that start within [from, to), by start."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE start_ms >= ? AND start_ms < ? ORDER BY start_ms, source, booking_id",
        (from_ms, to_ms),
    )
    return [_row(row) for row in rows]


def open_between(r: Transaction, from_ms: int, to_ms: int) -> list[BookingRow]:
    """Those of `between` that are neither cancelled nor have an outcome."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE start_ms >= ? AND start_ms < ? AND outcome = '' AND cancelled = 0"
        " ORDER BY start_ms, source, booking_id",
        (from_ms, to_ms),
    )
    return [_row(row) for row in rows]


def changed_since(r: Transaction, rev: int, from_ms: int, limit: int) -> list[BookingRow]:
    """Up to `limit` bookings changed after `rev` that end at or after `from_ms`, in the order of their changes."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE rev > ? AND end_ms >= ? ORDER BY rev LIMIT ?",
        (rev, from_ms, limit),
    )
    return [_row(row) for row in rows]


def newest_rev(r: Transaction) -> int:
    """The highest rev ever given, 0 before the first."""
    return int(hall_meta.setting(r, NEWEST) or "0")


def set_revision(tx: Transaction, row: BookingRow, revision: str) -> None:
    """Keep another revision of what is otherwise the same; no kiosk needs to hear of it."""
    tx.execute(
        "UPDATE bookings SET revision = ? WHERE source = ? AND booking_id = ?",
        (revision, row.source, row.booking_id),
    )


def put(tx: Transaction, told: Booking, now_ms: int) -> BookingRow:
    """Keep what the outside says; the mall's own outcome stays. Returns the row."""
    rev = bump(tx)
    tx.execute(
        f"INSERT INTO bookings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', NULL, '', '', ?, ?, ?)"
        " ON CONFLICT (source, booking_id) DO UPDATE SET code = excluded.code, service = excluded.service,"
        " start_ms = excluded.start_ms, end_ms = excluded.end_ms, cancelled = excluded.cancelled,"
        " revision = excluded.revision, changed_ms = excluded.changed_ms, rev = excluded.rev,"
        " known_ms = iif(bookings.start_ms = excluded.start_ms, bookings.known_ms, excluded.known_ms)",
        (
            told.source, told.booking_id, told.code, told.service, told.start_ms, told.end_ms,
            int(told.cancelled), told.revision, now_ms, now_ms, rev,
        ),
    )  # fmt: skip
    found = booking(tx, told.source, told.booking_id)
    assert found is not None
    return found


def set_outcome(
    tx: Transaction,
    row: BookingRow,
    outcome: str,
    at_ms: int | None,
    now_ms: int,
    *,
    ticket_id: str = "",
    label: str = "",
) -> None:
    """Keep what became of a booking, by whose ticket; outcome "" takes a no-show back."""
    tx.execute(
        "UPDATE bookings SET outcome = ?, outcome_ms = ?, ticket_id = ?, label = ?, changed_ms = ?, rev = ?"
        " WHERE source = ? AND booking_id = ?",
        (outcome, at_ms, ticket_id, label, now_ms, bump(tx), row.source, row.booking_id),
    )


def ids_between(r: Transaction, source: str, from_ms: int, to_ms: int, unchanged_since_ms: int) -> list[str]:
    """The ids of a source's bookings within [from, to) that are not cancelled and did not change since a moment."""
    rows = r.execute(
        "SELECT booking_id FROM bookings WHERE source = ? AND start_ms >= ? AND start_ms < ? AND cancelled = 0"
        " AND changed_ms < ? ORDER BY booking_id",
        (source, from_ms, to_ms, unchanged_since_ms),
    )
    return [row[0] for row in rows]


def bump(tx: Transaction) -> int:
    """The next rev: a kiosk that knows an older one asks."""
    rev = newest_rev(tx) + 1
    hall_meta.set_setting(tx, NEWEST, str(rev))
    return rev


def sources(r: Transaction) -> dict[str, SourceRow]:
    """Every source that was ever asked, by name."""
    rows = r.execute(
        "SELECT name, life, cursor, keys, since_ms, last_contact_ms, last_error, error_ms"
        " FROM booking_sources ORDER BY name"
    )
    return {row[0]: SourceRow(*(*row[:3], _keys(row[0], row[3]), *row[4:])) for row in rows}


def source(r: Transaction, name: str) -> SourceRow | None:
    """One source, None before it was first asked."""
    return sources(r).get(name)


def set_cursor(tx: Transaction, name: str, cursor: str, life: str, now_ms: int) -> None:
    """A source was read up to `cursor`, which is good for this life; everything before is in the ledger."""
    tx.execute(
        "INSERT INTO booking_sources VALUES (?1, ?2, ?3, '[]', ?4, NULL, '', NULL)"
        " ON CONFLICT (name) DO UPDATE SET life = ?2, cursor = ?3",
        (name, life, cursor, now_ms),
    )


def in_contact(tx: Transaction, name: str, now_ms: int) -> None:
    """All was well with a source just now."""
    tx.execute(
        "UPDATE booking_sources SET last_contact_ms = ?, last_error = '', error_ms = NULL WHERE name = ?",
        (now_ms, name),
    )


def in_trouble(tx: Transaction, name: str, error: str, now_ms: int) -> None:
    """A source could not be read or told; the moment of the first failure in a row stays."""
    tx.execute(
        "INSERT INTO booking_sources VALUES (?1, '', '', '[]', ?3, NULL, ?2, ?3) ON CONFLICT (name) DO UPDATE"
        " SET last_error = ?2, error_ms = coalesce(error_ms, ?3)",
        (name, error, now_ms),
    )


def set_keys(tx: Transaction, name: str, keys: Sequence[BookingKey]) -> None:
    """The keys by which a source signs its codes; kiosks hear of new ones by the next rev."""
    told = json.dumps([[one.mall, one.key_hex] for one in keys])
    tx.execute("UPDATE booking_sources SET keys = ? WHERE name = ?", (told, name))
    bump(tx)


def forget_source(tx: Transaction, name: str) -> None:
    """Forget how far a source was read; its bookings stay promised until their days are over."""
    tx.execute("DELETE FROM booking_sources WHERE name = ?", (name,))
    bump(tx)


def drop(tx: Transaction, rows: Iterable[BookingRow]) -> None:
    """Forget bookings for good; their bytes in the file are overwritten."""
    tx.execute("PRAGMA secure_delete = ON")
    tx.executemany(
        "DELETE FROM bookings WHERE source = ? AND booking_id = ?",
        [(row.source, row.booking_id) for row in rows],
    )


def _keys(source: str, text: str) -> tuple[BookingKey, ...]:
    return tuple(BookingKey(source, mall, key) for mall, key in json.loads(text))


def _row(row: Row) -> BookingRow:
    return BookingRow(*(*row[:6], bool(row[6]), *row[7:]))
