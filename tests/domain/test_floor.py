"""Served services, lines relieved by rule, what an idle counter could do, and the last number of the day."""

import json
from typing import Any

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue import HelpRule, Mall
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.choice import in_calling_order, next_at
from antrean.domain.decide import decide
from antrean.domain.errors import BadCatalogue, BadInput, RuleViolation
from antrean.domain.estimate import people_ahead, staffing
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.opening import last_number_ms
from antrean.domain.views import console_state, counter_view, services_state
from tests.domain.malls import mall_data

T0 = 1_763_949_600_000  # Monday 24 November 2025, 09.00 in Jakarta
MINUTE = 60_000


def relief_data() -> dict[str, Any]:
    """The test mall, where counter 2 also relieves `ktp-hilang` once it waits longer than 30 minutes."""
    data = mall_data()
    data["counters"][1]["helps"] = [{"service": "ktp-hilang", "after_minutes": 30}]
    return data


class Floor:
    """A hall that is told of one event after another."""

    def __init__(self, mall: Mall | None = None) -> None:
        self.hall: Hall = empty_hall(mall or mall_from_dict(relief_data()), "2025-11-24")
        self.now, self.position = T0, 0
        self.log: list[Accepted] = []

    def tell(self, *payloads: e.Payload) -> None:
        for payload in payloads:
            self.position += 1
            name = f"event-{self.position:04d}"
            self.log.append(Accepted(self.position, self.now, "device", name, payload))
            self.hall = evolve(self.hall, self.log[-1])

    def give(self, command: c.Command) -> tuple[e.Payload, ...]:
        events = decide(self.hall, command, self.now)
        self.tell(*events)
        return events

    def arrive(self, name: str, service: str = "kk", *, priority: bool = False) -> None:
        """A visitor, and a minute goes by."""
        series = self.hall.mall.services[service].letters
        number = self.hall.heard.get(series, 0) + 1
        self.tell(
            e.TicketIssued(
                name, service, series, "1", 1, number, "2025-11-24", priority, "id", "kiosk", False
            )
        )
        self.now += MINUTE

    def order(self, counter: str = "2") -> list[tuple[str, str]]:
        return [(one.ticket_id, why) for one, why in in_calling_order(self.hall, counter, 10, self.now)]

    def serve_next(self, counter: str = "2") -> tuple[str, str] | None:
        """Call and start whoever is next; the ticket and the rule that chose it."""
        called = [one for one in self.give(c.CallNext(counter=counter)) if isinstance(one, e.TicketCalled)]
        if not called:
            return None
        self.give(c.Start(counter=counter))
        return called[0].ticket_id, called[0].why


# --- served services


def test_a_counter_calls_what_it_serves_now_and_every_screen_says_so() -> None:
    floor = Floor()
    floor.arrive("a", "ktp-baru")
    floor.arrive("b", "kk")
    assert floor.give(c.SetServices(counter="2", services="kk", officer="dewi")) == (
        e.ServedChanged("2", "dewi", "kk"),
    )
    assert floor.hall.services_of("2") == ("kk",)
    assert floor.order() == [("b", "arrival")]
    console = console_state(floor.hall, "2", floor.now)
    assert [one["code"] for one in console["services"]] == ["kk"]
    assert [one["code"] for one in console["own_services"]] == ["ktp-baru", "kk"]
    assert (console["waiting_total"], console["longest_ms"]) == (1, MINUTE)
    assert [one["id"] for one in counter_view(floor.hall, "2", floor.now)["services"]] == ["kk"]


def test_estimates_and_kiosks_follow_what_counters_serve() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    assert services_state(floor.hall, floor.now)["services"]["ktp-baru"]["counters_open"] == 1
    floor.give(c.SetServices(counter="2", services="kk", officer="dewi"))
    told = services_state(floor.hall, floor.now)["services"]
    assert (told["ktp-baru"]["counters_open"], told["ktp-baru"]["wait"]) == (0, None)
    assert (told["kk"]["counters_open"], told["kk"]["counters"], told["ktp-baru"]["counters"]) == (1, 1, 1)
    assert staffing(floor.hall).serving["kk"] == 1
    floor.arrive("a", "ktp-baru")
    assert people_ahead(floor.hall, "kk") == 0


def test_an_empty_set_or_the_whole_one_is_the_catalogues_again_and_says_nothing_twice() -> None:
    floor = Floor()
    floor.give(c.SetServices(counter="2", services="kk", officer="dewi"))
    assert floor.give(c.SetServices(counter="2", services="kk", officer="dewi")) == ()
    assert floor.give(c.SetServices(counter="2", services="", officer="dewi")) == (
        e.ServedChanged("2", "dewi", ""),
    )
    assert floor.hall.services_of("2") == ("ktp-baru", "kk")
    assert floor.give(c.SetServices(counter="2", services="kk, ktp-baru", officer="dewi")) == ()


def test_an_officer_keeps_to_the_catalogue_and_a_supervisor_may_go_beyond() -> None:
    floor = Floor()
    with pytest.raises(RuleViolation, match="not_at_this_counter"):
        floor.give(c.SetServices(counter="2", services="kk,npwp", officer="dewi"))
    floor.give(c.SetServices(counter="2", services="kk,npwp", officer="rani", any_service=True))
    assert floor.hall.services_of("2") == ("kk", "npwp")
    with pytest.raises(RuleViolation, match="unknown_service"):
        floor.give(c.SetServices(counter="2", services="kk,nothing", officer="rani", any_service=True))
    with pytest.raises(BadInput, match="bad_field"):
        floor.give(c.SetServices(counter="2", services=" , ", officer="dewi"))


def test_nobody_changes_the_services_of_a_counter_that_another_officer_holds() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    with pytest.raises(RuleViolation, match="counter_taken"):
        floor.give(c.SetServices(counter="2", services="kk", officer="sari"))
    assert floor.give(c.SetServices(counter="2", services="kk", officer="rani", any_service=True))


def test_services_that_left_the_catalogue_are_not_served() -> None:
    floor = Floor()
    floor.tell(e.ServedChanged("2", "dewi", "gone,kk"), e.ServedChanged("77", "dewi", "kk"))
    assert floor.hall.services_of("2") == ("kk",)
    floor.tell(e.ServedChanged("2", "dewi", "gone"))
    assert floor.hall.services_of("2") == ("ktp-baru", "kk")


def test_a_new_day_serves_what_the_catalogue_says() -> None:
    floor = Floor()
    floor.give(c.SetServices(counter="2", services="kk", officer="dewi"))
    assert empty_hall(floor.hall.mall, "2025-11-25").services_of("2") == ("ktp-baru", "kk")


def test_a_visitor_on_hold_is_not_lost_when_the_counter_no_longer_serves_their_service() -> None:
    floor = Floor()
    floor.arrive("a", "ktp-baru")
    floor.serve_next()
    floor.give(c.Hold(counter="2", reason="fotokopi"))
    floor.give(c.SetServices(counter="2", services="kk"))
    assert [row["ticket_id"] for row in console_state(floor.hall, "2", floor.now)["on_hold"]] == ["a"]


# --- relieving other lines


def test_a_line_is_helped_only_while_its_longest_wait_passes_the_limit() -> None:
    floor = Floor()
    floor.arrive("late", "ktp-hilang")
    floor.arrive("own", "kk")
    floor.now = T0 + 30 * MINUTE
    assert floor.order() == [("own", "arrival")]
    floor.now += 1
    assert floor.order() == [("late", "helping"), ("own", "arrival")]
    helps = console_state(floor.hall, "2", floor.now)["helps"]
    assert [(one["code"], one["after_minutes"], one["active"]) for one in helps] == [("ktp-hilang", 30, True)]
    assert console_state(floor.hall, "1", floor.now)["helps"] == []


def test_help_goes_on_by_the_same_key_until_the_line_is_short_enough() -> None:
    floor = Floor()
    for name in ("one", "two"):
        floor.arrive(name, "ktp-hilang")
    floor.arrive("own", "kk")
    floor.now = T0 + 20 * MINUTE
    floor.arrive("three", "ktp-hilang")
    floor.now = T0 + 31 * MINUTE + 1
    assert [why for _, why in floor.order()] == ["helping", "helping", "arrival"]
    assert [floor.serve_next() for _ in range(3)] == [
        ("one", "helping"),
        ("two", "helping"),
        ("own", "arrival"),
    ]
    assert floor.serve_next() is None
    assert len(floor.hall.line("ktp-hilang")) == 1


def test_help_puts_nobody_before_an_earlier_visitor_of_the_counters_own() -> None:
    floor = Floor()
    floor.arrive("own", "kk")
    floor.arrive("late", "ktp-hilang")
    floor.now = T0 + 60 * MINUTE
    assert floor.order() == [("own", "arrival"), ("late", "helping")]


def test_a_capped_or_returned_visitor_of_a_helped_line_keeps_their_own_reason() -> None:
    floor = Floor()
    floor.arrive("gone", "ktp-hilang")
    floor.give(c.CallNext(counter="1"))
    floor.give(c.Absent(counter="1"))
    floor.arrive("late", "ktp-hilang")
    floor.now = T0 + 25 * MINUTE
    floor.give(c.Return(counter="1", ticket="gone"))
    floor.now = T0 + 45 * MINUTE
    assert floor.order() == [("late", "helping")], "returned, and due three calls later"
    floor.arrive("later", "ktp-hilang")
    for _ in range(2):
        floor.arrive("x" * (2 + _), "ktp-hilang")
    floor.now = T0 + 90 * MINUTE
    assert [why for _, why in floor.order()][:4] == ["helping", "helping", "helping", "returned"]


def test_calls_for_a_helped_line_count_as_overtaking() -> None:
    floor = Floor()
    floor.arrive("patient", "ktp-hilang")
    floor.now = T0 + 5 * MINUTE
    cap = floor.hall.mall.policy.overtaking_cap
    for at in range(cap + 1):
        floor.arrive(f"first-{at}", "ktp-hilang", priority=True)
    floor.now = T0 + 40 * MINUTE
    assert [floor.serve_next() for _ in range(cap + 1)] == [
        *((f"first-{at}", "helping") for at in range(cap)),
        ("patient", "capped"),
    ]


def test_a_supervisor_may_make_a_helped_line_the_counters_own() -> None:
    floor = Floor()
    floor.arrive("one", "ktp-hilang")
    floor.give(c.SetServices(counter="2", services="kk,ktp-hilang", officer="rani", any_service=True))
    assert floor.order() == [("one", "arrival")]
    assert console_state(floor.hall, "2", floor.now)["helps"] == []


def test_the_reason_of_help_names_its_limit() -> None:
    floor = Floor()
    floor.arrive("late", "ktp-hilang")
    floor.now = T0 + 31 * MINUTE
    (row,) = console_state(floor.hall, "2", floor.now)["waiting"]
    assert row["reason"] == {"code": "helping", "params": {"arrived_at": T0, "minutes": 30}}


def test_help_rules_read_back_as_written_and_their_mistakes_are_named() -> None:
    mall = mall_from_dict(relief_data())
    assert mall.counters["2"].helps == (HelpRule("ktp-hilang", 30),)
    assert mall_from_dict(json.loads(json.dumps(mall_to_dict(mall)))) == mall
    data = relief_data()
    data["counters"][1]["helps"] = [
        {"service": "kk", "after_minutes": 30},
        {"service": "nothing", "after_minutes": 30},
        {"service": "npwp", "after_minutes": 0},
        {"service": "npwp", "after_minutes": 5, "weight": 2},
    ]
    with pytest.raises(BadCatalogue) as found:
        mall_from_dict(data)
    text = "\n".join(found.value.problems)
    for part in (
        "counter 2: helps 'kk', which is among its own services already",
        "counter 2: helps 'nothing', which is not in services",
        "counter 2: helps 'npwp' twice",
        "after_minutes must be at least 1",
        "weight is not a known key",
    ):
        assert part in text


# --- the last number of the day


def closing_mall(**service: Any) -> Mall:
    data = mall_data()
    data["mall"]["hours"] = {"mon": [["08:00", "12:00"], ["13:00", "16:00"]]}
    data["policy"] = {"last_number_minutes_before_close": 15}
    data["services"][2] |= service
    return mall_from_dict(data)


def clock(hour: int, minute: int) -> int:
    return T0 + ((hour - 9) * 60 + minute) * MINUTE


def issue(floor: Floor, service: str, at: int) -> str | None:
    """Ask for a number then; the rule that refuses it, or None."""
    floor.now = at
    try:
        floor.give(c.Issue(service=service, ticket_id=f"t{floor.position}", generation=1))
    except RuleViolation as rule:
        return rule.code
    return None


def test_no_number_is_given_from_the_cut_off_on_and_a_break_is_none() -> None:
    floor = Floor(closing_mall(last_number_minutes_before_close=30))
    assert issue(floor, "kk", clock(11, 59)) is None
    assert issue(floor, "kk", clock(15, 30) - 1) is None
    assert issue(floor, "kk", clock(15, 30)) == "last_number_given"
    assert issue(floor, "ktp-baru", clock(15, 44)) is None
    assert issue(floor, "ktp-baru", clock(15, 45)) == "last_number_given"
    assert issue(floor, "kk", clock(16, 0)) == "service_closed"


def test_a_service_may_give_numbers_until_it_closes_whatever_the_mall_does() -> None:
    floor = Floor(closing_mall(last_number_minutes_before_close=0))
    assert issue(floor, "kk", clock(15, 59)) is None
    told = services_state(floor.hall, clock(10, 0))["services"]
    assert (told["kk"]["last_number_ms"], told["ktp-baru"]["last_number_ms"]) == (None, clock(15, 45))


def test_a_cut_off_longer_than_the_day_stands_at_its_opening_and_closed_days_have_none() -> None:
    mall = closing_mall(last_number_minutes_before_close=9_000)
    assert last_number_ms(mall, mall.services["kk"], clock(9, 0)) == clock(8, 0)
    assert last_number_ms(mall, mall.services["kk"], clock(24 + 9, 0)) is None


def test_a_full_service_before_its_cut_off_is_full_and_after_it_the_cut_off_is_told() -> None:
    floor = Floor(closing_mall(quota=1, last_number_minutes_before_close=30))
    assert issue(floor, "kk", clock(9, 0)) is None
    assert issue(floor, "kk", clock(15, 29)) == "service_full"
    assert issue(floor, "kk", clock(15, 30)) == "last_number_given"


def test_who_has_a_number_is_called_after_the_cut_off() -> None:
    floor = Floor(closing_mall())
    assert issue(floor, "kk", clock(15, 44)) is None
    floor.now = clock(15, 59)
    chosen = next_at(floor.hall, "2", floor.now)
    assert chosen is not None


# --- where a service goes on


def test_a_resting_counter_names_those_at_work_that_serve_the_same() -> None:
    floor = Floor()
    assert counter_view(floor.hall, "1", floor.now)["elsewhere"] is None, "nobody is at work"
    floor.give(c.OpenCounter(counter="1", officer="dewi"))
    floor.give(c.OpenCounter(counter="2", officer="sari"))
    assert counter_view(floor.hall, "1", floor.now)["elsewhere"] is None, "it works itself"
    floor.give(c.StartBreak(counter="1", officer="dewi", reason="rest", minutes=15))
    told = counter_view(floor.hall, "1", floor.now)["elsewhere"]
    assert [one["code"] for one in told["counters"]] == ["2"]
    assert told["service"] == floor.hall.mall.services["ktp-baru"].short.to_dict()
    floor.give(c.SetServices(counter="2", services="kk", officer="sari"))
    assert counter_view(floor.hall, "1", floor.now)["elsewhere"] is None, "what they serve now counts"
    floor.give(c.SetServices(counter="2", services="", officer="sari"))
    floor.give(c.CloseCounter(counter="2", officer="sari"))
    assert counter_view(floor.hall, "1", floor.now)["elsewhere"] is None, "a closed counter helps nobody"
