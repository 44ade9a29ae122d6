"""Places in server time, also over corrections of the server's clock."""

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.timeline import CLOSE_MS, Anchor, Break, Stamp, Step, estimate, place, shifts_told

HOUR_MS = 3_600_000


class _SteadyServer:
    """Server time as a function of steady time that was corrected now and then."""

    def __init__(self, corrections: list[tuple[int, int]]) -> None:
        self.steps: list[Step] = []
        self._pieces: list[tuple[int, int, int]] = []  # (steady from, shift, floor)
        steady, shift, floor = 0, 0, 0
        for gap, delta in corrections:
            steady += gap + abs(delta)
            now = max(floor, steady + shift)
            self.steps.append(Step(now, delta))
            shift, floor = shift + delta, now
            self._pieces.append((steady, shift, floor))

    def at(self, steady: int) -> int:
        """The server time at a steady moment."""
        shift, floor = 0, 0
        for since, new_shift, new_floor in self._pieces:
            if steady > since:
                shift, floor = new_shift, new_floor
        return max(floor, steady + shift)

    def stands_still(self, steady: int) -> bool:
        """Whether that moment cannot be told from its server time."""
        return self.at(steady) == self.at(steady - 1) or self.at(steady) == self.at(steady + 1)


corrections = st.lists(
    st.tuples(st.integers(1, 5 * HOUR_MS), st.integers(-HOUR_MS, 20 * HOUR_MS).filter(bool)), max_size=4
)
moments = st.integers(0, 100 * HOUR_MS)


@given(corrections, moments, moments)
def test_a_moment_keeps_its_place_over_any_corrections_between_it_and_the_anchor(
    made: list[tuple[int, int]], anchored: int, happened: int
) -> None:
    server = _SteadyServer(made)
    if server.stands_still(anchored):
        return
    anchor = Anchor("b", anchored, server.at(anchored), 1)
    found = estimate(Stamp("b", happened, 0), [anchor], server.steps)
    assert found is not None
    assert found.server_ms == server.at(happened)


def test_the_repair_of_a_reboot_that_lost_time_moves_only_what_was_anchored_before_it() -> None:
    steps = [Step(1_000, 5_000, since_ms=900)]
    older, during, later = Anchor("b", 0, 500, 1), Anchor("b", 5_450, 950, 1), Anchor("b", 5_600, 6_100, 1)
    for anchor in (older, during, later):
        for boot_ms in (0, 100, 5_460, 5_700, 9_000):
            found = estimate(Stamp("b", boot_ms, 0), [anchor], steps)
            assert found is not None
            assert found.server_ms == 500 + boot_ms


def test_what_happened_before_a_reboot_is_placed_by_what_was_anchored_before_it() -> None:
    breaks = [Break(1_000, 301_000)]  # a wall clock five minutes fast, after a reboot at 1 000
    old = Anchor("b", 0, 0, 5)
    # It came back at 1 600 of the boot clock, so that the outage of 600 ms is stretched over five minutes.
    new = Anchor("b", 2_000, 301_400, 1)
    for boot_ms, server_ms in (
        (500, 500),
        (1_000, 1_000),
        (1_300, 151_000),
        (1_600, 301_000),
        (2_500, 301_900),
    ):
        found = place(Stamp("b", boot_ms, 0), [new, old], (), breaks)
        assert found is not None
        assert found.server_ms == server_ms


def test_without_an_anchor_from_before_a_reboot_the_one_after_it_serves() -> None:
    found = place(Stamp("b", 500, 0), [Anchor("b", 2_000, 2_000, 1)], (), [Break(1_000, 1_500)])
    assert found is not None
    assert (found.server_ms, found.anchored) == (500, False)


def test_a_device_that_met_the_server_only_after_its_reboot_goes_by_what_another_one_told() -> None:
    both = [Anchor("b", 0, 0, 5), Anchor("b", 2_000, 301_400, 1)]
    (told,) = shifts_told(both, (), [Break(1_000, 301_000)])
    assert told.shift_ms == 2_000 - 301_400
    found = place(Stamp("c", 700, 0), [Anchor("c", 1_400, 301_400, 1)], (), [told])
    assert found is not None
    assert found.server_ms == 151_000


def test_over_two_reboots_each_moment_is_placed_by_what_was_measured_in_its_own_life_of_the_server() -> None:
    breaks = [Break(1_000, 301_000), Break(302_000, 902_000)]  # the wall clock gains at each of them
    anchors = [Anchor("b", 0, 0, 5), Anchor("b", 2_000, 301_400, 1), Anchor("b", 4_000, 902_900, 1)]
    for boot_ms, server_ms in ((500, 500), (2_100, 301_500), (4_500, 903_400)):
        found = place(Stamp("b", boot_ms, 0), anchors, (), breaks)
        assert found is not None
        assert (found.server_ms, found.anchored) == (server_ms, True)


def test_the_corrections_of_an_earlier_life_of_the_server_move_nothing_in_a_later_one() -> None:
    # The server was corrected by 500 s at 600 s, and lost 700 s in the reboot at 1200 s; at 1300 s it rebooted again.
    steps = [Step(600_000, 500_000)]
    breaks = [Break(1_200_000, 1_200_000, 700_000), Break(1_300_000, 1_300_000, 0)]
    first, last = Anchor("boot", 400_000, 400_000, 5), Anchor("boot", 1_500_000, 1_300_000, 5)
    told = [place(Stamp("boot", at, 0), [first, last], steps, breaks) for at in (500_000, 590_000)]
    assert [found and (found.server_ms, found.anchored) for found in told] == [
        (500_000, True),
        (590_000, True),
    ]
    # What the server had given out beyond its backup has no room any more: known to be a guess.
    lost = place(Stamp("boot", 1_000_000, 0), [first, last], steps, breaks)
    assert lost is not None
    assert (lost.server_ms, lost.anchored) == (1_200_000, False)


def test_between_two_anchors_a_clock_that_runs_fast_is_found_out() -> None:
    a_day = 86_400_000
    fast = a_day * 80 // 1_000_000
    anchors = [Anchor("b", 0, 1_000, 10), Anchor("b", a_day + fast, 1_000 + a_day, 10)]
    for share in (1, 2, 3):
        true_ms = a_day * share // 4
        found = estimate(Stamp("b", true_ms + fast * share // 4, 0), anchors)
        assert found is not None
        assert abs(found.server_ms - 1_000 - true_ms) < 20


def test_what_hangs_on_a_badly_measured_anchor_is_a_guess() -> None:
    found = estimate(Stamp("b", 5, 0), [Anchor("b", 0, 1_000, CLOSE_MS + 1)])
    assert found is not None
    assert not found.anchored


def test_who_was_away_over_a_reboot_nobody_can_measure_has_a_guessed_place_also_after_one_that_was_told() -> (
    None
):
    anchors = [Anchor("b", 0, 1_000, 10)]
    breaks = (Break(100_000, 160_000, 11), Break(300_000, 400_000))
    before = place(Stamp("b", 250_000, 0), anchors, (), breaks)
    after = place(Stamp("b", 600_000, 0), anchors, (), breaks)
    assert before is not None
    assert before.anchored
    assert after is not None
    assert not after.anchored
