"""A paper that no list knows, at a counter and in the hall: scanned or pasted, with a plain answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from antrean.domain.claim import Claim
from antrean.seal.keys import SigningKey
from queue_server import paper_keys
from tests.pages.desk_of_tests import barriers, chromium, complaints, employ, sign_in
from tests.pages.officer import IDLE, PASSING
from tests.server.house_of_tests import House

KEY = SigningKey(b"a kiosk's secret of 32 bytes....")
SCAN = """
const keys = [...arguments[0], "Enter"];
for (const key of keys) (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
"""
"""A scanner in keyboard mode: all keys within a few milliseconds, wherever the focus is."""


@pytest.fixture
def tokens(house: House) -> list[str]:
    """The staff codes of two numbers whose kiosk is lost, and of one from another day."""
    kiosk = house.pair()
    device = kiosk.paired["device_id"]
    house.running.parts.ledger.writer.run(lambda tx: paper_keys.note_key(tx, device, "1", KEY.public))
    now = house.world.now_ms
    arrivals = (now - 600_000, now - 300_000, now - 86_400_000)
    return [
        KEY.seal(Claim(at, True, "A", "1", 1, number, False, "id", False, number), "ktp-baru").token
        for number, at in enumerate(arrivals, 1)
    ]


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path) as driver:
        yield driver


def sees(driver: Chrome, where: str, words: str) -> None:
    WebDriverWait(driver, 30, poll_frequency=0.05, ignored_exceptions=PASSING).until(
        lambda _: words in driver.find_element("css selector", where).text
    )


def idle(driver: Chrome) -> None:
    """Waits until the page takes a scan: opening the counter, say, may still be under way."""
    WebDriverWait(driver, 30, poll_frequency=0.05).until(lambda _: driver.execute_script(IDLE))


def scan(driver: Chrome, token: str) -> None:
    idle(driver)
    driver.execute_script(SCAN, token)


@pytest.mark.browser
def test_an_officer_scans_papers_one_after_the_other(house: House, driver: Chrome, tokens: list[str]) -> None:
    employ(house, "dewi", "officer")
    sign_in(driver, house, "dewi", "/counter")
    WebDriverWait(driver, 30).until(lambda _: driver.current_url.endswith("/counter/choose"))
    driver.find_element("css selector", 'button[value="1"]').send_keys(Keys.ENTER)
    sees(driver, "main", "Siap memanggil")
    scan(driver, tokens[1])
    sees(driver, "#ask", "A1-002 kembali dalam antrean")
    sees(driver, "#ask", "tercatat tiba pukul 08.55. 0 orang di depannya")
    assert barriers(driver) == []
    scan(driver, tokens[0])
    sees(driver, "#ask", "A1-001 kembali dalam antrean")
    scan(driver, tokens[1])
    sees(driver, "#ask", "A1-002 sudah tercatat")
    sees(driver, "#ask", "1 orang di depannya")
    scan(driver, tokens[2])
    sees(driver, "#ask", "Tempat tidak dapat dikembalikan")
    sees(driver, "#ask", "dicetak pada hari lain")
    driver.find_element("tag name", "body").send_keys(Keys.ESCAPE)
    assert [ticket.state.value for ticket in house.hall().tickets.values()] == ["waiting", "waiting"]
    # A refusal is an answer like any other; the browser notes its status.
    assert all("/v1/commands" in line for line in complaints(driver))


@pytest.mark.browser
def test_an_officer_pastes_a_code_without_a_mouse(house: House, driver: Chrome, tokens: list[str]) -> None:
    employ(house, "dewi", "officer")
    sign_in(driver, house, "dewi", "/counter")
    WebDriverWait(driver, 30).until(lambda _: driver.current_url.endswith("/counter/choose"))
    driver.find_element("css selector", 'button[value="1"]').send_keys(Keys.ENTER)
    sees(driver, "main", "Siap memanggil")
    idle(driver)
    driver.find_element("tag name", "body").send_keys("k")
    field = WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "paper"))
    assert barriers(driver) == []
    field.send_keys(tokens[0], Keys.ENTER)
    sees(driver, "#ask", "A1-001 kembali dalam antrean")


@pytest.mark.browser
def test_a_helper_gives_a_place_back_in_the_hall(house: House, driver: Chrome, tokens: list[str]) -> None:
    employ(house, "sari", "helper")
    sign_in(driver, house, "sari")
    field = WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "paper-token"))
    field.send_keys(tokens[0], Keys.ENTER)
    sees(driver, "#paper-said", "A1-001 kembali dalam antrean")
    driver.execute_script("document.activeElement.blur()")
    scan(driver, tokens[2])
    sees(driver, "#paper-said", "dicetak pada hari lain")
    field.send_keys("A1-001", Keys.ENTER)
    sees(driver, "#paper-said", "Ini bukan kode kaki tiket")
    assert barriers(driver) == []
