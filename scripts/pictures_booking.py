"""Take the pictures of the booking site: a visitor books at home, with the real program and the sample mall.

    python -m scripts.pictures_booking

Time and chance are counted, so a picture changes only when what it shows does.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from antrean.domain.errors import AntreanError
from antrean.ledger import site_malls
from queue_server.admin.mall import read_mall
from queue_server.site.running import RunningSite, start
from queue_server.site.settings import SiteSettings
from scripts.pictures_camera import Camera, chromium
from scripts.processes import Trouble

FOLDER = "booking"
NOW_MS = 1_795_400_460_000
"""Monday 23 November 2026, 09.21 in Jakarta."""
TOMORROW = datetime.date(2026, 11, 24)
KEY, SERVICE, SAMPLE = "samudra", "ktp-hilang", "mpp"
PATH = f"/m/{KEY}/{SERVICE}"
SECRET = "0123456789abcdef" * 4
CROWD = [{"service": SERVICE, "waiting": 7, "wait": [10, 25]}]
ALREADY_BOOKED, SEED = 160, 7
PHONE, SHARPNESS, WIDTH = (390, 844), 2.0, 390
SETTINGS = SiteSettings(
    port=0, public_url="https://booking.samudra.example", site_name="Booking Samudra", tries_per_hour=10_000,
    backup_minutes=0,
)  # fmt: skip


class Stage:
    """A machine whose clock stands still and whose chance is counted."""

    def __init__(self) -> None:
        self._drawn = itertools.count()

    def now_ms(self) -> int:
        """The stage's time."""
        return NOW_MS

    def new_id(self) -> str:
        """A new identity."""
        return f"00000000-0000-7000-8000-{next(self._drawn):012d}"

    def random_bytes(self, count: int) -> bytes:
        """Bytes that are the same in every run."""
        return hashlib.shake_128(str(next(self._drawn)).encode()).digest(count)


def fill(site: RunningSite) -> None:
    """The sample mall tells its catalogue, and others have booked before."""
    catalogue = read_mall(SAMPLE)

    def job(tx: Any) -> None:
        site_malls.add_mall(tx, KEY, SECRET, NOW_MS)
        site_malls.set_catalogue(tx, KEY, 1, catalogue)
        site_malls.heard(tx, KEY, NOW_MS)
        site_malls.set_crowd(tx, KEY, CROWD, NOW_MS)

    site.parts.ledger.writer.run(job)
    desk, chance = site.parts.desk, Random(SEED)
    for visitor in range(ALREADY_BOOKED):
        days = [day.date for day in desk.days(KEY, SERVICE) if day.free]
        date = min(chance.choices(days, k=2))  # most people want a day soon
        free = [slot for slot in desk.slots(KEY, SERVICE, date) if slot.free]
        contact = f"pengunjung-{visitor}@contoh.example"
        desk.book(KEY, SERVICE, chance.choice(free).start_ms, contact, "id", "192.0.2.1")


@contextmanager
def open_site(folder: Path) -> Iterator[RunningSite]:
    """The site, listening on loopback until the block ends."""
    broken: list[AntreanError] = []
    site = start(folder, SETTINGS, Stage(), broken.append)
    thread = threading.Thread(target=site.serve)
    thread.start()
    try:
        fill(site)
        yield site
    finally:
        site.stop()
        thread.join(10)
    if broken:
        raise Trouble(f"The site's disk failed: {broken[0]}")


def take(camera: Camera, site: RunningSite) -> None:
    """Every picture, in the order of a visitor's way."""
    desk = site.parts.desk

    def shot(name: str, path: str, width: int = PHONE[0], height: int = PHONE[1], wide: int = WIDTH) -> None:
        camera.go(path, width, height, sharpness=SHARPNESS)
        camera.take(f"{FOLDER}/{name}", wide)

    free = [slot for slot in desk.slots(KEY, SERVICE, TOMORROW) if slot.free]
    shot("services", f"/m/{KEY}")
    shot("standard", PATH)
    shot("days", f"{PATH}/day")
    shot("times", f"{PATH}/day/{TOMORROW}")
    shot("contact", f"{PATH}/at/{free[1].start_ms}")
    taken = free[-1].start_ms
    mine = desk.book(KEY, SERVICE, free[1].start_ms, "saya@contoh.example", "id", "192.0.2.1")
    for other in range(free[-1].free):
        desk.book(KEY, SERVICE, taken, f"lain-{other}@contoh.example", "id", "192.0.2.1")
    shot("booking", f"/b/{mine.secret}?now=new")
    shot("taken", f"/b/{mine.secret}/to/{taken}")
    shot("cancel", f"/b/{mine.secret}/cancel?lang=su")
    shot("large", f"{PATH}?text=large&look=contrast&lang=en")


def main() -> None:
    """Run from the command line."""
    with tempfile.TemporaryDirectory(prefix="antrean-booking-") as place:
        folder = Path(place)
        with open_site(folder / "site") as site:
            url = f"http://127.0.0.1:{site.port}"
            (folder / FOLDER).mkdir()
            with chromium(url, folder) as camera:
                take(camera, site)


if __name__ == "__main__":
    main()
