"""A batch of events gives the hall that single events give, and leaves the hall before as it was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import events as e
from antrean.domain.evolve import evolve, evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.shelves import Shelves
from tests.domain.test_order import MALL, issued

Told = st.tuples(
    st.integers(1, 30), st.sampled_from(("1", "2")), st.sampled_from(("issued", "printed", "skipped"))
)


def log_of(told: list[tuple[int, str, str]]) -> list[Accepted]:
    made = []
    for at, (number, issuer, what) in enumerate(told, start=1):
        ticket = issued(number, issuer=issuer)
        payload: e.Payload = ticket
        if what == "printed":
            payload = e.TicketPrinted(ticket.ticket_id, copy=False)
        elif what == "skipped":
            payload = e.NumbersSkipped("B", issuer, 1, number)
        made.append(Accepted(at, 10**9 + at, f"k{issuer}", f"e{at}", payload))
    return made


def one_by_one(hall: Hall, log: list[Accepted]) -> Hall:
    for accepted in log:
        hall = evolve(hall, accepted)
    return hall


@settings(deadline=None)
@given(st.lists(Told, max_size=40), st.lists(Told, max_size=40))
def test_a_batch_equals_its_single_events_and_the_hall_before_is_untouched(
    first: list[tuple[int, str, str]], second: list[tuple[int, str, str]]
) -> None:
    before = one_by_one(empty_hall(MALL, "d"), log_of(first))
    same = one_by_one(empty_hall(MALL, "d"), log_of(first))
    later = log_of(second)
    assert evolve_all(before, later) == one_by_one(before, later)
    assert before == same
    after = evolve_all(before, later)
    again = evolve_all(after, log_of(first))
    assert again == one_by_one(after, log_of(first))


def test_a_settled_map_is_frozen_again() -> None:
    loose = Shelves[str, int]().loosened()
    loose.with_item("a", 1)
    settled = loose.settled()
    settled.with_item("a", 2)
    assert dict(settled) == {"a": 1}
    assert type(settled) is Shelves
