"""Who checked in with a booking at this device: what one open transaction notes, so that no booking has two numbers."""

from dataclasses import dataclass

from antrean.domain.booking_events import BookingArrived, BookingClaimed
from antrean.domain.errors import RuleViolation
from antrean.domain.payload import Payload
from antrean.ledger.driver import Connection, Row

_COLUMNS = (
    "ticket_id, source, booking_id, code, service, label, slot_ms, slot_end_ms, proof, day, priority, language,"
    " token, taken_ms"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The booking that a visitor's ticket is for; `event_id` is its own event's, `taken_ms` the mall's time.

    `proof` is "" for a claim: a code that nobody here knows, without source, times or id; staff check it later.
    """

    event_id: str
    source: str
    booking_id: str
    code: str
    slot_ms: int
    slot_end_ms: int
    proof: str
    taken_ms: int

    @property
    def promised(self) -> bool:
        """Whether its place was promised, so that no quota refuses it."""
        return bool(self.proof)

    def event(self, ticket_id: str) -> Payload:
        """What the log says of it, right behind the ticket."""
        if not self.proof:
            return BookingClaimed(ticket_id, self.code)
        slot = self.slot_ms, self.slot_end_ms
        return BookingArrived(ticket_id, self.source, self.booking_id, self.code, *slot, self.proof)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A ticket that this device gave for a booking, as far as its paper needs it; `proof` as in `Arrival`."""

    ticket_id: str
    source: str
    booking_id: str
    code: str
    service: str
    label: str
    slot_ms: int
    slot_end_ms: int
    proof: str
    day: str
    priority: bool
    language: str
    token: str
    taken_ms: int


def refuse_twice(connection: Connection, arrival: Arrival) -> None:
    """Raises RuleViolation `booking_arrived` (param label) when the booking has its number from here already."""
    row = connection.execute(
        "SELECT label FROM booking_arrivals WHERE source = ? AND booking_id = ?",
        (arrival.source, arrival.booking_id),
    ).fetchone()
    if row is not None:
        raise RuleViolation("booking_arrived", label=row[0])


def note(connection: Connection, arrived: Arrived) -> None:
    """Keep that the booking has its number."""
    values = tuple(getattr(arrived, name) for name in Arrived.__slots__)
    connection.execute(
        f"INSERT INTO booking_arrivals ({_COLUMNS}) VALUES ({', '.join('?' * len(values))})", values
    )


def arrivals_with(connection: Connection, code: str) -> list[Arrived]:
    """What was given for a code in its normal form, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM booking_arrivals WHERE code = ? ORDER BY taken_ms DESC, ticket_id DESC",
        (code,),
    )
    return [_arrived(row) for row in rows]


def find_again(connection: Connection) -> None:
    """Note what the log still says of arrivals: after a damaged file was healed its own table may be short."""
    connection.execute(
        f"INSERT OR IGNORE INTO booking_arrivals ({_COLUMNS})"
        " SELECT arrival.body ->> 'ticket_id', coalesce(arrival.body ->> 'source', ''),"
        " coalesce(arrival.body ->> 'booking_id', arrival.body ->> 'code'), arrival.body ->> 'code',"
        " ticket.body ->> 'service', ticket.body ->> 'series' || (ticket.body ->> 'issuer') || '-'"
        " || printf('%03d', ticket.body ->> 'number'),"
        " coalesce(arrival.body ->> 'slot_ms', 0), coalesce(arrival.body ->> 'slot_end_ms', 0),"
        " coalesce(arrival.body ->> 'proof', ''), ticket.body ->> 'day', ticket.body ->> 'priority',"
        " ticket.body ->> 'language', '', arrival.wall_ms FROM events AS arrival JOIN events AS ticket"
        " ON ticket.type = 'TicketIssued' AND ticket.body ->> 'ticket_id' = arrival.body ->> 'ticket_id'"
        " WHERE arrival.type IN ('BookingArrived', 'BookingClaimed') ORDER BY arrival.position"
    )


def _arrived(row: Row) -> Arrived:
    values = list(row)
    values[10] = bool(values[10])
    return Arrived(*values)
