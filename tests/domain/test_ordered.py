"""A sorted sequence that is never changed in place, against a plain sorted list."""

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.ordered import LARGEST_BLOCK, Ordered

Changes = list[tuple[bool, int]]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=600))
def test_an_ordered_sequence_holds_what_a_sorted_list_holds_and_never_changes(changes: Changes) -> None:
    items: Ordered[tuple[int]] = Ordered()
    plain: set[tuple[int]] = set()
    for comes, number in changes:
        before, kept = items, list(items)
        items = items.with_item((number,)) if comes else items.without((number,))
        plain = plain | {(number,)} if comes else plain - {(number,)}
        assert list(before) == kept
        assert items.rank((number,)) == sum(other < (number,) for other in plain)
    assert list(items) == sorted(plain)
    assert len(items) == len(plain)
    assert items == Ordered(plain)
    assert hash(items) == hash(Ordered(plain))


def test_a_line_far_longer_than_a_block_keeps_every_place() -> None:
    items: Ordered[tuple[int]] = Ordered()
    for number in [*range(0, 1000, 2), *range(999, 0, -2)]:
        items = items.with_item((number,))
    assert list(items) == [(number,) for number in range(1000)]
    assert [items[at] for at in (0, LARGEST_BLOCK, 999, -1)] == [(0,), (LARGEST_BLOCK,), (999,), (999,)]
    assert list(items.first(3)) == [(0,), (1,), (2,)]
    assert all(items.rank((number,)) == number for number in range(0, 1000, 37))
    for number in range(1000):
        assert items[0] == (number,)
        items = items.without((number,))
    assert not items
