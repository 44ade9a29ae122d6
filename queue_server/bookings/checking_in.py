"""The server's side of the command `check_in`: what it knows of a typed code or a scanned one.

The copy comes first: it has what the outside said last, also of a booking whose signed code is older. What no copy has
a signature can still prove.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from antrean.domain.booking import Booking
from antrean.domain.booking_claim import BookingKey, is_booking_token
from antrean.domain.booking_code import normal_code
from antrean.domain.commands import CheckIn
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.writer import Transaction
from antrean.seal.bookings import prove_booking
from queue_server.live import Turn

COPY, SIGNATURE = "copy", "signed"


def known_keys(r: Transaction) -> tuple[BookingKey, ...]:
    """The keys of all sources, as they were last told."""
    return tuple(key for source in copy.sources(r).values() for key in source.keys)


def completed(command: CheckIn, turn: Turn) -> CheckIn:
    """The command with the booking its code stands for and how that is proved; without one for an unknown code.

    Raises BadInput `bad_booking_code` for a scanned code that is damaged.
    """
    booking, proof = _found(command.code, turn)
    return replace(command, booking=booking, proof=proof)


def _found(text: str, turn: Turn) -> tuple[Booking | None, str]:
    if not is_booking_token(text):
        row = _meant(copy.with_code(turn.tx, normal_code(text)), turn)
        return (row.booking, COPY) if row else (None, "")
    try:
        booking = prove_booking(text, known_keys(turn.tx), turn.truth.hall.mall.services)
    except RuleViolation as error:
        if error.code != "unknown_booking":
            raise
        return None, ""
    same = [row for row in copy.with_code(turn.tx, booking.code) if row.source == booking.source]
    row = _meant(same, turn)
    return (row.booking if row else booking), SIGNATURE


def _meant(rows: Iterable[BookingRow], turn: Turn) -> BookingRow | None:
    """Of bookings with one code the one of today, if there is one, that still holds; else the next one."""
    zone, today = turn.truth.hall.mall.timezone, turn.truth.hall.day

    def rank(row: BookingRow) -> tuple[bool, bool, bool, int]:
        day = local_day(zone, row.start_ms).isoformat()
        return day != today, row.cancelled, day < today, row.start_ms

    return min(rows, key=rank, default=None)
