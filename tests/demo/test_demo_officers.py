"""A simulated officer presses what a person would press, in an order the hall allows."""

from collections.abc import Mapping
from random import Random
from typing import Any

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from queue_server.admin.mall import read_mall
from scripts.demo_officers import LOOK_S, Officer
from scripts.demo_pace import Figures, Lobby, Tally, in_words

MALL = mall_from_dict(read_mall("tiny"))
SERVICE = MALL.services["ktp-hilang"]
JOURNEY = {
    "code": "dua",
    "name": {"id": "Dua layanan", "en": "Two services"},
    "services": ["ktp-hilang", "skck"],
}


class FakeHall:
    """Hands out tickets T1, T2, … as long as somebody waits, and remembers what was pressed."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.pressed: list[str] = []
        self.refuse: dict[str, str] = {}
        self._given = 0

    def __call__(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take one command."""
        command = str(body["command"])
        self.pressed.append(command)
        if command in self.refuse:
            raise RuleViolation(self.refuse.pop(command))
        if command == "call_next":
            if not self.waiting:
                return {"ticket": None}
            self.waiting -= 1
            self._given += 1
        return {"ticket": {"ticket_id": f"T{self._given}", "service": SERVICE.short.to_dict()}}


class EvenChance(Random):
    """Chance that always lands in the middle: visitors come at once, stay, and nobody is sent on."""

    def random(self) -> float:
        """Half."""
        return 0.5


def officer(hall: FakeHall, chance: Random | None = None) -> tuple[Officer, Tally, Lobby]:
    """An officer at counter 2 who believes that many wait."""
    tally, lobby = Tally(), Lobby({"ktp-hilang": 99})
    return Officer(MALL, MALL.counters["2"], hall, lobby, tally, chance or EvenChance()), tally, lobby


def day(one: Officer, hall: FakeHall, steps: int) -> None:
    """Let the officer work on until so many things are done."""
    now_s = 0.0
    for _ in range(steps):
        now_s += one.step(now_s)


def test_an_officer_sits_down_calls_greets_and_finishes() -> None:
    hall = FakeHall(waiting=1)
    one, tally, _ = officer(hall)
    day(one, hall, 4)
    assert hall.pressed == ["open_counter", "call_next", "start", "finish"]
    assert tally.figures().completed == 1


def test_over_a_long_day_every_visitor_ends_somehow_and_all_kinds_of_ends_occur() -> None:
    hall = FakeHall(waiting=300)
    one, tally, _ = officer(hall, Random(1))
    now_s = 0.0
    while hall.waiting or hall.pressed[-1] not in ("finish", "absent", "transfer"):
        now_s += one.step(now_s)
    figures = tally.figures()
    assert figures.completed + figures.no_show + figures.transferred == 300
    assert min(figures.completed, figures.no_show, figures.transferred) > 0
    assert 0 < hall.pressed.count("return") < figures.no_show
    assert hall.pressed.count("recall") > 2 * figures.no_show


def test_nobody_is_absent_before_two_recalls() -> None:
    hall = FakeHall(waiting=300)
    one, _, _ = officer(hall, Random(1))
    day(one, hall, 900)
    at = [index for index, command in enumerate(hall.pressed) if command == "absent"]
    assert at
    assert all(hall.pressed[index - 3 : index] == ["call_next", "recall", "recall"] for index in at)


def test_an_empty_lobby_is_looked_at_and_not_called_into() -> None:
    hall = FakeHall(waiting=0)
    one, _, lobby = officer(hall)
    one.step(0)
    assert one.step(1) == LOOK_S
    assert hall.pressed == ["open_counter", "call_next"]
    lobby.waiting = {"akta-lahir": 5}
    assert one.step(2) == LOOK_S
    assert hall.pressed == ["open_counter", "call_next"]


def test_a_visitor_called_by_an_earlier_run_is_greeted() -> None:
    hall = FakeHall(waiting=1)
    hall.refuse["call_next"] = "already_calling"
    one, _, _ = officer(hall)
    day(one, hall, 4)
    assert hall.pressed == ["open_counter", "call_next", "start", "finish"]


def test_a_rule_that_says_no_does_not_end_the_day() -> None:
    hall = FakeHall(waiting=1)
    hall.refuse["start"] = "illegal_transition"
    one, tally, _ = officer(hall)
    day(one, hall, 4)
    assert hall.pressed == ["open_counter", "call_next", "start", "call_next"]
    assert tally.figures().completed == 0


class Eager(EvenChance):
    """Chance under which every visitor who can takes the whole journey."""

    def random(self) -> float:
        """A tenth."""
        return 0.1


def test_a_visitor_at_the_beginning_of_a_journey_may_go_through_all_of_it() -> None:
    mall = mall_from_dict({**read_mall("tiny"), "journeys": [JOURNEY]})
    for refused in (False, True):
        hall = FakeHall(waiting=1)
        hall.refuse = {"plan_journey": "service_full"} if refused else {}
        lobby = Lobby({"ktp-hilang": 99})
        day(Officer(mall, mall.counters["2"], hall, lobby, Tally(), Eager()), hall, 4)
        assert hall.pressed == ["open_counter", "call_next", "start", "plan_journey", "finish"]


def test_going_home_leaves_nobody_halfway() -> None:
    for steps, last in ((1, []), (2, ["undo_call"]), (3, ["finish"]), (4, [])):
        hall = FakeHall(waiting=1)
        one, _, _ = officer(hall)
        day(one, hall, steps)
        del hall.pressed[:]
        one.leave()
        assert hall.pressed == [*last, "close_counter"]


def test_a_wait_ends_with_the_first_call_only() -> None:
    tally = Tally()
    tally.issued("T1", 0)
    tally.issued("T2", 10)
    tally.called("T1", 600)
    tally.called("T1", 6_000)
    tally.called("of an earlier run", 9_000)
    assert tally.figures() == Figures(2, 0, 0, 0, 0, 600)


def test_the_line_for_the_terminal_reads_well() -> None:
    said = in_words(Figures(84, 20, 3, 1, 0, 330), 51, 10, 30)
    assert said == (
        "minute  10 of 30    84 came    51 waiting    20 served    3 absent  half of those called waited under 6 min"
    )
    assert "half of" not in in_words(Figures(0, 0, 0, 0, 0, None), 0, 1, 30)
