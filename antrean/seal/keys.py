"""Signs what a ticket's paper claims and checks papers against the known kiosks' public keys."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from antrean.domain.claim import (
    Claim,
    PaperKey,
    Proven,
    Sealed,
    pack,
    signed_message,
    split_token,
    ticket_id_of,
    token_of,
    unpack,
)
from antrean.domain.errors import RuleViolation

SEED_BYTES = 32
_IDS_A_SEED = 8


class SigningKey:
    """A kiosk's own key, made from a secret of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw().hex()
        """The public key in hexadecimal, for the server and the other kiosks."""

    def seal(self, claim: Claim, service: str) -> Sealed:
        """Sign the claim for `service`: the ticket's id and its code. Raises BadInput `claim_too_large`."""
        packed = pack(claim)
        signature = self._key.sign(signed_message(packed, service))
        return Sealed(ticket_id_of(packed, signature), token_of(packed, signature))


def seed_from(new_id: Callable[[], str]) -> bytes:
    """A secret for a new key from fresh UUIDv7s, the one door through which chance enters a kiosk.

    Each brings more than 70 random bits of the system's secure source; eight make twice what the key can use.
    """
    return hashlib.sha256("".join(new_id() for _ in range(_IDS_A_SEED)).encode()).digest()


def prove(token: str, keys: Sequence[PaperKey], services_of: Callable[[str], Iterable[str]]) -> Proven:
    """The ticket a paper proves: tries every key, the issuer's first, with each service of the paper's series.

    Raises BadInput `bad_paper` for a text that is no staff code, RuleViolation `unknown_paper` (param label) when no
    key signed it for any of the services.
    """
    packed, signature = split_token(token)
    claim = unpack(packed)
    messages = [(service, signed_message(packed, service)) for service in services_of(claim.series)]
    for known in sorted(keys, key=lambda key: key.issuer != claim.issuer):
        key = public_key(known.key)
        for service, message in messages if key is not None else ():
            if key is not None and holds(key, signature, message):
                return Proven(
                    claim, service, known.device_id, ticket_id_of(packed, signature), token.strip().upper()
                )
    raise RuleViolation("unknown_paper", label=str(claim.label))


def holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether that key signed that message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def public_key(text: str) -> Ed25519PublicKey | None:
    """The public key of a hexadecimal text, None for a text that is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return None
