"""A visitor's phone for tests: small, and with eyes and ears for what it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from antrean.domain.label import status_token
from tests.pages.desk_of_tests import chromium
from tests.server.house_of_tests import House

PATIENCE_S = 30
EARS = """
window.tones = 0; window.buzzes = [];
const made = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones++; return made.call(this); };
navigator.vibrate = (pattern) => { window.buzzes.push(pattern); return true; };
"""
LATER = "const real = Date.now; Date.now = () => real.call(Date) + (window.later ?? 0);"
"""`window.later` moves the phone's clock on, by milliseconds."""


def tokens_of(house: House, count: int = 3) -> list[str]:
    """The status tokens of so many numbers just taken, in order."""
    kiosk = house.pair()
    ids = [kiosk.issue() for _ in range(count)]
    assert kiosk.push().status_code == 200
    return [status_token(ticket_id) for ticket_id in ids]


@contextmanager
def phone(
    folder: Path, width: int = 360, height: int = 640, *flags: str, before: str = EARS
) -> Iterator[webdriver.Chrome]:
    """A browser with a phone's screen; `before` is run before any script of a page."""
    with chromium(folder, 500, 844, *flags) as driver:
        size(driver, width, height)
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        yield driver


def size(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Gives the phone another screen, in CSS pixels."""
    shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)


def patient(driver: webdriver.Chrome) -> WebDriverWait[webdriver.Chrome]:
    """Waits for something on the page."""
    return WebDriverWait(driver, PATIENCE_S, poll_frequency=0.05)


def sees(driver: webdriver.Chrome, selector: str) -> None:
    """Waits until something is on the page."""
    patient(driver).until(lambda _: driver.find_elements("css selector", selector))


def reads(driver: webdriver.Chrome, selector: str, words: str) -> None:
    """Waits until a part of the page says some words."""
    script = "return document.querySelector(arguments[0])?.innerText ?? ''"
    patient(driver).until(lambda _: words in driver.execute_script(script, selector))


def streams(house: House, driver: webdriver.Chrome, count: int = 1) -> None:
    """Waits until so many pages hold a stream."""
    patient(driver).until(lambda _: house.running.parts.hub.streams() == count)
