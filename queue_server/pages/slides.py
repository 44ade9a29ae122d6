"""The pictures and films of the boards in browsers: which are on now, and their files, from the server's own folder."""

import datetime
import threading
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request, send_file
from werkzeug.exceptions import NotFound

from antrean.look.slides import Slide, SlideFolder
from queue_server.pages.context import House

FOLDER = "slides"
WEEK_S = 7 * 24 * 3600


class Slides:
    """The folder of one server; asked by many requests, one at a time."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asking = threading.Lock()
        self._folder: SlideFolder | None = None

    def on_now(self) -> tuple[Slide, ...]:
        """What is shown at this minute of the mall's day."""
        zone = ZoneInfo(self._house.mall().timezone)
        local = datetime.datetime.fromtimestamp(self._house.now_ms() / 1000, zone)
        with self._asking:
            return self._slides().on_now(local.weekday(), local.hour * 60 + local.minute)

    def path(self, name: str) -> Path | None:
        """The file of a slide; None for any other name."""
        with self._asking:
            return self._slides().path(name)

    def _slides(self) -> SlideFolder:
        if self._folder is None:
            self._folder = SlideFolder(Path(self._house.storage().folder) / FOLDER)
        return self._folder


def add_pages(site: Blueprint, house: House) -> None:
    """`/board/slides` and `/board/slides/<name>`."""
    slides = Slides(house)

    @site.get("/board/slides")
    def playing() -> Response:
        answer = jsonify(slides=[_told(slide) for slide in slides.on_now()])
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @site.get("/board/slides/<name>")
    def slide(name: str) -> Response:
        path = slides.path(name)
        if path is None:
            raise NotFound
        answer = send_file(path, conditional=True, max_age=WEEK_S if request.args.get("v") else None)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def _told(slide: Slide) -> dict[str, object]:
    """A slide for the page: its file's name without the ending is what screen readers say."""
    return {
        "name": slide.name,
        "kind": slide.kind,
        "seconds": slide.seconds,
        "title": Path(slide.name).stem.replace("-", " ").replace("_", " "),
        "address": f"/board/slides/{quote(slide.name)}?v={slide.version}",
    }
