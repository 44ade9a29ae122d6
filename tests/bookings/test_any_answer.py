"""Whatever a portal sends, reading it ends in a page or in a word about the outside."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.booking_code import is_code
from antrean.domain.errors import Unavailable
from queue_server.bookings.connector import Seen
from queue_server.bookings.connectors.json.reading import page_of
from queue_server.wire.bookings import instant, instant_ms
from tests.bookings.portal import entry

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
MOMENTS = st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})")
ENTRIES = st.builds(
    lambda name, value: {**entry(1), name: value},
    st.sampled_from(sorted(entry(1))),
    ANYTHING | MOMENTS,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(("cursor", "more", "listing", "bookings", "key")), ANYTHING))
def test_any_answer_is_a_page_or_the_outsides_trouble(data: dict[str, Any]) -> None:
    try:
        page = page_of(data)
    except Unavailable:
        return
    assert len(page.seen) + len(page.problems) == len(data["bookings"])


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_any_entry_is_a_booking_or_a_problem(entries: list[dict[str, Any]]) -> None:
    page = page_of({"cursor": "", "more": False, "listing": True, "bookings": [entry(2), *entries]})
    assert page.seen[0].booking_id == "A-2"
    assert len(page.seen) + len(page.problems) == 1 + len(entries)
    assert all(sound(one) for one in page.seen)


def sound(seen: Seen) -> bool:
    return is_code(seen.code) and seen.start_ms < seen.end_ms and 0 < len(seen.booking_id) <= 200


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=0, max_value=4_102_444_800_000))
def test_a_moment_comes_back_as_it_was(at_ms: int) -> None:
    assert instant_ms(instant(at_ms)) == at_ms
