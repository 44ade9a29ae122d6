"""What was noted about bookings: which ticket came with which, claimed codes, conflicts, unreadable entries, counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antrean.ledger.writer import Transaction


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ticket that came with a booking, for the slot that was known where it checked in."""

    ticket_id: str
    source: str
    booking_id: str
    service: str
    slot_ms: int
    order_ms: int
    label: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A ticket whose visitor named a code nobody knew; `settled` once its booking was found, or never will be."""

    ticket_id: str
    code: str
    service: str
    day: str
    order_ms: int
    label: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Where outside and mall disagreed: `what` case it was, what was decided, and of whom it speaks."""

    at_ms: int
    day: str
    source: str
    booking_id: str
    code: str
    what: str
    decision: str
    detail: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """An entry of an outside that could not be understood; `first_ms` to `last_ms` it was seen."""

    source: str
    booking_id: str
    code: str
    detail: str
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class SlotCount:
    """What remains of a slot after its bookings were forgotten; nobody can be told from it."""

    day: str
    service: str
    start_ms: int
    booked: int
    cancelled: int
    noshow: int


def note_arrival(tx: Transaction, arrival: Arrival) -> bool:
    """Keep which ticket came with which booking; False when that was known."""
    return (
        tx.execute(
            "INSERT INTO booking_arrivals VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                arrival.ticket_id, arrival.source, arrival.booking_id, arrival.service, arrival.slot_ms,
                arrival.order_ms, arrival.label,
            ),
        ).rowcount
        > 0
    )  # fmt: skip


def arrival_of(r: Transaction, ticket_id: str) -> Arrival | None:
    """The booking a ticket came with."""
    row = r.execute("SELECT * FROM booking_arrivals WHERE ticket_id = ?", (ticket_id,)).fetchone()
    return None if row is None else Arrival(*row)


def arrivals_of(r: Transaction, source: str, booking_id: str) -> list[Arrival]:
    """The tickets that came with a booking, earliest first."""
    rows = r.execute(
        "SELECT * FROM booking_arrivals WHERE source = ? AND booking_id = ? ORDER BY order_ms, ticket_id",
        (source, booking_id),
    )
    return [Arrival(*row) for row in rows]


def came_to(r: Transaction, service: str, slot_ms: int) -> int:
    """How many bookings of one slot have come."""
    row = r.execute(
        "SELECT count(DISTINCT source || char(10) || booking_id) FROM booking_arrivals"
        " WHERE slot_ms = ? AND service = ?",
        (slot_ms, service),
    ).fetchone()
    return int(row[0]) if row else 0


def note_claim(tx: Transaction, claim: Claim) -> None:
    """Keep a claimed code until its booking is heard of."""
    tx.execute(
        "INSERT INTO booking_claims VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (claim.ticket_id, claim.code, claim.service, claim.day, claim.order_ms, claim.label, 0),
    )


def claim_of(r: Transaction, ticket_id: str) -> Claim | None:
    """What a ticket's visitor claimed."""
    row = r.execute("SELECT * FROM booking_claims WHERE ticket_id = ?", (ticket_id,)).fetchone()
    return None if row is None else Claim(*(*row[:6], bool(row[6])))


def open_claims(r: Transaction) -> list[Claim]:
    """The claims whose booking is not known yet, in the order they were made."""
    rows = r.execute("SELECT * FROM booking_claims WHERE settled = 0 ORDER BY order_ms, ticket_id")
    return [Claim(*(*row[:6], bool(row[6]))) for row in rows]


def settle_claim(tx: Transaction, ticket_id: str) -> None:
    """Nothing more is expected of this claim."""
    tx.execute("UPDATE booking_claims SET settled = 1 WHERE ticket_id = ?", (ticket_id,))


def note_conflict(tx: Transaction, conflict: ConflictRow) -> None:
    """Keep what was decided, once: a log that is read again says it again."""
    tx.execute(
        "INSERT INTO booking_conflicts (at_ms, day, source, booking_id, code, what, decision, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            conflict.at_ms, conflict.day, conflict.source, conflict.booking_id, conflict.code, conflict.what,
            conflict.decision, conflict.detail,
        ),
    )  # fmt: skip


def conflicts(r: Transaction, day: str) -> list[ConflictRow]:
    """The conflicts of a local date (YYYY-MM-DD), oldest first."""
    rows = r.execute(
        "SELECT at_ms, day, source, booking_id, code, what, decision, detail FROM booking_conflicts"
        " WHERE day = ? ORDER BY at_ms, id",
        (day,),
    )
    return [ConflictRow(*row) for row in rows]


def note_problem(tx: Transaction, source: str, booking_id: str, code: str, detail: str, now_ms: int) -> None:
    """Keep an entry that cannot be understood."""
    tx.execute(
        "INSERT INTO booking_problems VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (source, booking_id, code)"
        " DO UPDATE SET detail = ?4, last_ms = ?5",
        (source, booking_id, code, detail, now_ms),
    )


def settle_problems(tx: Transaction, source: str, booking_ids: Iterable[str]) -> None:
    """These entries can be understood now, or are gone."""
    tx.executemany(
        "DELETE FROM booking_problems WHERE source = ? AND booking_id = ?",
        [(source, booking_id) for booking_id in booking_ids],
    )


def settle_older_problems(tx: Transaction, source: str, before_ms: int) -> None:
    """A whole listing told of none of these any more."""
    tx.execute("DELETE FROM booking_problems WHERE source = ? AND last_ms < ?", (source, before_ms))


def problems(r: Transaction, source: str | None = None) -> list[ProblemRow]:
    """The entries that cannot be understood now, oldest first."""
    rows = r.execute(
        "SELECT * FROM booking_problems WHERE ?1 IS NULL OR source = ?1 ORDER BY first_ms, source, booking_id",
        (source,),
    )
    return [ProblemRow(*row) for row in rows]


def add_counts(tx: Transaction, counts: Sequence[SlotCount]) -> None:
    """Add forgotten bookings to what is kept of their slots."""
    tx.executemany(
        "INSERT INTO booking_counts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (day, service, start_ms) DO UPDATE SET"
        " booked = booked + excluded.booked, cancelled = cancelled + excluded.cancelled,"
        " noshow = noshow + excluded.noshow",
        [(one.day, one.service, one.start_ms, one.booked, one.cancelled, one.noshow) for one in counts],
    )


def counted(r: Transaction, first: str, last: str) -> list[SlotCount]:
    """What is kept of the slots of forgotten bookings, by day."""
    rows = r.execute(
        "SELECT * FROM booking_counts WHERE day BETWEEN ? AND ? ORDER BY day, start_ms, service",
        (first, last),
    )
    return [SlotCount(*row) for row in rows]


def forget(tx: Transaction, before_ms: int, before_day: str) -> None:
    """Forget arrivals, claims, conflicts and problems of days that are over; their bytes are overwritten."""
    tx.execute("PRAGMA secure_delete = ON")
    tx.execute("DELETE FROM booking_arrivals WHERE slot_ms < ? AND order_ms < ?", (before_ms, before_ms))
    tx.execute("DELETE FROM booking_claims WHERE day < ?", (before_day,))
    tx.execute("DELETE FROM booking_conflicts WHERE day < ?", (before_day,))
    tx.execute("DELETE FROM booking_problems WHERE last_ms < ?", (before_ms,))
