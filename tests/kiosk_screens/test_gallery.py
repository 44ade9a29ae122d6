from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from antrean.domain.catalogue import Mall
from kiosk import gallery


def test_the_gallery_shows_every_screen(qtbot: QtBot, sample_mall: Mall, tmp_path: Path) -> None:
    view = next(gallery.views())
    written = gallery.grab_all(tmp_path, sample_mall, "ktp-hilang", [view])
    names = {path.name for path in written}
    for screen in (
        "welcome",
        "needs",
        "services",
        "card",
        "priority",
        "number",
        "number-no-paper",
        "finder",
        "check-in",
        "booking",
        "staff",
    ):
        assert f"{screen}-{view.name}.png" in names
    first = QImage(str(tmp_path / "needs-portrait-id-light.png"))
    assert (first.width(), first.height()) == (1080, 1920)
