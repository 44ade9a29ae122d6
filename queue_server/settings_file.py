"""Reading a program's settings: its TOML file, overridden by the environment and the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from antrean.domain.settings import BadSettings, Setting, settings_from


def read_values(
    file: Path | None,
    usual: Path,
    schema: Sequence[Setting],
    prefix: str,
    environment: Mapping[str, str],
    flags: Mapping[str, object],
) -> dict[str, Any]:
    """The value of every setting by flag, environment, file and default, in this order; raises BadSettings.

    `file` None means the `usual` one, if there is one; a flag of None was not given.
    """
    path = file or usual
    table: dict[str, object] = {}
    if file is not None or path.exists():
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadSettings([f"{path}: {error}"]) from None
    values = settings_from(table, environment, schema, prefix=prefix)
    values.update({name: value for name, value in flags.items() if value is not None})
    return values


def out_of_range(values: Mapping[str, object], limits: Mapping[str, tuple[int, int]]) -> list[str]:
    """A sentence for every number outside its limits (both inclusive), and for a `public_url` that is none."""
    found = []
    for name, (low, high) in limits.items():
        value = values[name]
        if not isinstance(value, int) or not low <= value <= high:
            found.append(f"{name} must be between {low} and {high}, not {value!r}")
    url = str(values["public_url"])
    if url and not url.startswith(("http://", "https://")):
        found.append(f"public_url must begin with http:// or https://, not {url!r}")
    return found
