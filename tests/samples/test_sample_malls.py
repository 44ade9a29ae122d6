"""The shipped malls keep what the screens and the law ask of a catalogue."""

import datetime
import tomllib
from collections import Counter as Tally
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import antrean
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.opening import openness
from antrean.domain.slots import slots_on
from queue_server.samples import sample_names, sample_path

LONGEST_SHORT_NAME = 24  # characters that fit a tile and a board row
MOST_REQUIREMENTS = 6  # rows on the service card
ICONS = Path(antrean.__file__).parent / "look" / "icons"


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(sample_path(name).read_text(encoding="utf-8"))


def _mall(name: str) -> Mall:
    return mall_from_dict(_file(name))


def _tables(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _tables(child)


@pytest.fixture(params=sample_names())
def mall(request: pytest.FixtureRequest) -> Mall:
    return _mall(request.param)


def test_the_full_mall_and_the_tiny_mall_are_shipped() -> None:
    assert sample_names() == ("mpp", "tiny")


def test_an_unknown_sample_name_is_refused_with_the_names_to_choose_from() -> None:
    with pytest.raises(KeyError, match="mpp, tiny"):
        sample_path("../mpp")


def test_the_full_mall_has_the_size_of_a_real_one() -> None:
    mall = _mall("mpp")
    assert len(mall.agencies) == 24
    assert len(mall.services) >= 120
    assert len(mall.counters) == 30
    assert {zone.floor for zone in mall.zones.values()} == {1, 2}
    assert len(mall.zones) >= 4
    assert len(mall.needs) == 14
    assert sum(service.common for service in mall.services.values()) == 12


def test_the_tiny_mall_has_one_closed_service_and_one_that_is_full_after_two() -> None:
    mall = _mall("tiny")
    assert (len(mall.agencies), len(mall.services), len(mall.counters)) == (2, 5, 2)
    closed = [s.code for s in mall.services.values() if s.hours is not None and not any(s.hours.week)]
    assert closed == ["skck"]
    assert {s.code: s.quota for s in mall.services.values() if s.quota} == {"sim-c": 2}


@pytest.mark.parametrize("name", sample_names())
def test_the_file_survives_being_read_and_written(name: str) -> None:
    mall = _mall(name)
    assert mall_from_dict(mall_to_dict(mall)) == mall


@pytest.mark.parametrize("name", sample_names())
def test_every_text_is_there_in_indonesian_and_english_and_perhaps_in_more(name: str) -> None:
    for table in _tables(_file(name)):
        if "id" in table or "en" in table:
            assert {"id", "en"} <= set(table) <= {"id", "en", "jv", "su"}, table
            assert all(text == text.strip() and text for text in table.values()), table


def test_short_names_fit_a_tile(mall: Mall) -> None:
    for service in mall.services.values():
        for text in (service.short.id, service.short.en):
            assert len(text) <= LONGEST_SHORT_NAME, text


def test_the_service_card_can_show_every_requirement(mall: Mall) -> None:
    for service in mall.services.values():
        assert 1 <= len(service.requirements) <= MOST_REQUIREMENTS, service.code


def test_every_pictogram_is_drawn(mall: Mall) -> None:
    used = {need.icon for need in mall.needs.values()} | {agency.icon for agency in mall.agencies.values()}
    for service in mall.services.values():
        used |= {service.icon} | {requirement.icon for requirement in service.requirements}
    assert sorted(name for name in used if not (ICONS / f"{name}.svg").is_file()) == []


def test_every_service_is_served_somewhere(mall: Mall) -> None:
    served = {code for counter in mall.counters.values() for code in counter.services}
    assert set(mall.services) - served == set()


def test_a_counter_lists_each_service_once(mall: Mall) -> None:
    for counter in mall.counters.values():
        assert len(set(counter.services)) == len(counter.services), counter.code


def test_no_two_services_of_a_need_share_a_name(mall: Mall) -> None:
    for language in ("id", "en", "jv", "su"):
        names = Tally((s.need, s.name.get(language)) for s in mall.services.values())
        shorts = Tally((s.need, s.short.get(language)) for s in mall.services.values())
        assert max(names.values()) == max(shorts.values()) == 1


def test_every_need_leads_to_a_service(mall: Mall) -> None:
    assert {service.need for service in mall.services.values()} == set(mall.needs)


def test_search_words_are_lower_case_and_given_once(mall: Mall) -> None:
    for service in mall.services.values():
        assert len(service.words) >= 2, service.code
        assert len(set(service.words)) == len(service.words), service.code
        assert all(word == word.strip().lower() and word for word in service.words), service.code


def _open_services(mall: Mall, local: str) -> set[str]:
    moment = datetime.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(mall.timezone))
    now_ms = int(moment.timestamp() * 1000)
    return {service.code for service in mall.services.values() if openness(mall, service, now_ms).open}


def test_counters_2_and_5_stay_open_at_lunch_as_announced() -> None:
    mall = _mall("mpp")
    lunch = _open_services(mall, "2026-11-24T12:30")
    for counter in ("2", "5"):
        assert set(mall.counters[counter].services) <= lunch
    assert {mall.services[code].agency for code in lunch} == {"dukcapil"}


def test_nobody_serves_during_friday_prayer() -> None:
    assert _open_services(_mall("mpp"), "2026-11-27T12:15") == set()


def test_every_service_of_the_full_mall_is_open_on_some_weekday_morning() -> None:
    mall = _mall("mpp")
    week = (_open_services(mall, f"2026-11-{day}T09:00") for day in range(23, 28))
    assert set().union(*week) == set(mall.services)


def test_guest_agencies_come_on_their_own_days_only() -> None:
    mall = _mall("mpp")
    assert "imei-daftar" in _open_services(mall, "2026-11-23T09:00")
    assert "imei-daftar" not in _open_services(mall, "2026-11-24T09:00")


def test_common_services_of_the_full_mall_can_be_booked_on_a_working_day_and_most_cannot() -> None:
    mall, tuesday = _mall("mpp"), datetime.date(2026, 11, 24)
    booked = [service for service in mall.services.values() if service.booking]
    assert 8 <= len(booked) <= len(mall.services) // 4
    assert all(service.common for service in booked)
    for service in booked:
        slots = slots_on(mall, service, tuesday)
        assert len(slots) >= 5, service.code
        shares = sum(slot.capacity for slot in slots) / sum((slot.end_ms - slot.start_ms) for slot in slots)
        assert service.booking is not None
        assert shares * 3_600_000 <= service.booking.per_hour
