"""The line of one service: who waits, in which order, and who is next.

Order key = arrival − head start of the class, fixed at acceptance: one key, so nobody starves, and a reason anyone can
read. A cap bounds how many later arrivals may be called before one visitor: who reached it goes before all later ones.
A visitor who was absent and returned re-enters a few calls later, ahead of the line from then on.

All values are immutable; adding or removing copies one tuple of pointers (10,000 waiting: some 20 µs).
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from antrean.domain.ticket import Place

Item = TypeVar("Item", bound=tuple[object, ...])

FRONT_KEY_MS = 0
"""The order key of a step that staff put in front of the line."""

COUNTS_AS_OVERTAKING = frozenset({"arrival", "priority", "booking", "end"})
"""Calls by the order key alone. A returned visitor, a front transfer or a call with a reason is not counted."""


class Arrival(NamedTuple):
    """A waiting step by arrival."""

    arrived_ms: int
    ticket_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One service's waiting steps. `calls` counts the calls of the service since the day opened."""

    by_key: tuple[Place, ...] = ()
    by_arrival: tuple[Arrival, ...] = ()
    capped: tuple[Arrival, ...] = ()
    returned: tuple[tuple[int, Place], ...] = ()
    calls: int = 0

    def __len__(self) -> int:
        return len(self.by_key) + len(self.returned)

    def joined(self, place: Place) -> "Line":
        """With one more waiting step."""
        return replace(
            self, by_key=_with(self.by_key, place), by_arrival=_with(self.by_arrival, arrival_of(place))
        )

    def rejoined(self, place: Place, not_before: int) -> "Line":
        """With a returned visitor who is due once `calls` has reached `not_before`."""
        return replace(self, returned=_with(self.returned, (not_before, place)))

    def left(self, place: Place) -> "Line":
        """Without that step."""
        return replace(
            self,
            by_key=_without(self.by_key, place),
            by_arrival=_without(self.by_arrival, arrival_of(place)),
            capped=_without(self.capped, arrival_of(place)),
            returned=tuple(pair for pair in self.returned if pair[1] != place) if self.returned else (),
        )

    def with_capped(self, place: Place) -> "Line":
        """With that step marked as overtaken as often as anyone may be."""
        return replace(self, capped=_with(self.capped, arrival_of(place)))

    def called(self) -> "Line":
        """After one more call of this service."""
        return replace(self, calls=self.calls + 1)

    def earlier_than(self, place: Place) -> tuple[str, ...]:
        """The ids of the waiting tickets that arrived before `place`: whom calling it now overtakes."""
        return tuple(
            arrival.ticket_id
            for arrival in self.by_arrival[: bisect_left(self.by_arrival, arrival_of(place))]
        )

    def head(self) -> tuple[str, str] | None:
        """The ticket that is next here and the rule (returned, capped, order); None when nobody waits."""
        due = [place for not_before, place in self.returned if not_before <= self.calls or not self.by_key]
        if due:
            return min(due).ticket_id, "returned"
        if not self.by_key:
            return None
        first = self.by_key[0]
        if self.capped and first.key_ms > FRONT_KEY_MS and self.capped[0] < arrival_of(first):
            return self.capped[0].ticket_id, "capped"
        return first.ticket_id, "order"

    def ahead_of(self, place: Place) -> int:
        """How many waiting steps come before `place` by key; a returned visitor counts as ahead."""
        return bisect_left(self.by_key, place) + sum(1 for _, other in self.returned if other != place)


def arrival_of(place: Place) -> Arrival:
    """The place without its head start."""
    return Arrival(place.arrived_ms, place.ticket_id)


def _with(items: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    at = bisect_left(items, item)
    return (*items[:at], item, *items[at:])


def _without(items: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    at = bisect_left(items, item)
    return items if at == len(items) or items[at] != item else items[:at] + items[at + 1 :]
