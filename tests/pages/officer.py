"""Somebody at counter 1 with a keyboard: what the console's tests share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.pages.desk_of_tests import chromium, employ, sign_in
from tests.server.house_of_tests import House

PASSING = (StaleElementReferenceException, NoSuchElementException)
"""What a page that is just changing answers."""
IDLE = """
const asks = document.querySelector("dialog[open]") !== null;
const typing = document.activeElement?.closest("dialog") ?? null;
return !document.body.classList.contains("busy") && (asks || typing === null);
"""
"""Whether the page takes a press: no command is under way, and the focus has left the dialog that was closed."""
CLOSED = "return document.querySelector('dialog[open]') === null"


class Officer:
    """Somebody at counter 1 with a keyboard."""

    def __init__(self, driver: Chrome, house: House) -> None:
        self.driver = driver
        self.house = house

    def press(self, *keys: str) -> None:
        """Presses keys as somebody who looks at the screen does: when the command before has been carried out."""
        self.idle()
        ActionChains(self.driver).send_keys(*keys).perform()
        if Keys.ESCAPE in keys:
            self.until(lambda: bool(self.run(CLOSED)))

    def idle(self) -> None:
        """Waits until the page takes a press, a click or a scan; what it is told sooner it drops, as it should."""
        self.until(lambda: bool(self.run(IDLE)))

    def sees(self, words: str, where: str = "main", within_s: float = 30) -> None:
        self.until(lambda: words in self.text(where), within_s)

    def sees_number(self, label: str) -> None:
        """Waits until this number is the one at the counter."""
        self.sees(label, "#current .ticket")

    def text(self, where: str) -> str:
        element = self.driver.find_element("css selector", where)
        return str(element.get_attribute("textContent") if where == "#said" else element.text)

    def until(self, true: Callable[[], bool], within_s: float = 30) -> None:
        WebDriverWait(self.driver, within_s, poll_frequency=0.05, ignored_exceptions=PASSING).until(
            lambda _: true()
        )

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def offline(self, yes: bool) -> None:
        """Takes the network away; the browser lets a stream that is open live on, so the server ends it."""
        if yes:
            self.house.running.parts.hub.close()
        conditions = {"offline": yes, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def states(self) -> list[str]:
        """The states of A1-001, A1-002 and A1-003."""
        tickets = sorted(self.house.hall().tickets.values(), key=lambda ticket: ticket.label.number)
        return [ticket.state.value for ticket in tickets]


@contextmanager
def at_work(house: House, folder: Path, name: str = "dewi", *roles: str) -> Iterator[Officer]:
    """Dewi sits down at counter 1 by keyboard."""
    employ(house, name, *(roles or ("officer",)))
    with chromium(folder) as driver:
        sign_in(driver, house, name, "/counter")
        found = Officer(driver, house)
        found.until(lambda: driver.current_url.endswith("/counter/choose"))
        driver.find_element("css selector", 'button[value="1"]').send_keys(Keys.ENTER)
        found.sees("Siap memanggil")
        yield found
