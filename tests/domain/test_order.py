"""Fair order: one key, a bounded head start, nobody starves, and logs fold alike in any arrival order."""

import uuid
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.choice import in_calling_order, next_at
from antrean.domain.decide import decide
from antrean.domain.evolve import evolve, evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from tests.domain.malls import mall

MALL = mall()
CAP = MALL.policy.overtaking_cap
MINUTE = 60_000
NOW = 2 * 10**9


def issued(number: int, *, priority: bool = False, service: str = "kk", issuer: str = "1") -> e.TicketIssued:
    """A ticket whose id follows its number and issuer."""
    return e.TicketIssued(
        ticket_id=str(uuid.UUID(int=int(issuer) * 100_000 + number)),
        service=service,
        series=MALL.services[service].letters,
        issuer=issuer,
        generation=1,
        number=number,
        day="2026-11-23",
        priority=priority,
        language="id",
        channel="kiosk",
        assisted=False,
    )


def hall_of(arrivals: list[tuple[int, bool]]) -> Hall:
    """A hall into which visitors came at these minutes, some with priority."""
    hall = empty_hall(MALL, "2026-11-23")
    for at, (minute, priority) in enumerate(arrivals, start=1):
        accepted = Accepted(at, 10**9 + minute * MINUTE, "k", f"e{at}", issued(at, priority=priority))
        hall = evolve(hall, accepted)
    return hall


def call(hall: Hall, position: int) -> tuple[Hall, str]:
    """Call and start the next visitor at counter 2."""
    called = ""
    for command in (c.CallNext(counter="2"), c.Start(counter="2")):
        for event in decide(hall, command, 2 * 10**9):
            position += 1
            hall = evolve(hall, Accepted(position, 2 * 10**9 + position, "s", f"c{position}", event))
            called = event.ticket_id if isinstance(event, e.TicketCalled) else called
    return hall, called


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 240), st.booleans()), max_size=40))
def test_nobody_is_overtaken_more_often_than_the_cap(arrivals: list[tuple[int, bool]]) -> None:
    hall = hall_of(arrivals)
    arrived = {ticket.ticket_id: (ticket.arrived_ms, ticket.ticket_id) for ticket in hall.tickets.values()}
    order: list[str] = []
    for turn in range(len(arrivals)):
        hall, called = call(hall, 1000 + turn * 10)
        order.append(called)
    assert sorted(order) == sorted(arrived)
    for at, ticket in enumerate(order):
        assert sum(1 for earlier in order[:at] if arrived[earlier] > arrived[ticket]) <= CAP


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 240), st.booleans()), min_size=1, max_size=25))
def test_the_officers_list_is_the_order_in_which_they_are_called(arrivals: list[tuple[int, bool]]) -> None:
    hall = hall_of(arrivals)
    before = in_calling_order(hall, "2", 1, NOW)
    _, called = call(hall, 1000)
    assert [ticket.ticket_id for ticket, _ in before] == ([called] if called else [])
    assert len(in_calling_order(hall, "2", 100, NOW)) == len(arrivals)


def test_priority_goes_ahead_by_its_head_start_and_no_further() -> None:
    hall = hall_of([(0, False), (10, False), (20, True)])
    labels = [str(ticket.label) for ticket, _ in in_calling_order(hall, "2", 9, NOW)]
    assert labels == ["B1-001", "B1-003", "B1-002"]
    chosen = next_at(hall, "2", NOW)
    assert chosen is not None
    assert chosen[1] == "arrival"


def test_the_reason_beside_a_capped_visitor_says_so() -> None:
    hall = hall_of([(14, False)] + [(15, True)] * CAP + [(15, True)])
    for turn in range(CAP):
        hall, _ = call(hall, 100 + 10 * turn)
    chosen = next_at(hall, "2", NOW)
    assert chosen is not None
    assert (str(chosen[0].label), chosen[1]) == ("B1-001", "capped")


@settings(deadline=None, max_examples=60)
@given(
    logs=st.lists(
        st.lists(st.tuples(st.integers(0, 3600), st.booleans()), max_size=8), min_size=2, max_size=4
    ),
    data=st.data(),
)
def test_the_same_device_logs_fold_to_the_same_hall_in_any_arrival_order(
    logs: list[list[tuple[int, bool]]], data: st.DataObject
) -> None:
    streams = [
        [
            Accepted(0, 10**9 + second * 1000, f"k{issuer}", f"{issuer}:{at}", payload)
            for at, (second, priority) in enumerate(log, start=1)
            for payload in _issued_and_printed(at, priority, str(issuer))
        ]
        for issuer, log in enumerate(logs, start=1)
    ]
    in_turn = evolve_all(empty_hall(MALL, "d"), [event for stream in streams for event in stream])
    heads, mixed = [list(stream) for stream in streams], []
    while any(heads):
        pick = data.draw(st.sampled_from([at for at, stream in enumerate(heads) if stream]))
        mixed.append(heads[pick].pop(0))
    assert evolve_all(empty_hall(MALL, "d"), mixed) == in_turn


def _issued_and_printed(number: int, priority: bool, issuer: str) -> tuple[e.Payload, ...]:
    ticket = issued(number, priority=priority, issuer=issuer)
    return ticket, e.TicketPrinted(ticket.ticket_id, copy=False)


def test_two_open_tickets_with_one_number_are_twins_and_told_apart_by_their_letters() -> None:
    hall = empty_hall(MALL, "d")
    first = issued(7)
    second = replace(first, ticket_id=str(uuid.UUID(int=99)))
    hall = evolve_all(hall, [Accepted(1, 1, "k1", "a", first), Accepted(2, 2, "k2", "b", second)])
    assert all(ticket.twin for ticket in hall.tickets.values())
    assert len({ticket.check for ticket in hall.tickets.values()}) == 2


def test_an_event_offered_twice_changes_nothing() -> None:
    once = hall_of([(0, False)])
    again = evolve(once, Accepted(2, 10**9 + 5, "k", "e2", issued(1)))
    assert again == once
