"""Server time over restarts, power cuts and wrong wall clocks."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.timeline import Stamp, Step
from antrean.ledger import hall_log
from antrean.ledger.errors import DiskFull
from antrean.ledger.hall_meta import CLOCK_EVERY_MS, ClockNote
from queue_server.api.devices import DOUBT_MS
from queue_server.clock import TRUSTED_MS, ServerClock, first_ms
from queue_server.live import Turn
from tests.server.house_of_tests import MORNING_MS, FakeKiosk, FakeWorld, House, fill, served

HOUR_MS = 3_600_000


class BrokenWorld(FakeWorld):
    """A machine whose wall clock and boot can be set apart from the time that really passes."""

    def __init__(self, now_ms: int = MORNING_MS) -> None:
        super().__init__(now_ms)
        self.wall_off_ms = 0
        self.boot = "boot-server"

    def stamp(self) -> Stamp:
        true = super().stamp()
        return Stamp(self.boot, true.boot_ms, true.wall_ms + self.wall_off_ms)


def arrived(house: House) -> list[int]:
    """When the hall's tickets came, in server time."""
    return sorted(ticket.arrived_ms for ticket in house.hall().tickets.values())


def later_boot(world: BrokenWorld, passed_ms: int) -> None:
    """The server's machine was off for so long."""
    world.now_ms += passed_ms
    world.boot = f"boot after {world.now_ms}"


def issue_after(house: House, kiosk: FakeKiosk, passed_ms: int) -> None:
    """A visitor comes that much later, by the kiosk's boot clock and by true time."""
    house.world.now_ms += passed_ms
    kiosk.boot_ms += passed_ms
    kiosk.issue()


def test_a_server_killed_in_a_boot_with_a_dead_wall_clock_goes_on_by_the_boot_clock(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        before = house.running.parts.live.now_ms()
    world.wall_off_ms = -MORNING_MS  # 1970
    world.now_ms += HOUR_MS
    with served(tmp_path, world) as house:
        after = house.running.parts.live.now_ms()
    assert HOUR_MS <= after - before <= HOUR_MS + 10_000


def test_time_never_goes_back_after_a_power_cut_with_a_flat_battery(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        world.now_ms += 2 * HOUR_MS
        kiosk.issue()
        assert kiosk.push().status_code == 200
        world.now_ms += CLOCK_EVERY_MS - 1_000
        last = house.client.get("/v1/pull", headers=kiosk.headers).json()["server_ms"]
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        assert house.running.parts.live.now_ms() >= last


def test_after_a_power_cut_with_a_flat_battery_a_kiosk_tells_how_late_it_is(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        met = kiosk.anchor()
        before = house.running.parts.live.now_ms()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    kiosk.boot_ms += HOUR_MS
    with served(tmp_path, world) as house:
        kiosk.house = house
        assert house.running.parts.live.now_ms() - before < HOUR_MS / 2
        kiosk.issue()
        # Until some kiosk has told it the time, it takes nobody's visitors: they might be put ahead of others.
        assert kiosk.push(anchors=[]).status_code == 503
        assert kiosk.hello(anchors=[met]).status_code == 200
        refused = kiosk.push(anchors=[met])
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "greet_first")
        assert kiosk.push(anchors=[met, kiosk.anchor()]).status_code == 200
        assert abs(house.running.parts.live.now_ms() - before - HOUR_MS) < 10_000


def test_small_differences_to_the_wall_clock_live_through_a_reboot() -> None:
    note = ClockNote(server_ms=1_000_000, boot_id="one", boot_ms=5, wall_ms=940_000)
    assert first_ms(note, Stamp("two", 9, 2_000_000), newest_ms=0) == (2_060_000, False)
    far = ClockNote(server_ms=50_000_000, boot_id="one", boot_ms=5, wall_ms=940_000)
    assert first_ms(far, Stamp("two", 9, 90_000_000), newest_ms=0) == (90_000_000, False)


def test_the_newest_moment_in_the_log_is_a_floor_even_when_no_note_was_kept() -> None:
    assert first_ms(ClockNote(100, "", 0), Stamp("b2", 5, 0), newest_ms=700) == (700, False)


@given(st.lists(st.tuples(st.integers(0, 600_000), st.integers(-(10**9), 10**9)), min_size=1, max_size=40))
def test_whatever_the_wall_clock_does_server_time_only_goes_forward(jumps: list[tuple[int, int]]) -> None:
    at = {"boot": 0, "wall": MORNING_MS}
    clock = ServerClock(lambda: Stamp("b", at["boot"], at["wall"]), MORNING_MS, lost=True)
    last = clock.now_ms()
    for passed, jump in jumps:
        at["boot"] += passed
        at["wall"] += passed + jump
        for wanted in (clock.behind_wall, clock.ahead_of_wall):
            step = wanted()
            if step is not None:
                clock.take(step)
        assert clock.now_ms() >= last
        last = clock.now_ms()


def test_at_work_the_wall_clock_is_followed_forward_by_minutes_but_not_by_hours() -> None:
    at = {"boot": 0, "wall": MORNING_MS}
    clock = ServerClock(lambda: Stamp("b", at["boot"], at["wall"]), MORNING_MS, lost=False)
    at["wall"] += 5 * 60_000
    step = clock.behind_wall()
    assert step == Step(MORNING_MS, 5 * 60_000)
    clock.take(step)
    at["wall"] += HOUR_MS
    assert clock.behind_wall() is None
    assert clock.ahead_ms() == -HOUR_MS


def test_a_clock_that_started_wrong_takes_the_first_right_time_however_far() -> None:
    at = {"boot": 0, "wall": 0}
    clock = ServerClock(lambda: Stamp("b", at["boot"], at["wall"]), MORNING_MS, lost=True)
    at["wall"] = MORNING_MS + 14 * HOUR_MS
    step = clock.behind_wall()
    assert step == Step(MORNING_MS, 14 * HOUR_MS)
    clock.take(step)
    assert not clock.unsure


def test_visitors_of_a_kiosk_that_was_cut_off_keep_their_places_when_the_server_clock_is_corrected_meanwhile(
    tmp_path: Path,
) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        away, near = house.pair(name="away"), house.pair(name="near")
        met = away.anchor()
        issue_after(house, away, 60_000)
        near.boot_ms += 60_000
        issue_after(house, near, 60_000)
        assert near.push().status_code == 200
        world.wall_off_ms = 9 * 60_000
        house.running.keeper.look()
        away.boot_ms += 60_000
        issue_after(house, away, 60_000)
        assert away.push(anchors=[met]).status_code == 200
        first, second, third = arrived(house)
        assert second - first < 2 * 60_000  # one minute apart, before the correction
        assert third - second > 9 * 60_000
        labels = sorted(house.hall().tickets.values(), key=lambda ticket: ticket.arrived_ms)
        assert [ticket.device_id for ticket in labels] == [
            away.paired["device_id"],
            near.paired["device_id"],
            away.paired["device_id"],
        ]


def test_a_clock_far_from_the_wall_is_an_alarm_on_health_and_the_administrators_page(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        assert health(house)["alarms"] == []
        world.wall_off_ms = -20 * 60_000
        assert health(house)["status"] == "attention"
        assert health(house)["alarms"] == ["clock_ahead"]
        assert health(house)["clock_ahead_ms"] > TRUSTED_MS


def health(house: House) -> dict[str, Any]:
    """What /healthz says."""
    answer: dict[str, Any] = house.client.get("/healthz").json()
    return answer


def test_a_server_that_lost_time_and_finds_nobody_who_knows_it_marks_what_it_takes_as_a_guess(
    tmp_path: Path,
) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        kiosk.house, kiosk.boot_id = house, "a new boot of the kiosk too"
        kiosk.issue()
        assert kiosk.push().status_code == 503
        world.now_ms += DOUBT_MS
        assert kiosk.push().status_code == 200
        with house.running.parts.ledger.reading() as r:
            assert [one.anchored for one in hall_log.since(r, 0) if one.envelope.type == "TicketIssued"] == [
                False
            ]


def test_a_server_that_lost_time_is_sure_again_as_soon_as_its_wall_clock_has_come_right(
    tmp_path: Path,
) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        house.pair()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        clock = house.running.parts.clock
        assert clock.doubtful
        world.wall_off_ms += clock.ahead_ms() + 20_000  # too little for a correction
        house.running.keeper.look()
        assert (clock.doubtful, clock.unsure) == (False, False)


def test_a_correction_that_cannot_be_written_down_is_not_made(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        live, keeper = house.running.parts.live, house.running.keeper
        before = live.now_ms()
        world.wall_off_ms = 5 * 60_000
        writes = live.run

        def full(work: Any) -> Any:
            def until_full(turn: Turn) -> Any:
                work(turn)
                raise DiskFull("no room")

            return writes(until_full)

        live.run = full  # type: ignore[method-assign]  # the disk is full and takes nothing
        with pytest.raises(DiskFull):
            keeper.timekeeper.look()
        del live.run
        assert live.now_ms() - before < 10_000
        keeper.look()
        assert live.now_ms() - before > 5 * 60_000


def test_a_server_killed_right_after_a_correction_goes_on_with_the_corrected_time() -> None:
    note = ClockNote(server_ms=1_000_000, boot_id="one", boot_ms=0, wall_ms=1_000_000)
    steps = [Step(1_010_000, 300_000)]
    assert first_ms(note, Stamp("one", 20_000, 0), 0, steps) == (1_320_000, False)


def test_a_server_that_lost_time_still_doubts_after_a_restart_in_the_same_boot(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        assert house.running.parts.clock.doubtful
        kiosk.house, kiosk.boot_id = house, "a new boot of the kiosk too"
        kiosk.anchor()
    world.now_ms += 60_000
    with served(tmp_path, world) as house:
        assert house.running.parts.clock.doubtful
        world.wall_off_ms = 0
        house.running.keeper.look()
        assert not house.running.parts.clock.doubtful
    with served(tmp_path, world) as house:
        assert not house.running.parts.clock.doubtful


def test_a_server_that_lost_time_twice_doubts_until_a_kiosk_tells_that_met_it_before_both(
    tmp_path: Path,
) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        early, late = house.pair(name="early"), house.pair(name="late")
        first = early.anchor()
        began = house.running.parts.live.now_ms()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        late.house = house
        late.boot_ms += HOUR_MS
        second = late.anchor()
    later_boot(world, HOUR_MS)
    with served(tmp_path, world) as house:
        clock = house.running.parts.clock
        early.house = late.house = house
        late.boot_ms += HOUR_MS
        early.boot_ms += 2 * HOUR_MS
        assert late.hello(anchors=[second]).status_code == 200
        assert abs(house.running.parts.live.now_ms() - began - HOUR_MS) < 30_000
        assert clock.doubtful  # how long it was off the first time, this kiosk does not know
        world.now_ms += DOUBT_MS
        late.boot_ms += DOUBT_MS
        late.issue()
        assert late.push(anchors=[second, late.anchor()]).status_code == 200
        early.boot_ms += DOUBT_MS
        assert early.hello(anchors=[first]).status_code == 200
        assert not clock.doubtful
        assert abs(house.running.parts.live.now_ms() - world.now_ms) < 30_000
        late.issue()
        assert late.push(anchors=[second, late.anchor()]).status_code == 200
        with house.running.parts.ledger.reading() as r:
            placed = [one.anchored for one in hall_log.since(r, 0) if one.envelope.type == "TicketIssued"]
        assert placed == [False, True]
    with served(tmp_path, world) as house:
        assert not house.running.parts.clock.doubtful


def test_a_clock_that_is_sure_again_is_moved_by_nobody(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        met = kiosk.anchor()
    world.wall_off_ms = -world.now_ms
    later_boot(world, HOUR_MS)
    kiosk.boot_ms += HOUR_MS
    with served(tmp_path, world) as house:
        kiosk.house = house
        assert kiosk.hello(anchors=[met]).status_code == 200
        told = house.running.parts.live.now_ms()
        fast = {**met, "server_ms": met["server_ms"] + HOUR_MS // 2}
        assert kiosk.hello(anchors=[fast]).status_code == 200
        assert house.running.parts.live.now_ms() - told < 30_000


def test_what_a_kiosk_measured_of_a_server_that_died_after_its_backup_places_nobody(tmp_path: Path) -> None:
    world = BrokenWorld()
    fill(tmp_path)
    with served(tmp_path, world) as house:
        kiosk = house.pair()
        now_ms = house.running.parts.live.now_ms()
        kiosk.boot_ms += 10_000
        world.now_ms += 10_000
        kiosk.issue()
        lost = {**kiosk.anchor(), "boot_ms": kiosk.boot_ms - 9_000, "epoch": "of a correction that is lost"}
        assert kiosk.push(anchors=[lost, kiosk.anchor()]).status_code == 200
        (came_ms,) = arrived(house)
        assert abs(came_ms - now_ms - 10_000) < 5_000
