"""What a board in a browser plays: calls before announcements, one at a time, as loud as its address says."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from antrean.domain.timeline import Stamp
from queue_server.pages.assets import asset_url
from tests.pages.desk_of_tests import PAGES, chromium, complaints
from tests.server.house_of_tests import MORNING_MS, FakeWorld, House, fill, served

TAPE = """
window.tape = [];
window.Audio = class extends EventTarget {
  constructor(address) { super(); this.address = address; this.volume = 1; }
  play() {
    if (this.address.startsWith("data:")) return Promise.resolve();
    const one = { address: this.address, gain: this.volume, from: performance.now(), to: null };
    window.tape.push(one);
    if (window.tape.length === window.silent) return new Promise(() => {});
    return fetch(this.address).then((answer) => {
      one.status = answer.status;
      const end = () => { one.to = performance.now(); this.dispatchEvent(new Event("ended")); };
      Promise.resolve(window.held).then(() => setTimeout(end, 400));
    });
  }
  pause() { this.paused = true; }
  removeAttribute() {}
};
const listen = EventSource.prototype.addEventListener;
EventSource.prototype.addEventListener = function (topic, hear) {
  listen.call(this, topic, (message) => {
    hear(message);
    if (topic === "board") window.heard = JSON.parse(message.data);
  });
};
localStorage.setItem("antrean.board-sound", "on");
"""
"""A loudspeaker that writes down what it is given and needs four tenths of a second for it.

No sound ends before the promise `window.held`, if there is one; `window.heard` is the last state the board was told.
The sound numbered `window.silent` never begins, as when its server takes the request and says nothing.
"""


class MovingWorld(FakeWorld):
    """A machine whose clock goes as ours does, from its morning on."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.monotonic()

    def stamp(self) -> Stamp:
        passed = round(1000 * (time.monotonic() - self.began))
        return Stamp("boot-server", 1_000_000 + passed, MORNING_MS + passed)


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "mall"
    folder.mkdir()
    fill(folder)
    with served(folder, MovingWorld(), pages=PAGES, heartbeat_s=0.5, voice=True) as house:
        kiosk = house.pair()
        for _ in range(4):
            kiosk.issue()
        assert kiosk.push().status_code == 200
        yield house


@pytest.fixture
def screen(mall: House, tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path, 1280, 720) as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TAPE})
        yield driver


def board(mall: House, screen: Chrome, address: str = "") -> None:
    screen.get(f"{mall.url}/board{address}")
    WebDriverWait(screen, 30).until(lambda _: mall.running.parts.hub.streams() == 1)


def tape(screen: Chrome, sounds: int) -> list[dict[str, Any]]:
    """What was played, once so many sounds came to their end."""
    ask = "return window.tape.filter((one) => one.to)"
    WebDriverWait(screen, 40, poll_frequency=0.1).until(lambda _: len(screen.execute_script(ask)) >= sounds)
    played: list[dict[str, Any]] = screen.execute_script(ask)
    return played


def announce(mall: House) -> None:
    fields: dict[str, Any] = {"kind": "counter_closed", "about": "2", "minutes": 5}
    assert mall.command("announce", role="supervisor", counter="", **fields).status_code == 200


@pytest.mark.browser
def test_a_call_is_heard_before_an_announcement_and_neither_over_the_other(
    mall: House, screen: Chrome
) -> None:
    board(mall, screen, "?volume=3")
    screen.execute_script("window.held = new Promise((done) => (window.release = done))")
    assert mall.command("call_next").status_code == 200
    announce(mall)
    assert mall.command("recall").status_code == 200
    told = "return heard.notices.length > 0 && heard.calls.some((call) => call.recall)"
    WebDriverWait(screen, 30).until(lambda _: screen.execute_script(told))
    screen.execute_script("window.release()")
    played = tape(screen, 3)
    assert [one["address"].split("/")[2] for one in played] == [
        "call-sound",
        "call-sound",
        "announcement-sound",
    ]
    assert [one["status"] for one in played] == [200, 200, 200]
    assert all(sooner["to"] <= later["from"] for sooner, later in itertools.pairwise(played))
    assert {round(one["gain"], 2) for one in played} == {0.28}
    assert complaints(screen) == []


@pytest.mark.browser
def test_a_sound_that_never_comes_does_not_hold_the_next_call(mall: House, screen: Chrome) -> None:
    board(mall, screen)
    screen.execute_script("window.silent = 1")
    for command in ("call_next", "start", "finish", "call_next"):
        assert mall.command(command).status_code == 200
    assert tape(screen, 1)[0]["status"] == 200
    assert "A1-002" in screen.find_element("id", "number").text
    assert complaints(screen) == []


@pytest.mark.browser
def test_in_quiet_hours_of_level_nought_nothing_is_played(mall: House, screen: Chrome) -> None:
    board(mall, screen, "?quiet=00:00-24:00&quiet_volume=0")
    assert mall.command("call_next").status_code == 200
    WebDriverWait(screen, 30).until(lambda _: "A1-001" in screen.find_element("id", "number").text)
    assert screen.execute_script("return window.tape") == []


def run(screen: Chrome, module: str, script: str) -> Any:
    return screen.execute_async_script(
        "const done = arguments[1]; import(arguments[0]).then((it) => done((" + script + ")(it)));",
        asset_url(module),
    )


@pytest.mark.browser
def test_levels_hours_and_withdrawn_announcements(mall: House, screen: Chrome) -> None:
    board(mall, screen)
    gains = run(
        screen,
        "js/loudness.js",
        """({ loudnessOf, gainAt }) => {
          const night = loudnessOf("?volume=5&quiet=17:00-07:30,nonsense,9:00-9:00&quiet_volume=2");
          const odd = loudnessOf("?volume=99&quiet_volume=-1");
          return [...[1019, 1020, 0, 449, 450].map((at) => gainAt(night, at)), gainAt(odd, 0)];
        }""",
    )
    assert gains == [1, 0.15, 0.15, 0.15, 1, 0.53]
    spoken = run(
        screen,
        "js/notices.js",
        """({ NoticeQueue }) => {
          const queue = new NoticeQueue(), one = (id, zone = "", until_ms = 1000) => ({ id, zone, until_ms });
          queue.hear([one("before")], "1A");
          queue.hear([one("before"), one("gone"), one("there", "2B"), one("here", "1A"), one("over", "", 5)], "1A");
          queue.hear([one("before"), one("there", "2B"), one("here", "1A"), one("over", "", 5)], "1A");
          return [queue.next(10)?.id, queue.next(10)];
        }""",
    )
    assert spoken == ["here", None]
