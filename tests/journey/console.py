"""The console of a counter in a browser, used by keyboard alone."""

import re

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By

from tests.journey.outside import Mall, wait_until


class Console:
    """The console in one browser; nothing here ever touches a mouse."""

    def __init__(self, mall: Mall, page: Chrome) -> None:
        self.mall, self.page = mall, page

    def press(self, *keys: str) -> None:
        """Presses keys wherever the focus is, once no command is under way: until then the page drops them."""
        wait_until(lambda: "busy" not in self.page.execute_script("return document.body.className"), "idle")
        ActionChains(self.page).send_keys(*keys).perform()

    def sees(self, words: str, where: str = "body") -> None:
        """Waits until words are shown; a key that needs what they tell counts only from then on."""
        script = "return document.querySelector(arguments[0])?.innerText ?? ''"
        wait_until(lambda: words in self.page.execute_script(script, where), f"{where} shows {words}")

    def asked(self, key: str, title: str, *typed: str) -> None:
        """Opens a dialog by its key, answers it, and sees it close."""
        self.press(key)
        self.sees(title, "dialog[open]")
        self.press(*typed)
        wait_until(
            lambda: not self.page.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the dialog is closed"
        )

    def calls(self) -> int:
        """How often the visitor in front of the counter was called, as the page says it."""
        said = self.page.execute_script("return document.querySelector('#current')?.innerText ?? ''")
        found = re.search(r"Panggilan ke-(\d+)", said)
        return int(found[1]) if found else 1

    def recall_to(self, calls: int) -> None:
        """Presses for one call more, and sees it, until there were so many."""
        while (before := self.calls()) < calls:
            self.press("r")
            wait_until(lambda before=before: self.calls() > before, f"call {before + 1} is shown")  # type: ignore[misc]

    def states(self) -> dict[str, str]:
        """What the hall says of each number."""
        return {ticket["label"]: ticket["state"] for ticket in self.mall.tickets()}
