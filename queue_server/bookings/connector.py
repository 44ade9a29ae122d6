"""What the mall says to an outside and hears from it, whatever the outside is: the one protocol of all connectors.

A connector knows how to ask and how to tell. It keeps no copy, retries nothing and orders nothing: the worker does.
Every instant is server time in milliseconds since the Unix epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from antrean.domain.errors import RuleViolation

CURSOR_LOST = "cursor_lost"
"""The RuleViolation of `changes` for a cursor the outside no longer knows: begin again with ""."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking as the outside has it now. `code` is as the outside gave it; `revision` differs with each change.

    `service` is the mall's own code of the service; start and end in ms.
    """

    booking_id: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    cancelled: bool
    revision: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that cannot be understood: kept and shown to a person, blocks nothing.

    `code` is a short name of what is wrong, `detail` says in English where; `booking_id` is "" where not even that is
    readable.
    """

    booking_id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of changes; `cursor` asks for what follows it, at once while there is `more`.

    `gone` are ids of bookings deleted outside. `listing`: the page belongs to a full listing; a booking that stood on
    none of its pages counts as cancelled, but only after the page without `more`.
    """

    seen: tuple[Seen, ...]
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]
    cursor: str
    more: bool
    listing: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mall says became of a booking, and when (ms).

    `after_cancel`: the visitor came although it was cancelled outside; presence wins and nothing is un-cancelled.
    `label` is the ticket's number, "" for a no-show; `revision` is the last one seen, for connectors that write
    conditionally.
    """

    booking_id: str
    what: Literal["arrived", "fulfilled", "noshow"]
    at_ms: int
    after_cancel: bool
    label: str
    revision: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """How crowded one service is now: visitors waiting, and the range of the wait in minutes, None where unknown."""

    service: str
    waiting: int
    wait: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What an outside may sell: the mall's catalogue (its file form) under its revision, and how crowded it is."""

    catalogue_rev: int
    catalogue: Mapping[str, Any]
    crowding: tuple[Crowd, ...]


class Refused(RuleViolation):
    """The outside understood and said no: `code` and `words` are its own, `words` perhaps ""."""

    def __init__(self, code: str, words: str, status: int) -> None:
        super().__init__(code, status=status, words=words)
        self.words = words

    def __str__(self) -> str:
        return f"{self.words} ({self.code})" if self.words else self.code


class Connector(Protocol):
    """One outside. Every call may take a minute; one instance belongs to one thread.

    Each raises Unavailable when the outside cannot be reached or understood now (`permanent`: only a person can mend
    it, such as a wrong secret or certificate).
    """

    def changes(self, cursor: str, from_ms: int, to_ms: int) -> Page:
        """What changed since `cursor` ("" for a full listing) among bookings that start within [from, to).

        The outside may tell of others too. Raises RuleViolation `cursor_lost`: the caller starts over with "".
        """

    def tell(self, outcome: Outcome, key: str) -> None:
        """Tells what became of a booking, once per `key` however often it is called.

        Raises Unavailable: try later; RuleViolation: the outside will never take it, a person must look.
        """

    def offer(self, offer: Offer) -> None:
        """Tells what may be sold and how crowded it is; outsides that cannot hear it are left in peace.

        Raises RuleViolation when it will not take them; everything else goes on.
        Called before the first `changes`: some connectors read the mall's time zone and services from it.
        """

    def keys(self) -> tuple[str, ...]:
        """The public keys (Ed25519, 64 hexadecimal digits) that sign this outside's codes; () when it signs none."""

    def close(self) -> None:
        """Lets go of its connections."""


@dataclass(frozen=True, slots=True)
class SourceSetting:
    """One key a source of this kind may have in `bookings.toml` beside `name`, `kind` and `every_seconds`.

    `shape`: text, number, a switch (true or false), a secret (also readable from the file named by `<name>_file`) or a
    file beside `bookings.toml`. `default` None: it must be given. `means` explains it in one English sentence.
    """

    name: str
    shape: Literal["text", "number", "switch", "secret", "file"]
    means: str
    default: str | int | bool | None = None


SourceSettings = Mapping[str, str | int | bool]
"""The values of every `SourceSetting` of a kind: secrets read, files as absolute paths, defaults filled in."""

Maker = Callable[[SourceSettings, Callable[[], int], Callable[[int], bytes]], Connector]
"""`connector_of(settings, now_ms, random_bytes)`; raises BadInput for settings that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of outside: its settings and how a connector is made of them; asks nobody while it is made."""

    settings: tuple[SourceSetting, ...]
    connector_of: Maker
