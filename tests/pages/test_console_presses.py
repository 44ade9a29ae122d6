"""What an officer presses is done, whatever arrives between the button's going down and its coming up."""

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.pages.desk_of_tests import complaints
from tests.pages.officer import Officer
from tests.server.house_of_tests import FakeKiosk

STOP_THE_CLOCK = "const now = performance.now(); performance.now = () => now;"
"""A countdown that has begun goes on for ever."""
COUNTS = "tekan apa saja untuk batal"


def mouse(officer: Officer) -> ActionChains:
    """Somebody's hand at the mouse, quick and without a rest before each move."""
    return ActionChains(officer.driver, duration=0)


def press_down(officer: Officer, where: str) -> None:
    """Presses the mouse's button on the first such element and does not let it go."""
    officer.idle()
    mouse(officer).click_and_hold(officer.driver.find_element("css selector", where)).perform()


def let_go(officer: Officer) -> None:
    mouse(officer).release().perform()


def arrive(officer: Officer, kiosk: FakeKiosk, number: int) -> None:
    """A visitor takes a number, and the page shows it."""
    kiosk.issue(number=number)
    assert kiosk.push().status_code == 200
    officer.until(lambda: officer.run("return document.querySelectorAll('#rows li').length") == number - 87)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("button", "answer"),
    [
        ("#go", "#current .ticket"),
        ("#go b", "#current .ticket"),
        ("#current [data-act=call_ticket]", "#ask[open] #number"),
        ("#rows li:nth-child(2) .n b", "#ask[open] .choices"),
    ],
)
def test_a_visitor_who_arrives_while_a_button_is_down_takes_no_press_away(
    officer: Officer, button: str, answer: str
) -> None:
    kiosk = officer.house.pair(name="Kios 9")
    arrive(officer, kiosk, 91)
    press_down(officer, button)
    arrive(officer, kiosk, 92)
    let_go(officer)
    officer.until(lambda: bool(officer.driver.find_elements("css selector", answer)))
    assert complaints(officer.driver) == []


@pytest.mark.browser
def test_a_second_call_for_help_takes_no_press_on_the_first_away(officer: Officer) -> None:
    kiosks = [officer.house.pair(name=name) for name in ("Kios 8", "Kios 9")]
    kiosks[0].write("HelpRequested", {"place": "Kios 8"})
    assert kiosks[0].push().status_code == 200
    officer.sees("Kios 8 minta bantuan", "#notices")
    press_down(officer, "#notices [data-act=accept_help]")
    kiosks[1].write("HelpRequested", {"place": "Kios 9"})
    assert kiosks[1].push().status_code == 200
    officer.sees("Kios 9 minta bantuan", "#notices")
    let_go(officer)
    officer.sees("Anda sedang ke sana", "#notices")
    accepted = {help.place: help.accepted_by for help in officer.house.hall().help}
    assert accepted == {"Kios 8": "dewi", "Kios 9": None}


@pytest.mark.browser
def test_the_mark_of_the_automatic_call_switches_it_off_also_during_the_countdown(officer: Officer) -> None:
    officer.press("=")
    officer.sees("Otomatis", "#chips")
    officer.run(STOP_THE_CLOCK)
    officer.press("p")
    officer.sees_number("A1-001")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.press("d")
    officer.sees(COUNTS, "#go")
    mouse(officer).click(officer.driver.find_element("css selector", "#chips [data-act=auto]")).perform()
    officer.until(lambda: "Otomatis" not in officer.text("#chips"))
    assert COUNTS not in officer.text("#go")
    assert officer.states() == ["completed", "waiting", "waiting"]


@pytest.mark.browser
def test_the_keyboard_stays_on_a_mark_and_on_a_row_when_somebody_arrives(officer: Officer) -> None:
    kiosk = officer.house.pair(name="Kios 9")
    officer.press("=")
    officer.sees("Otomatis", "#chips")
    focused = "return document.activeElement.dataset.act ?? document.activeElement.dataset.row"
    officer.run("document.querySelector('#chips [data-act=auto]').focus()")
    arrive(officer, kiosk, 91)
    assert officer.run(focused) == "auto"
    row = officer.run(
        "const one = document.querySelector('#rows button'); one.focus(); return one.dataset.row"
    )
    arrive(officer, kiosk, 92)
    assert officer.run(focused) == row
    officer.press(Keys.ENTER)
    officer.sees("A1-001", "#ask h2")


@pytest.mark.browser
def test_a_press_means_what_the_button_said_when_it_went_down(officer: Officer) -> None:
    officer.press("p")
    officer.sees_number("A1-001")
    officer.sees("Mulai melayani", "#go")
    press_down(officer, "#go")
    assert officer.house.command("start", role="supervisor").status_code == 200
    officer.sees("Panggil berikutnya", "#go")
    let_go(officer)
    officer.sees("Mulai melayani tidak bisa dilakukan sekarang", "#said")
    assert officer.states() == ["serving", "waiting", "waiting"]
