"""The bookings of a site: places of slots, what the owner decided, and what the mall said became of them."""

from dataclasses import astuple, dataclass, replace

from antrean.ledger.driver import Row
from antrean.ledger.site import next_change
from antrean.ledger.writer import Transaction

LONGEST_SLOT_MS = 25 * 3_600_000
"""No slot is longer than a day, also on one whose clocks are set back."""
_COLUMNS = (
    "code, mall, service, start_ms, end_ms, place, status, cancelled, label, secret_hash, contact_hash, language, "
    "catalogue, change, revision, created_ms"
)


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking as it is kept.

    `place` is its own among its slot's places, None when it holds none. `cancelled` is its owner's last word, `status`
    the word of owner and mall together. `catalogue` is the number of the one it was sold by. `change` orders what the
    mall hears, `revision` counts the owner's changes.
    """

    code: str
    mall: str
    service: str
    start_ms: int
    end_ms: int
    place: int | None
    status: str
    cancelled: bool
    label: str
    secret_hash: str
    contact_hash: str | None
    language: str
    catalogue: int
    change: int
    revision: int
    created_ms: int


def add(tx: Transaction, booking: BookingRow) -> BookingRow:
    """Keep a new booking under the next change; the given `change` does not count."""
    numbered = replace(booking, change=next_change(tx))
    values = astuple(numbered)
    tx.execute(f"INSERT INTO bookings ({_COLUMNS}) VALUES ({', '.join('?' * len(values))})", values)
    return numbered


def by_code(r: Transaction, code: str) -> BookingRow | None:
    """The booking with this code."""
    return _one(r.execute(f"SELECT {_COLUMNS} FROM bookings WHERE code = ?", (code,)).fetchone())


def by_secret(r: Transaction, secret_hash: str) -> BookingRow | None:
    """The booking whose secret has this hash."""
    return _one(
        r.execute(f"SELECT {_COLUMNS} FROM bookings WHERE secret_hash = ?", (secret_hash,)).fetchone()
    )


def taken(r: Transaction, mall: str, service: str, from_ms: int, to_ms: int) -> dict[tuple[int, int], int]:
    """How many places are held from each start to each end that reaches into [from, to)."""
    rows = r.execute(
        "SELECT start_ms, end_ms, count(*) FROM bookings WHERE mall = ? AND service = ? AND start_ms < ? "
        "AND start_ms > ? AND end_ms > ? AND place IS NOT NULL GROUP BY start_ms, end_ms",
        (mall, service, to_ms, from_ms - LONGEST_SLOT_MS, from_ms),
    )
    return {(row[0], row[1]): row[2] for row in rows}


def free_place(r: Transaction, mall: str, service: str, start_ms: int) -> int:
    """The lowest place of a slot that nobody holds."""
    rows = r.execute(
        "SELECT place FROM bookings WHERE mall = ? AND service = ? AND start_ms = ? AND place IS NOT NULL "
        "ORDER BY place",
        (mall, service, start_ms),
    )
    held = [row[0] for row in rows]
    return next((at for at, place in enumerate(held) if place != at), len(held))


def open_of(r: Transaction, contact_hash: str, service: str, now_ms: int) -> int:
    """How many bookings of a contact for a service are booked and not over."""
    row = r.execute(
        "SELECT count(*) FROM bookings WHERE contact_hash = ? AND service = ? AND status = 'booked' AND end_ms > ?",
        (contact_hash, service, now_ms),
    ).fetchone()
    return int(row[0]) if row else 0


def no_shows(r: Transaction, contact_hash: str) -> list[int]:
    """When the slots began to which a contact did not come, oldest first."""
    rows = r.execute(
        "SELECT start_ms FROM bookings WHERE contact_hash = ? AND status = 'noshow' ORDER BY start_ms",
        (contact_hash,),
    )
    return [row[0] for row in rows]


def move(tx: Transaction, moved: BookingRow) -> None:
    """Give a booking the slot and place that are now in the row: a change the mall has to hear."""
    tx.execute(
        "UPDATE bookings SET start_ms = ?, end_ms = ?, place = ?, catalogue = ?, change = ?, "
        "revision = revision + 1 WHERE code = ?",
        (moved.start_ms, moved.end_ms, moved.place, moved.catalogue, next_change(tx), moved.code),
    )


def cancel(tx: Transaction, code: str) -> None:
    """Give the place back: a change the mall has to hear."""
    tx.execute(
        "UPDATE bookings SET status = 'cancelled', cancelled = 1, place = NULL, change = ?, revision = revision + 1 "
        "WHERE code = ?",
        (next_change(tx), code),
    )


def settle(tx: Transaction, code: str, status: str, label: str) -> None:
    """Keep the mall's word; the owner's word and the place stay as they are. An empty label changes none."""
    tx.execute(
        "UPDATE bookings SET status = ?, label = CASE WHEN ? = '' THEN label ELSE ? END WHERE code = ?",
        (status, label, label, code),
    )


def after_change(r: Transaction, mall: str, change: int, limit: int) -> list[BookingRow]:
    """A mall's bookings that changed after a number, in the order of their last change."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE mall = ? AND change > ? ORDER BY change LIMIT ?",
        (mall, change, limit),
    )
    return [_booking(row) for row in rows]


def after_code(r: Transaction, mall: str, code: str, from_ms: int, limit: int) -> list[BookingRow]:
    """A mall's bookings that end after a moment, by code: one page of a full listing."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM bookings WHERE mall = ? AND code > ? AND end_ms > ? ORDER BY code LIMIT ?",
        (mall, code, from_ms, limit),
    )
    return [_booking(row) for row in rows]


def forget_contacts(tx: Transaction, before_ms: int, no_shows_before_ms: int) -> int:
    """Erase the contact hashes of bookings that ended before a moment, of no-shows before another, earlier one."""
    return tx.execute(
        "UPDATE bookings SET contact_hash = NULL WHERE contact_hash IS NOT NULL AND end_ms < "
        "CASE WHEN status = 'noshow' THEN ? ELSE ? END",
        (no_shows_before_ms, before_ms),
    ).rowcount


def forget_bookings(tx: Transaction, before_ms: int) -> int:
    """Drop bookings that ended before a moment."""
    return tx.execute("DELETE FROM bookings WHERE end_ms < ?", (before_ms,)).rowcount


def counts(r: Transaction) -> dict[str, int]:
    """How many bookings stand in each status, whenever they were."""
    return dict(r.execute("SELECT status, count(*) FROM bookings GROUP BY status").fetchall())


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to an outcome under its idempotency key; `body_hash` tells another body under one key."""

    body_hash: str
    status: str


def told(r: Transaction, mall: str, key: str) -> Told | None:
    """The answer a mall was given under a key."""
    row = r.execute(
        "SELECT body_hash, status FROM outcomes WHERE mall = ? AND key = ?", (mall, key)
    ).fetchone()
    return None if row is None else Told(*row)


def keep_told(tx: Transaction, mall: str, key: str, answer: Told, now_ms: int) -> None:
    """Keep an answer, in the same transaction as what it says."""
    tx.execute(
        "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)", (mall, key, answer.body_hash, answer.status, now_ms)
    )


def forget_told(tx: Transaction, before_ms: int) -> int:
    """Drop answers older than a moment."""
    return tx.execute("DELETE FROM outcomes WHERE created_ms < ?", (before_ms,)).rowcount


def _one(row: Row | None) -> BookingRow | None:
    return None if row is None else _booking(row)


def _booking(row: Row) -> BookingRow:
    values = list(row)
    values[7] = bool(values[7])  # SQLite keeps no truth values
    return BookingRow(*values)
