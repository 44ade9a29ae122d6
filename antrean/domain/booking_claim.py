"""What the QR code of a booking says: a claim of thirteen bytes and its signature, in the form of the staff code.

It proves a booking where nothing else is at hand: a kiosk without internet, whose copy does not have it yet. The first
character tells it from a ticket's staff code. Service and mall are not carried; the signature covers them, and the
mall tries its services. Signing itself is in `antrean.seal.bookings`.
"""

from dataclasses import dataclass

from antrean.domain.booking_code import code_of_value, code_value, is_own_code
from antrean.domain.claim import CLAIM_BYTES, EPOCH_MS, TOKEN_LENGTH, split_token, token_of
from antrean.domain.errors import BadInput

FORM = "2"
BOOKING_TOKEN_LENGTH = TOKEN_LENGTH
# Bits of each value in the order they are packed, most significant first; together 104.
_WIDTHS = (17, 35, 40, 12)
_SIGNED_FOR = b"antrean booking 1\n"
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class BookingClaim:
    """What the code says of its booking: its short code, when it starts (ms) and how many minutes it lasts."""

    code: str
    start_ms: int
    minutes: int

    @property
    def end_ms(self) -> int:
        """When the slot ends."""
        return self.start_ms + self.minutes * MINUTE_MS


@dataclass(frozen=True, slots=True)
class BookingKey:
    """The public key (hexadecimal) by which `source` signs bookings of the mall it calls `mall`."""

    source: str
    mall: str
    key_hex: str


def pack_booking(claim: BookingClaim) -> bytes:
    """The claim in 13 bytes; raises BadInput `bad_booking_code` for a value outside the form."""
    if not is_own_code(claim.code):
        raise BadInput("bad_booking_code")
    values = (0, code_value(claim.code), claim.start_ms - EPOCH_MS, claim.minutes)
    whole = 0
    for value, width in zip(values, _WIDTHS, strict=True):
        if value < 0 or value >> width:
            raise BadInput("bad_booking_code")
        whole = whole << width | value
    return whole.to_bytes(CLAIM_BYTES)


def unpack_booking(packed: bytes) -> BookingClaim:
    """Read 13 bytes back; raises BadInput `bad_booking_code` for values that are never packed."""
    whole, values = int.from_bytes(packed), []
    for width in reversed(_WIDTHS):
        values.append(whole & (1 << width) - 1)
        whole >>= width
    minutes, since, code, spare = values
    if spare or not minutes:
        raise BadInput("bad_booking_code")
    try:
        return BookingClaim(code_of_value(code), EPOCH_MS + since, minutes)
    except ValueError:
        raise BadInput("bad_booking_code") from None


def booking_token(packed: bytes, signature: bytes) -> str:
    """The text of the booking's QR code."""
    return token_of(packed, signature, FORM)


def split_booking_token(token: str) -> tuple[bytes, bytes]:
    """The packed claim and the signature, in either case, spaces around it forgiven; raises BadInput."""
    return split_token(token, FORM, "bad_booking_code")


def is_booking_token(text: str) -> bool:
    """Whether a scanned text has the form of a booking's QR code; says nothing about its truth."""
    try:
        split_booking_token(text)
    except BadInput:
        return False
    return True


def booking_message(packed: bytes, service: str, mall: str) -> bytes:
    """What is signed: the claim, the mall and the service, apart from anything else a key might sign."""
    return _SIGNED_FOR + packed + mall.encode() + b"\n" + service.encode()
