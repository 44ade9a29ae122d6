"""A frozen value with some fields changed, at half the price of `dataclasses.replace`: the hall does it all day."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

Value = TypeVar("Value")


def changed(value: Value, **changes: Any) -> Value:
    """A copy of a frozen dataclass with at least two fields, none of them keyword-only; KeyError for no field."""
    kind = type(value)
    read, places = _FORMS.get(kind) or _form(kind)
    parts = list(read(value))
    for name, part in changes.items():
        parts[places[name]] = part
    return kind(*parts)


_Form = tuple[Callable[[Any], tuple[Any, ...]], Mapping[str, int]]
_FORMS: dict[type[Any], _Form] = {}
"""Filled as kinds are met."""


def _form(kind: type[Any]) -> _Form:
    names = [field.name for field in fields(kind)]
    form = _FORMS[kind] = attrgetter(*names), {name: place for place, name in enumerate(names)}
    return form
