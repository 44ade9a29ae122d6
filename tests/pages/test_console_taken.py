"""A counter that somebody else took: said while it is so, and no press reaches a visitor it was not meant for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver.common.keys import Keys

from tests.pages.desk_of_tests import desk, employ
from tests.pages.officer import Officer

TAKE_OVER = "#notices [data-act=take_over]"
REFUSE_TO_OPEN = """
window.sent = [];
const plain = window.fetch;
window.fetch = (address, options = {}) => {
  const command = options.method === "POST" ? JSON.parse(options.body).command : "";
  if (command) window.sent.push(command);
  if (command !== "open_counter") return plain(address, options);
  const error = {code: "not_allowed", message: "Loket ini dijaga supervisor."};
  return Promise.resolve(new Response(JSON.stringify({error}), {status: 403}));
};
"""


class Colleague:
    """Budi, who works at counter 1 without a browser."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.presses = 0

    def does(self, command: str, **more: object) -> None:
        self.presses += 1
        body = {"command": command, "counter": "1", **more}
        headers = {"Idempotency-Key": f"budi-presses-{self.presses}"}
        answer = self.client.post("/v1/commands", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    @contextmanager
    def at_the_counter(self) -> Iterator["Colleague"]:
        """Budi takes Dewi's counter over."""
        house = self.officer.house
        employ(house, "budi", "officer")
        with desk(house, "budi") as self.client:
            form = {"counter": "1", "csrf": self.client.headers["X-CSRF-Token"]}
            assert self.client.post("/counter", data=form).status_code == 200
            self.does("open_counter", take_over=True)
            yield self


def serve_the_first(officer: Officer) -> None:
    officer.press("p")
    officer.sees_number("A1-001")
    officer.press("s")
    officer.sees("Sedang dilayani")


def is_offered(officer: Officer) -> bool:
    return bool(officer.driver.find_elements("css selector", TAKE_OVER))


@pytest.mark.browser
def test_taking_over_does_to_the_next_visitor_nothing_that_was_meant_for_the_last(officer: Officer) -> None:
    serve_the_first(officer)
    with Colleague(officer).at_the_counter() as budi:
        officer.press("d")
        officer.until(lambda: is_offered(officer))
        for command in ("finish", "call_next", "start"):
            budi.does(command)
        officer.sees_number("A1-002")
        officer.sees("Sedang dilayani")
        officer.driver.find_element("css selector", TAKE_OVER).send_keys(Keys.ENTER)
        officer.sees("Pengunjung di loket sudah berganti", "#notices")
    assert officer.states() == ["completed", "serving", "waiting"]
    assert officer.house.hall().desk("1").officer == "dewi"
    assert not is_offered(officer)


@pytest.mark.browser
def test_taking_over_does_what_was_refused_to_the_visitor_it_was_meant_for(officer: Officer) -> None:
    serve_the_first(officer)
    with Colleague(officer).at_the_counter():
        officer.press("d")
        officer.until(lambda: is_offered(officer))
        officer.driver.find_element("css selector", TAKE_OVER).send_keys(Keys.ENTER)
        officer.sees("Siap memanggil")
    assert officer.states() == ["completed", "waiting", "waiting"]


@pytest.mark.browser
def test_a_counter_that_was_given_back_is_not_said_to_be_taken(officer: Officer) -> None:
    with Colleague(officer).at_the_counter() as budi:
        officer.press("p")
        officer.until(lambda: is_offered(officer))
        budi.does("close_counter")
        officer.sees("Loket tutup")
        officer.until(lambda: not is_offered(officer))
    officer.press("o")
    officer.sees("Siap memanggil")
    assert officer.states() == ["waiting"] * 3


@pytest.mark.browser
def test_without_the_counter_nothing_is_done_in_its_name(officer: Officer) -> None:
    serve_the_first(officer)
    with Colleague(officer).at_the_counter():
        officer.press("d")
        officer.until(lambda: is_offered(officer))
        officer.run(REFUSE_TO_OPEN)
        officer.driver.find_element("css selector", TAKE_OVER).send_keys(Keys.ENTER)
        officer.sees("Loket ini dijaga supervisor", "#notices")
        officer.press("r")
        officer.sees("tidak bisa dilakukan sekarang", "#said")
    assert officer.run("return window.sent") == ["open_counter"]
    assert is_offered(officer)
    assert officer.states() == ["serving", "waiting", "waiting"]
