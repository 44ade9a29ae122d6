"""The envelope of an event: who wrote it, where it stands in that device's log, when, and its link in the chain."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import BadInput
from antrean.domain.timeline import Stamp

MAX_BODY_BYTES = 16 * 1024
MAX_NAME = 64
MAX_NUMBER = 2**53


def canonical(value: object) -> bytes:
    """JSON in the canonical form of RFC 8785, for texts, whole numbers, booleans, null, lists and ASCII-keyed maps.

    For that subset, sorted keys without white space are the whole rule: there are no floating-point numbers to format
    and ASCII keys sort alike in UTF-8 and UTF-16.
    """
    return _JSON(value).encode()


_JSON = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode  # one for all: half the time of `dumps`


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
        if not isinstance(data, dict):
            raise BadInput("bad_event", field="event")
        for name, kind in _KINDS.items():
            if type(data.get(name)) is not kind:
                raise BadInput("bad_event", field=name)
        if len(data) > len(_KINDS):
            unknown = [name for name in data if name not in _KINDS]
            raise BadInput("bad_event", field=str(unknown[0]))
        event = cls(**data)
        if event.seq < 1 or max(map(abs, (event.seq, event.v, event.boot_ms, event.wall_ms))) >= MAX_NUMBER:
            raise BadInput("bad_event", field="seq")
        lengths = [*map(len, (event.event_id, event.device_id, event.log_id, event.type, event.boot_id))]
        if min(lengths) == 0 or max(lengths) > MAX_NAME:
            raise BadInput("bad_event", field="event_id")
        check_body(event.body)
        return event


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
    if value is None or isinstance(value, str | bool):
        return True
    if isinstance(value, int):
        return -MAX_NUMBER < value < MAX_NUMBER
    if depth == 1:
        return isinstance(value, dict | list) and not value
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() for key in value) and _all_plain(
            value.values(), depth - 1
        )
    return isinstance(value, list) and _all_plain(value, depth - 1)


def _all_plain(values: Iterable[object], depth: int) -> bool:
    for value in values:
        # Nearly every value is a text or a boolean: they are seen without a call.
        if type(value) is not str and type(value) is not bool and not _is_plain(value, depth):
            return False
    return True
