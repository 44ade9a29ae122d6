import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.words import Words
from display.calls import STALE_CALL_MS, Call, CallQueue, advance, call_of, hear, started

NOON = 1_764_042_120_000


def test_the_first_snapshot_sounds_nothing(wire: Any) -> None:
    queue = hear(CallQueue(), [call_of(wire.call("a"))], wire.noon)
    assert advance(queue, wire.noon)[1] is None


def test_a_recall_sounds_again(wire: Any) -> None:
    queue = hear(CallQueue(), [call_of(wire.call("a"))], wire.noon)
    queue = hear(queue, [call_of(wire.call("a2", recall=1)), call_of(wire.call("a"))], wire.noon)
    _, call = advance(queue, wire.noon)
    assert call is not None
    assert call.call_id == "a2"


def test_the_same_snapshot_twice_sounds_once(wire: Any) -> None:
    queue = hear(CallQueue(seen=()), [call_of(wire.call("a"))], wire.noon)
    queue = hear(queue, [call_of(wire.call("a"))], wire.noon)
    assert len(queue.waiting) == 1


def test_a_call_from_long_before_the_display_came_back_is_not_sounded(wire: Any) -> None:
    late = wire.noon + STALE_CALL_MS + 1
    assert hear(CallQueue(seen=()), [call_of(wire.call("a"))], late).waiting == ()


def test_a_lone_call_ends_after_its_hold(wire: Any) -> None:
    queue, call = advance(hear(CallQueue(seen=()), [call_of(wire.call("a"))], 0), 0)
    assert call is not None
    queue = started(queue, 0, 8_000, 15_000)
    assert advance(queue, 14_999)[0].current is call
    assert advance(queue, 15_000)[0].current is None


@given(lengths=st.lists(st.integers(1, 12_000), min_size=1, max_size=20), step=st.integers(20, 700))
def test_no_call_is_dropped_and_none_talks_over_another(lengths: list[int], step: int) -> None:
    name = Words("Loket 3", "Counter 3")
    calls = [
        Call(str(at), "A1-012", None, "3", name, name, "", "1A", NOON + at, 0) for at in range(len(lengths))
    ]
    queue = hear(CallQueue(seen=()), reversed(calls), NOON)
    now = NOON
    heard: list[tuple[str, int, int]] = []
    while len(heard) < len(lengths):
        queue, call = advance(queue, now)
        if call is not None:
            length = lengths[int(call.call_id)]
            queue = started(queue, now, length)
            heard.append((call.call_id, now, now + length))
        now += step
    assert [call_id for call_id, _, _ in heard] == [str(at) for at in range(len(lengths))]
    assert all(end <= start for (_, _, end), (_, start, _) in itertools.pairwise(heard))
