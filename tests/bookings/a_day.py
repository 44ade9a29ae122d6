"""Two hundred citizens with bookings on a day without internet: who they are, and what each of them does when."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_code import new_code
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from antrean.ledger.device_memory import Pairing
from antrean.link.server import ServerLink
from kiosk.checking_in import Asked, CheckingIn
from kiosk.conversation import Conversation
from tests.booking_site.site_of_tests import catalogue
from tests.bookings.mall_process import MallProcess, SharedClock, mall_process
from tests.bookings.two_outsides import CALENDARS, SITE, Booked, Outsides, two_outsides
from tests.faults.proxy import FaultProxy
from tests.protocol.whole import Kiosk, Machine, Server
from tests.server.house_of_tests import MORNING_MS

MINUTE, DAY = 60_000, 24 * 3_600_000
CAPACITY = 15
"""What each slot is sold to: 60 visitors an hour, half of them never sold, in half hours."""
ARRIVED, BOOKED, CANCELLED, NOSHOW = (
    BookingStatus(name) for name in ("arrived", "booked", "cancelled", "noshow")
)
KTP, KK = "ktp-baru", "kk"
ALL_DAY = ("09:00", "09:30", "10:30", "11:00", "11:30", "13:00", "13:30", "14:00", "14:30")


def at(clock: str, days: int = 0) -> int:
    """That local time on the day of the test, in ms: Tuesday 25 November 2025; `days` later."""
    hour, minute = map(int, clock.split(":"))
    return MORNING_MS + (1 + days) * DAY + ((hour - 9) * 60 + minute) * MINUTE


@dataclass(frozen=True)
class Role:
    """So many guests of the site and of the calendar for these slots, and how it must end for each of them.

    `how` is what their number says of the booking ("" for no number), `tickets` how many numbers they were given,
    `cases` the rows of the table of conflicts that were noted.
    """

    name: str
    site: int
    calendar: int
    slots: tuple[str, ...]
    status: BookingStatus = ARRIVED
    how: str = "in_time"
    tickets: int = 1
    after_cancel: bool = False
    cases: frozenset[tuple[str, str]] = frozenset()
    services: tuple[str, ...] = (KTP, KK)
    refusal: str = ""


def _case(case: str, decision: str) -> frozenset[tuple[str, str]]:
    return frozenset({(case, decision)})


PRESENCE = _case("cancelled_after_arrival", "presence_wins")
KEEPS = _case("moved_after_arrival", "keeps_its_place")
ALIAS = _case("checked_in_twice", "earliest_is_the_ticket")
BOTH = _case("checked_in_twice", "both_tickets_stay")
MATCHED = _case("unknown_code", "matched")

ROLES = (
    # the hundred who come while there is no internet
    Role("in_time", 19, 15, ("09:00", "09:30", "10:30")),
    Role("early", 4, 2, ("13:00", "13:30"), how="early"),
    Role("late", 4, 2, ("09:00",), how="late"),
    Role("twice", 6, 4, ("09:00", "09:30"), tickets=2, cases=ALIAS),
    Role("twice_called", 2, 1, ("09:00",), tickets=2, cases=ALIAS, services=(KTP,)),
    Role("absent_then_again", 1, 1, ("09:00",), tickets=2, how="late", cases=BOTH, services=(KTP,)),
    Role("cancelled_then_comes", 3, 1, ("09:30",), after_cancel=True, cases=PRESENCE),
    Role("deleted_then_comes", 0, 1, ("09:30",), after_cancel=True, cases=PRESENCE),
    Role("comes_then_cancelled", 4, 2, ("10:30",), after_cancel=True, cases=PRESENCE),
    Role("moved_then_comes", 4, 2, ("09:30",), cases=KEEPS),
    Role("moved_a_day_then_comes", 3, 2, ("09:30",), cases=KEEPS),
    Role("in_the_full_slot", 14, 0, ("10:00",), services=(KK,)),
    Role("gives_the_full_slot_back", 1, 0, ("10:00",), after_cancel=True, cases=PRESENCE, services=(KK,)),
    Role("at_the_helper", 2, 1, ("10:00",), services=(KTP,)),
    Role("number_first", 1, 1, ("10:00",), services=(KTP,)),
    # who does not come, or is not let in
    Role("stays_away", 38, 17, ALL_DAY, NOSHOW, "", 0),
    Role("cancelled_before", 4, 1, ("10:30",), CANCELLED, "", 0, refusal="booking_cancelled"),
    Role("deleted_before", 0, 1, ("10:30",), CANCELLED, "", 0, refusal="booking_cancelled"),
    Role("cancelled_meanwhile", 4, 2, ("13:00",), CANCELLED, "", 0),
    Role("moved_meanwhile", 3, 2, ("13:00",), NOSHOW, "", 0),
    Role("moved_a_day_meanwhile", 2, 2, ("13:00",), BOOKED, "", 0),
    Role("moved_to_today", 1, 1, ("tomorrow",), BOOKED, "", 0, refusal="booking_other_day"),
    Role("tomorrow", 11, 8, ("tomorrow",), BOOKED, "", 0, refusal="booking_other_day"),
)
MEANWHILE = (
    # who books while the mall hears nobody
    Role("resold", 1, 0, ("10:00",), services=(KK,)),
    Role("signed", 3, 0, ("10:30",)),
    Role("signed_twice", 1, 0, ("10:30",), tickets=2, cases=ALIAS),
    Role("typed_later_real", 2, 1, ("10:30",), cases=MATCHED),
    Role("unheard_of", 1, 1, ("11:00",), BOOKED, "", 0),
)


@dataclass
class Guest:
    """One citizen: their role, their booking, the slot they know, and the numbers they were given, oldest first."""

    role: Role
    booked: Booked
    slot_ms: int
    tickets: list[str] = field(default_factory=list)


class DayKiosk:
    """A kiosk whose way to the server can be cut, and its check-ins."""

    def __init__(self, folder: Path, clock: SharedClock, name: str, pairing: Pairing, port: int) -> None:
        self.way = FaultProxy(port)
        paired = replace(pairing, servers=(self.way.url,))
        self.kiosk = Kiosk(folder, Machine(clock, name), paired)
        self._talk = Conversation(
            self.kiosk.ledger,
            ServerLink(paired.servers, paired.token),
            self.kiosk.clock,
            self.kiosk.new_id,
            version="test",
        )
        self._desk = CheckingIn(self.kiosk.ledger, self.kiosk.clock, self.kiosk.new_id, self.kiosk.issuing)

    def hear(self) -> None:
        """One exchange with the server."""
        self._talk.exchange()

    def take(self, text: str, service: str = "") -> str:
        """A number for a code; raises what the desk raises."""
        known = self.kiosk.ledger.memory.catalogue()
        assert known is not None
        return self._desk.take(mall_from_dict(known[1]), text, Asked("id"), service=service)[1].ticket_id

    def refusal(self, text: str) -> str:
        """Why a code gets no number."""
        try:
            self.take(text)
        except RuleViolation as refusal:
            return refusal.code
        return ""

    def close(self) -> None:
        self._talk.close()
        self.kiosk.stop()
        self.way.close()


@dataclass
class TheDay:
    """Everything and everybody of the day; `plan` lists what is to happen, `play` lets it happen."""

    clock: SharedClock
    outsides: Outsides
    mall: MallProcess
    north: DayKiosk
    south: DayKiosk
    dice: random.Random
    guests: list[Guest] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    never_real: str = ""
    unknown: str = field(default_factory=lambda: new_code(b"a code of nobody"))
    _plan: list[tuple[int, Callable[[], None]]] = field(default_factory=list)

    @property
    def kiosks(self) -> tuple[DayKiosk, DayKiosk]:
        return self.north, self.south

    def of(self, *names: str) -> list[Guest]:
        """The guests of these roles."""
        assert set(names) <= {role.name for role in (*ROLES, *MEANWHILE)}
        return [guest for guest in self.guests if guest.role.name in names]

    def pass_to(self, at_ms: int) -> None:
        """It becomes so late, or a second later than before."""
        self.clock.now_ms = max(at_ms, self.clock.now_ms + 1_000)

    def plan(self, at_ms: int, step: Callable[[], None]) -> None:
        """This is to happen then."""
        self._plan.append((at_ms, step))

    def play(self, until_ms: int) -> None:
        """What is planned until then happens, each at its time."""
        due = sorted((one for one in self._plan if one[0] <= until_ms), key=lambda one: one[0])
        self._plan = [one for one in self._plan if one[0] > until_ms]
        for at_ms, step in due:
            self.pass_to(at_ms)
            step()
        self.pass_to(until_ms)

    def booked_by(self, roles: tuple[Role, ...]) -> None:
        """All guests of these roles book."""
        for role in roles:
            slots, services = cycle(role.slots), cycle(role.services)
            for source in [SITE] * role.site + [CALENDARS] * role.calendar:
                slot = next(slots)
                slot_ms = at("09:30", 1) if slot == "tomorrow" else at(slot)
                booked = self.outsides.book(source, next(services), slot_ms, len(self.guests) + 1)
                self.guests.append(Guest(role, booked, slot_ms))

    # --- what people do

    def comes(self, guest: Guest, kiosk: DayKiosk, at_ms: int, text: str = "", service: str = "") -> None:
        """The guest will be at a kiosk then, with the typed code or another `text`."""

        def step() -> None:
            guest.tickets.append(kiosk.take(text or guest.booked.code, service))

        self.plan(at_ms, step)

    def serve(self, counter: str, count: int) -> None:
        """So many are called at a counter and served."""
        for _ in range(count):
            called = self.mall.command("call_next", counter=counter)["ticket"]
            for step in ("start", "finish"):
                self.pass_to(0)
                assert "error" not in self.mall.command(step, counter=counter)
            self.finished.add(called["ticket_id"])

    def around(self, guest: Guest) -> int:
        """Some moment in the ten minutes around the slot."""
        return guest.slot_ms + self.dice.randint(-9 * MINUTE, 9 * MINUTE)

    def kiosks_in_turn(self) -> Iterator[DayKiosk]:
        return cycle(self.kiosks)

    def life_of(self, port: int) -> None:
        """The kiosks' ways lead to the server's new life."""
        for kiosk in self.kiosks:
            kiosk.way.target = port


@contextmanager
def the_day(folder: Path, seed: int) -> Iterator[TheDay]:
    """Seven in the morning: outsides, server and two paired kiosks, all in contact."""
    clock_file = folder / "clock"
    clock = SharedClock(clock_file, at("07:00"))
    (folder / "mall").mkdir()
    file = catalogue(per_hour=60)
    server = Server(folder / "mall", clock, file)
    pairings = [server.pair(name) for name in ("Utara", "Selatan")]
    server.stop()
    with two_outsides(folder, clock) as outsides, mall_process(folder / "mall", clock_file) as mall:
        outsides.settings(folder / "mall")
        mall.start()
        north, south = (
            DayKiosk(folder / name, clock, name, pairing, mall.port)
            for name, pairing in zip(("utara", "selatan"), pairings, strict=True)
        )
        try:
            yield TheDay(clock, outsides, mall, north, south, random.Random(seed))
        finally:
            for kiosk in (north, south):
                kiosk.close()
    clock.close()
