"""How pictures are taken: of pages in the system's Chromium, of screens and paper from files; kept small."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from queue_server.auth.callers import COOKIE
from scripts.processes import Trouble

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
COLOURS = 200
EDGE = (205, 200, 190)
PATIENCE_S = 20.0
BROWSER_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--lang=id-ID",
    "--accept-lang=id-ID",
)


def keep(picture: Path, name: str, width: int, *, margin: int = 0) -> None:
    """Store a picture under docs/pictures, `width` pixels wide, in few enough colours to be small.

    `margin` lays it on white paper of that many pixels more on each side, with an edge.
    """
    (PICTURES / name).parent.mkdir(parents=True, exist_ok=True)
    with Image.open(picture) as taken:
        image = taken.convert("RGB")
    if margin:
        image = ImageOps.expand(ImageOps.expand(image, margin, "white"), 2, EDGE)
    height = round(image.height * width / image.width)
    smaller = image.resize((width, height), Image.Resampling.LANCZOS)
    path = PICTURES / f"{name}.png"
    smaller.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}  {width} × {height}  {path.stat().st_size // 1000} kB", flush=True)


class Camera:
    """Chromium without a window; pictures of pages as one signed-in person sees them."""

    def __init__(self, driver: webdriver.Chrome, url: str, folder: Path) -> None:
        self._driver, self._url, self._folder = driver, url, folder

    def be(self, secret: str) -> None:
        """Become the person of a session."""
        self._driver.get(f"{self._url}/healthz")
        self._driver.delete_all_cookies()
        self._driver.add_cookie({"name": COOKIE, "value": secret, "path": "/"})

    def go(self, path: str, width: int, height: int, *, sharpness: float = 1.0) -> None:
        """Open a page in a window of this size and wait until it stands."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": sharpness, "mobile": width < 600}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self._driver.get(f"{self._url}{path}")
        self.until("return document.readyState === 'complete' && document.fonts.status === 'loaded'")

    def until(self, script: str) -> None:
        """Wait until a script answers true; raises `Trouble` after PATIENCE_S."""
        try:
            WebDriverWait(self._driver, PATIENCE_S).until(lambda driver: driver.execute_script(script))
        except TimeoutException as error:
            raise Trouble(f"The page {self._driver.current_url} never came to: {script}") from error

    def second_window(self) -> None:
        """Look at the second window, opened at the first time."""
        if len(self._driver.window_handles) == 1:
            self._driver.switch_to.new_window("tab")
        else:
            self._driver.switch_to.window(self._driver.window_handles[1])

    def first_window(self) -> None:
        """Look at the first window again."""
        self._driver.switch_to.window(self._driver.window_handles[0])

    def press_until(self, key: str, script: str) -> None:
        """Press a key now and again until a script answers true: while a command is under way none is heard."""
        body = self._driver.find_element(By.TAG_NAME, "body")

        def heard(driver: webdriver.Chrome) -> bool:
            if not driver.execute_script(script):
                body.send_keys(key)
            return bool(driver.execute_script(script))

        WebDriverWait(self._driver, PATIENCE_S, poll_frequency=1.0).until(heard)

    def answer(self, key: str, words: str, script: str) -> None:
        """Open a dialog by its key, type into it, confirm, and wait until a script answers true."""
        self.press_until(key, "return document.querySelector('dialog[open]') !== null")
        self._driver.switch_to.active_element.send_keys(words, Keys.ENTER)
        self.until(script)

    def take(self, name: str, width: int) -> None:
        """Keep what the window shows."""
        shot = self._folder / f"{name}.png"
        self._driver.save_screenshot(str(shot))
        keep(shot, name, width)


@contextmanager
def chromium(url: str, folder: Path) -> Iterator[Camera]:
    """Debian's Chromium with a profile of its own, closed afterwards."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*BROWSER_FLAGS, f"--user-data-dir={folder / 'browser'}"):
        options.add_argument(flag)
    language = {**os.environ, "LANGUAGE": "id"}
    service = webdriver.ChromeService("/usr/bin/chromedriver", env=language)
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield Camera(driver, url, folder)
    finally:
        driver.quit()
