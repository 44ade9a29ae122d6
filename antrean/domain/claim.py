"""What the staff code at the foot of a ticket says: a claim of thirteen bytes, its signature, and their text.

The code holds 114 characters of a QR code's alphanumeric mode (version 4, correction L, ISO/IEC 18004 table 7): a mark
of the form, then 77 bytes in base 44. The space of that mode is left out, because scanners and people trim it. The
service and the ticket's id are not carried: the signature covers the one and yields the other. Signing itself is in
`antrean.seal`.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.errors import BadInput
from antrean.domain.label import ISSUERS, SERIES_LETTERS, SERVER_ISSUER, Label

EPOCH_MS = 1_735_689_600_000
"""2025-01-01T00:00Z: 40 bits of milliseconds from there reach into 2059."""

FORM = "1"
"""A digit first: no page or screen takes one for a command when a scanner types it in the wrong place."""
TOKEN_LENGTH = 114
CLAIM_BYTES = 13
SIGNATURE_BYTES = 64
NONCE_BITS = 13
LANGUAGES = ("id", "en", "jv", "su")
"""In the order of the form's two bits, which are now full: a fifth language needs a form of its own."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_ISSUERS = ISSUERS + SERVER_ISSUER
_LETTERS = len(SERIES_LETTERS) + 1
# Bits of each value in the order they are packed, most significant first; together 104.
_WIDTHS = (40, 1, 10, 5, 14, 17, 1, 2, 1, NONCE_BITS)
_SIGNED_FOR = b"antrean ticket paper 1\n"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the paper says of its ticket; `issued_ms` is the issuer's estimate of server time.

    `anchored` tells that the boot which issued it had met the server; `nonce` that two cloned disks differ.
    """

    issued_ms: int
    anchored: bool
    series: str
    issuer: str
    generation: int
    number: int
    priority: bool
    language: str
    assisted: bool
    nonce: int

    @property
    def label(self) -> Label:
        """The number people see."""
        return Label(self.series, self.issuer, self.number)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ticket's identity and the text of its staff code; `token` is "" where no paper can prove the ticket."""

    ticket_id: str
    token: str


Seal = Callable[[str, int, int], Sealed]
"""Makes (issuer, generation, number) a sealed ticket, inside the transaction that takes the number."""


@dataclass(frozen=True, slots=True)
class PaperKey:
    """The public key of a kiosk in hexadecimal; `issuer` is its character when it told the key, as a hint."""

    device_id: str
    issuer: str
    key: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A claim whose signature holds: which device signed it, for which service, and the ticket's id."""

    claim: Claim
    service: str
    device_id: str
    ticket_id: str
    token: str


def pack(claim: Claim) -> bytes:
    """The claim in 13 bytes; raises BadInput `claim_too_large` for a value outside the form.

    Moments before 2025 (a dead clock's) are packed as its first millisecond.
    """
    values = (
        max(0, claim.issued_ms - EPOCH_MS),
        claim.anchored,
        _series_value(claim.series),
        _ISSUERS.find(claim.issuer),
        claim.generation,
        claim.number,
        claim.priority,
        LANGUAGES.index(claim.language) if claim.language in LANGUAGES else -1,
        claim.assisted,
        claim.nonce,
    )
    whole = 0
    for value, width in zip(values, _WIDTHS, strict=True):
        if value < 0 or value >> width:
            raise BadInput("claim_too_large")
        whole = whole << width | value
    return whole.to_bytes(CLAIM_BYTES)


def unpack(packed: bytes) -> Claim:
    """Read 13 bytes back; raises BadInput `bad_paper` for values no issuer ever packs."""
    whole, values = int.from_bytes(packed), []
    for width in reversed(_WIDTHS):
        values.append(whole & (1 << width) - 1)
        whole >>= width
    nonce, assisted, language, priority, number, generation, issuer, series, anchored, since = values
    if issuer >= len(_ISSUERS) or number < 1:
        raise BadInput("bad_paper")
    return Claim(
        issued_ms=EPOCH_MS + since,
        anchored=bool(anchored),
        series=_series_of(series),
        issuer=_ISSUERS[issuer],
        generation=generation,
        number=number,
        priority=bool(priority),
        language=LANGUAGES[language],
        assisted=bool(assisted),
        nonce=nonce,
    )


def token_of(packed: bytes, signature: bytes, form: str = FORM) -> str:
    """The text of the staff code, or of another code of this form that begins with the digit `form`."""
    value, letters = int.from_bytes(packed + signature), []
    for _ in range(TOKEN_LENGTH - len(form)):
        value, letter = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return form + "".join(reversed(letters))


def split_token(token: str, form: str = FORM, error: str = "bad_paper") -> tuple[bytes, bytes]:
    """The packed claim and the signature of a staff code, in either case, spaces around it forgiven.

    Raises BadInput `error`.
    """
    text = token.strip().upper()
    if len(text) != TOKEN_LENGTH or not text.startswith(form):
        raise BadInput(error)
    value = 0
    for letter in text[len(form) :]:
        if letter not in _VALUES:
            raise BadInput(error)
        value = value * len(_ALPHABET) + _VALUES[letter]
    if value >> 8 * (CLAIM_BYTES + SIGNATURE_BYTES):
        raise BadInput(error)
    data = value.to_bytes(CLAIM_BYTES + SIGNATURE_BYTES)
    return data[:CLAIM_BYTES], data[CLAIM_BYTES:]


def is_token(text: str) -> bool:
    """Whether a scanned text has the form of a staff code; says nothing about its truth."""
    try:
        split_token(text)
    except BadInput:
        return False
    return True


def signed_message(packed: bytes, service: str) -> bytes:
    """What the issuer signs: the claim and the service, apart from anything else a key might sign."""
    return _SIGNED_FOR + packed + service.encode()


def ticket_id_of(packed: bytes, signature: bytes) -> str:
    """The UUIDv7 of the signed ticket: its time is the claim's, its chance comes from the signature."""
    at = EPOCH_MS + (int.from_bytes(packed) >> 8 * CLAIM_BYTES - _WIDTHS[0])
    chance = int.from_bytes(hashlib.sha256(signature).digest()[:10])
    value = at << 80 | chance
    value = value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62  # version and variant, RFC 9562
    return str(uuid.UUID(int=value))


def _series_value(series: str) -> int:
    letters = [SERIES_LETTERS.find(letter) + 1 for letter in series]
    if not 1 <= len(letters) <= 2 or 0 in letters:
        return -1
    return letters[0] * _LETTERS + (letters[1] if len(letters) == 2 else 0)


def _series_of(value: int) -> str:
    first, second = divmod(value, _LETTERS)
    if not 1 <= first < _LETTERS:
        raise BadInput("bad_paper")
    return SERIES_LETTERS[first - 1] + (SERIES_LETTERS[second - 1] if second else "")
