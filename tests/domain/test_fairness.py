"""Fairness for any morning: the cap, the head start and the end of every wait, over helps, pins, returns and reasons.

Each morning is a list of acts that Hypothesis draws and shrinks; the judge watches every event of it.
"""

import contextlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.choice import in_calling_order, lines_at
from antrean.domain.errors import RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted
from antrean.domain.line import arrival_of
from antrean.domain.ticket import State, Step
from tests.domain.malls import mall_data
from tests.domain.test_floor import MINUTE, Floor

SERVICES = ("ktp-baru", "ktp-hilang", "kk")
COUNTERS = ("1", "2", "3")
BY_RULE = frozenset({"arrival", "priority", "booking", "end", "helping", "capped"})
HEAD_START_MS = 15 * MINUTE


def busy_mall() -> Mall:
    """Lines shared by three counters, two of which also relieve one, and small bounds that are soon reached."""
    data = mall_data()
    data["policy"] = {
        "overtaking_cap": 2,
        "return_after_calls": 2,
        "max_returns": 2,
        "ticket_grace_minutes": 600,
    }
    data["counters"][1]["helps"] = [{"service": "ktp-hilang", "after_minutes": 10}]
    data["counters"][2] |= {"services": ["kk"], "helps": [{"service": "ktp-baru", "after_minutes": 20}]}
    return mall_from_dict(data)


MALL = busy_mall()
CAP, POLICY = MALL.policy.overtaking_cap, MALL.policy


class Morning(Floor):
    """A hall in which every event is judged before it takes effect."""

    def __init__(self, mall: Mall = MALL) -> None:
        super().__init__(mall)
        self.overtaken: Counter[tuple[str, int]] = Counter()
        self.passed: Counter[tuple[str, int]] = Counter()
        self.undone: Counter[str] = Counter()
        self.picked: Counter[str] = Counter()
        self.arrivals = 0

    def tell(self, *payloads: e.Payload) -> None:
        for payload in payloads:
            if isinstance(payload, e.TicketCalled):
                self._judge(payload)
            elif isinstance(payload, e.CallUndone):
                self.undone[self.hall.tickets[payload.ticket_id].step.service] += 1
            elif isinstance(payload, e.TicketTransferred) and payload.place == "front":
                self.picked[payload.service] += 1
            super().tell(payload)

    def arrive_late(self, service: str, priority: bool, minutes_ago: int) -> None:
        """A visitor whose kiosk could tell of them only now."""
        self.arrivals += 1
        series = MALL.services[service].letters
        name = f"v{self.arrivals:03d}"
        issued = e.TicketIssued(
            name, service, series, "1", 1, self.arrivals, self.hall.day, priority, "id", "kiosk", False
        )
        self.position += 1
        at = self.now - minutes_ago * MINUTE
        self.hall = evolve(
            self.hall, Accepted(self.position, at, "device", f"event-{self.position:04d}", issued)
        )

    def waiting(self) -> list[tuple[tuple[str, int], Step]]:
        return [
            ((one.ticket_id, len(one.steps)), one.step)
            for one in self.hall.tickets.values()
            if one.state is State.WAITING
        ]

    def _judge(self, call: e.TicketCalled) -> None:
        """Hold one call against everybody who waits for it."""
        chosen = self.hall.tickets[call.ticket_id].step
        at_this_counter = lines_at(self.hall, call.counter, self.now)
        if call.why == "chosen":
            self.picked[chosen.service] += 1
        for key, step in self.waiting():
            if key[0] == call.ticket_id or step.to_counter not in ("", call.counter):
                continue
            if step.service == chosen.service:
                self.passed[key] += 1
            if call.why not in BY_RULE or step.not_before is not None:
                continue
            later = arrival_of(chosen.place) > arrival_of(step.place)
            if later and step.service == chosen.service:
                self.overtaken[key] += 1
                assert self.overtaken[key] <= CAP, f"{key} was overtaken once too often, by {call}"
            if step.service in at_this_counter:
                later_by = chosen.place.arrived_ms - step.place.arrived_ms
                assert later_by <= self.reach_ms(call), f"{call} before {key}"

    def reach_ms(self, call: e.TicketCalled) -> int:
        """How much later than a waiting visitor somebody may come whom this call puts before them."""
        return HEAD_START_MS

    def nobody_starved(self) -> None:
        """Nobody saw more calls of their line go by than earlier arrivals, the cap and people's reasons allow."""
        every_step = [step for one in self.hall.tickets.values() for step in one.steps]
        for (ticket_id, count), seen in self.passed.items():
            step = self.hall.tickets[ticket_id].steps[count - 1]
            line = [other for other in every_step if other.service == step.service]
            earlier = sum(1 for other in line if arrival_of(other.place) < arrival_of(step.place))
            people = earlier + CAP + self.picked[step.service]
            allowed = people * (1 + POLICY.max_returns) + self.undone[step.service]
            allowed += step.returns * POLICY.return_after_calls
            assert seen <= allowed, f"{ticket_id} saw {seen} calls go by, {allowed} were allowed"

    def finish(self) -> None:
        """Every counter serves its own services and calls until nobody waits."""
        for counter in COUNTERS:
            self.give(c.SetServices(counter=counter, services="", officer="rani", any_service=True))
        left = len(self.waiting()) + len(self.hall.tickets)
        while left and self.waiting():
            before = len(self.waiting())
            for counter in COUNTERS:
                if self.free(counter):
                    self.serve_next(counter)
            self.now += MINUTE
            left -= 1
            assert before > 0
        assert self.waiting() == []

    def free(self, counter: str) -> bool:
        """Bring the counter to where it can call: a called visitor is started first."""
        ticket_id = self.hall.desk(counter).ticket_id
        if ticket_id is not None and self.hall.tickets[ticket_id].state is State.CALLED:
            self.give(c.Start(counter=counter))
        return True


def one_of(names: list[str], at: int) -> str | None:
    return sorted(names)[at % len(names)] if names else None


def in_state(day: Morning, *states: State) -> list[str]:
    return [one.ticket_id for one in day.hall.tickets.values() if one.state in states]


def act(day: Morning, what: str, counter: str, service: str, at: int, flag: bool) -> None:
    """One act of the morning; what the hall's rules refuse does not happen."""
    doing: dict[str, Callable[[], Any]] = {
        "arrive": lambda: day.arrive_late(service, flag, at % 4 * 7),
        "call": lambda: day.free(counter) and day.give(c.CallNext(counter=counter)),
        "serve": lambda: day.free(counter) and day.serve_next(counter),
        "absent": lambda: day.give(c.Absent(counter=counter)),
        "undo": lambda: day.give(c.UndoCall(counter=counter)),
        "return": lambda: day.give(
            c.Return(counter=counter, ticket=one_of(in_state(day, State.NO_SHOW), at) or "?")
        ),
        "pick": lambda: day.give(
            c.CallTicket(
                counter=counter, ticket=one_of(in_state(day, State.WAITING), at) or "?", reason="bayi"
            )
        ),
        "transfer": lambda: day.give(
            c.Transfer(
                counter=counter,
                service=service,
                place=("front", "arrival", "end")[at % 3],
                to_counter=COUNTERS[at % 3] if flag else "",
            )
        ),
        "plan": lambda: day.give(c.AddService(counter=counter, service=service)),
        "priority": lambda: day.give(
            c.SetPriority(ticket=one_of(in_state(day, State.WAITING, State.CALLED), at) or "?", priority=flag)
        ),
        "services": lambda: day.give(
            c.SetServices(counter=counter, services=service, officer="rani", any_service=True)
        ),
        "close": lambda: day.give(c.CloseCounter(counter=counter)),
    }
    with contextlib.suppress(RuleViolation):
        doing[what]()
    day.now += at % 5 * MINUTE


USUAL = ("arrive",) * 10 + ("serve",) * 4 + ("call",) * 2
RARE = ("absent", "undo", "return", "pick", "transfer", "plan", "priority", "services", "close")
ACTS = st.lists(
    st.tuples(
        st.sampled_from((*USUAL, *RARE)),
        st.sampled_from(COUNTERS),
        st.sampled_from(SERVICES),
        st.integers(0, 11),
        st.booleans(),
    ),
    min_size=40,
    max_size=120,
)


@settings(deadline=None, max_examples=150)
@given(ACTS)
def test_no_morning_breaks_the_cap_the_head_start_or_leaves_anybody_waiting(acts: list[Any]) -> None:
    day = Morning()
    for one in acts:
        act(day, *one)
    day.finish()
    day.nobody_starved()


@settings(deadline=None, max_examples=60)
@given(ACTS, st.sampled_from(COUNTERS))
def test_the_officers_list_is_the_order_of_the_calls_to_come(acts: list[Any], counter: str) -> None:
    day = Morning()
    for one in acts:
        act(day, *one)
    day.free(counter)
    if day.hall.desk(counter).ticket_id is not None:
        day.give(c.Transfer(counter=counter, service="npwp", place="end"))
    listed = [(one.ticket_id, why) for one, why in in_calling_order(day.hall, counter, 12, day.now)]
    called: list[tuple[str, str]] = []
    while len(called) < 12 and (one := day.serve_next(counter)) is not None:
        called.append(one)
        day.give(c.Transfer(counter=counter, service="npwp", place="end"))
    assert called == listed


def test_a_visitor_told_of_late_is_not_passed_by_those_who_reached_the_cap() -> None:
    """A whole line of capped visitors, all of them later arrivals, would go before the one who came first."""
    day = Morning()
    for _ in range(6):
        day.now += MINUTE
        day.arrive_late("kk", False, 0)
    for _ in range(CAP):
        day.now += MINUTE
        day.arrive_late("kk", True, 0)
        assert day.serve_next("3")
    day.arrive_late("kk", False, 10)
    day.arrive_late("kk", True, 0)
    assert day.serve_next("3") == (f"v{6 + CAP + 1:03d}", "arrival")


def test_a_late_visitor_who_goes_first_in_one_line_does_not_hold_it_back_among_the_others() -> None:
    """Whoever returned goes first in their line; the line has its turn by its earliest visitor all the same."""
    day = Morning()
    day.arrive_late("ktp-baru", False, 0)
    day.now += 60 * MINUTE
    day.arrive_late("kk", False, 0)
    day.now += MINUTE
    day.arrive_late("ktp-baru", False, 0)
    day.give(c.CallTicket(counter="2", ticket="v003", reason="bayi"))
    day.give(c.Absent(counter="2"))
    day.give(c.Return(counter="2", ticket="v003"))
    day.hall = day.hall.with_line("ktp-baru", day.hall.line("ktp-baru").called().called())
    assert [day.serve_next("2") for _ in range(3)] == [
        ("v003", "returned"),
        ("v001", "arrival"),
        ("v002", "arrival"),
    ]
