"""Fairness for any morning with bookings: the cap, the head start and the end of every wait hold, also for walk-ins."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import events as e
from antrean.domain.booked import window
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.errors import RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted
from antrean.domain.ticket import State
from tests.domain.test_fairness import COUNTERS, HEAD_START_MS, RARE, SERVICES, USUAL, Morning, act, busy_mall
from tests.domain.test_floor import MINUTE

LATE, HEAD, NARROW = 12, 10, 6


def bookable_mall() -> Mall:
    """The busy mall of the proofs, where two services may be booked, one within less than the head start."""
    data = mall_to_dict(busy_mall())
    data["policy"] |= {
        "booking_head_start_minutes": HEAD,
        "booking_early_minutes": 20,
        "booking_late_minutes": LATE,
    }
    for service in data["services"]:
        if service["code"] == "kk":
            service["booking"] = {"per_hour": 12}
        if service["code"] == "ktp-baru":
            service["booking"] = {"per_hour": 12, "early_minutes": NARROW}
    return mall_from_dict(data)


MALL = bookable_mall()


class BookedMorning(Morning):
    """A morning on which some come with bookings, or with codes nobody knows yet."""

    def __init__(self) -> None:
        super().__init__(MALL)
        self.bookings = 0

    def reach_ms(self, call: e.TicketCalled) -> int:
        """A booking that is kept counts from its slot: whoever keeps it came at most the late window after that."""
        ticket = self.hall.tickets[call.ticket_id]
        kept = ticket.booking is not None and ticket.booking.how == "in_time" and len(ticket.steps) == 1
        return max(HEAD_START_MS, (LATE + HEAD) * MINUTE) if kept else HEAD_START_MS

    def book(self, service: str, priority: bool, minutes_ago: int, slot_in: int, again: bool) -> None:
        """Somebody checked in at a kiosk; `again` with a booking that came already."""
        self.arrive_late(service, priority, minutes_ago)
        self.bookings += not again
        slot_ms = self.now + slot_in * MINUTE
        self.late(
            minutes_ago,
            e.BookingArrived(
                self.latest, "situs", f"b{self.bookings}", "ABCD2345", slot_ms, slot_ms + 30 * MINUTE, "copy"
            ),
        )

    def claim(self, service: str, priority: bool, minutes_ago: int) -> None:
        """Somebody named a code nobody knew."""
        self.arrive_late(service, priority, minutes_ago)
        self.late(minutes_ago, e.BookingClaimed(self.latest, "ABCD2345"))

    def match(self, at: int, slot_in: int) -> None:
        """A claim proves true."""
        claims = sorted(
            one.ticket_id
            for one in self.hall.tickets.values()
            if one.booking and one.booking.how == "claimed"
        )
        if claims:
            self.bookings += 1
            slot_ms = self.now + slot_in * MINUTE
            name = claims[at % len(claims)]
            self.tell(e.BookingMatched(name, "situs", f"b{self.bookings}", "ABCD2345", slot_ms, slot_ms + 1))

    @property
    def latest(self) -> str:
        """The ticket that came last."""
        return f"v{self.arrivals:03d}"

    def late(self, minutes_ago: int, payload: e.Payload) -> None:
        """One more word of the kiosk that told of the latest ticket."""
        self.position += 1
        at = self.now - minutes_ago * MINUTE
        self.hall = evolve(
            self.hall, Accepted(self.position, at, "device", f"event-{self.position:04d}", payload)
        )


def act_booked(day: BookedMorning, what: str, counter: str, service: str, at: int, flag: bool) -> None:
    """One act of the morning."""
    ago, slot_in = at % 4 * 7, at % 7 * 8 - 24
    match what:
        case "book":
            day.book(service, flag, ago, slot_in, again=at == 0)
        case "claim":
            day.claim(service, flag, ago)
        case "match":
            with contextlib.suppress(RuleViolation):
                day.match(at, slot_in)
        case _:
            act(day, what, counter, service, at, flag)
            return
    day.now += at % 5 * MINUTE


ACTS = st.lists(
    st.tuples(
        st.sampled_from((*USUAL, *RARE, *("book",) * 6, "claim", "claim", "match", "match")),
        st.sampled_from(COUNTERS),
        st.sampled_from(SERVICES),
        st.integers(0, 11),
        st.booleans(),
    ),
    min_size=40,
    max_size=120,
)


@settings(deadline=None, max_examples=40)
@given(ACTS)
def test_no_morning_with_bookings_breaks_the_cap_the_head_start_or_leaves_anybody_waiting(
    acts: list[Any],
) -> None:
    day = BookedMorning()
    for one in acts:
        act_booked(day, *one)
    for ticket in day.hall.tickets.values():
        step = ticket.step
        if (
            ticket.booking
            and step.state is State.WAITING
            and len(ticket.steps) == 1
            and step.why != "returned"
        ):
            walking_in = ticket.arrived_ms - (HEAD_START_MS if ticket.priority else 0)
            assert step.place.key_ms <= walking_in
            first_ms, last_ms = window(MALL, step.service, ticket.booking.slot_ms)
            in_time = first_ms <= ticket.arrived_ms <= last_ms
            assert in_time == (ticket.booking.how == "in_time") or ticket.booking.how == "claimed"
            assert in_time or step.place.key_ms == walking_in or ticket.booking.how == "claimed"
    day.finish()
    day.nobody_starved()
