"""What the server answers, read strictly; an answer that cannot be understood is the server's trouble, not ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from antrean.domain.errors import Unavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paired:
    """A device was enrolled; `issuer` is a kiosk's character."""

    device_id: str
    token: str
    kind: str
    name: str
    issuer: str | None
    public_url: str
    incarnation: str
    term: int


@dataclass(frozen=True, slots=True)
class Told:
    """What every exchange tells a kiosk: the day, numbers heard by series, its shares by service."""

    incarnation: str
    term: int
    server_ms: int
    day: str
    generation: int
    heard: Mapping[str, int]
    shares: Mapping[str, int]
    retry_after_ms: int


@dataclass(frozen=True, slots=True)
class Hello:
    """The answer to a greeting; `catalogue` is None when the device's revision is current."""

    told: Told
    ack_seq: int
    issuer: str | None
    public_url: str
    catalogue_rev: int
    catalogue: dict[str, Any] | None
    services: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pushed:
    """The answer to offered events; `quarantined` are (seq, code) the server keeps but could not accept."""

    told: Told
    ack_seq: int
    quarantined: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Pulled:
    """News since `cursor`."""

    told: Told
    cursor: str
    public_url: str
    catalogue_rev: int
    catalogue: dict[str, Any] | None
    services: dict[str, Any]


def paired(data: Mapping[str, Any]) -> Paired:
    """Read the answer to `pair`."""
    return Paired(
        device_id=_get(data, "device_id", str),
        token=_get(data, "token", str),
        kind=_get(data, "kind", str),
        name=_get(data, "name", str),
        issuer=_maybe(data, "issuer", str),
        public_url=_get(data, "public_url", str),
        incarnation=_get(data, "incarnation", str),
        term=_get(data, "term", int),
    )


def hello(data: Mapping[str, Any]) -> Hello:
    """Read the answer to `hello`."""
    return Hello(
        told=_told(data),
        ack_seq=_get(data, "ack_seq", int),
        issuer=_maybe(data, "issuer", str),
        public_url=_get(data, "public_url", str),
        catalogue_rev=_get(data, "catalogue_rev", int),
        catalogue=_maybe(data, "catalogue", dict),
        services=_get(data, "services", dict),
    )


def pushed(data: Mapping[str, Any]) -> Pushed:
    """Read the answer to `push`."""
    refused = [item for item in _get(data, "quarantined", list) if isinstance(item, dict)]
    return Pushed(
        told=_told(data),
        ack_seq=_get(data, "ack_seq", int),
        quarantined=tuple((_get(item, "seq", int), _get(item, "code", str)) for item in refused),
    )


def pulled(data: Mapping[str, Any]) -> Pulled:
    """Read the answer to `pull`."""
    return Pulled(
        told=_told(data),
        cursor=str(data.get("cursor", "")),
        public_url=_get(data, "public_url", str),
        catalogue_rev=_get(data, "catalogue_rev", int),
        catalogue=_maybe(data, "catalogue", dict),
        services=_get(data, "services", dict),
    )


def _told(data: Mapping[str, Any]) -> Told:
    return Told(
        incarnation=_get(data, "incarnation", str),
        term=_get(data, "term", int),
        server_ms=_get(data, "server_ms", int),
        day=_get(data, "day", str),
        generation=_get(data, "generation", int),
        heard=_numbers(data, "heard"),
        shares=_numbers(data, "shares"),
        retry_after_ms=max(0, _get(data, "retry_after_ms", int)),
    )


def _numbers(data: Mapping[str, Any], name: str) -> dict[str, int]:
    found: dict[str, Any] = _get(data, name, dict)
    return {key: _get(found, key, int) for key in found}


def _maybe(data: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    return None if data.get(name) is None else _get(data, name, kind)


def _get(data: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = data.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Unavailable(f"the server's answer lacks {name}: is it another version?", permanent=False)
    return value
