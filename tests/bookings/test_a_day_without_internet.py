"""Two hundred bookings, a booking site, a real calendar server, a mall and two kiosks, on a day without internet."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from antrean.domain.booking import BookingStatus
from antrean.domain.errors import Unavailable
from antrean.domain.ticket import State, Ticket
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_log
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_bookings import BookingRow
from queue_server.running import assemble
from tests.bookings.a_day import CAPACITY, MEANWHILE, MINUTE, ROLES, Guest, TheDay, at, the_day
from tests.bookings.two_outsides import ARTIFICIAL, CALENDARS, SITE, Word
from tests.journey.outside import wait_until
from tests.server.house_of_tests import settings

SEED = 6


def until(true: Callable[[], bool]) -> None:
    """Returns when something has come true."""
    wait_until(true, "what the mall's worker does")


def row_of(day: TheDay, guest: Guest) -> BookingRow:
    """A guest's booking as the mall has it."""
    found = day.mall.read(lambda r: copy.booking(r, guest.booked.source, guest.booked.booking_id))
    assert isinstance(found, BookingRow), guest
    return found


def in_contact(day: TheDay) -> bool:
    """Whether the mall has heard both outsides since the clock was set, and has nothing left to tell."""
    sources = day.mall.read(copy.sources)
    heard = [sources[name].last_contact_ms or 0 for name in (SITE, CALENDARS) if name in sources]
    return len(heard) == 2 and min(heard) >= day.clock.now_ms and not day.mall.read(outbox.unsettled)


def missed(day: TheDay) -> set[str]:
    """The ids of the bookings that were said to be missed."""
    found = day.mall.read(lambda r: hall_log.of_types(r, 0, 100_000, ("BookingMissed",))[0])
    return {stored.envelope.body["booking_id"] for stored in found}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TheDay]:
    """The day as it was, after its evening."""
    with the_day(tmp_path_factory.mktemp("day"), SEED) as day:
        before_the_cut(day)
        without_internet(day)
        the_push(day)
        evening(day)
        yield day


def before_the_cut(day: TheDay) -> None:
    """Two hundred book, some cancel again, the mall and both kiosks hear of it, and then the internet goes."""
    until(lambda: in_contact(day))
    day.booked_by(ROLES)
    assert len(day.guests) == 200
    day.pass_to(at("07:20"))
    until(lambda: in_contact(day))
    for guest in day.of("cancelled_before"):
        day.outsides.cancel(guest.booked)
    for guest in day.of("deleted_before"):
        day.outsides.cancel(guest.booked, delete=True)
    day.pass_to(at("07:50"))
    until(lambda: in_contact(day))
    for kiosk in day.kiosks:
        kiosk.hear()
        copies = [kiosk.kiosk.ledger.bookings.of(*key(guest)) for guest in day.guests]
        held = Counter(found.status for found in copies if found is not None)
        assert held == {BookingStatus.BOOKED: 194, BookingStatus.CANCELLED: 6}
    day.pass_to(at("08:00"))
    day.outsides.cut()


def without_internet(day: TheDay) -> None:
    """What happens outside, at the kiosks and at the counters while the mall hears nobody."""
    outsides = day.outsides
    day.pass_to(at("08:05"))
    for guest in day.of("cancelled_then_comes", "gives_the_full_slot_back", "cancelled_meanwhile"):
        outsides.cancel(guest.booked)
    for guest in day.of("deleted_then_comes"):
        outsides.cancel(guest.booked, delete=True)
    for guest in day.of("moved_then_comes"):
        outsides.move(guest.booked, at("11:00"))
    for guest in day.of("moved_a_day_then_comes", "moved_a_day_meanwhile"):
        outsides.move(guest.booked, at("10:00", 1))
    for guest in day.of("moved_meanwhile"):
        outsides.move(guest.booked, at("14:00"))
    for guest in day.of("moved_to_today"):
        outsides.move(guest.booked, at("10:30"))
    day.booked_by(MEANWHILE)
    for kiosk in day.kiosks:
        kiosk.way.refuse()
        with pytest.raises(Unavailable):
            kiosk.hear()
    planned(day)
    day.play(at("11:15"))
    assert missed(day) == set(), "a kiosk that was not heard may have let them in"
    day.south.way.fair()
    for kiosk in day.kiosks:
        kiosk.hear()
    until(lambda: bool(missed(day)))
    day.serve("2", 10)


def planned(day: TheDay) -> None:
    """Who comes when, and where."""
    north, south, kiosks = day.north, day.south, day.kiosks_in_turn()
    for number, guest in enumerate(day.of("twice_called", "absent_then_again")):
        day.comes(guest, north, at("08:46") + number * 1_000)
    for guest in day.of("in_time", "in_the_full_slot", "gives_the_full_slot_back"):
        day.comes(guest, next(kiosks), max(day.around(guest), at("08:47")))
    for guest in day.of("cancelled_then_comes", "deleted_then_comes", "moved_then_comes"):
        day.comes(guest, next(kiosks), day.around(guest))
    for guest in day.of("moved_a_day_then_comes"):
        day.comes(guest, next(kiosks), day.around(guest))
    for guest in day.of("early"):
        day.comes(guest, next(kiosks), at("09:15") + day.dice.randint(0, 30 * MINUTE))
    for guest in day.of("late"):
        day.comes(guest, next(kiosks), at("09:20") + day.dice.randint(0, 25 * MINUTE))
    for guest in day.of("twice"):
        first, second = next(kiosks), next(kiosks)
        day.comes(guest, first, guest.slot_ms - day.dice.randint(4, 9) * MINUTE)
        day.comes(guest, second, guest.slot_ms + day.dice.randint(0, 9) * MINUTE)
        next(kiosks)  # so that the next one begins at the other kiosk
    for guest in day.of("cancelled_before", "deleted_before", "moved_to_today", "tomorrow"):
        day.plan(at("09:45"), lambda guest=guest: refused(day, guest))  # type: ignore[misc]
    day.plan(at("09:50"), lambda: the_north_is_heard(day))
    for guest in day.of("twice_called", "absent_then_again"):
        day.comes(guest, south, at("09:58"))
    for guest in day.of("at_the_helper"):
        day.plan(at("10:07"), lambda guest=guest: at_the_helper(day, guest))  # type: ignore[misc]
    for guest in day.of("number_first"):
        day.plan(at("10:09"), lambda guest=guest: number_first(day, guest))  # type: ignore[misc]
    for guest in day.of("resold"):
        day.comes(guest, south, at("10:04"), guest.booked.token)
    for guest in day.of("comes_then_cancelled"):
        day.comes(guest, next(kiosks), at("10:18"))
        day.plan(at("10:25"), lambda guest=guest: day.outsides.cancel(guest.booked))  # type: ignore[misc]
    for guest in day.of("signed", "signed_twice"):
        day.comes(guest, south, at("10:22"), guest.booked.token)
    for guest in day.of("signed_twice"):
        day.comes(guest, north, at("10:20"), guest.booked.token)
    for guest in day.of("typed_later_real"):
        day.comes(guest, next(kiosks), at("10:26"), service=guest.booked.service)
    day.plan(at("10:27"), lambda: setattr(day, "never_real", south.take(day.unknown, "kk")))


def refused(day: TheDay, guest: Guest) -> None:
    """A kiosk gives no number for this booking, for the reason the table names; a deleted one may be unknown."""
    assert {kiosk.refusal(guest.booked.code) for kiosk in day.kiosks} <= {
        guest.role.refusal,
        "unknown_booking",
    }


def the_north_is_heard(day: TheDay) -> None:
    """One kiosk reaches the server, which calls those who came there; two of them do not answer."""
    day.north.way.fair()
    day.north.hear()
    for counter in ("1", "2"):
        day.mall.command("open_counter", counter=counter)
    first = {ticket for guest in day.of("twice_called", "absent_then_again") for ticket in guest.tickets}
    day.serve("1", 3)
    for _ in day.of("absent_then_again"):
        day.pass_to(0)
        first -= {day.mall.command("call_next", counter="1")["ticket"]["ticket_id"]}
        assert "error" not in day.mall.command("absent", counter="1")
    assert first == day.finished
    day.serve("2", 8)


def at_the_helper(day: TheDay, guest: Guest) -> None:
    """A helper types the code in."""
    answer = day.mall.command("check_in", role="helper", code=guest.booked.code)
    assert "error" not in answer, answer
    guest.tickets.append(answer["ticket"]["ticket_id"])


def number_first(day: TheDay, guest: Guest) -> None:
    """The visitor took a number like anybody; a helper gives the booking to it."""
    ticket_id = day.north.kiosk.issue(guest.booked.service)[0].ticket_id
    day.north.hear()
    answer = day.mall.command("check_in", role="helper", code=guest.booked.code, ticket=ticket_id)
    assert "error" not in answer, answer
    guest.tickets.append(ticket_id)


def the_push(day: TheDay) -> None:
    """The internet is back; the server is killed while the site has heard and not answered, then so at the calendar."""
    heard, outsides = day.outsides.heard, day.outsides
    heard.hold.left, outsides.writes.left = 20, 10
    outsides.heal()
    day.pass_to(at("11:45"))
    for hold in (heard.hold, outsides.writes):
        assert hold.reached.wait(30)
        assert day.mall.read(outbox.unsettled), "in the middle of it"
        day.mall.kill()
        hold.released.set()
        day.mall.start()
        day.life_of(day.mall.port)
    until(lambda: in_contact(day))


def evening(day: TheDay) -> None:
    """Every slot and its grace are over, and both kiosks are heard once more."""
    day.pass_to(at("16:30"))
    for kiosk in day.kiosks:
        kiosk.hear()
    gone = {one.booked.booking_id for one in day.guests if one.role.status is BookingStatus.NOSHOW}
    until(lambda: missed(day) >= gone)
    day.pass_to(at("16:45"))
    until(lambda: in_contact(day))
    day.mall.kill()


@pytest.fixture(scope="module")
def tickets(day: TheDay) -> list[Ticket]:
    """Every ticket of the day, as a server that is started once more has it."""
    fresh = FreshIds(*(day.clock.new_id() for _ in range(3)))
    ledger = HallLedger.open(day.mall.folder, fresh=fresh, now_ms=day.clock.now_ms)
    found = list(assemble(ledger, settings(), day.clock).parts.live.truth.hall.tickets.each())
    ledger.close()
    return found


def of_booking(tickets: list[Ticket], guest: Guest) -> list[Ticket]:
    """The tickets that say they came with this booking."""
    key = (guest.booked.source, guest.booked.booking_id)
    return [one for one in tickets if one.booking is not None and one.booking.key == key]


def standing(tickets: list[Ticket], guest: Guest) -> list[Ticket]:
    """Those of them that stand for it: no alias, and not taken before the visitor was marked absent."""
    found = [one for one in of_booking(tickets, guest) if not one.alias_of]
    if guest.role.name == "absent_then_again":
        found = [one for one in found if one.state is not State.NO_SHOW]
    return found


def cases(day: TheDay) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """The rows of the table that were noted, by booking."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for local_day in ("2025-11-25", "2025-11-26"):
        for one in day.mall.read(partial(notes.conflicts, day=local_day)):
            found.setdefault((one.source, one.booking_id), set()).add((one.what, one.decision))
    return found


def test_every_case_ends_as_the_table_says(day: TheDay, tickets: list[Ticket]) -> None:
    noted = cases(day)
    served = {one.ticket_id for one in tickets if one.ticket_id in day.finished}
    wrong = []
    for guest in day.guests:
        role, row = guest.role, row_of(day, guest)
        mine = of_booking(tickets, guest)
        stand = standing(tickets, guest)
        status = role.status
        if any(one.ticket_id in served for one in mine):
            status = BookingStatus.FULFILLED
        how = stand[0].booking.how if stand and stand[0].booking else ""
        odd = noted.get((guest.booked.source, guest.booked.booking_id), set()) - {OVERBOOKED}
        came = (row.status, how, len(guest.tickets), len(mine), len(stand), row.cancelled, odd)
        expected = (
            status, role.how, role.tickets, role.tickets, min(role.tickets, 1),
            role.after_cancel or role.status is BookingStatus.CANCELLED, set(role.cases),
        )  # fmt: skip
        if came != expected:
            wrong.append(f"{role.name} {guest.booked.source} {row.label}: {came} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert len(served) == 21


def test_outside_and_mall_agree_on_every_one(day: TheDay) -> None:
    wrong = []
    for guest in day.guests:
        word, row = day.outsides.word(guest.booked), row_of(day, guest)
        after_cancel = row.cancelled and row.status is not BookingStatus.CANCELLED
        mine = Word(row.status, row.start_ms, row.label, after_cancel)
        if word is None:
            assert guest.role.name.startswith("deleted"), guest
            assert row.cancelled
        elif word != mine:
            wrong.append(f"{guest.role.name} {guest.booked.source}: {word} outside, {mine} here")
    assert not wrong, "\n".join(wrong)


OVERBOOKED = ("slot_overbooked", "all_are_served")


def test_the_slot_that_was_sold_again_serves_everybody(day: TheDay, tickets: list[Ticket]) -> None:
    came = Counter(
        (one.steps[0].service, one.booking.slot_ms)
        for one in tickets
        if one.booking is not None
        and one.booking.slot_ms
        and not one.alias_of
        and one.state is not State.NO_SHOW
    )
    above = {slot: count - CAPACITY for slot, count in came.items() if count > CAPACITY}
    assert above["kk", at("10:00")] == 1, "the site alone sold that one, and filled it"
    assert sum(OVERBOOKED in found for found in cases(day).values()) == sum(above.values())


def test_nothing_is_doubled_and_nothing_lost(day: TheDay, tickets: list[Ticket]) -> None:
    by_id = {one.ticket_id: one for one in tickets}
    given = [ticket for guest in day.guests for ticket in guest.tickets] + [day.never_real]
    assert len(set(given)) == len(given) == len(tickets), "every number that was given, and no other"
    for guest in day.guests:
        row = row_of(day, guest)
        stands = [one.ticket_id for one in standing(tickets, guest)]
        assert stands == [row.ticket_id] * bool(guest.tickets), guest
        for one in of_booking(tickets, guest):
            if one.alias_of:
                assert one.alias_of == row.ticket_id
                assert one.ticket_id not in day.finished
    assert day.finished <= by_id.keys()
    told = day.mall.read(lambda r: [outbox.of_booking(r, *key(guest)) for guest in day.guests])
    expected = {"arrived": ["arrived"], "fulfilled": ["arrived", "fulfilled"], "noshow": ["noshow"]}
    for guest, rows in zip(day.guests, told, strict=True):
        status = row_of(day, guest).status
        assert [one.what for one in rows] == expected.get(status, []), guest
        assert {one.state for one in rows} <= {outbox.DONE}
        if guest.booked.source == SITE:
            heard = day.outsides.heard.outcomes
            for one in rows:
                assert heard.pop((guest.booked.booking_id, one.what)) == {one.key}, "one key, however often"
    assert not day.outsides.heard.outcomes, "the site heard of nobody else"
    assert day.outsides.heard.posts > sum(
        len(rows) for guest, rows in zip(day.guests, told, strict=True) if guest.booked.source == SITE
    ), "what was answered into the kill came a second time"


def key(guest: Guest) -> tuple[str, str]:
    return guest.booked.source, guest.booked.booking_id


def test_a_no_show_is_said_only_of_who_never_came(day: TheDay) -> None:
    never = {one.booked.booking_id for one in day.guests if one.role.status is BookingStatus.NOSHOW}
    assert missed(day) == never
    assert not {guest.booked.booking_id for guest in day.guests if guest.tickets} & never


def test_a_code_of_nobody_is_an_ordinary_number(day: TheDay, tickets: list[Ticket]) -> None:
    (ticket,) = (one for one in tickets if one.ticket_id == day.never_real)
    assert ticket.booking is not None
    assert (ticket.booking.how, ticket.booking.code, ticket.booking.source) == ("claimed", day.unknown, "")
    assert (ticket.state, ticket.step.why) == (State.WAITING, "arrival")


def test_nothing_of_anybody_reached_the_mall(day: TheDay) -> None:
    files = [
        path
        for folder in (day.mall.folder, *(kiosk.kiosk.folder for kiosk in day.kiosks))
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert len(files) > 5
    secrets = [guest.booked.secret for guest in day.of("stays_away", "twice") if guest.booked.secret]
    words = [word.encode() for word in (*ARTIFICIAL, *secrets[::8])]
    assert len(words) == 8
    for path in files:
        found = path.read_bytes()
        assert not [word for word in words if word in found], path
