"""What the server answers, read strictly; an answer that cannot be understood is the server's trouble, not ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingKey
from antrean.domain.booking_copy import BookingCopy, BookingPage
from antrean.domain.claim import PaperKey
from antrean.domain.errors import Unavailable

T = TypeVar("T")
_NEXT_CENTURY_MS = 4_102_444_800_000


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
    """What every exchange tells a kiosk: the time, the day, numbers heard by series, its shares by service.

    `epoch` names the stretch of the server's clock between two corrections or reboots in which `server_ms` holds.
    `base_shares` hold for later days without contact; `issued` is what the server has seen of today's shares.
    """

    incarnation: str
    term: int
    server_ms: int
    epoch: str
    day: str
    generation: int
    heard: Mapping[str, int]
    shares: Mapping[str, int]
    base_shares: Mapping[str, int]
    issued: Mapping[str, int]
    retry_after_ms: int


@dataclass(frozen=True, slots=True)
class KnownLog:
    """How far the server has one of the device's logs: the last seq and the hash of that event."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Hello:
    """The answer to a greeting; `logs` are all that the server has of the device, `catalogue` is None when the
    device's revision is current. `backed_up_seq`: how far the server's newest backup holds the greeted log."""

    told: Told
    logs: Mapping[str, KnownLog]
    issuer: str | None
    public_url: str
    catalogue_rev: int
    catalogue: dict[str, Any] | None
    services: dict[str, Any]
    paper_keys: tuple[PaperKey, ...] | None = None
    backed_up_seq: int = 0


@dataclass(frozen=True, slots=True)
class Pushed:
    """The answer to offered events; `quarantined` are (seq, code) the server keeps but could not accept."""

    told: Told
    ack_seq: int
    quarantined: tuple[tuple[int, str], ...]
    backed_up_seq: int = 0


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """A ticket the server issued and this kiosk is to print once; `wait` in minutes, None where nobody knows."""

    ticket_id: str
    label: str
    service: str
    language: str
    priority: bool
    issued_ms: int
    ahead: int | None
    wait: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """News since `cursor`; `orders` are told until the server knows how their print ended.

    `bookings_cursor` names the newest booking the server knows of, "" when it keeps none.
    """

    told: Told
    cursor: str
    public_url: str
    catalogue_rev: int
    catalogue: dict[str, Any] | None
    services: dict[str, Any]
    paper_keys: tuple[PaperKey, ...] | None = None
    orders: tuple[PrintOrder, ...] = ()
    bookings_cursor: str = ""


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
        logs={name: _known_log(data["logs"], name) for name in _get(data, "logs", dict)},
        issuer=_maybe(data, "issuer", str),
        public_url=_get(data, "public_url", str),
        catalogue_rev=_get(data, "catalogue_rev", int),
        catalogue=_maybe(data, "catalogue", dict),
        services=_get(data, "services", dict),
        paper_keys=_paper_keys(data),
        backed_up_seq=_maybe(data, "backed_up_seq", int) or 0,
    )


def _known_log(logs: Mapping[str, Any], name: str) -> KnownLog:
    known: dict[str, Any] = _get(logs, name, dict)
    return KnownLog(_get(known, "seq", int), _get(known, "hash", str))


def pushed(data: Mapping[str, Any]) -> Pushed:
    """Read the answer to `push`."""
    refused = [item for item in _get(data, "quarantined", list) if isinstance(item, dict)]
    return Pushed(
        told=_told(data),
        ack_seq=_get(data, "ack_seq", int),
        quarantined=tuple((_get(item, "seq", int), _get(item, "code", str)) for item in refused),
        backed_up_seq=_maybe(data, "backed_up_seq", int) or 0,
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
        paper_keys=_paper_keys(data),
        orders=tuple(map(_order, _maybe(data, "orders", list) or ())),
        bookings_cursor=_maybe(data, "bookings_cursor", str) or "",
    )


def booking_page(data: Mapping[str, Any]) -> BookingPage:
    """Read a page of bookings. One that this program cannot understand is left out: the rest must not wait for it."""
    found = (_booking(item) for item in _get(data, "bookings", list))
    keys = [item for item in _get(data, "keys", list) if isinstance(item, dict)]
    return BookingPage(
        cursor=_get(data, "cursor", str),
        more=_get(data, "more", bool),
        reset=_get(data, "reset", bool),
        bookings=tuple(booking for booking in found if booking is not None),
        keys=tuple(
            BookingKey(_get(item, "source", str), _get(item, "mall", str), _get(item, "key", str))
            for item in keys
        ),
    )


def _booking(data: Any) -> BookingCopy | None:
    item = data if isinstance(data, dict) else {}
    try:
        booking = BookingCopy(
            source=_get(item, "source", str),
            booking_id=_get(item, "booking_id", str),
            code=_get(item, "code", str),
            service=_get(item, "service", str),
            start_ms=_get(item, "start_ms", int),
            end_ms=_get(item, "end_ms", int),
            status=BookingStatus(_get(item, "status", str)),
            label=_maybe(item, "label", str) or "",
            ticket_id=_maybe(item, "ticket_id", str) or "",
        )
    except (Unavailable, ValueError):
        return None
    return booking if 0 < booking.start_ms <= booking.end_ms < _NEXT_CENTURY_MS else None


def _order(data: Any) -> PrintOrder:
    item = data if isinstance(data, dict) else {}
    wait = _maybe(item, "wait", list)
    known = wait is not None and len(wait) == 2 and all(isinstance(minutes, int) for minutes in wait)
    return PrintOrder(
        ticket_id=_get(item, "ticket_id", str),
        label=_get(item, "label", str),
        service=_get(item, "service", str),
        language=_get(item, "language", str),
        priority=_get(item, "priority", bool),
        issued_ms=_get(item, "issued_ms", int),
        ahead=_maybe(item, "ahead", int),
        wait=(wait[0], wait[1]) if wait is not None and known else None,
    )


def _paper_keys(data: Mapping[str, Any]) -> tuple[PaperKey, ...] | None:
    """The kiosks' public keys; None when the device knows them all, or the server has none to tell."""
    found = _maybe(data, "paper_keys", list)
    if found is None:
        return None
    maps = [item for item in found if isinstance(item, dict)]
    return tuple(
        PaperKey(_get(item, "device_id", str), _get(item, "issuer", str), _get(item, "key", str))
        for item in maps
    )


def _told(data: Mapping[str, Any]) -> Told:
    return Told(
        incarnation=_get(data, "incarnation", str),
        term=_get(data, "term", int),
        server_ms=_get(data, "server_ms", int),
        epoch=_maybe(data, "epoch", str) or "",
        day=_get(data, "day", str),
        generation=_get(data, "generation", int),
        heard=_numbers(data, "heard"),
        shares=_numbers(data, "shares"),
        base_shares=_numbers(data, "base_shares"),
        issued=_numbers(data, "issued"),
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
