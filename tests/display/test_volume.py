from pathlib import Path

import pytest

from antrean.domain.errors import BadInput
from display.settings import load_settings
from display.volume import Volumes, minute_of_day, volumes_from

NOON = 12 * 60


def test_quiet_hours_may_go_past_midnight() -> None:
    night = Volumes(quiet=((17 * 60, 7 * 60 + 30),))
    assert [night.is_quiet(minute) for minute in (16 * 60 + 59, 17 * 60, 0, 7 * 60 + 29, 7 * 60 + 30)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_quiet_hours_make_nothing_louder() -> None:
    volumes = Volumes(3, {"1A": 5, "2B": 0}, ((NOON, NOON + 60),), quiet_level=2)
    assert [volumes.at(zone, NOON) for zone in ("1A", "2B", "3C")] == [2, 0, 2]
    assert [volumes.at(zone, NOON - 1) for zone in ("1A", "2B", "3C")] == [5, 0, 3]


def test_the_minute_is_the_malls_own() -> None:
    assert minute_of_day(1_764_042_120_000, "Asia/Jakarta") == 10 * 60 + 42
    assert minute_of_day(1_764_042_120_000, "Asia/Jayapura") == 12 * 60 + 42


def test_settings_name_zones_hours_and_languages(tmp_path: Path) -> None:
    file = tmp_path / "display.toml"
    file.write_text(
        'languages = ["id", "en", "id"]\nvolume = 3\nzone_volumes = ["1A = 5"]\n'
        'quiet_hours = ["12:00-13.00", "17:00 – 07:00"]\nquiet_volume = 0\n'
    )
    settings = load_settings(file, {}, {})
    assert settings.languages == ("id", "en")
    assert settings.volumes == Volumes(3, {"1A": 5}, ((720, 780), (1020, 420)), 0)


def test_the_environment_parts_lists_with_commas() -> None:
    settings = load_settings(None, {"ANTREAN_DISPLAY_LANGUAGES": "id, en"}, {})
    assert settings.languages == ("id", "en")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("volume = 6", "volume must be 0 to 5"),
        ("quiet_volume = -1", "quiet_volume must be 0 to 5"),
        ('zone_volumes = ["1A"]', "like 1A=4"),
        ('quiet_hours = ["12-13"]', "like 12:00-13:00"),
        ('quiet_hours = ["12:00-12:00"]', "like 12:00-13:00"),
        ('quiet_hours = ["24:00-25:00"]', "like 12:00-13:00"),
        ('languages = "id"', "a list of texts"),
        ("languages = [1]", "a list of texts"),
        ('languages = ["xx"]', "not 'xx'"),
    ],
)
def test_a_wrong_setting_is_named(line: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "display.toml"
    file.write_text(line + "\n")
    with pytest.raises(BadInput, match=words):
        load_settings(file, {}, {})


def test_every_mistake_is_told_at_once() -> None:
    _, problems = volumes_from(9, ["x"], ["y", "12:00-13:00"], 8)
    assert len(problems) == 4
