"""The simulated morning is busy where a real one is, and the same seed gives the same morning."""

import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from queue_server.admin.mall import read_mall
from scripts.demo import explanation, farewell, main, parser, wish_of
from scripts.demo_crowd import (
    BUSIEST_SHARE,
    LONGEST,
    MINUTE_S,
    SHORTEST,
    arrivals,
    crowd,
    expected_visitors,
    service_weights,
    serving_seconds,
)
from scripts.demo_mall import mall_to_show
from scripts.demo_pace import Figures


@pytest.fixture(scope="module")
def mpp() -> Mall:
    """The complete sample mall."""
    return mall_from_dict(read_mall("mpp"))


def test_a_busy_mall_sees_300_visitors_in_its_first_half_hour_and_1500_in_a_day() -> None:
    assert expected_visitors(30) == 300
    assert 1_400 <= expected_visitors(8.5 * 60) <= 1_600
    assert expected_visitors(0) == 0


def test_everybody_who_is_expected_comes_within_the_morning_and_in_order() -> None:
    times = arrivals(300, 30, Random(7))
    assert len(times) == 300
    assert list(times) == sorted(times)
    assert 0 <= times[0] <= times[-1] <= 30 * MINUTE_S
    assert arrivals(0, 30, Random(7)) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_doors_open_to_a_rush_that_ebbs_to_a_steady_flow(seed: int) -> None:
    times = arrivals(expected_visitors(240), 240, Random(seed))
    by_half_hour = Counter(int(at_s // (30 * MINUTE_S)) for at_s in times)
    first, later = by_half_hour[0], [by_half_hour[at] for at in range(3, 8)]
    assert first > 2.5 * max(later)
    assert min(later) > 45
    in_ten_minutes = Counter(int(at_s // (10 * MINUTE_S)) for at_s in times)
    assert in_ten_minutes[0] > in_ten_minutes[1] > in_ten_minutes[2]


def test_the_same_seed_gives_the_same_morning_and_another_seed_another(mpp: Mall) -> None:
    morning = crowd(mpp, 300, 30, 3, Random(1))
    assert morning == crowd(mpp, 300, 30, 3, Random(1))
    assert morning != crowd(mpp, 300, 30, 3, Random(2))


def test_about_three_in_ten_come_for_the_population_registry_and_one_in_ten_has_priority(mpp: Mall) -> None:
    visitors = crowd(mpp, 4_000, 30, 3, Random(3))
    agencies = Counter(mpp.services[visitor.service].agency for visitor in visitors)
    assert agencies["dukcapil"] / 4_000 == pytest.approx(0.30, abs=0.03)
    assert set(agencies) == set(mpp.agencies)
    assert sum(visitor.priority for visitor in visitors) / 4_000 == pytest.approx(0.10, abs=0.02)
    kiosks = Counter(visitor.kiosk for visitor in visitors)
    assert sorted(kiosks) == [0, 1, 2]
    assert min(kiosks.values()) > 1_200


def test_a_common_service_is_asked_for_more_often_than_its_neighbours(mpp: Mall) -> None:
    weights = service_weights(mpp)
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["ktp-hilang"] == pytest.approx(4 * weights["ktp-baru"])
    registry = sum(weight for code, weight in weights.items() if mpp.services[code].agency == "dukcapil")
    assert registry == pytest.approx(BUSIEST_SHARE)


def test_nobody_asks_for_a_service_without_a_counter_or_one_that_never_opens() -> None:
    data = read_mall("tiny")
    for counter in data["counters"]:
        counter["services"] = [code for code in counter["services"] if code != "akta-lahir"]
    weights = service_weights(mall_from_dict(data))
    assert set(weights) == {"ktp-hilang", "kk-baru", "sim-c"}
    assert sum(weights.values()) == pytest.approx(1)


def test_a_mall_with_one_agency_sends_everybody_there() -> None:
    data = read_mall("tiny")
    data["agencies"] = [agency for agency in data["agencies"] if agency["code"] == "dukcapil"]
    data["services"] = [service for service in data["services"] if service["agency"] == "dukcapil"]
    kept = {service["code"] for service in data["services"]}
    for counter in data["counters"]:
        counter["services"] = [code for code in counter["services"] if code in kept]
    assert sum(service_weights(mall_from_dict(data)).values()) == pytest.approx(1)


def test_serving_takes_about_the_published_standard_and_never_absurdly_long() -> None:
    chance = Random(4)
    times = sorted(serving_seconds(10, chance) / (10 * MINUTE_S) for _ in range(2_000))
    assert 0.8 < times[1_000] < 1.0
    assert times[0] >= SHORTEST
    assert times[-1] <= LONGEST
    assert times[1_800] > 1.5 * times[1_000]


def test_the_demonstrations_mall_is_open_at_every_hour_and_says_what_it_is() -> None:
    original = read_mall("mpp")
    mall = mall_from_dict(mall_to_show(original, real_hours=False))
    for service in mall.services.values():
        for day in mall.hours_of(service).week:
            assert [(interval.start, interval.end) for interval in day] == [(0, 24 * 60)]
    assert mall.holidays == ()
    assert "simulated" in mall.announcements[0].en
    assert original == read_mall("mpp")
    real = mall_from_dict(mall_to_show(original, real_hours=True))
    assert real.hours == mall_from_dict(original).hours
    assert "simulated" in real.announcements[0].en


def test_the_command_line_counts_visitors_by_the_length_of_the_morning() -> None:
    assert wish_of(parser().parse_args([])).visitors == 300
    assert wish_of(parser().parse_args(["--minutes", "60"])).visitors == expected_visitors(60)
    wish = wish_of(parser().parse_args(["--visitors", "5", "--data", "elsewhere"]))
    assert wish.visitors == 5
    assert wish.mall.data.parts[-2:] == ("elsewhere", "demo")


@pytest.mark.parametrize("speed", ["0", "-1", "20000", "fast", "nan"])
def test_an_impossible_speed_is_refused(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--speed", speed])
    assert "--speed" in capsys.readouterr().err


def test_a_file_that_is_no_mall_is_a_clear_message_and_starts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        code = main(["--data", str(tmp_path), "--sample", str(tmp_path / "missing.toml")])
    finally:
        signal.signal(signal.SIGINT, handlers[0])
        signal.signal(signal.SIGTERM, handlers[1])
    assert code == 1
    assert "missing.toml is not a mall to demonstrate with" in capsys.readouterr().err
    assert not (tmp_path / "demo" / "server").exists()


def test_a_machine_that_cannot_keep_up_is_named_at_the_end() -> None:
    wish = wish_of(parser().parse_args(["--visitors", "10", "--speed", "500"]))
    assert "3 still stood at a kiosk" in farewell(Figures(6, 2, 0, 0, 1, None), wish, "http://127.0.0.1:1")
    assert "kiosk" not in farewell(Figures(9, 2, 0, 0, 1, None), wish, "http://127.0.0.1:1")


def test_the_person_at_the_terminal_learns_which_counter_is_theirs_and_who_still_waits(mpp: Mall) -> None:
    wish = wish_of(parser().parse_args(["--free", "17"]))
    assert "Counter 17 has no simulated officer" in explanation(wish, mpp, 0)
    assert "earlier demonstration" not in explanation(wish, mpp, 0)
    assert "12 visitors of an earlier demonstration" in explanation(wish, mpp, 12)
    nobody = wish_of(parser().parse_args(["--free", ""]))
    assert "no simulated officer" not in explanation(nobody, mpp, 0)
