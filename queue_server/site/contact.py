"""A contact stands for a person without naming one: its keyed hash is kept, its text never."""

from __future__ import annotations

import hashlib
import hmac
import re

from antrean.domain.errors import BadInput

MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the brackets
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015/]+")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")  # E.164
SECRET_BYTES = 32


def plain_contact(text: str) -> str:
    """One spelling for all of one address: an e-mail address in small letters, or a telephone number as +62….

    Numbers without a country are Indonesian. Raises BadInput `bad_contact`.
    """
    given = text.strip()
    if "@" in given:
        if len(given) > MAX_EMAIL or not _EMAIL.fullmatch(given):
            raise BadInput("bad_contact")
        return given.casefold()
    number = _BETWEEN.sub("", given)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = "+62" + number[1:]
    elif number.startswith("62"):
        number = "+" + number
    elif number.startswith("8"):
        number = "+62" + number
    if number.startswith("+620"):  # written "+62 (0)812 …"
        number = "+62" + number[4:]
    if not _PHONE.fullmatch(number):
        raise BadInput("bad_contact")
    return number


def contact_hash(secret: bytes, mall: str, contact: str) -> str:
    """The keyed hash of a plain contact, in hexadecimal; another one at each mall, so that nobody can be followed."""
    return hmac.new(secret, f"{mall}\n{contact}".encode(), hashlib.sha256).hexdigest()
