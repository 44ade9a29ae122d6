"""What a kiosk says to a ticket's foot at its scanner."""

import logging

from PySide6.QtWidgets import QWidget

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.texts.formats import clock
from kiosk.readmission import PaperTaken, Taken
from kiosk.screens.screen import Scene
from kiosk.screens.sheets import Sheet, notice_sheet

log = logging.getLogger(__name__)
_REFUSED = {
    "bad_paper": ("scan_unknown_title", "scan_bad"),
    "paper_of_another_day": ("scan_old_title", "scan_old"),
}


def paper_sheet(scene: Scene, token: str, parent: QWidget) -> Sheet:
    """Take the paper back at the scene's desk: the visitor has the place again, or reads why not and what to do."""
    try:
        return _taken(scene, scene.desk.readmit(token), parent)
    except AntreanError as refused:
        code = refused.code if isinstance(refused, RuleViolation) else "unavailable"
        log.info("no place given back: %s", code)
    title, text = _REFUSED.get(code, ("scan_unknown_title", "scan_unknown"))
    return notice_sheet(scene, "info-circle", scene.t(f"kiosk.{title}"), scene.t(f"kiosk.{text}"), parent)


def _taken(scene: Scene, taken: PaperTaken, parent: QWidget) -> Sheet:
    t = scene.t
    if taken.result is Taken.KNOWN:
        text = t("kiosk.scan_known")
    elif taken.anchored:
        text = t("kiosk.scan_back", time=clock(taken.arrived_ms, scene.mall.timezone, t.language))
    else:
        text = t("kiosk.scan_back_unknown_time")
    return notice_sheet(scene, "circle-check", t("kiosk.scan_title", label=taken.label), text, parent)
