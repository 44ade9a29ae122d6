"""Any order of events, with failures in between: in the end the mall's copy is as the calendar."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.errors import RuleViolation, Unavailable
from queue_server.bookings.connector import Outcome
from queue_server.bookings.connectors.caldav.calendar import CalendarSource
from tests.bookings_caldav.odd_server import OddServer
from tests.bookings_caldav.radicale_house import FROM, TO, event

START, END = ":20261123T090000", ":20261123T093000"


@dataclass
class Copy:
    """The mall's copy as the server room keeps it: by id, whether it is cancelled; and how far it has read."""

    bookings: dict[str, bool] = field(default_factory=dict)
    cursor: str = ""
    listed: set[str] = field(default_factory=set)

    def read(self, source: CalendarSource) -> None:
        """Everything new; a page is kept before its cursor is, as after a kill between the two."""
        try:
            self._read(source)
        except RuleViolation as refusal:
            if refusal.code != "cursor_lost":
                raise
            self.cursor, self.listed = "", set()
            self._read(source)

    def _read(self, source: CalendarSource) -> None:
        more = True
        while more:
            page = source.changes(self.cursor, FROM, TO)
            self.bookings |= {one.booking_id: one.cancelled for one in page.seen}
            self.bookings |= {uid: True for uid in page.gone if uid in self.bookings}
            self.listed |= {one.booking_id for one in page.seen}
            if page.listing and not page.more:
                self.bookings |= {uid: True for uid in self.bookings if uid not in self.listed}
            if not page.more:
                self.listed = set()
            self.cursor, more = page.cursor, page.more


NAMES = st.sampled_from(["x.ics", "y.ics", "z.ics"])
UIDS = st.sampled_from(["a", "b", "c", "d"])
STEPS = st.one_of(
    st.tuples(st.just("save"), NAMES, UIDS, st.sampled_from(["CONFIRMED", "CANCELLED"])),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("arrive"), UIDS),
    st.tuples(st.sampled_from(["read", "restart", "forget"])),
    st.tuples(st.just("fail"), st.integers(0, 6), st.sampled_from([503, 404, 207])),
)


@given(st.lists(STEPS, max_size=25), st.booleans())
@settings(max_examples=120, deadline=None)
def test_whatever_happens_the_copy_ends_as_the_calendar_is(
    steps: list[tuple[object, ...]], syncs: bool
) -> None:
    server = OddServer(syncs=syncs)
    source, copy = server.source(page=2), Copy()
    for step, *more in steps:
        if step == "save":
            name, uid, status = map(str, more)
            held = [
                other for other, text in server.entries.items() if f"UID:{uid}\n" in text and other != name
            ]
            if not held:  # a calendar holds each UID once
                server.save(name, event(uid, START, END, f"STATUS:{status}"))
        elif step == "delete":
            server.delete(str(more[0]))
        elif step == "restart":
            source = server.source(page=2)
        elif step == "forget":
            server.life += 1
        elif step == "fail":
            server.first = failing(int(str(more[0])), int(str(more[1])))
        else:
            try:
                if step == "arrive":
                    source.tell(Outcome(str(more[0]), "arrived", FROM, False, "A1-001", ""), "k")
                else:
                    copy.read(source)
            except Unavailable:
                server.first = lambda request: None
    server.first = lambda request: None
    copy.read(source)
    copy.read(source)
    there = {
        text.partition("UID:")[2].partition("\n")[0]: "STATUS:CANCELLED" in text
        for text in server.entries.values()
    }
    assert {uid for uid, cancelled in copy.bookings.items() if not cancelled} == {
        uid for uid, cancelled in there.items() if not cancelled
    }
    assert there.keys() <= copy.bookings.keys()


def failing(after: int, status: int) -> Callable[[httpx.Request], httpx.Response | None]:
    """One request fails, after some that went well."""
    left = [after]

    def first(request: httpx.Request) -> httpx.Response | None:
        left[0] -= 1
        return httpx.Response(status, text="<d:multistatus") if left[0] == -1 else None

    return first
