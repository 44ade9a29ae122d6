"""The short code of a booking, for people who type: eight letters that nobody confuses, the last one a check.

Codes made here are seven random letters of 31 (27 thousand million codes) and a check letter. 31 is a prime, and the
weights of the places differ: every single wrong letter and every swap of two letters is seen. A city's own portal
may use other codes: 4 to 24 capitals and digits.
"""

import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
RANDOM_BYTES = 16
"""What `new_code` asks for: more than 64 spare bits make every code equally likely to within nothing."""
_BASE = len(ALPHABET)
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_FOREIGN = re.compile(r"[A-Z0-9]{4,24}")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")


def new_code(random: bytes) -> str:
    """A code from RANDOM_BYTES of secure chance; ValueError for fewer."""
    if len(random) < RANDOM_BYTES:
        raise ValueError(f"a code needs {RANDOM_BYTES} random bytes")
    value, letters = int.from_bytes(random[:RANDOM_BYTES]), ""
    for _ in range(LENGTH - 1):
        value, letter = divmod(value, _BASE)
        letters += ALPHABET[letter]
    return letters + _check(letters)


def normal_code(text: str) -> str:
    """The code as it is compared: capitals, without white space and hyphens. Nothing is guessed: O stays O."""
    return _BETWEEN.sub("", text).upper()


def is_own_code(text: str) -> bool:
    """Whether a normal code is one of ours: its letters and its check letter."""
    return (
        len(text) == LENGTH
        and all(letter in _VALUES for letter in text)
        and _check(text[: LENGTH - 1]) == text[LENGTH - 1]
    )


def is_code(text: str) -> bool:
    """Whether a normal code can be anybody's: 4 to 24 capitals and digits."""
    return _FOREIGN.fullmatch(text) is not None


def shown_code(code: str) -> str:
    """The code as people read it: "ABCD-EFGH", others in fours too."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_value(code: str) -> int:
    """The random letters of an own code as a number below 31**7."""
    value = 0
    for letter in code[: LENGTH - 1]:
        value = value * _BASE + _VALUES[letter]
    return value


def code_of_value(value: int) -> str:
    """The own code of a number below 31**7; ValueError for a larger one."""
    if not 0 <= value < _BASE ** (LENGTH - 1):
        raise ValueError("no such code")
    letters = ""
    for _ in range(LENGTH - 1):
        value, letter = divmod(value, _BASE)
        letters = ALPHABET[letter] + letters
    return letters + _check(letters)


def _check(letters: str) -> str:
    weighted = sum(weight * _VALUES[letter] for weight, letter in enumerate(letters, start=1))
    return ALPHABET[weighted % _BASE]
