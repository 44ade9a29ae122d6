from antrean.domain.timeline import Anchor, Stamp
from queue_server.timing import moments

ANCHOR = Anchor("boot", 1_000, 500_000, 1)
"""The boot clock is 499 s behind the server's."""


def placed(*boot_ms: int, last_ms: int = 0, received_ms: int = 600_000) -> list[int]:
    stamps = [Stamp("boot", at, 0) for at in boot_ms]
    return [
        moment.order_ms
        for moment in moments(stamps, [ANCHOR], last_ms=last_ms, opened_ms=0, received_ms=received_ms)
    ]


def test_true_moments_stay_where_they_are() -> None:
    assert placed(2_000, 2_500, 9_000) == [501_000, 501_500, 508_000]


def test_a_clock_far_ahead_keeps_its_own_order_up_to_the_receipt() -> None:
    assert placed(9_000_000, 9_000_000, 9_100_000) == [599_998, 599_999, 600_000]


def test_a_clock_that_fell_back_keeps_its_own_order_after_the_last_event() -> None:
    assert placed(10, 5, 10, last_ms=501_000) == [501_001, 501_002, 501_003]


def test_where_there_is_no_room_nothing_comes_before_the_last_event_or_after_the_receipt() -> None:
    assert placed(9_000_000, 9_000_000, 9_000_000, last_ms=599_999) == [599_999, 599_999, 600_000]
    assert placed(9_000_000, last_ms=700_000) == [600_000]
