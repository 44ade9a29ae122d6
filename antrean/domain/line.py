"""The line of one service: who waits, in which order, and who is next.

Order key = arrival − head start of the class, fixed at acceptance: one key, so nobody starves, and a reason anyone can
read. A cap bounds how many later arrivals may be called before one visitor: who reached it goes before all later ones.
A visitor who was absent and returned re-enters a few calls later, ahead of the line from then on.

All values are immutable; adding or removing copies one small block of the line.
"""

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from antrean.domain.ordered import Ordered
from antrean.domain.ticket import Place

FRONT_KEY_MS = 0
"""The order key of a step that staff put in front of the line."""

HELPING = "helping"
"""The reason of a call by the order key at a counter that relieves another line."""

COUNTS_AS_OVERTAKING = frozenset({"arrival", "priority", "booking", "end", HELPING})
"""Calls by the order key alone. A returned visitor, a front transfer or a call with a reason is not counted."""


class Arrival(NamedTuple):
    """A waiting step by arrival."""

    arrived_ms: int
    ticket_id: str


class Head(NamedTuple):
    """Who is next in a line, by which rule (returned, capped, order), and the place by which the line has its turn.

    `turn` is the earliest place of all who may be called now: a line does not lose its turn among a counter's lines
    because a later visitor goes first in it.
    """

    ticket_id: str
    rule: str
    turn: Place


@dataclass(frozen=True, slots=True)
class Line:
    """One service's waiting steps. `calls` counts the calls of the service since the day opened.

    `pins` are the steps that one counter alone calls, as (counter, place); they also stand in the other lists.
    """

    by_key: Ordered[Place] = field(default_factory=Ordered)
    by_arrival: Ordered[Arrival] = field(default_factory=Ordered)
    capped: Ordered[Arrival] = field(default_factory=Ordered)
    returned: Ordered[tuple[int, Place]] = field(default_factory=Ordered)
    calls: int = 0
    pins: tuple[tuple[str, Place], ...] = ()

    def __len__(self) -> int:
        return len(self.by_key) + len(self.returned)

    def joined(self, place: Place) -> "Line":
        """With one more waiting step."""
        by_key, by_arrival = self.by_key.with_item(place), self.by_arrival.with_item(arrival_of(place))
        return Line(by_key, by_arrival, self.capped, self.returned, self.calls, self.pins)

    def rejoined(self, place: Place, not_before: int) -> "Line":
        """With a returned visitor who is due once `calls` has reached `not_before`."""
        return replace(self, returned=self.returned.with_item((not_before, place)))

    def left(self, place: Place) -> "Line":
        """Without that step."""
        arrival, returned = arrival_of(place), self.returned
        return Line(
            self.by_key.without(place),
            self.by_arrival.without(arrival),
            self.capped.without(arrival),
            Ordered(pair for pair in returned if pair[1] != place) if returned else returned,
            self.calls,
            tuple(pin for pin in self.pins if pin[1] != place) if self.pins else self.pins,
        )

    def moved(self, before: Place, place: Place) -> "Line":
        """With the waiting step that stood at `before` at another place of the same arrival.

        Whoever returned stays due when they were; a pin and the cap's mark go along.
        """
        by_key, returned, pins = self.by_key, self.returned, self.pins
        if pins:
            pins = tuple((counter, place if other == before else other) for counter, other in pins)
        if returned and any(other == before for _, other in returned):
            returned = Ordered((due, place if other == before else other) for due, other in returned)
        else:
            by_key = by_key.without(before).with_item(place)
        return Line(by_key, self.by_arrival, self.capped, returned, self.calls, pins)

    def pinned_to(self, place: Place, counter: str) -> "Line":
        """With that waiting step for one counter alone; for any counter when `counter` is ""."""
        line = self.unpinned(place)
        return replace(line, pins=(*line.pins, (counter, place))) if counter else line

    def unpinned(self, place: Place) -> "Line":
        """With that waiting step for any counter."""
        return replace(self, pins=tuple(pin for pin in self.pins if pin[1] != place)) if self.pins else self

    def at(self, counter: str) -> "Line":
        """What of this line `counter` may call: this very line unless some wait for another counter."""
        line = self
        for other, place in self.pins:
            if other != counter:
                line = line.left(place)
        return line

    def with_capped(self, place: Place) -> "Line":
        """With that step marked as overtaken as often as anyone may be."""
        return replace(self, capped=self.capped.with_item(arrival_of(place)))

    def called(self) -> "Line":
        """After one more call of this service."""
        return replace(self, calls=self.calls + 1)

    def earlier_than(self, place: Place) -> tuple[str, ...]:
        """The ids of the waiting tickets that arrived before `place`: whom calling it now overtakes."""
        earlier = islice(self.by_arrival, self.by_arrival.rank(arrival_of(place)))
        return tuple(arrival.ticket_id for arrival in earlier)

    def head(self) -> Head | None:
        """Who is next here; None when nobody waits.

        Where the cap forbids to call whoever is first by key, the earliest arrival is called: that overtakes nobody at
        all, while calling the capped visitor might overtake somebody who joined late with an earlier arrival.
        """
        due = [place for not_before, place in self.returned if not_before <= self.calls or not self.by_key]
        if due:
            back = min(due)
            return Head(back.ticket_id, "returned", min(back, self.by_key[0]) if self.by_key else back)
        if not self.by_key:
            return None
        first = self.by_key[0]
        if self.capped and first.key_ms > FRONT_KEY_MS and self.capped[0] < arrival_of(first):
            earliest = self.by_arrival[0]
            return Head(earliest.ticket_id, "capped" if earliest == self.capped[0] else "order", first)
        return Head(first.ticket_id, "order", first)

    def ahead_of(self, place: Place) -> int:
        """How many waiting steps come before `place` by key; a returned visitor counts as ahead."""
        return self.by_key.rank(place) + sum(1 for _, other in self.returned if other != place)


def arrival_of(place: Place) -> Arrival:
    """The place without its head start."""
    return Arrival(place.arrived_ms, place.ticket_id)
