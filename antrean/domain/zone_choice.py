"""Which part of the mall a board is about: one zone, several, or all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antrean.domain.words import Words

_PART = " · "


def chosen(zone: str | None) -> tuple[str, ...]:
    """The zones a setting names, "1A,1B"; none means the whole mall."""
    return tuple(dict.fromkeys(code for part in (zone or "").split(",") if (code := part.strip())))


def covers(zone: str | None, code: str) -> bool:
    """Whether a board of these zones is about a zone; a code of "" is about every board."""
    codes = chosen(zone)
    return not codes or not code or code in codes


def zone_title(state: Mapping[str, Any] | None, zone: str | None, language: str) -> str:
    """The zones' names in the mall's order; what they begin with alike is said once: "Lantai 1 · Zona A, B"."""
    if state is None or not chosen(zone):
        return ""
    known = {found["code"]: Words(**found["name"]).get(language) for found in state["zones"]}
    names = [name for code, name in known.items() if code in chosen(zone)] or list(chosen(zone))
    alike = ""
    for end in (_PART, " "):
        heads = {name.partition(end)[0] for name in names}
        if end == " " and any(_PART in name for name in names):
            break
        if len(names) > 1 and len(heads) == 1 and all(end in name for name in names):
            alike += heads.pop() + end
            names = [name.partition(end)[2] for name in names]
    return alike + ", ".join(names)
