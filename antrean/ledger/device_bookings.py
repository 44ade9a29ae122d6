"""A kiosk's copy of the coming bookings, for the days without the server, and who checked in with one here."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingKey
from antrean.domain.booking_code import ALPHABET, normal_code
from antrean.domain.booking_copy import BookingCopy, BookingPage
from antrean.ledger.device_arrivals import Arrived, arrivals_with
from antrean.ledger.driver import Connection, Row
from antrean.ledger.errors import translated

_COLUMNS = "source, booking_id, code, service, start_ms, end_ms, status, label, ticket_id"


class DeviceBookings:
    """The copy and the arrivals; `writing` opens one durable transaction.

    A full listing replaces the copy only when its last page is in: until then what was known before stays.
    """

    def __init__(
        self, connection: Connection, writing: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._connection = connection
        self._writing = writing

    def cursor(self) -> str:
        """How far the copy goes, in the server's own words; "" before the first page."""
        with translated():
            row = self._connection.execute("SELECT cursor FROM booking_copy").fetchone()
            return str(row[0]) if row else ""

    def take(self, page: BookingPage) -> None:
        """Keep a page and its cursor in one transaction; taking one twice does no harm."""
        with self._writing() as tx:
            row = tx.execute("SELECT cursor, listing, listing_ended FROM booking_copy").fetchone()
            cursor, listing, ended = row if row else ("", 0, True)
            if page.reset or not cursor:
                listing, ended = listing + 1, False
            tx.executemany(
                f"INSERT OR REPLACE INTO bookings ({_COLUMNS}, typed, listing)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*_values(booking), normal_code(booking.code), listing) for booking in page.bookings],
            )
            tx.execute("DELETE FROM booking_keys")
            tx.executemany(
                "INSERT OR IGNORE INTO booking_keys VALUES (?, ?, ?)",
                [(key.source, key.mall, key.key_hex) for key in page.keys],
            )
            if not ended and not page.more:
                tx.execute("DELETE FROM bookings WHERE listing < ?", (listing,))
                ended = True
            tx.execute(
                "INSERT OR REPLACE INTO booking_copy VALUES (1, ?, ?, ?)", (page.cursor, listing, ended)
            )

    def drop_before(self, ms: int) -> None:
        """Forget bookings and arrivals that were over before `ms` (server time); writes only when there are any."""
        old = (("bookings", "end_ms < ?1"), ("booking_arrivals", "slot_end_ms < ?1 AND taken_ms < ?1"))
        with translated():
            found = [
                self._connection.execute(f"SELECT 1 FROM {table} WHERE {over} LIMIT 1", (ms,)).fetchone()
                for table, over in old
            ]
        if any(found):
            with self._writing() as tx:
                for table, over in old:
                    tx.execute(f"DELETE FROM {table} WHERE {over}", (ms,))

    def with_code(self, code: str) -> list[BookingCopy]:
        """Every booking whose code in its normal form is `code`, the earliest first; several sources may share one."""
        with translated():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM bookings WHERE typed = ? ORDER BY start_ms, source, booking_id",
                (code,),
            )
            return [_copy(row) for row in rows]

    def of(self, source: str, booking_id: str) -> BookingCopy | None:
        """One booking by its identity, or None."""
        with translated():
            row = self._connection.execute(
                f"SELECT {_COLUMNS} FROM bookings WHERE source = ? AND booking_id = ?", (source, booking_id)
            ).fetchone()
            return None if row is None else _copy(row)

    def arrivals(self, code: str) -> list[Arrived]:
        """The tickets this device gave for a code in its normal form, the newest first."""
        with translated():
            return arrivals_with(self._connection, code)

    def keys(self) -> tuple[BookingKey, ...]:
        """The public keys of those who sign bookings for this mall."""
        with translated():
            rows = self._connection.execute("SELECT source, mall, key_hex FROM booking_keys ORDER BY 1, 2, 3")
            return tuple(BookingKey(*row) for row in rows)

    def any(self) -> bool:
        """Whether anything is known of bookings here: one of them, or a key of somebody who makes them."""
        with translated():
            row = self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM bookings) OR EXISTS (SELECT 1 FROM booking_keys)"
            ).fetchone()
            return bool(row and row[0])

    def foreign_codes(self) -> bool:
        """Whether a code uses letters or figures that our own never have: then a pad must offer all of them."""
        with translated():
            row = self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM bookings WHERE typed GLOB ?)", (f"*[^{ALPHABET}]*",)
            ).fetchone()
            return bool(row and row[0])


def _values(booking: BookingCopy) -> tuple[str | int, ...]:
    return tuple(getattr(booking, name) for name in BookingCopy.__slots__)


def _copy(row: Row) -> BookingCopy:
    values = list(row)
    values[6] = BookingStatus(values[6])
    return BookingCopy(*values)
