"""Places in server time, also over corrections of the server's clock."""

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.timeline import CLOSE_MS, Anchor, Stamp, Step, estimate

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
