"""Places in server time over reboots of a server whose wall clock was wrong after them."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.reboots import ROOM_SHARE, Break, life_of, place, shifts_told
from antrean.domain.timeline import Anchor, Stamp, Step

NOTED_MS = 5_000
"""A server notes its time this often; how much later it still gave some out, nobody knows after a power cut."""


@dataclass(frozen=True)
class _Life:
    """From one reboot of the server to the next, on a steady clock: first it repairs, then it is corrected."""

    on: int
    off: int
    first_ms: int
    repair: tuple[int, int] | None
    corrections: tuple[tuple[int, int], ...]

    def said(self, steady: int) -> int:
        """What the server's clock said."""
        changes = [*([self.repair] if self.repair else []), *self.corrections]
        return self.first_ms + steady - self.on + sum(delta for at, delta in changes if at < steady)

    def repaired(self, steady: int) -> int:
        """What it says now of that moment."""
        usual = sum(delta for at, delta in self.corrections if at < steady)
        return self.first_ms + steady - self.on + usual + (self.repair[1] if self.repair else 0)

    def steps(self) -> list[Step]:
        """The corrections as the server remembers them."""
        usual = [Step(self.said(at), delta) for at, delta in self.corrections]
        if self.repair is None:
            return usual
        at, delta = self.repair
        return [Step(self.said(at), delta, self.first_ms), *usual]


@dataclass(frozen=True)
class _Server:
    """What really happened, and what the server remembers of it."""

    lives: tuple[_Life, ...]
    breaks: tuple[Break, ...]

    @property
    def steps(self) -> list[Step]:
        return [step for life in self.lives for step in life.steps()]

    def met(self, boot: str, steady: int) -> Anchor | None:
        """An exchange at that moment, if the server was on."""
        for number, life in enumerate(self.lives):
            if life.on <= steady <= life.off:
                return Anchor(boot, steady, life.said(steady), 1, f"e{number}")
        return None

    def place_of(self, steady: int) -> int | None:
        """The right place of that moment; None where the outage left too little room for any."""
        after = next((number for number, life in enumerate(self.lives) if steady < life.on), len(self.lives))
        last = self.lives[after - 1] if after else self.lives[0]
        if after == 0 or steady <= last.off or after == len(self.lives):
            return last.repaired(steady)
        new, end = self.lives[after], self.breaks[after - 1]
        ended, began, old = last.repaired(new.on), new.repaired(new.on), last.repaired(steady)
        before = min(end.before_ms, ended, began)
        if old <= before:
            return old
        if began - before >= ended - before:
            return began - (ended - old)
        if (began - before) * ROOM_SHARE < ended - before:
            return None
        return before + (old - before) * (began - before) // (ended - before)


@st.composite
def servers(draw: st.DrawFn) -> _Server:
    """A server with a few reboots, after each of which its clock may be far ahead or have stood still."""
    lives: list[_Life] = []
    breaks: list[Break] = []
    on, first_ms = 0, 1_000_000
    for number in range(draw(st.integers(1, 4))):
        changes: list[tuple[int, int]] = []
        at = on
        for _ in range(draw(st.integers(0, 3))):
            at += draw(st.integers(1_000, 400_000))
            changes.append((at, draw(st.integers(1_000, 600_000))))
        off = at + draw(st.integers(1, 400_000))
        repairs = bool(number and changes and draw(st.booleans()))
        life = _Life(
            on, off, first_ms, changes[0] if repairs else None, tuple(changes[1:] if repairs else changes)
        )
        if lives:
            given_ms = lives[-1].said(lives[-1].off)
            slack = draw(st.integers(0, NOTED_MS))
            breaks.append(Break(min(first_ms, given_ms + slack), first_ms, None, f"e{number}"))
        lives.append(life)
        on = off + draw(st.integers(0, 900_000))
        first_ms = life.said(off) + draw(st.integers(0, 900_000))
    return _Server(tuple(lives), tuple(breaks))


moments = st.lists(st.integers(0, 6_000_000), min_size=1, max_size=12)


def _anchors(server: _Server, boot: str, at: list[int]) -> list[Anchor]:
    return [anchor for steady in at if (anchor := server.met(boot, steady)) is not None]


@given(servers(), moments, moments)
def test_where_every_reboot_was_measured_each_moment_has_its_one_place_whoever_tells_it(
    server: _Server, met: list[int], happened: list[int]
) -> None:
    everywhere = [steady for life in server.lives for steady in (life.on, life.off)]
    breaks = shifts_told(_anchors(server, "near", everywhere), server.steps, server.breaks)
    assert all(one.shift_ms is not None for one in breaks)
    anchors = _anchors(server, "away", met)
    for steady in happened:
        found = place(Stamp("away", steady, 0), anchors, server.steps, breaks)
        right = server.place_of(steady)
        if found is None or right is None:
            continue
        if not _on_an_edge(server, steady):
            assert (found.server_ms, found.anchored) == (right, True)


@given(servers(), st.lists(moments, min_size=1, max_size=3), moments)
def test_a_place_that_is_not_called_a_guess_is_right_however_little_was_measured(
    server: _Server, devices: list[list[int]], happened: list[int]
) -> None:
    breaks = server.breaks
    told = [_anchors(server, f"device {number}", met) for number, met in enumerate(devices)]
    for anchors in told:
        breaks = shifts_told(anchors, server.steps, breaks)
    for number, anchors in enumerate(told):
        for steady in happened:
            found = place(Stamp(f"device {number}", steady, 0), anchors, server.steps, breaks)
            right = server.place_of(steady)
            if found is not None and found.anchored and not _on_an_edge(server, steady):
                assert found.server_ms == right


def _on_an_edge(server: _Server, steady: int) -> bool:
    """Whether nobody can know on which side of the server's end, or of a correction, that was."""
    ends = any(life.off <= steady <= life.off + NOTED_MS for life in server.lives)
    changed = [
        at for life in server.lives for at, _ in ([life.repair] if life.repair else []) + [*life.corrections]
    ]
    return ends or any(abs(at - steady) <= 1 for at in changed)


@given(servers(), st.lists(st.integers(0, 6_000_000), min_size=2, max_size=12))
def test_the_places_keep_the_order_of_what_happened(server: _Server, happened: list[int]) -> None:
    places = [right for steady in sorted(happened) if (right := server.place_of(steady)) is not None]
    assert places == sorted(places)


def test_a_server_that_was_restored_gives_out_the_same_hour_twice_and_each_is_known_apart() -> None:
    # The backup is of 1 000. The server went on until 9 000 and died; its clock began again with 2 000, far too early.
    breaks = (Break(1_000, 2_000, None, "restored"),)
    old = Anchor("boot", 8_000, 8_000, 1, "first")
    new = Anchor("boot", 12_000, 4_000, 1, "restored")
    assert [life_of(one, breaks) for one in (old, new)] == [0, 1]
    told = shifts_told((old, new), (), breaks)
    assert told[0].shift_ms == 8_000
    found = place(Stamp("boot", 11_000, 0), (old, new), (), told)
    assert found is not None
    assert (found.server_ms, found.anchored) == (3_000, True)


def test_a_correction_between_a_reboot_and_the_first_meeting_after_it_is_no_part_of_the_outage() -> None:
    breaks = [Break(1_000, 301_000)]  # it came back at 1 600 of the boot clock, and was corrected at 1 700
    steps = [Step(301_100, 60_000)]
    old, new = Anchor("b", 0, 0, 5), Anchor("b", 2_000, 361_400, 1)
    (told,) = shifts_told((old, new), steps, breaks)
    assert told.shift_ms == 1_600 - 301_000


def test_what_happened_before_a_reboot_is_placed_by_what_was_anchored_before_it() -> None:
    breaks = [Break(1_000, 301_000)]  # a wall clock five minutes fast, after a reboot at 1 000
    old = Anchor("b", 0, 0, 5)
    # It came back at 1 600 of the boot clock: who came meanwhile keeps the distance to those after it.
    new = Anchor("b", 2_000, 301_400, 1)
    for boot_ms, server_ms in (
        (500, 500),
        (1_000, 1_000),
        (1_300, 300_700),
        (1_600, 301_000),
        (2_500, 301_900),
    ):
        found = place(Stamp("b", boot_ms, 0), [new, old], (), shifts_told([new, old], (), breaks))
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
    assert found.server_ms == 300_700


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
