"""The live hall of one day as a frozen value: tickets, lines, counters and what displays need of the last calls.

`evolve` makes the next hall from an accepted event, `decide` asks it what a command means, `views` show it. A decision
can be tried on a hall and dropped, because nothing here is ever changed in place.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from antrean.domain.catalogue import Counter, Mall
from antrean.domain.changed import changed
from antrean.domain.events import Payload
from antrean.domain.line import Line
from antrean.domain.pace import Pace
from antrean.domain.shelves import LooseShelves, Shelves
from antrean.domain.ticket import State, Ticket

LAST_CALLS = 60
"""Remembered calls: a board that shows and speaks one after the other is minutes behind after a rush."""

ASIDE = (State.NO_SHOW, State.ON_HOLD)
EVERY_DEVICE = ""
"""The device key under which `Hall.issued` counts all devices together."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event in the server's order: `order_ms` is its moment in server time, fixed once at acceptance."""

    position: int
    order_ms: int
    device_id: str
    event_id: str
    payload: Payload


class CounterState(StrEnum):
    """What a counter shows."""

    CLOSED = "closed"
    AVAILABLE = "available"
    CALLING = "calling"
    SERVING = "serving"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter today: who sits there, the ticket at it, the break, and its tally.

    `officer_ms` is since when this officer sits there, `since_ms` since when all three are as they are.
    """

    code: str
    officer: str | None = None
    ticket_id: str | None = None
    break_reason: str | None = None
    break_until_ms: int | None = None
    completed: int = 0
    no_show: int = 0
    transferred: int = 0
    serve_ms: tuple[int, ...] = ()
    officer_ms: int | None = None
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call or recall as shown and spoken; `call_id` is the id of its event."""

    call_id: str
    ticket_id: str
    counter: str
    service: str
    called_ms: int
    recall: int


@dataclass(frozen=True, slots=True)
class Help:
    """A visitor at `place` asked for a person; `accepted_by` is who said they come, and when."""

    help_id: str
    place: str
    device_id: str
    asked_ms: int
    accepted_by: str | None = None
    accepted_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a supervisor announces until `until_ms`; `about` is a counter or "", `zone` "" for the whole mall.

    `kind` is one of KINDS of `antrean.domain.announcements`; `text` are the words of a free one.
    """

    notice_id: str
    kind: str
    about: str
    text: str
    zone: str
    officer: str
    at_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """A kiosk was asked to print a ticket of the server, and has not said yet how that ended."""

    ticket_id: str
    device_id: str
    ordered_ms: int


@dataclass(frozen=True, slots=True)
class Hall:
    """One day of one mall.

    `heard` is the highest number per series over all issuers, `numbers` which ticket holds which spoken number,
    `issued` the tickets per service and device (for quotas), `aside` the absent and held tickets in the order they
    became so, `help` the calls nobody has finished, `orders` the papers no kiosk has answered for, `served` the
    services of the counters whose set was changed today (ask `services_of`), `notices` what was announced and not
    withdrawn, `pace` how quickly work goes, `bookings` which ticket stands for a booking, by its source and id.
    """

    mall: Mall
    day: str
    tickets: Shelves[str, Ticket] = field(default_factory=Shelves)
    lines: Shelves[str, Line] = field(default_factory=Shelves)
    desks: Shelves[str, Desk] = field(default_factory=Shelves)
    numbers: Shelves[str, tuple[str, ...]] = field(default_factory=Shelves)
    heard: Shelves[str, int] = field(default_factory=Shelves)
    issued: Shelves[tuple[str, str], int] = field(default_factory=Shelves)
    calls: tuple[Call, ...] = ()
    help: tuple[Help, ...] = ()
    aside: tuple[str, ...] = ()
    orders: tuple[PrintOrder, ...] = ()
    served: Shelves[str, tuple[str, ...]] = field(default_factory=Shelves)
    notices: tuple[Notice, ...] = ()
    pace: Pace = field(default_factory=Pace)
    bookings: Shelves[tuple[str, str], str] = field(default_factory=Shelves)

    def line(self, service: str) -> Line:
        """The line of a service, empty when nobody has come yet."""
        return self.lines.get(service, _EMPTY_LINE)

    def services_of(self, counter: str) -> tuple[str, ...]:
        """The codes of what the counter serves now: as changed today, else as in the catalogue."""
        return self.served.get(counter) or self.mall.counters[counter].services

    def counters_for(self, service: str) -> tuple[Counter, ...]:
        """The counters that serve `service` now, in the order of the catalogue."""
        return tuple(
            counter for code, counter in self.mall.counters.items() if service in self.services_of(code)
        )

    def desk(self, counter: str) -> Desk:
        """The counter's desk, closed when nobody has opened it today."""
        return self.desks.get(counter) or Desk(counter)

    def with_ticket(self, ticket: Ticket) -> "Hall":
        """The hall with this ticket in it; `aside` follows its state."""
        tickets, is_aside = self.tickets.with_item(ticket.ticket_id, ticket), ticket.state in ASIDE
        if is_aside == (ticket.ticket_id in self.aside):
            return changed(self, tickets=tickets)
        others = tuple(other for other in self.aside if other != ticket.ticket_id)
        return changed(self, tickets=tickets, aside=(*others, ticket.ticket_id) if is_aside else others)

    def with_line(self, service: str, line: Line) -> "Hall":
        """The hall with this line."""
        return changed(self, lines=self.lines.with_item(service, line))

    def loosened(self) -> "Hall":
        """This hall for a batch of events: each next hall of the batch uses up the one before. See `settled`."""
        return changed(self, **{name: getattr(self, name).loosened() for name in _SHELVED})

    def settled(self) -> "Hall":
        """The frozen hall after a batch that began with `loosened`."""
        shelved = {name: getattr(self, name) for name in _SHELVED}
        return changed(
            self,
            **{
                name: part.settled() if isinstance(part, LooseShelves) else part
                for name, part in shelved.items()
            },
        )

    def with_desk(self, desk: Desk) -> "Hall":
        """The hall with this desk."""
        return changed(self, desks=self.desks.with_item(desk.code, desk))


_EMPTY_LINE = Line()
_SHELVED = ("tickets", "lines", "desks", "numbers", "heard", "issued", "served")
"""`bookings` stays frozen in a batch: most batches have none, and loosening a map costs more than a few changes."""


def issued_today(hall: Hall, service: str, device_id: str = EVERY_DEVICE) -> int:
    """How many tickets of a service were issued today, by one device or by all."""
    return hall.issued.get((service, device_id), 0)


def is_full(hall: Hall, service: str) -> bool:
    """Whether the service's quota for the day is used up."""
    quota = hall.mall.services[service].quota
    return quota is not None and issued_today(hall, service) >= quota


def empty_hall(mall: Mall, day: str) -> Hall:
    """The hall in the morning; `day` is the local date as YYYY-MM-DD."""
    return Hall(mall, day)


def counter_state(hall: Hall, code: str) -> CounterState:
    """What the counter shows now."""
    desk = hall.desk(code)
    if desk.ticket_id is not None:
        serving = hall.tickets[desk.ticket_id].state is State.SERVING
        return CounterState.SERVING if serving else CounterState.CALLING
    if desk.break_reason is not None:
        return CounterState.BREAK
    return CounterState.AVAILABLE if desk.officer else CounterState.CLOSED
