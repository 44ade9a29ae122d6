"""The envelope of an event: who wrote it, where it stands in that device's log, when, and its link in the chain."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import BadInput
from antrean.domain.timeline import Stamp

MAX_BODY_BYTES = 16 * 1024


def canonical(value: object) -> bytes:
    """JSON in the canonical form of RFC 8785, for texts, whole numbers, booleans, null, lists and ASCII-keyed maps.

    For that subset, sorted keys without white space are the whole rule: there are no floating-point numbers to format
    and ASCII keys sort alike in UTF-8 and UTF-16.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event in a device's append-only log; `seq` counts from 1, `prev_hash` is "" for the first."""

    event_id: str
    device_id: str
    log_id: str
    seq: int
    type: str
    v: int
    boot_id: str
    boot_ms: int
    wall_ms: int
    body: Mapping[str, Any]
    prev_hash: str

    @property
    def stamp(self) -> Stamp:
        """When the device says it happened."""
        return Stamp(self.boot_id, self.boot_ms, self.wall_ms)

    def to_dict(self) -> dict[str, Any]:
        """The wire form."""
        return {name: getattr(self, name) for name in _KINDS}

    def hash(self) -> str:
        """SHA-256 of the canonical wire form, in hexadecimal: the next event's `prev_hash`."""
        return hashlib.sha256(canonical(self.to_dict())).hexdigest()

    @classmethod
    def from_dict(cls, data: object) -> "Envelope":
        """Read the wire form strictly; raises BadInput naming the field."""
        if not isinstance(data, Mapping):
            raise BadInput("bad_event", field="event")
        for name, kind in _KINDS.items():
            value = data.get(name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise BadInput("bad_event", field=name)
        unknown = [name for name in data if name not in _KINDS]
        if unknown:
            raise BadInput("bad_event", field=str(unknown[0]))
        if data["seq"] < 1 or any(abs(data[name]) >= 2**53 for name, kind in _KINDS.items() if kind is int):
            raise BadInput("bad_event", field="seq")
        if not all(
            0 < len(data[name]) <= 64 for name in ("event_id", "device_id", "log_id", "type", "boot_id")
        ):
            raise BadInput("bad_event", field="event_id")
        check_body(data["body"])
        return cls(**data)


_KINDS: dict[str, type] = {
    "event_id": str,
    "device_id": str,
    "log_id": str,
    "seq": int,
    "type": str,
    "v": int,
    "boot_id": str,
    "boot_ms": int,
    "wall_ms": int,
    "body": dict,
    "prev_hash": str,
}


def check_body(body: object) -> None:
    """Refuse what the canonical form cannot carry or what is too large; raises BadInput."""
    try:
        if not _is_plain(body, depth=6) or len(canonical(body)) > MAX_BODY_BYTES:
            raise BadInput("bad_event", field="body")
    except (UnicodeEncodeError, RecursionError):
        raise BadInput("bad_event", field="body") from None


def _is_plain(value: object, depth: int) -> bool:
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(key, str) and key.isascii() and _is_plain(item, depth - 1)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return all(_is_plain(item, depth - 1) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 2**53
    return value is None or isinstance(value, str | bool)
