"""Help at kiosks, papers printed elsewhere, assistance told of, and priority that staff confirm or withdraw."""

import itertools

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.assist_report import CallFold, assist_report
from antrean.domain.assistance import ASSIST_REASONS, whole_minutes
from antrean.domain.choice import in_calling_order
from antrean.domain.decide import decide
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.helping import ON_THE_WAY_MS, ORDER_GOOD_FOR_MS, open_help, orders_for
from antrean.domain.ticket import Paper
from antrean.domain.views import console_state, help_state
from antrean.domain.waits import visits_of
from tests.domain.malls import mall

T0 = 1_763_949_600_000
MINUTE_MS = 60_000


class Day:
    """A hall that is told of one event after another."""

    def __init__(self) -> None:
        self.hall: Hall = empty_hall(mall(), "2025-11-24")
        self.log: list[Accepted] = []
        self.now = T0
        self._numbers = itertools.count(1)

    def tell(self, *payloads: e.Payload) -> None:
        for payload in payloads:
            at = len(self.log) + 1
            one = Accepted(at, self.now, "device", f"event-{at:04d}", payload)
            self.log.append(one)
            self.hall = evolve(self.hall, one)

    def give(self, command: c.Command) -> tuple[e.Payload, ...]:
        events = decide(self.hall, command, self.now)
        self.tell(*events)
        return events

    def arrive(self, name: str, *, priority: bool = False, service: str = "ktp-baru") -> None:
        number = next(self._numbers)
        self.tell(
            e.TicketIssued(name, service, "A", "1", 1, number, "2025-11-24", priority, "id", "kiosk", False)
        )
        self.now += MINUTE_MS

    def order(self) -> list[str]:
        return [ticket.ticket_id for ticket, _ in in_calling_order(self.hall, "1", 10, self.now)]


def test_withdrawn_priority_stands_by_arrival_and_confirmed_priority_keeps_its_place() -> None:
    day = Day()
    day.arrive("one")
    day.arrive("two", priority=True)
    day.arrive("three", priority=True)
    assert day.order() == ["two", "three", "one"]
    day.give(c.SetPriority(ticket="two", priority=False, officer="sari"))
    assert day.order() == ["three", "one", "two"]
    assert day.hall.tickets["two"].step.why == "arrival"
    assert len(day.give(c.SetPriority(ticket="three", priority=True, officer="sari"))) == 1
    assert day.order() == ["three", "one", "two"]
    assert day.hall.tickets["three"].priority_checked
    assert day.give(c.SetPriority(ticket="three", priority=True, officer="budi")) == ()


def test_only_yes_or_no_of_priority_is_kept() -> None:
    assert set(e.body_of(e.PrioritySet("t", "1", "sari", True))) == {
        "ticket_id",
        "counter",
        "officer",
        "priority",
    }


def test_a_visitor_at_the_counter_loses_priority_without_losing_the_counter() -> None:
    day = Day()
    day.arrive("one", priority=True)
    day.give(c.CallNext(counter="1", officer="dewi"))
    assert "set_priority" in console_state(day.hall, "1", day.now)["can"]
    day.give(c.SetPriority(counter="1", ticket="one", priority=False, officer="dewi"))
    now = console_state(day.hall, "1", day.now)["current"]
    assert (now["priority"], now["priority_checked"], now["state"]) == (False, True, "called")
    day.give(c.UndoCall(counter="1", officer="dewi"))
    assert day.order() == ["one"]


def test_a_returned_visitor_whose_priority_goes_stays_due_when_they_were() -> None:
    day = Day()
    day.arrive("one", priority=True)
    for _ in range(6):
        day.arrive(f"later-{_}")
    day.give(c.CallNext(counter="1", officer="dewi"))
    day.give(c.Absent(counter="1", officer="dewi"))
    day.give(c.Return(counter="1", ticket="one", officer="dewi"))
    before = day.order()
    day.give(c.SetPriority(counter="1", ticket="one", priority=False, officer="dewi"))
    assert day.order() == before
    assert day.hall.tickets["one"].step.why == "returned"


def test_a_call_for_help_is_heard_accepted_and_done_with_its_minutes() -> None:
    day = Day()
    day.tell(e.HelpRequested("Kios 2"))
    day.now += 2 * MINUTE_MS
    day.tell(e.HelpRequested("Kios 2"))  # an impatient second press
    assert [call["asked_at"] for call in help_state(day.hall, day.now)["calls"]] == [T0]
    day.give(c.AcceptHelp(place="Kios 2", officer="sari"))
    accepted_at = day.now
    day.now += 3 * MINUTE_MS + 1
    (call,) = help_state(day.hall, day.now)["calls"]
    assert (call["accepted_by"], call["accepted_at"]) == ("sari", accepted_at)
    assert day.give(c.FinishHelp(place="Kios 2", officer="sari")) == (e.HelpFinished("Kios 2", "sari", 4),)
    assert help_state(day.hall, day.now)["calls"] == []
    with pytest.raises(RuleViolation, match="no_help_asked"):
        day.give(c.FinishHelp(place="Kios 2", officer="sari"))


def test_help_done_without_a_word_before_counts_as_accepted_by_the_same_person() -> None:
    day = Day()
    day.tell(e.HelpRequested("Kios 2"))
    kinds = [type(event) for event in day.give(c.FinishHelp(place="Kios 2", officer="sari"))]
    assert kinds == [e.HelpAccepted, e.HelpFinished]


def test_those_nobody_comes_to_stand_first_and_an_old_acceptance_fades() -> None:
    day = Day()
    day.tell(e.HelpRequested("Kios 1"))
    day.give(c.AcceptHelp(place="Kios 1", officer="sari"))
    day.now += MINUTE_MS
    day.tell(e.HelpRequested("Kios 2"))
    assert [help.place for help in open_help(day.hall, day.now)] == ["Kios 2", "Kios 1"]
    assert [help.place for help in open_help(day.hall, day.now + ON_THE_WAY_MS)] == ["Kios 2"]


def test_a_helpers_ticket_says_why_how_long_and_where_it_prints() -> None:
    day = Day()
    events = day.give(
        c.Issue(
            service="ktp-baru", ticket_id="t1", generation=1, reason="sight", minutes=2, print_at="kios-2"
        )
    )
    assert events[1:] == (e.AssistanceGiven("t1", "sight", 2), e.PrintOrdered("t1", "kios-2"))
    assert [order.ticket_id for order in orders_for(day.hall, "kios-2", day.now)] == ["t1"]
    assert orders_for(day.hall, "kios-1", day.now) == ()
    with pytest.raises(BadInput, match="unknown_assist_reason"):
        day.give(c.Issue(service="ktp-baru", ticket_id="t2", reason="poor"))
    with pytest.raises(BadInput, match="bad_field"):
        day.give(c.Issue(service="ktp-baru", ticket_id="t2", reason="sight", minutes=481))


@pytest.mark.parametrize(
    ("outcome", "paper"),
    [
        (e.TicketPrinted("t1", False), Paper.OK),
        (e.TicketPrintFailed("t1", "no_paper", False), Paper.FAILED),
        (e.TicketPrintUnknown("t1", "interrupted", False), Paper.UNKNOWN),
    ],
)
def test_an_order_ends_with_the_kiosks_word_whatever_it_is(outcome: e.Payload, paper: Paper) -> None:
    day = Day()
    day.give(c.Issue(service="ktp-baru", ticket_id="t1", print_at="kios-2"))
    day.tell(outcome)
    assert day.hall.orders == ()
    assert day.hall.tickets["t1"].paper is paper


def test_an_order_nobody_took_in_time_is_not_told_any_more() -> None:
    day = Day()
    day.give(c.Issue(service="ktp-baru", ticket_id="t1", print_at="kios-2"))
    assert orders_for(day.hall, "kios-2", day.now + ORDER_GOOD_FOR_MS - 1)
    assert not orders_for(day.hall, "kios-2", day.now + ORDER_GOOD_FOR_MS)


def test_the_report_counts_each_assisted_ticket_once_by_reason() -> None:
    day = Day()
    for at, (reason, minutes) in enumerate([("reading", 4), ("reading", 2), ("phone", 0), ("", 0)]):
        day.give(c.Issue(service="ktp-baru", ticket_id=f"t{at}", reason=reason, minutes=minutes))
    day.give(c.CallNext(counter="1", officer="dewi"))
    day.give(c.Start(counter="1", officer="dewi"))
    day.give(c.Transfer(counter="1", service="kk", officer="dewi"))
    day.arrive("alone")
    fold = CallFold()
    for accepted in day.log:
        fold.add(accepted)
    made = assist_report(visits_of(day.log), fold.calls())
    assert (made.tickets, made.minutes) == (4, 6)
    assert [(row.reason, row.tickets, row.minutes, row.median_minutes) for row in made.reasons] == [
        ("reading", 2, 6, 2),
        ("phone", 1, 0, None),
        ("", 1, 0, None),
    ]


def test_the_report_tells_how_soon_calls_were_heard() -> None:
    day, fold = Day(), CallFold()
    for wait in (1, 3, 5):
        day.tell(e.HelpRequested("Kios 1"))
        day.now += wait * MINUTE_MS
        day.give(c.AcceptHelp(place="Kios 1", officer="sari"))
        day.give(c.FinishHelp(place="Kios 1", officer="sari"))
    day.tell(e.HelpRequested("Kios 2"))
    for accepted in day.log:
        fold.add(accepted)
    calls = fold.calls()
    assert (calls.asked, calls.accepted, calls.finished) == (4, 3, 3)
    assert calls.median_accept_ms == 3 * MINUTE_MS


def test_a_minute_begun_is_a_minute() -> None:
    assert [whole_minutes(ms) for ms in (0, 20_000, 60_000, 60_001)] == [1, 1, 1, 2]
    assert len(ASSIST_REASONS) == 6
