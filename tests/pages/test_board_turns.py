"""The board in a browser in a rush, with notices, slides, several zones and two languages."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome

from queue_server.pages.assets import asset_url
from tests.pages.desk_of_tests import PAGES, barriers, chromium, complaints
from tests.pages.test_board_page import play, until
from tests.pages.test_board_sound import MovingWorld, announce
from tests.server.house_of_tests import House, fill, served

TURNS = """
const done = arguments[arguments.length - 1];
import(arguments[0]).then((turns) => done((__PLAY__)(turns)));
"""


@pytest.fixture
def screen(house: House, tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path, 1920, 1080) as driver:
        driver.get(f"{house.url}/board")
        until(driver, lambda: house.running.parts.hub.streams() == 1, within_s=30)
        yield driver


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[House]:
    """A mall whose clock goes."""
    folder = tmp_path / "moving"
    folder.mkdir()
    fill(folder)
    with served(folder, MovingWorld(), pages=PAGES, heartbeat_s=0.5) as house:
        yield house


def turns(driver: Chrome, script: str) -> Any:
    return driver.execute_async_script(TURNS.replace("__PLAY__", script), asset_url("js/board-turns.js"))


def slides(house: House) -> Path:
    folder = Path(house.running.parts.ledger.folder) / "slides"
    folder.mkdir()
    return folder


@pytest.mark.browser
def test_fifty_calls_in_ten_seconds_are_all_shown_in_order_each_as_long_as_its_sound(screen: Chrome) -> None:
    begun = play(
        screen,
        """(queue, call) => {
          queue.hear([], 0);
          const told = [], begun = [];
          let until = 0, id = 0;
          for (let now = 0; begun.length < 50 && now < 900000; now += 100) {
            if (now % 200 === 0 && id < 50) told.unshift(call(++id, now));
            if (now % 1000 === 0) queue.hear(told.slice(0, 60), now); // the stream skips frames in a rush
            const next = queue.advance(now, now < until, false, true);
            if (next) begun.push([Number(next.call_id), now, (until = now + 7000 + 50 * (id % 7))]);
          }
          return begun;
        }""",
    )
    assert [call for call, _, _ in begun] == list(range(1, 51))
    assert all(end <= start for (_, _, end), (_, start, _) in itertools.pairwise(begun))


@pytest.mark.browser
def test_a_silent_board_shows_fifty_calls_as_long_as_a_speaking_one_needs_at_most(screen: Chrome) -> None:
    times = play(
        screen,
        """(queue, call) => {
          queue.hear([], 0);
          queue.hear(Array.from({ length: 50 }, (_, at) => call(50 - at, 0)), 0);
          const begun = [];
          for (let now = 0; begun.length < 50 && now < 900000; now += 250) if (queue.advance(now)) begun.push(now);
          return begun;
        }""",
    )
    assert len(times) == 50
    assert min(later - one for one, later in itertools.pairwise(times)) >= 10_300


@pytest.mark.browser
def test_notices_and_languages_take_turns_as_on_the_other_boards(screen: Chrome) -> None:
    shown, tongues = turns(
        screen,
        """(turns) => {
          const told = [{ id: "new", at: 1000 }, { id: "old", at: 0 }];
          const quiet = { current: null }, calling = { current: {}, beganAt: 9900, freeAt: 18000 };
          return [
            [0, 9999, 10000, 20000, 31999, 32000].map((ms) => turns.noticeAt(told, 1000 + ms, 1)?.id ?? null),
            [turns.languageAt(2, quiet, 9999), turns.languageAt(2, quiet, 10000),
             turns.languageAt(2, calling, 17000), turns.languageAt(2, calling, 18000)],
          ];
        }""",
    )
    assert shown == ["new", "new", "old", None, None, "new"]
    assert tongues == [0, 1, 0, 1]


@pytest.mark.browser
def test_a_notice_takes_the_counts_place_and_goes_by_itself(house: House, screen: Chrome) -> None:
    announce(house)
    until(screen, lambda: screen.find_element("id", "posted").is_displayed(), within_s=30)
    assert screen.find_element("id", "posted-words").text == "Loket 2 tutup sementara"
    assert not screen.find_element("id", "waiting").is_displayed()
    assert screen.find_element("id", "hist").is_displayed()
    said = screen.find_element("id", "notices").get_attribute("textContent")
    assert said == "Loket 2 tutup sementara"
    assert barriers(screen) == []


@pytest.mark.browser
def test_slides_are_shown_beside_the_calls_and_a_torn_one_is_passed_over(
    house: House, screen: Chrome
) -> None:
    folder = slides(house)
    Image.new("RGB", (320, 180), "#2a6e64").save(folder / "imunisasi-anak.png")
    (folder / "rusak.png").write_bytes((folder / "imunisasi-anak.png").read_bytes()[:60])
    screen.get(f"{house.url}/board")
    until(screen, lambda: screen.find_elements("css selector", "#strip img"), within_s=30)
    picture = screen.find_element("css selector", "#strip img")
    assert picture.get_attribute("alt") == "imunisasi anak"
    over = screen.execute_script(
        "const box = (id) => document.getElementById(id).getBoundingClientRect(), strip = box('strip');"
        "return ['hero', 'history', 'waiting', 'tick'].filter((id) => { const one = box(id);"
        "return one.right > strip.left + 1 && one.left < strip.right - 1 && one.bottom > strip.top + 1"
        " && one.top < strip.bottom - 1; });"
    )
    assert over == []
    assert barriers(screen) == []
    assert complaints(screen) == []


@pytest.mark.browser
def test_two_languages_take_turns_on_one_board(moving: House, screen: Chrome) -> None:
    screen.get(f"{moving.url}/board?language=id,en")
    words = {"id": "Panggilan sebelumnya", "en": "Earlier calls"}

    def both() -> bool:
        lang, shown = screen.execute_script(
            "return [document.documentElement.lang, document.getElementById('earlier').innerText]"
        )
        seen.add((lang, shown))
        return len(seen) > 1

    seen: set[tuple[str, str]] = set()
    until(screen, both, within_s=30)
    assert {lang for lang, _ in seen} == set(words)
    assert ("id", words["id"]) in seen


def test_only_slides_are_given_away(house: House, tmp_path: Path) -> None:
    folder = slides(house)
    Image.new("RGB", (32, 18)).save(folder / "peta kota.png")
    (folder / "schedule.toml").write_text("seconds = 20\n")
    (folder / "secret.png").symlink_to("/etc/hostname")
    told = house.client.get("/board/slides").json()["slides"]
    assert [(one["name"], one["kind"], one["seconds"], one["title"]) for one in told] == [
        ("peta kota.png", "picture", 20, "peta kota")
    ]
    answer = house.client.get(told[0]["address"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    part = house.client.get(told[0]["address"], headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"\x89PNG\r\n\x1a\n")
    for name in ("schedule.toml", "secret.png", "..%2Fserver.toml", "%2e%2e%2fhall.db", "nothing.png"):
        assert house.client.get(f"/board/slides/{name}").status_code == 404, name


@pytest.mark.browser
def test_a_zones_board_counts_who_waits_there(house: House, screen: Chrome) -> None:
    kiosk = house.pair()
    kiosk.issue()
    assert kiosk.push().status_code == 200
    state = house.client.get("/v1/state?topics=board").json()["topics"]["board"]
    busy = next(row for row in state["waiting"] if row["count"])
    until(screen, lambda: busy["short"] in screen.find_element("id", "waiting").text, within_s=30)
    screen.get(f"{house.url}/board?zone={busy['zone']}")
    until(screen, lambda: busy["short"] in screen.find_element("id", "waiting").text, within_s=30)
    assert complaints(screen) == []


def test_a_board_of_several_zones_knows_them_and_no_others(house: House) -> None:
    zones = list(house.running.parts.live.truth.hall.mall.zones)
    page = house.client.get(f"/board?zone={zones[0]},nowhere").text
    assert f'"zones":["{zones[0]}"]' in page
