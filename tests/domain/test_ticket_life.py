"""The transition table walked by Hypothesis through the real decide and evolve."""

import uuid

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.choice import in_calling_order
from antrean.domain.decide import decide
from antrean.domain.errors import IllegalTransition, RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.ticket import AT_COUNTER, OPEN_STATES, TRANSITIONS, Move, State
from antrean.domain.waits import VisitFold
from tests.domain.malls import mall_of_journeys

COUNTERS = ("1", "2", "3")
SERVICES = {"ktp-baru": "A", "ktp-hilang": "A", "kk": "B", "npwp": "P"}
MALL = mall_from_dict(mall_of_journeys())


class HallMachine(RuleBasedStateMachine):
    """Random visitors and officers, some of them pressing nonsense; the hall must stay sound."""

    hall: Hall

    @initialize()
    def open_the_hall(self) -> None:
        self.hall = empty_hall(MALL, "2026-11-23")
        self.now, self.position, self.numbers = 1_000_000_000, 0, dict.fromkeys(SERVICES.values(), 0)
        self.calls: list[str] = []
        self.report = VisitFold()

    def accept(self, payload: e.Payload, *, at_ms: int | None = None) -> None:
        self.position += 1
        moment = self.now if at_ms is None else at_ms
        accepted = Accepted(self.position, moment, "d", f"e{self.position}", payload)
        self.hall = evolve(self.hall, accepted)
        self.report.add(accepted)

    def command(self, command: c.Command) -> tuple[e.Payload, ...]:
        before = self.hall
        try:
            events = decide(self.hall, command, self.now)
        except RuleViolation:
            assert self.hall is before
            return ()
        for event in events:
            self.accept(event)
            if isinstance(event, e.TicketCalled):
                self.calls.append(event.ticket_id)
        return events

    @rule(service=st.sampled_from(sorted(SERVICES)), priority=st.booleans(), late_ms=st.integers(0, 600_000))
    def a_visitor_comes(self, service: str, priority: bool, late_ms: int) -> None:
        series = SERVICES[service]
        self.numbers[series] += 1
        ticket_id = str(uuid.UUID(int=self.position + 1))
        self.accept(
            e.TicketIssued(
                ticket_id=ticket_id,
                service=service,
                series=series,
                issuer="1",
                generation=1,
                number=self.numbers[series],
                day="2026-11-23",
                priority=priority,
                language="id",
                channel="kiosk",
                assisted=False,
            ),
            at_ms=self.now - late_ms,
        )

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * 1000

    @rule(
        kind=st.sampled_from([c.CallNext, c.Recall, c.Start, c.Finish, c.Absent, c.UndoCall, c.CloseCounter]),
        counter=st.sampled_from(COUNTERS),
    )
    def an_officer_presses_a_key(self, kind: type[c.Command], counter: str) -> None:
        called = [event for event in self.command(kind(counter=counter)) if isinstance(event, e.TicketCalled)]
        assert len(called) <= 1

    @rule(counter=st.sampled_from(COUNTERS), service=st.sampled_from(sorted(SERVICES)))
    def an_officer_works_on(self, counter: str, service: str) -> None:
        """Whatever comes next at the counter; a visitor being served also needs something else."""
        here = self.hall.desk(counter).ticket_id
        state = self.hall.tickets[here].state if here else None
        if state is State.SERVING:
            self.command(c.AddService(counter=counter, service=service))
        self.command((c.Start if state is State.CALLED else c.CallNext)(counter=counter))

    @rule(
        counter=st.sampled_from(COUNTERS),
        to_counter=st.sampled_from(COUNTERS),
        place=st.sampled_from(["front", "arrival", "end"]),
    )
    def an_officer_sends_somebody_to_a_colleague(self, counter: str, to_counter: str, place: str) -> None:
        for service in self.hall.services_of(to_counter):
            self.command(c.Transfer(counter=counter, service=service, place=place, to_counter=to_counter))

    @rule(data=st.data(), counter=st.sampled_from(COUNTERS))
    def an_officer_picks_a_ticket(self, data: st.DataObject, counter: str) -> None:
        if not self.hall.tickets:
            return
        ticket = data.draw(st.sampled_from(sorted(self.hall.tickets)))
        kinds = (
            c.CallTicket(counter=counter, ticket=ticket, reason="diminta penyelia"),
            c.Return(counter=counter, ticket=ticket),
            c.Resume(counter=counter, ticket=ticket),
            c.CallBack(counter=counter, ticket=ticket),
            c.Cancel(counter=counter, ticket=ticket, reason="pulang"),
            c.Reopen(counter=counter, ticket=ticket),
            c.SetPriority(counter=counter, ticket=ticket, priority=data.draw(st.booleans())),
            c.Hold(counter=counter, reason="fotokopi"),
            c.Transfer(
                counter=counter,
                service=data.draw(st.sampled_from(sorted(SERVICES))),
                place=data.draw(st.sampled_from(["front", "arrival", "end"])),
                to_counter=data.draw(st.sampled_from(["", *COUNTERS])),
            ),
            c.ComeBack(ticket=ticket, officer="visitor"),
        )
        self.command(data.draw(st.sampled_from(kinds)))

    @rule(data=st.data(), counter=st.sampled_from(COUNTERS), service=st.sampled_from(sorted(SERVICES)))
    def an_officer_looks_after_a_visit(self, data: st.DataObject, counter: str, service: str) -> None:
        kinds = (
            c.AddService(counter=counter, service=service),
            c.DropService(counter=counter, service=service),
            c.PlanJourney(counter=counter, journey=data.draw(st.sampled_from(sorted(MALL.journeys)))),
            c.WriteNote(counter=counter, text="map biru", note_id=f"n{self.position}", commitment="0" * 64),
            c.Deliver(counter=counter, service=service, quantity=data.draw(st.integers(0, 120))),
        )
        self.command(data.draw(st.sampled_from(kinds)))

    @invariant()
    def the_report_has_every_step_once(self) -> None:
        steps = [
            (ticket.ticket_id, step.service, step.arrived_ms, step.called_ms is not None)
            for ticket in self.hall.tickets.values()
            for step in ticket.steps
        ]
        told = [
            (visit.ticket_id, visit.service, visit.arrived_ms, visit.called_ms is not None)
            for visit in self.report.visits()
        ]
        assert sorted(step[:3] for step in steps) == sorted(visit[:3] for visit in told)

    @invariant()
    def only_open_counters_keep_somebody_for_themselves(self) -> None:
        pins = [
            (place.ticket_id, code, service)
            for service, line in self.hall.lines.items()
            for code, place in line.pins
        ]
        waiting = [
            (ticket.ticket_id, ticket.step.to_counter, ticket.step.service)
            for ticket in self.hall.tickets.values()
            if ticket.state is State.WAITING and ticket.step.to_counter
        ]
        assert sorted(pins) == sorted(waiting)
        for _, code, service in pins:
            assert self.hall.desk(code).officer is not None
            assert service in self.hall.services_of(code)

    @invariant()
    def a_counter_is_offered_all_it_may_call_and_nobody_of_another(self) -> None:
        for counter in COUNTERS:
            offered = {t.ticket_id for t, _ in in_calling_order(self.hall, counter, 1000, self.now)}
            may = {
                ticket.ticket_id
                for ticket in self.hall.tickets.values()
                if ticket.state is State.WAITING
                and ticket.step.service in self.hall.services_of(counter)
                and ticket.step.to_counter in ("", counter)
            }
            assert offered == may

    @invariant()
    def a_visit_goes_on_until_nothing_is_planned(self) -> None:
        for ticket in self.hall.tickets.values():
            assert len(set(ticket.plan)) == len(ticket.plan) <= 10
            assert all(step.state in (State.COMPLETED, State.TRANSFERRED) for step in ticket.steps[:-1])
            if ticket.state is State.COMPLETED:
                assert not ticket.plan

    @invariant()
    def lines_hold_exactly_the_waiting(self) -> None:
        in_lines = [
            (code, place.ticket_id)
            for code, line in self.hall.lines.items()
            for place in (*line.by_key, *(pair[1] for pair in line.returned))
        ]
        waiting = [
            (ticket.step.service, ticket.ticket_id)
            for ticket in self.hall.tickets.values()
            if ticket.state is State.WAITING
        ]
        assert sorted(in_lines) == sorted(waiting)
        for line in self.hall.lines.values():
            assert list(line.by_key) == sorted(line.by_key)
            assert sorted(arrival.ticket_id for arrival in line.by_arrival) == sorted(
                place.ticket_id for place in line.by_key
            )
            assert set(line.capped) <= set(line.by_arrival)

    @invariant()
    def each_counter_has_its_own_visitor(self) -> None:
        at = {desk.code: desk.ticket_id for desk in self.hall.desks.values() if desk.ticket_id}
        assert len(set(at.values())) == len(at)
        for code, ticket_id in at.items():
            ticket = self.hall.tickets[ticket_id]
            assert ticket.state in AT_COUNTER
            assert ticket.step.counter == code
        loose = [
            t for t in self.hall.tickets.values() if t.state in AT_COUNTER and t.ticket_id not in at.values()
        ]
        assert not loose

    @invariant()
    def those_aside_are_exactly_the_absent_and_held(self) -> None:
        aside = {t.ticket_id for t in self.hall.tickets.values() if t.state in (State.NO_SHOW, State.ON_HOLD)}
        assert set(self.hall.aside) == aside

    @invariant()
    def every_call_on_the_boards_names_a_known_ticket(self) -> None:
        assert all(call.ticket_id in self.hall.tickets for call in self.hall.calls)

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        for event in decide(self.hall, c.CloseDay(), self.now):
            self.accept(event)
        assert not [ticket for ticket in self.hall.tickets.values() if ticket.state in OPEN_STATES]
        assert not any(len(line) for line in self.hall.lines.values())
        assert not any(desk.ticket_id for desk in self.hall.desks.values())


TestHallMachine = HallMachine.TestCase
TestHallMachine.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)


def test_every_open_state_can_be_left_and_every_closed_state_but_completed_is_final() -> None:
    leaving = {state for state, _ in TRANSITIONS}
    assert leaving == OPEN_STATES | {State.COMPLETED}


def test_every_move_is_in_the_table() -> None:
    assert {move for _, move in TRANSITIONS} == set(Move)


def test_a_second_call_before_the_first_started_calls_nobody() -> None:
    machine = HallMachine()
    machine.open_the_hall()
    machine.a_visitor_comes("kk", False, 0)
    machine.a_visitor_comes("kk", False, 0)
    assert len(machine.command(c.CallNext(counter="2"))) == 2
    with pytest.raises(RuleViolation) as refused:
        decide(machine.hall, c.CallNext(counter="2"), machine.now)
    assert refused.value.code == "already_calling"


def test_calling_the_next_finishes_the_visitor_being_served() -> None:
    machine = HallMachine()
    machine.open_the_hall()
    machine.a_visitor_comes("kk", False, 0)
    machine.a_visitor_comes("kk", False, 0)
    machine.command(c.CallNext(counter="2"))
    machine.command(c.Start(counter="2"))
    kinds = [type(event) for event in machine.command(c.CallNext(counter="2"))]
    assert kinds == [e.ServiceFinished, e.TicketCalled]


def test_an_undone_call_puts_the_visitor_back_at_the_old_place() -> None:
    machine = HallMachine()
    machine.open_the_hall()
    machine.a_visitor_comes("kk", False, 0)
    machine.time_passes(5)
    machine.a_visitor_comes("kk", False, 0)
    before = machine.hall.line("kk").by_key
    machine.command(c.CallNext(counter="2"))
    machine.command(c.UndoCall(counter="2"))
    assert machine.hall.line("kk").by_key == before


def test_a_move_outside_the_table_is_refused_by_name() -> None:
    machine = HallMachine()
    machine.open_the_hall()
    machine.a_visitor_comes("kk", False, 0)
    machine.command(c.CallNext(counter="2"))
    with pytest.raises(IllegalTransition) as refused:
        decide(machine.hall, c.Finish(counter="2"), machine.now)
    assert refused.value.params["state"] == "called"


def test_an_absent_visitor_who_returns_is_due_after_three_calls() -> None:
    machine = HallMachine()
    machine.open_the_hall()
    for _ in range(6):
        machine.a_visitor_comes("kk", False, 0)
        machine.time_passes(1)
    first = machine.hall.line("kk").by_key[0].ticket_id
    machine.command(c.CallNext(counter="2"))
    machine.command(c.Absent(counter="2"))
    machine.command(c.Return(counter="2", ticket=first))
    for _ in range(4):
        machine.command(c.CallNext(counter="2"))
        machine.command(c.Start(counter="2"))
    assert machine.calls.index(first, 1) == 4


def test_two_officers_cannot_hold_one_counter_unless_one_takes_over() -> None:
    hall = empty_hall(MALL, "2026-11-23")
    hall = evolve(hall, Accepted(1, 1, "s", "e1", e.CounterOpened("1", "Sari")))
    with pytest.raises(RuleViolation, match="counter_taken"):
        decide(hall, c.OpenCounter(counter="1", officer="Budi"), 2)
    taken = decide(hall, c.OpenCounter(counter="1", officer="Budi", take_over=True), 2)
    assert taken == (e.CounterOpened("1", "Budi"),)
