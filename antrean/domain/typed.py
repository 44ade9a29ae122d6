"""Does a value from outside fit the type a field was declared with? Booleans are not numbers here."""

import types
import typing
from typing import Any


def fits(value: object, hint: Any) -> bool:
    """Whether `value` is exactly of the plain type, or of one part of the union, `hint`."""
    if isinstance(hint, types.UnionType):
        return any(fits(value, part) for part in typing.get_args(hint))
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)
