"""Signs bookings for their QR codes and proves them at the mall against the public keys of its sources."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from antrean.domain.booking import SIGNED, Booking
from antrean.domain.booking_claim import (
    BookingClaim,
    BookingKey,
    booking_message,
    booking_token,
    pack_booking,
    split_booking_token,
    unpack_booking,
)
from antrean.domain.booking_code import shown_code
from antrean.domain.errors import RuleViolation
from antrean.seal.keys import holds, public_key


class BookingSigner:
    """Whoever sells bookings, with a key made from a secret of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw().hex()
        """The public key in hexadecimal, for the malls."""

    def seal(self, claim: BookingClaim, service: str, mall: str) -> str:
        """The text of the booking's QR code. Raises BadInput `bad_booking_code` for what the form cannot hold."""
        packed = pack_booking(claim)
        return booking_token(packed, self._key.sign(booking_message(packed, service, mall)))


def prove_booking(token: str, keys: Iterable[BookingKey], services: Iterable[str]) -> Booking:
    """The booking a code proves: tries every key with each service; its id is its code.

    Raises BadInput `bad_booking_code` for a text that is no booking's QR code, RuleViolation `unknown_booking` when no
    key signed it for any of the services.
    """
    packed, signature = split_booking_token(token)
    claim = unpack_booking(packed)
    offered = tuple(services)
    for known in keys:
        key = public_key(known.key_hex)
        for service in offered if key is not None else ():
            if key is not None and holds(key, signature, booking_message(packed, service, known.mall)):
                return Booking(
                    source=known.source,
                    booking_id=claim.code,
                    code=claim.code,
                    service=service,
                    start_ms=claim.start_ms,
                    end_ms=claim.end_ms,
                    cancelled=False,
                    revision=SIGNED,
                )
    raise RuleViolation("unknown_booking", booking=shown_code(claim.code))
