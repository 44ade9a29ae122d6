"""The booking site in a real browser: narrow, large, by keyboard, for screen readers, photographed and printed."""

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from antrean.texts import LANGUAGES
from queue_server.serving import http_server, port_of
from queue_server.site.desk import CrowdView
from tests.pages.desk_of_tests import barriers, chromium, complaints
from tests.pages.phones import patient, size
from tests.site_pages.fake_desk import KEY, MONDAY_MS, FakeDesk
from tests.site_pages.site_of_tests import CONTACT, PATH, SERVICE, site_of, starts

NARROW, PHONE = (320, 568), (360, 640)
MOST_TABS = 60
OWN = "/b/secret0001"
DENSE, LONGEST = (f"{PATH}/day", OWN), ("jv",)
"""Pages that are tried in every language; the others in the one with the longest words."""
LOW_KEYS = """
const keys = document.querySelectorAll("a.key, button, .primary, .plain, .tool, input:not([type=hidden])");
const low = (key) => key.offsetParent && key.getBoundingClientRect().height < 44;
return [...keys].filter(low).map((key) => key.outerHTML);
"""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the site, listening on loopback."""
    server = http_server(app, "127.0.0.1", 0, 0)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port_of(server)}"
    finally:
        server.stop()
        thread.join(30)


def wide(driver: webdriver.Chrome) -> int:
    """How wide the page is, in CSS pixels."""
    return int(driver.execute_script("return document.documentElement.scrollWidth"))


def tab_to(driver: webdriver.Chrome, selector: str) -> None:
    """Presses Tab until something has the focus, and sees that the focus shows."""
    for _ in range(MOST_TABS):
        driver.switch_to.active_element.send_keys(Keys.TAB)
        if driver.execute_script("return document.activeElement.matches(arguments[0])", selector):
            outline = driver.execute_script("return getComputedStyle(document.activeElement).outlineWidth")
            assert outline == "3px", selector
            return
    raise AssertionError(f"no Tab leads to {selector}")


def enter(driver: webdriver.Chrome, words: str = "") -> None:
    """Types, presses Enter, and waits until another page stands."""
    before = driver.current_url
    driver.switch_to.active_element.send_keys(words, Keys.ENTER)
    done = "return location.href !== arguments[0] && document.readyState === 'complete'"
    patient(driver).until(lambda _: driver.execute_script(done, before))


def book_by_keyboard(driver: webdriver.Chrome, url: str, start_ms: int) -> None:
    """Books without a mouse, from the search to the booking."""
    driver.get(f"{url}/m/{KEY}")
    tab_to(driver, "#q")
    enter(driver, "ktp ilang")
    for key in (f"[href='{PATH}']", f"[href='{PATH}/day']", "[href$='2026-11-24']", f"[href$='{start_ms}']"):
        tab_to(driver, f"a{key}:not(.brand)")
        enter(driver)
    tab_to(driver, "#contact")
    enter(driver, CONTACT)
    assert driver.current_url == f"{url}{OWN}?now=new"


@pytest.mark.browser
def test_any_visitor_can_use_it_on_any_phone(desk: FakeDesk, tmp_path: Path) -> None:
    first, second, third, *_ = starts(desk)
    desk.crowds[KEY, SERVICE] = CrowdView(7, (10, 25), MONDAY_MS)
    with served(site_of(desk)) as url, chromium(tmp_path, 500, 844, "--accept-lang=id") as driver:
        size(driver, *PHONE)
        book_by_keyboard(driver, url, third)

        photo = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
        (read,) = zxingcpp.read_barcodes(photo.convert("L"))
        assert read.text == desk.kept["secret0001"].token, "one photograph of the screen holds the QR"
        paper = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
        assert paper.count(b"/Type /Page\n") == 1

        desk.sell_out(KEY, SERVICE, second)
        pages = (
            f"/m/{KEY}",
            f"/m/{KEY}?q=ktp",
            PATH,
            f"{PATH}/day",
            f"{PATH}/day/2026-11-24",
            f"{PATH}/at/{first}",
            OWN,
            f"{OWN}/to/{first}",
            f"{OWN}/cancel",
        )
        size(driver, *NARROW)
        for path in pages:
            mark = "&" if "?" in path else "?"
            for language in LANGUAGES if path in DENSE else LONGEST:
                driver.get(f"{url}{path}{mark}lang={language}&text=large")
                assert wide(driver) <= NARROW[0], (path, language)
            driver.get(f"{url}{path}")
            assert wide(driver) <= NARROW[0], path
            assert barriers(driver) == [], path
            low = driver.execute_script(LOW_KEYS)
            assert low == [], path
        for path in (
            f"/m/{KEY}",
            f"{PATH}/at/{second}",
            OWN,
        ):  # the middle one answers with the day and a sentence
            driver.get(f"{url}{path}{'&' if '?' in path else '?'}look=contrast&lang=en")
            assert barriers(driver) == [], path
        assert [line for line in complaints(driver) if "409" not in line] == []
