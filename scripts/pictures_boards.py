"""Take the pictures of `docs/boards.md`: every state of the boards, both ways up, drawn by the boards' own code.

python -m scripts.pictures_boards
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from antrean.look.tokens import DARK, LIGHT
from scripts import run
from scripts.pictures_camera import keep

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

FOLDER = "boards"
NOW = 1_764_042_120_000
"""Tuesday 25 November 2025, 10.42 in Jakarta."""
LYING, UPRIGHT, DESK = (1920, 1080), (1080, 1920), (1280, 400)
WIDTHS = {LYING: 720, UPRIGHT: 360, DESK: 560}
CALLED = (
    ("A1-012", "3"),
    ("B1-047", "7"),
    ("A1-011", "2"),
    ("C2-019", "11"),
    ("A2-033", "4"),
    ("B1-046", "6"),
)
WAITING = (
    ("Dukcapil", 24),
    ("Samsat", 11),
    ("Imigrasi", 8),
    ("BPJS Kesehatan", 15),
    ("Perizinan", 6),
    ("Pajak", 4),
)
SPOKEN = (
    "Layanan kependudukan tidak dipungut biaya.",
    "Istirahat 12.00–13.00, Loket 2 dan 5 tetap buka.",
    "Perlu bantuan? Tanyakan kepada petugas berompi hijau.",
)
TYPED = (
    "Layanan paspor di lantai 2 pindah ke ruang serbaguna sampai pukul 14.00. Pengunjung bernomor C2 mohon"
    " menunggu di sana."
)
STALE_MS = 15 * 60_000


def words(text: str, english: str = "") -> dict[str, str]:
    """A text as the server sends it."""
    return {"id": text, "en": english or text}


def counter(code: str) -> dict[str, str]:
    """A counter's name."""
    return words(f"Loket {code}", f"Counter {code}")


def notice(kind: str, text: str = "") -> dict[str, Any]:
    """One notice that was made just now."""
    about = "" if text else "5"
    return {
        "id": kind,
        "kind": kind,
        "about": about,
        "about_name": counter(about) if about else None,
        "text": text,
        "zone": "",
        "at": NOW,
        "until_ms": NOW + STALE_MS,
    }


def board(*notices: Mapping[str, Any]) -> dict[str, Any]:
    """The hall as the server tells it."""
    calls = [
        {
            "call_id": label,
            "label": label,
            "check": None,
            "counter": code,
            "counter_name": counter(code),
            "service": words("KTP elektronik", "Electronic ID"),
            "agency": "Dukcapil",
            "zone": "1B",
            "called_at": NOW,
            "recall": 0,
        }
        for label, code in CALLED
    ]
    return {
        "mall": {"name": "Mal Pelayanan Publik Kota Samudra", "timezone": "Asia/Jakarta"},
        "zones": [{"code": "1B", "name": words("Lantai 1 · Zona B", "Floor 1 · Zone B")}],
        "calls": calls,
        "waiting": [{"agency": name, "short": name, "zone": "1B", "count": count} for name, count in WAITING],
        "announcements": [words(text) for text in SPOKEN],
        "notices": list(notices),
        "day": "2025-11-25",
        "server_ms": NOW,
    }


def slide() -> QImage:
    """A poster as an agency might hang it."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    from display.paint import font

    poster = QImage(1600, 900, QImage.Format.Format_RGB32)
    poster.fill(QColor(LIGHT.accent))
    painter = QPainter(poster)
    painter.setPen(QColor(DARK.d_ink))
    for text, size, top in (("Imunisasi anak gratis", 130, 250), ("Sabtu 08.00–11.00, lantai 2", 84, 470)):
        painter.setFont(font(size, 700))
        painter.drawText(QRect(0, top, 1600, 200), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return poster


def hall(size: tuple[int, int], *notices: Mapping[str, Any], **more: Any) -> QWidget:
    """A hall board: `late` ms without news, `language`, and a `slide`."""
    from display.board import HallBoard
    from display.calls import CallQueue, call_of
    from display.scene import hall_scene

    state, late = board(*notices), more.get("late", 0)
    current = None if late else call_of(state["calls"][0])
    queue = CallQueue(seen=(), current=current, free_ms=NOW + 8_000, ends_ms=NOW + 15_000)
    language = more.get("language", "id")
    scene = hall_scene(state, queue, NOW + late, NOW, language=language, zone="1B")
    widget = HallBoard(scene, motion=False)
    widget.resize(*size)
    widget.show_slide(more.get("slide"))
    return widget


def desk(state: str, **more: Any) -> QWidget:
    """The display above a counter; `late` ms without news."""
    from display.board import CounterBoard
    from display.scene import counter_scene

    late = more.pop("late", 0)
    serving = state in ("calling", "serving")
    wired = {
        "counter": "3",
        "name": counter("3"),
        "state": state,
        "label": "A1-012" if serving else None,
        "call_id": "a",
        "service": words("KTP elektronik") if serving else None,
        "services": [words("KTP elektronik"), words("Kartu Keluarga"), words("Akta kelahiran")],
        "reason": None,
        "until_ms": None,
        "elsewhere": None,
        "server_ms": NOW,
    } | more
    scene = counter_scene(wired, "3", NOW + late, NOW, language="id", timezone="Asia/Jakarta")
    widget = CounterBoard(scene, motion=False)
    widget.resize(*DESK)
    return widget


def drawn() -> dict[str, QWidget]:
    """Every picture by its name; Qt's application must exist."""
    elsewhere = {
        "service": words("KTP elektronik"),
        "counters": [{"code": code, "name": counter(code)} for code in ("2", "5")],
    }
    closed, typed, poster = notice("counter_closed"), notice("free", TYPED), slide()
    return {
        "hall": hall(LYING),
        "hall-english": hall(LYING, language="en"),
        "hall-notice": hall(LYING, closed),
        "hall-slide": hall(LYING, slide=poster),
        "hall-stale": hall(LYING, late=STALE_MS),
        "upright": hall(UPRIGHT),
        "upright-notice": hall(UPRIGHT, typed),
        "upright-slide": hall(UPRIGHT, slide=poster),
        "upright-stale": hall(UPRIGHT, late=STALE_MS),
        "counter-calling": desk("calling"),
        "counter-serving": desk("serving"),
        "counter-available": desk("available"),
        "counter-break": desk("break", until_ms=NOW + 18 * 60_000, elsewhere=elsewhere),
        "counter-closed": desk("closed", elsewhere=elsewhere),
        "counter-stale": desk("serving", late=STALE_MS),
    }


def main() -> None:
    """Draw every picture of the page."""
    os.environ.update(run.qt_environment({}))
    from PySide6.QtWidgets import QApplication

    from display.paint import load_fonts

    app = QApplication.instance() or QApplication([])
    load_fonts()
    with tempfile.TemporaryDirectory(prefix="antrean-boards-") as place:
        for name, widget in drawn().items():
            shot = Path(place) / f"{name}.png"
            widget.grab().save(str(shot))
            size = (widget.width(), widget.height())
            widget.deleteLater()
            keep(shot, f"{FOLDER}/{name}", WIDTHS[size])
    app.processEvents()


if __name__ == "__main__":
    main()
