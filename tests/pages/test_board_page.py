"""The hall board in a browser: every call is seen, none over another, and old news look old."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from queue_server.pages.assets import asset_url
from tests.pages.desk_of_tests import barriers, chromium, complaints
from tests.server.house_of_tests import House

MODULE = """
const done = arguments[arguments.length - 1];
import(arguments[0]).then(({ CallQueue }) => {
  const call = (id, at = 0, label = "A1-00" + id) => ({ call_id: String(id), label, called_at: at });
  done((__PLAY__)(new CallQueue(), call));
});
"""


STREAM_ONLY = """
const done = arguments[0], plain = window.fetch;
plain("/v1/state?topics=board").then((answer) => answer.json()).then((old) => {
  old.topics.board.server_ms -= 1;
  const asks = (address) => String(address).includes("/v1/state");
  window.fetch = (address, ...how) => (asks(address) ? Promise.resolve(Response.json(old)) : plain(address, ...how));
  done();
});
"""
"""Whoever asks gets the state of this moment for ever, which is no news: only the stream brings any."""


@pytest.fixture
def screen(house: House, tmp_path: Path) -> Iterator[Chrome]:
    kiosk = house.pair()
    for _ in range(4):
        kiosk.issue()
    assert kiosk.push().status_code == 200
    assert house.command("call_next").status_code == 200
    with chromium(tmp_path, 1920, 1080) as driver:
        driver.get(f"{house.url}/board")
        until(driver, lambda: house.running.parts.hub.streams() == 1)
        yield driver


def until(driver: Chrome, true: Any, within_s: float = 30) -> None:
    WebDriverWait(
        driver, within_s, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException]
    ).until(lambda _: true())


def play(driver: Chrome, script: str) -> Any:
    """Runs `script(queue, call)` on the board's own queue of calls and answers what it returns."""
    return driver.execute_async_script(MODULE.replace("__PLAY__", script), asset_url("js/calls.js"))


def body_class(driver: Chrome) -> list[str]:
    return str(driver.find_element("tag name", "body").get_attribute("class")).split()


@pytest.mark.browser
def test_calls_from_before_the_board_was_switched_on_are_history(screen: Chrome) -> None:
    assert "A1-001" in screen.find_element("id", "number").text
    assert "now" not in body_class(screen)
    assert "Panggilan terakhir" in screen.find_element("id", "state").text
    assert screen.find_element("id", "said").get_attribute("textContent") == ""


@pytest.mark.browser
def test_a_call_fills_the_board_without_being_asked_for(house: House, screen: Chrome) -> None:
    screen.execute_async_script(STREAM_ONLY)
    for command in ("start", "finish", "call_next"):
        assert house.command(command).status_code == 200
    until(screen, lambda: "A1-002" in screen.find_element("id", "number").text)
    assert "now" in body_class(screen)
    assert screen.find_element("id", "word").text + screen.find_element("id", "counter").text == "Loket1"
    assert "A1-002" in str(screen.find_element("id", "said").get_attribute("textContent"))
    until(screen, lambda: "A1-001" in screen.find_element("id", "history").text)
    assert house.command("recall").status_code == 200
    assert barriers(screen) == []
    assert complaints(screen) == []


@pytest.mark.browser
def test_calls_at_the_same_moment_follow_each_other_and_none_is_dropped(screen: Chrome) -> None:
    shown = play(
        screen,
        """(queue, call) => {
          queue.hear([call(1)], 0);
          queue.hear([call(4), call(3), call(2), call(1)], 1000);
          const times = [];
          for (let now = 1000; now < 60000; now += 250) {
            const begun = queue.advance(now);
            if (begun) times.push([begun.call_id, now]);
          }
          return times;
        }""",
    )
    assert shown == [["2", 1000], ["3", 11500], ["4", 22000]]


@pytest.mark.browser
def test_no_call_talks_over_another(screen: Chrome) -> None:
    begun = play(
        screen,
        """(queue, call) => {
          queue.hear([], 0);
          queue.hear([call(2), call(1)], 0);
          const begun = [queue.advance(0), queue.advance(19000, true), queue.advance(19250, false)];
          return begun.map((one) => one?.call_id ?? null);
        }""",
    )
    assert begun == ["1", None, "2"]


@pytest.mark.browser
def test_a_call_ends_and_an_old_one_makes_no_sound(screen: Chrome) -> None:
    ended, late = play(
        screen,
        """(queue, call) => {
          queue.hear([], 0);
          queue.hear([call(1)], 0);
          queue.advance(0);
          queue.advance(15000);
          const ended = queue.current;
          queue.hear([call(2, 20000), call(1)], 900000);
          return [ended, queue.advance(900000)];
        }""",
    )
    assert (ended, late) == (None, None)


@pytest.mark.browser
def test_a_zone_shows_its_own_calls_only(house: House, screen: Chrome) -> None:
    assert "A1-001" in house.client.get("/board?zone=1A").text
    screen.get(f"{house.url}/board?zone=1A")
    until(screen, lambda: "A1-001" in screen.find_element("id", "number").text)
    assert "Lantai 1" in screen.find_element("tag name", "header").text


@pytest.mark.browser
def test_the_picture_fits_every_television(screen: Chrome) -> None:
    for width, height in ((1920, 1080), (1080, 1920), (1366, 768), (3840, 2160), (1024, 768)):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        screen.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        beyond = screen.execute_script(
            "const wide = innerWidth, high = innerHeight;"
            "return [...document.querySelectorAll('#number, #block, #history li, #waiting li, header > *, #sound')]"
            ".filter((one) => one.getClientRects().length)"
            ".map((one) => [one.id || one.className, one.getBoundingClientRect()])"
            ".filter(([, box]) => box.right > wide + 1 || box.bottom > high + 1 || box.left < -1 || box.top < -1)"
            ".map(([name]) => name);"
        )
        assert beyond == [], (width, height)


@pytest.mark.browser
@pytest.mark.slow
def test_old_news_look_old(house: House, screen: Chrome) -> None:
    house.running.parts.hub.close()  # the browser lets an open stream live on without a network
    screen.execute_cdp_cmd("Network.enable", {})
    gone = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    screen.execute_cdp_cmd("Network.emulateNetworkConditions", gone)
    until(screen, lambda: "lost" in body_class(screen), within_s=45)
    assert "Sambungan terputus sejak" in screen.find_element("id", "lost-since").text
    assert barriers(screen) == []
    screen.execute_cdp_cmd("Network.emulateNetworkConditions", {**gone, "offline": False})
    until(screen, lambda: "lost" not in body_class(screen), within_s=45)
