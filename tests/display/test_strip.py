"""The picture strip: by schedule, past broken files, and never in the way of a call."""

import os
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from antrean.domain.settings import BadSettings
from antrean.domain.slides import in_order, programme_from
from antrean.link.stream import StateUpdate
from antrean.look.slides import PICTURE, SlideFolder
from antrean.voice.pack import packs_for
from display import strip as strip_room
from display.frame import frame_for, with_strip
from display.paint import load_fonts
from display.program import HallDisplay, ServerClock
from display.sound import Silent
from display.strip import LONGEST_SIDE, Strip, decoded
from display.voice import HallVoice

MONDAY, SUNDAY, TEN = 0, 6, 10 * 60
JAKARTA = "Asia/Jakarta"


def paint(path: Path, colour: str = "#2A6E64", size: tuple[int, int] = (64, 36)) -> Path:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    assert image.save(str(path))
    return path


def names(folder: Path, weekday: int = MONDAY, minute: int = TEN) -> list[str]:
    return [slide.name for slide in SlideFolder(folder).on_now(weekday, minute)]


def settled(strip: Strip, qtbot: QtBot, now_ms: int) -> QImage | None:
    """What the strip shows at `now_ms` when its thread has done what there is to do."""
    strip.picture(now_ms, JAKARTA)
    qtbot.waitUntil(lambda: strip._coming is None or strip._coming.done(), timeout=30_000)
    return strip.picture(now_ms, JAKARTA)


def test_files_without_a_schedule_are_always_shown_in_counted_order(tmp_path: Path) -> None:
    for name in ("slide 10.png", "slide 2.png", "peta.jpg"):
        paint(tmp_path / name)
    assert names(tmp_path) == ["peta.jpg", "slide 2.png", "slide 10.png"]
    assert in_order(["b", "a10", "a9"]) == ["a9", "a10", "b"]
    assert names(tmp_path / "nowhere") == []


def test_a_schedule_says_days_hours_and_seconds(tmp_path: Path) -> None:
    for name in ("pagi.png", "malam.png", "peta.png"):
        paint(tmp_path / name)
    (tmp_path / "schedule.toml").write_text(
        'seconds = 8\n[[show]]\nfiles = ["pagi*"]\ndays = ["mon", "tue"]\nhours = ["08:00-12:00"]\nseconds = 20\n'
        '[[show]]\nfiles = ["malam.png"]\nhours = ["22:00-06:00"]\n'
    )
    assert names(tmp_path) == ["pagi.png", "peta.png"]
    assert names(tmp_path, SUNDAY) == ["peta.png"]
    assert names(tmp_path, MONDAY, 12 * 60) == ["peta.png"]
    assert names(tmp_path, SUNDAY, 23 * 60) == names(tmp_path, SUNDAY, 5) == ["malam.png", "peta.png"]
    assert [slide.seconds for slide in SlideFolder(tmp_path).on_now(MONDAY, TEN)] == [20, 8]


@pytest.mark.parametrize(
    "table",
    [
        {"second": 3},
        {"seconds": 1},
        {"show": "all"},
        {"show": [{}]},
        {"show": [{"files": ["a"], "days": ["senin"]}]},
        {"show": [{"files": ["a"], "hours": ["8-12"]}]},
        {"show": [{"files": ["a"], "hours": ["08:00-08:00"]}]},
        {"show": [{"files": "a"}]},
        {"show": [{"files": ["a"], "when": "now"}]},
    ],
)
def test_a_wrong_schedule_is_told(table: dict[str, Any]) -> None:
    with pytest.raises(BadSettings):
        programme_from(table)


def test_a_schedule_with_a_mistake_shows_nothing_until_it_is_mended(tmp_path: Path, caplog: Any) -> None:
    paint(tmp_path / "a.png")
    schedule = tmp_path / "schedule.toml"
    schedule.write_text("seconds = often")
    folder = SlideFolder(tmp_path)
    assert folder.on_now(MONDAY, TEN) == folder.on_now(MONDAY, TEN) == ()
    assert len(caplog.records) == 1
    caplog.clear()
    schedule.write_text("seconds = 20\n")
    os.utime(schedule, ns=(1, 1))
    assert [slide.seconds for slide in folder.on_now(MONDAY, TEN)] == [20]


def test_what_is_no_picture_is_skipped_and_told_once(tmp_path: Path, caplog: Any) -> None:
    paint(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"MZ no picture")
    (tmp_path / "c.txt").write_text("notes")
    (tmp_path / "d.png").symlink_to("/etc/hostname")
    folder = SlideFolder(tmp_path)
    for _ in range(3):
        assert [slide.name for slide in folder.on_now(MONDAY, TEN)] == ["a.png"]
    assert [record.message for record in caplog.records] == [
        "b.png is not shown on the boards: it is not what its name says"
    ]
    assert [folder.path(name) for name in ("b.png", "../a.png", "d.png", "", "schedule.toml")] == [None] * 5


def test_a_video_is_no_slide_of_a_qt_board(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x20ftypisom" + bytes(32))
    assert [slide.name for slide in SlideFolder(tmp_path).on_now(MONDAY, TEN)] == ["film.mp4"]
    assert SlideFolder(tmp_path, frozenset({PICTURE})).on_now(MONDAY, TEN) == ()


def test_slides_take_turns_and_a_torn_one_is_skipped_and_told_once(
    tmp_path: Path, qtbot: QtBot, caplog: Any
) -> None:
    paint(tmp_path / "1.png", "#ff0000")
    torn = paint(tmp_path / "2.png").read_bytes()
    (tmp_path / "2.png").write_bytes(torn[:40])
    paint(tmp_path / "3.png", "#0000ff")
    strip = Strip(SlideFolder(tmp_path))
    colours = []
    for turn in range(4):
        shown = settled(strip, qtbot, turn * 13_000)
        assert shown is not None
        colours.append(QColor(shown.pixel(3, 3)).name())
    strip.close()
    assert colours == ["#ff0000", "#0000ff", "#ff0000", "#0000ff"]
    assert len([one for one in caplog.records if "2.png" in one.message]) == 1


def test_an_emptied_folder_gives_the_room_back(tmp_path: Path, qtbot: QtBot) -> None:
    only = paint(tmp_path / "1.png")
    strip = Strip(SlideFolder(tmp_path))
    assert settled(strip, qtbot, 0) is not None
    only.unlink()
    assert settled(strip, qtbot, 13_000) is None
    strip.close()


def test_a_camera_picture_is_made_small(tmp_path: Path) -> None:
    image = decoded(str(paint(tmp_path / "big.png", size=(4000, 3000))))
    assert isinstance(image, QImage)
    assert max(image.width(), image.height()) == LONGEST_SIDE


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 1024)])
def test_the_strip_covers_neither_call_nor_history_nor_foot(size: tuple[int, int]) -> None:
    frame = with_strip(frame_for(*size))
    assert frame.strip is not None
    for part in (frame.hero, frame.history, frame.counts, frame.band):
        assert not part.intersects(frame.strip)
    assert frame.hero == frame_for(*size).hero


def test_a_slow_picture_delays_no_call(
    tmp_path: Path, qtbot: QtBot, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_fonts()
    paint(tmp_path / "1.png")
    go_on, begun = Event(), Event()

    def slow(path: str) -> QImage | str:
        begun.set()
        go_on.wait(30)
        return decoded(path)

    monkeypatch.setattr(strip_room, "decoded", slow)
    strip = Strip(SlideFolder(tmp_path))
    voice = HallVoice(packs_for(("id",), None), Silent())
    clock = ServerClock(lambda: 0, lambda: 0)
    display = HallDisplay(clock, "id", None, voice, False, strip)
    qtbot.addWidget(display.widget)
    display.take(StateUpdate("board", wire.board(), "x.1"))
    assert begun.wait(30)
    display.take(StateUpdate("board", wire.board(wire.call("a")), "x.2"))
    assert display.widget.scene.state == "calling"
    go_on.set()
    qtbot.waitUntil(lambda: display.widget._slide is not None, timeout=30_000)  # its own tick finds it
    assert display.widget.scene.state == "calling"
    clock.learn(wire.noon + 20_000)
    display.tick()
    assert display.widget._slide is None  # nothing moves on a board without news
    strip.close()
    voice.close()
