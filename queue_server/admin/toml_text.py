"""Writes the mall's file as readable TOML. (The standard library reads TOML but does not write it.)"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def toml_text(data: Mapping[str, Any]) -> str:
    """`data` (texts, whole numbers, booleans, lists, maps; no null) as TOML, tables in the order given."""
    return "".join(_table("", data)).lstrip("\n")


def _table(path: str, table: Mapping[str, Any]) -> list[str]:
    lines = [f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if not _is_own(path, value)]
    for key, value in table.items():
        if not _is_own(path, value):
            continue
        name = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            lines += [f"\n[{name}]\n", *_table(name, value)]
        else:
            for row in value:
                lines += [f"\n[[{name}]]\n", *_row(row)]
    return lines


def _is_own(path: str, value: Any) -> bool:
    """Whether a value gets a heading of its own: tables and lists of tables, but words ({id, en}) stay in a line."""
    if isinstance(value, Mapping):
        return not _is_words(value)
    is_rows = isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)
    return is_rows and not all(_is_words(row) for row in value)


def _is_words(value: Mapping[str, Any]) -> bool:
    return bool(value) and all(isinstance(text, str) for text in value.values())


def _row(row: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}\n" for key, value in row.items()]


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML basic string, except that TOML refuses a bare DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(int(value))
