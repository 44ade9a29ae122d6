"""Passwords, tokens and pairing codes: how they are made, written and compared. Randomness comes from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

RandomBytes = Callable[[int], bytes]

# Without 0 O 1 I L 2 Z 5 S 8 B: nobody confuses these letters when reading them aloud or from a screen.
CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 8
MIN_PASSWORD = 10
MAX_PASSWORD = 200


def fingerprint(secret: str) -> str:
    """SHA-256 hex of a random secret; enough because tokens carry 256 random bits and codes live for minutes."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token(random_bytes: RandomBytes) -> str:
    """A bearer token, 256 random bits as 64 hexadecimal digits."""
    return random_bytes(32).hex()


def new_code(random_bytes: RandomBytes) -> str:
    """A pairing code such as `K7RM-4XWA`, drawn evenly from 25 letters (37 bits)."""
    letters: list[str] = []
    while len(letters) < CODE_LENGTH:
        # 250 is the largest multiple of 25 in a byte; larger bytes would favour the first letters.
        letters += [CODE_LETTERS[byte % 25] for byte in random_bytes(16) if byte < 250]
    text = "".join(letters[:CODE_LENGTH])
    return f"{text[:4]}-{text[4:]}"


def plain_code(typed: str) -> str:
    """The code as it was made, from what a person typed (any case, with or without the hyphen and spaces)."""
    text = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{text[:4]}-{text[4:]}"


_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$0YH10BOjkl+JPbZAvoU+UA$rnOqtIEELl2HIuHLt5n69NUFYk/jR+9uyKL4LpsiHAg"
"""The hash of "a password nobody has" by the library's own settings: making it anew held up every start by 0.2 s."""


class Passwords:
    """Hashes and checks passwords with Argon2id."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._decoy = hasher.hash("a password nobody has") if hasher else _DECOY

    def hash(self, password: str) -> str:
        """The Argon2id hash in PHC form."""
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is right; takes as long for an unknown account (`stored` None) as for a known one."""
        try:
            self._hasher.verify(stored or self._decoy, password)
        except (Argon2Error, InvalidHashError):
            return False
        return stored is not None
