"""Ticket labels and the small codes made from a ticket's id.

A label such as `A1-012` is the series letters, the issuer's character and a counter of at least three digits. The
identity of a ticket is its UUIDv7; a label is what people read and hear.
"""

import base64
import hashlib
import re
import uuid
from dataclasses import dataclass

from antrean.domain.errors import BadInput

SERIES_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
ISSUERS = "123456789CFHJKLMNPRTVWX"
SERVER_ISSUER = "Y"
PAPER_PAD_ISSUER = "0"
CHECK_ALPHABET = "CFHJKLMNPRTVWXY"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _CROCKFORD.encode())
_LABEL = re.compile(rf"([{SERIES_LETTERS}]{{1,2}})([0{ISSUERS}{SERVER_ISSUER}])-(\d{{3,}})")
_TOKEN_LENGTH = 26


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """The number people see: `series` (1–2 letters, no I O Q), `issuer` (one character), `number` ≥ 1."""

    series: str
    issuer: str
    number: int

    def __str__(self) -> str:
        return f"{self.series}{self.issuer}-{self.number:03d}"

    @classmethod
    def parse(cls, text: str) -> "Label":
        """Read a label as printed; spaces around it and small letters are forgiven. Raises BadInput."""
        match = _LABEL.fullmatch(text.strip().upper())
        if match is None:
            raise BadInput("bad_label", text=text)
        return cls(match[1], match[2], int(match[3]))

    def spoken(self) -> tuple[str, ...]:
        """The characters in the order they are spoken: ("A", "1", "0", "1", "2")."""
        return (*self.series, self.issuer, *f"{self.number:03d}")


def check_letters(ticket_id: str) -> str:
    """Two letters from the ticket's id that tell twins apart; spoken only for twins."""
    digest = hashlib.sha256(ticket_id.encode()).digest()
    return CHECK_ALPHABET[digest[0] % len(CHECK_ALPHABET)] + CHECK_ALPHABET[digest[1] % len(CHECK_ALPHABET)]


def status_token(ticket_id: str) -> str:
    """The ticket's id as 26 upper-case characters that fit a QR code's alphanumeric mode. Raises BadInput."""
    try:
        value = uuid.UUID(ticket_id).int
    except ValueError:
        raise BadInput("bad_ticket_id", text=ticket_id) from None
    return base64.b32encode(value.to_bytes(20)).translate(_FROM_BASE32)[-_TOKEN_LENGTH:].decode()


def ticket_id_from_token(token: str) -> str:
    """The ticket's id back from its status token, in either case. Raises BadInput."""
    token = token.upper()
    if len(token) != _TOKEN_LENGTH or any(char not in _CROCKFORD for char in token):
        raise BadInput("bad_token", text=token)
    value = 0
    for char in token:
        value = value << 5 | _CROCKFORD.index(char)
    if value >> 128:
        raise BadInput("bad_token", text=token)
    return str(uuid.UUID(int=value))


def status_url(public_url: str, ticket_id: str) -> str:
    """The address of the ticket's status page in capitals, so that its QR code stays small."""
    return f"{public_url.rstrip('/').upper()}/T/{status_token(ticket_id)}"
