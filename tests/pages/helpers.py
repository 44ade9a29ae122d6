"""Sari in the hall with a tablet: what the tests of the helper's page share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.pages.desk_of_tests import chromium, employ, sign_in
from tests.pages.officer import PASSING
from tests.server.house_of_tests import House

MEDDLED = """
window.really = window.fetch.bind(window);
window.fetch = (...given) => (window.meddle ?? window.really)(...given);
window.command = (init) => (init?.body ? JSON.parse(init.body).command : "");
"""
"""What the network does to a request is `window.meddle`, given what `fetch` is, until it is null again."""
REFUSES_HELP = """(url, init) => {
  const error = {code: "unknown_help", message: "Panggilan itu sudah selesai."};
  if (window.command(init) !== "accept_help") return window.really(url, init);
  return new Response(JSON.stringify({error}), {status: 409});
}"""


class Helper:
    """Somebody who walks the hall with a small screen."""

    def __init__(self, driver: Chrome, house: House) -> None:
        self.driver = driver
        self.house = house

    def until(self, true: Callable[[], Any], within_s: float = 30) -> None:
        WebDriverWait(self.driver, within_s, poll_frequency=0.05, ignored_exceptions=PASSING).until(
            lambda _: true()
        )

    def sees(self, words: str, where: str = "main") -> None:
        """Waits until a part of the page shows some words; what is hidden shows none."""
        self.until(lambda: words in self.text(where))

    def text(self, where: str = "main") -> str:
        return self.driver.find_element("css selector", where).text

    def tap(self, selector: str) -> None:
        """Taps the first that is in sight, as soon as there is one."""

        def tapped() -> bool:
            shown = [one for one in self.driver.find_elements("css selector", selector) if one.is_displayed()]
            if shown:
                shown[0].click()
            return bool(shown)

        self.until(tapped)

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def meddle(self, script: str) -> None:
        """From now on a request goes through this function of (url, init)."""
        self.run(f"window.meddle = {script};")

    def choose(self, code: str = "ktp-baru") -> None:
        """Chooses a service by its words and goes on to the reasons."""
        find = self.driver.find_element("id", "find")
        find.clear()
        find.send_keys(code)
        self.tap(f'.tile[data-code="{code}"]')
        self.until(lambda: self.driver.find_element("id", "step-reason").is_displayed())

    def take(self, code: str = "ktp-baru") -> None:
        """Takes a number in three taps."""
        self.choose(code)
        self.tap(".reasons label")
        self.tap("#take")

    def print_at(self, name: str) -> None:
        """Chooses the kiosk that prints, among the reasons."""
        chooser = self.driver.find_element("id", "print-at")
        self.until(lambda: name in chooser.text)
        Select(chooser).select_by_visible_text(name)

    def labels(self) -> list[str]:
        """The numbers of the hall, in the order they were taken."""
        tickets = sorted(self.house.hall().tickets.values(), key=lambda one: one.label.number)
        return [str(one.label) for one in tickets]


@contextmanager
def in_the_hall(house: House, folder: Path, *, before: str = MEDDLED, width: int = 390) -> Iterator[Helper]:
    """Sari signs in on the way to her page; `before` is run in front of every page's own scripts."""
    employ(house, "sari", "helper")
    with chromium(folder, width, 844) as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        sign_in(driver, house, "sari", "/helper")
        found = Helper(driver, house)
        found.until(lambda: driver.find_element("id", "find").is_displayed())
        yield found
