"""A visitor's phone for real: called, warned, cut off, asleep, old, and worked by keyboard alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from antrean.texts import texts_for
from tests.pages.desk_of_tests import barriers, complaints
from tests.pages.phones import EARS, LATER, patient, phone, reads, sees, size, streams, tokens_of
from tests.server.house_of_tests import House

pytestmark = pytest.mark.browser
t = texts_for("id")
TONES_A_ROUND, CALL_ROUNDS = 2, 3
FIRST_LOAD_BYTES = 60_000
TRIES = "window.tries = 0; const ask = window.fetch; window.fetch = (...it) => (window.tries++, ask(...it));"
HANGS = """
const ask = window.fetch;
window.fetch = (url, how) => !window.hang || !String(url).includes("/t/") ? ask(url, how)
  : new Promise((_, no) => how?.signal?.addEventListener("abort", () => no(new Error("too late"))));
"""
"""While `window.hang`, requests for the number's page get no answer, though news arrive."""
LOSES = """
const ask = window.fetch;
window.fetch = (url, how) => ask(url, how).then((it) => how?.method !== "POST" ? it
  : new Promise((_, no) => { window.lose = () => no(new Error("cut")); }));
"""
"""What is sent arrives, but its answer is lost when `window.lose` is called."""
TIMELESS = "const begun = Date.now(); Date.now = () => begun;"
"""The phone's clock stands still: no silence is long enough for the page to ask beside the stream."""
INDONESIAN = "--accept-lang=id"


@contextmanager
def opened(house: House, folder: Path, token: str, before: str = EARS) -> Iterator[Chrome]:
    with phone(folder, 360, 640, INDONESIAN, before=before) as driver:
        driver.get(f"{house.url}/t/{token}")
        streams(house, driver)
        yield driver


def press(driver: Chrome, *keys: str) -> None:
    for key in keys:
        driver.switch_to.active_element.send_keys(key)


def tab_to(driver: Chrome, ident: str) -> None:
    """Goes on with the tabulator until an element has the focus."""
    for _ in range(25):
        press(driver, Keys.TAB)
        if driver.switch_to.active_element.get_attribute("id") == ident:
            return
    raise AssertionError(f"the keyboard does not reach {ident}")


def heard(driver: Chrome, tones: int) -> None:
    """Waits until the phone has made so many tones since its page was opened, and not one more."""
    patient(driver).until(lambda _: driver.execute_script("return window.tones") >= tones)
    assert driver.execute_script("return window.tones") == tones


def hidden(driver: Chrome, selector: str) -> None:
    """Waits until a part of the page is out of sight."""
    script = "return document.querySelector(arguments[0]).getClientRects().length === 0"
    patient(driver).until(lambda _: driver.execute_script(script, selector))


def test_by_keyboard_alone_at_two_sizes(house: House, tmp_path: Path) -> None:
    token = tokens_of(house, 8)[7]
    with opened(house, tmp_path, token) as driver:
        tab_to(driver, "sound")
        press(driver, Keys.SPACE)
        reads(driver, "#notice-said", "Biarkan halaman ini terbuka")
        heard(driver, TONES_A_ROUND)  # what was switched on is heard at once
        asleep = t("phone.screen_sleeps")  # this address counts as secure, so the screen is kept awake
        patient(driver).until(lambda _: asleep not in driver.find_element("id", "notice-said").text)
        press(driver, Keys.TAB, Keys.ARROW_RIGHT)
        sees(driver, "#soon input:checked[value='3']")
        assert barriers(driver) == []
        tab_to(driver, "leave")
        press(driver, Keys.ENTER)
        sees(driver, "dialog[open]")
        assert driver.switch_to.active_element.get_attribute("id") == "stay"
        size(driver, 320, 640)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 320
        assert barriers(driver) == []
        press(driver, Keys.ESCAPE)
        assert driver.switch_to.active_element.get_attribute("id") == "leave"
        press(driver, Keys.ENTER, Keys.TAB, Keys.ENTER)
        reads(driver, ".said", t("phone.cancelled_title"))
        assert barriers(driver) == []
        assert complaints(driver) == []


def test_few_people_ahead_ring_once_and_a_call_three_times(house: House, tmp_path: Path) -> None:
    token = tokens_of(house, 6)[5]
    with opened(house, tmp_path, token) as driver:
        driver.find_element("id", "sound").click()
        heard(driver, TONES_A_ROUND)  # the browser takes its time before it lets a page sound
        driver.find_element("css selector", "#soon [value='3']").click()
        assert not driver.find_element("id", "near").is_displayed()
        for _ in range(2):
            house.command("call_next")
            house.command("start")
            house.command("finish")
        reads(driver, "#near", t("phone.near", n=3, zone="Lantai 1"))
        heard(driver, 2 * TONES_A_ROUND)
        for ahead in (2, 1, 0):
            house.command("call_next")
            house.command("start")
            house.command("finish")
            reads(driver, "#near", t("phone.near" if ahead else "phone.near_none", n=ahead, zone="Lantai 1"))
        heard(driver, 2 * TONES_A_ROUND)  # once for a service is enough
        house.command("call_next")
        reads(driver, ".go-to", "Loket 1")
        heard(driver, (2 + CALL_ROUNDS) * TONES_A_ROUND)
        assert driver.execute_script("return window.buzzes.length") == 3
        patient(driver).until(lambda _: driver.title.startswith("●"))
        patient(driver).until(lambda _: not driver.title.startswith("●"))
        house.command("recall")
        reads(driver, ".turn-note", "Panggilan ke-2")
        heard(driver, (2 + 2 * CALL_ROUNDS) * TONES_A_ROUND)
        spoken = "return document.getElementById('said').textContent"
        assert driver.execute_script(spoken) == t("phone.say_again", counter="Loket 1")
        assert barriers(driver) == []
        assert driver.execute_script("return scrollY") == 0
        bottom = driver.find_element("css selector", ".go-to").rect
        assert bottom["y"] + bottom["height"] < 640, "where to go is seen without scrolling"


def test_a_call_closes_the_question_whether_to_leave(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token) as driver:
        driver.find_element("id", "leave").click()
        sees(driver, "dialog[open]")
        house.command("call_next")
        sees(driver, "body.is-called")
        assert driver.find_elements("css selector", "dialog[open]") == []


def test_an_absent_visitor_comes_back_and_two_phones_agree(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token) as driver:
        first = driver.current_window_handle
        driver.switch_to.new_window("window")
        size(driver, 360, 640)
        driver.get(f"{house.url}/t/{token}")
        streams(house, driver, 2)
        house.command("call_next")
        house.command("absent")
        reads(driver, "[data-until]", "Sisa 29 mnt")
        driver.find_element("id", "back").click()
        for window in (driver.current_window_handle, first):
            driver.switch_to.window(window)
            sees(driver, "body.is-waiting")
        assert [one.type for one in house.events()][-2:] == ["TicketAbsent", "TicketReturned"]


def test_ten_minutes_without_network_are_said_and_healed(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token, LATER) as driver:
        driver.find_element("id", "sound").click()
        cut = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **cut})
        minutes = (
            "window.later = (window.later ?? 0) + 10 * 60000; return !document.getElementById('stale').hidden"
        )
        patient(driver).until(lambda _: driver.execute_script(minutes))  # a heartbeat may still be on its way
        reads(driver, "#stale", "Tidak tersambung sejak 09.00")
        driver.find_element("id", "leave").click()
        driver.find_element("id", "go").click()
        reads(driver, "#unsent", t("phone.not_sent"))
        driver.execute_script(TRIES)
        patient(driver).until(lambda _: driver.execute_script("return window.tries > 1"))
        reads(driver, "#stale", "Tidak tersambung sejak 09.00")
        reads(driver, "#unsent", t("phone.not_sent"))  # it stays while the page goes on trying
        assert barriers(driver) == []
        house.command("call_next")
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **cut})
        reads(driver, ".go-to", "Loket 1")
        hidden(driver, "#stale")
        hidden(driver, "#unsent")


def test_a_page_that_cannot_follow_the_news_says_that_it_is_old(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token, HANGS) as driver:
        driver.execute_script("window.hang = true")
        house.command("call_next")
        reads(driver, "#stale", "Tidak tersambung sejak 09.00")
        assert not driver.find_element("id", "fresh").is_displayed()
        driver.execute_script("window.hang = false")
        reads(driver, ".go-to", "Loket 1")
        hidden(driver, "#stale")


def test_leaving_whose_answer_is_lost_is_not_called_unsent(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token, LOSES) as driver:
        driver.find_element("id", "leave").click()
        driver.find_element("id", "go").click()
        sees(driver, "body.is-cancelled")
        patient(driver).until(lambda _: driver.execute_script("return window.lose && (window.lose(), true)"))
        patient(driver).until(lambda _: driver.find_element("id", "go").is_enabled())
        assert not driver.find_element("id", "unsent").is_displayed()
        assert driver.find_elements("css selector", "dialog[open]") == []


def test_a_phone_that_slept_shows_the_call_when_it_wakes(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    with opened(house, tmp_path, token) as driver:
        driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "frozen"})
        house.command("call_next")
        driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})
        reads(driver, ".go-to", "Loket 1")


def test_an_old_phone_without_modules_asks_again_by_itself(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[0]
    hurry = "const wait = window.setTimeout; window.setTimeout = (run, ms) => wait(run, Math.min(ms, 100));"
    with phone(tmp_path, before=hurry) as driver:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/js/phone.js*"]})
        driver.get(f"{house.url}/t/{token}")
        house.command("call_next")
        reads(driver, ".go-to", "Loket 1")


def test_the_page_is_light_enough_for_an_old_phone(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[2]
    with opened(house, tmp_path, token, TIMELESS) as driver:
        loaded = driver.execute_script(
            "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
            ".filter((one) => !one.name.includes('/fonts/') && !one.name.includes('/v1/'))"
            ".map((one) => [new URL(one.name).pathname.split('/').pop(), one.encodedBodySize])"
        )
        assert {name for name, _ in loaded} >= {token, "phone.js", "live.js", "phone.css", "tokens.css"}
        assert all(size > 0 for _, size in loaded), loaded
        assert sum(size for _, size in loaded) < FIRST_LOAD_BYTES, loaded
        house.command("call_next")
        reads(driver, ".ahead b", "1")
        again = "return performance.getEntriesByType('resource').filter((it) => it.name.endsWith(arguments[0])).length"
        assert driver.execute_script(again, f"/t/{token}") == 1, "one change, one page"


def test_over_plain_http_the_page_promises_only_what_works(house: House, tmp_path: Path) -> None:
    token = tokens_of(house)[2]
    with phone(tmp_path, 360, 640, INDONESIAN, "--host-resolver-rules=MAP mall.example 127.0.0.1") as driver:
        driver.get(f"http://mall.example:{house.running.port}/t/{token}")
        streams(house, driver)
        offered = driver.execute_script(
            "return [isSecureContext, 'wakeLock' in navigator, 'serviceWorker' in navigator,"
            " typeof AudioContext, typeof Navigator.prototype.vibrate]"
        )
        assert offered == [False, False, False, "function", "function"]
        driver.find_element("id", "sound").click()
        reads(driver, "#notice-said", t("phone.screen_sleeps"))
        heard(driver, TONES_A_ROUND)
        for command in ("call_next", "start", "finish", "call_next", "start", "finish", "call_next"):
            assert house.command(command).status_code == 200
        reads(driver, ".go-to", "Loket 1")
        heard(driver, (1 + CALL_ROUNDS) * TONES_A_ROUND)
