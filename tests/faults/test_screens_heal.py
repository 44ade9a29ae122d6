"""Boards and consoles through bad networks and dead servers: honest while it lasts, live again by themselves."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from antrean.link.server import ServerLink
from antrean.link.stream import Disconnected, Pace, StateStream, StateUpdate
from antrean.voice.pack import packs_for
from display.program import HallDisplay, News, ServerClock
from display.sound import Silent
from display.voice import HallVoice
from queue_server import pages
from tests.faults.pace import FAST_CLOCK, FASTER, QUICK, QuickMall
from tests.faults.proxy import FaultProxy
from tests.journey.browser import browser
from tests.journey.outside import Kiosk, opened, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]
PATIENCE_S = 45
"""Much longer than any wait of the product, and a matter of course: that it heals within 15 s is a sum of its waits."""


class Counter:
    """An officer's token at counter 1, and tickets to call."""

    def __init__(self, mall: QuickMall) -> None:
        self.mall = mall
        self._token = mall.admin("token", "add", "--role", "officer", "--counter", "1")
        self._presses = 0

    def call(self) -> str:
        """Call the next visitor at the server itself, beside every proxy; the label."""
        self._press("start")  # whoever was called before; refused when there is nobody
        return str(self._press("call_next")["ticket"]["label"])

    def _press(self, command: str) -> Any:
        self._presses += 1
        return self.mall.command(
            self._token, f"press-{self._presses:04d}", command=command, counter="1"
        ).json()


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[QuickMall]:
    yield from opened(QuickMall(tmp_path))


@pytest.fixture
def counter(mall: QuickMall) -> Counter:
    Kiosk(mall, "kiosk-1").issue("ktp-hilang", "--count", "8")
    return Counter(mall)


@pytest.fixture
def hall(qtbot: QtBot, proxy: FaultProxy) -> Iterator[HallDisplay]:
    """The hall board's own widgets behind the proxy, with a clock that runs as fast as everything else."""

    def fast_ms() -> int:
        return time.monotonic_ns() * FASTER // 1_000_000

    display = HallDisplay(
        ServerClock(fast_ms, fast_ms), "id", None, HallVoice(packs_for(("id",), None), Silent()), motion=False
    )
    qtbot.addWidget(display.widget)
    news = News(StateStream([proxy.url], ["board"], pace=QUICK))
    news.event_heard.connect(display.take)
    news.start()
    try:
        yield display
    finally:
        news.stop()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Chrome]:
    with browser(tmp_path / "page") as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FAST_CLOCK})
        yield driver


Break = Callable[[QuickMall, FaultProxy], None]


def kill(mall: QuickMall, proxy: FaultProxy) -> None:
    mall.kill()


def start(mall: QuickMall, proxy: FaultProxy) -> None:
    mall.open()


def half_open(mall: QuickMall, proxy: FaultProxy) -> None:
    proxy.half_open()


def refuse(mall: QuickMall, proxy: FaultProxy) -> None:
    proxy.refuse()


def deaf(mall: QuickMall, proxy: FaultProxy) -> None:
    proxy.only("up")


def fair(mall: QuickMall, proxy: FaultProxy) -> None:
    proxy.fair()


def restore(mall: QuickMall, proxy: FaultProxy) -> None:
    mall.admin("restore", mall.folder / "copy.antrean-backup", "--force")
    mall.open()


FAULTS = {
    "killed": (kill, start),
    "half-open": (half_open, fair),
    "restored": (kill, restore),
    "refused": (refuse, fair),
    "one-way": (deaf, fair),
}


@pytest.mark.parametrize("breaks, heals", FAULTS.values(), ids=FAULTS)
def test_the_hall_board_says_since_when_and_is_live_again(
    qtbot: QtBot,
    mall: QuickMall,
    proxy: FaultProxy,
    counter: Counter,
    hall: HallDisplay,
    breaks: Break,
    heals: Break,
) -> None:
    mall.admin("backup", mall.folder / "copy.antrean-backup")
    first = counter.call()
    qtbot.waitUntil(lambda: hall.widget.scene.label == first, timeout=PATIENCE_S * 1000)
    breaks(mall, proxy)
    qtbot.waitUntil(lambda: hall.widget.scene.notice is not None, timeout=PATIENCE_S * 1000)
    notice = hall.widget.scene.notice
    assert notice is not None
    assert notice.title.startswith("Sambungan terputus sejak")
    heals(mall, proxy)
    qtbot.waitUntil(lambda: hall.widget.scene.notice is None, timeout=PATIENCE_S * 1000)
    again = counter.call()
    qtbot.waitUntil(lambda: hall.widget.scene.label == again, timeout=PATIENCE_S * 1000)


@pytest.mark.browser
@pytest.mark.parametrize("breaks, heals", [*FAULTS.values()][:3], ids=[*FAULTS][:3])
def test_the_board_page_says_since_when_and_is_live_again(
    mall: QuickMall, proxy: FaultProxy, counter: Counter, page: Chrome, breaks: Break, heals: Break
) -> None:
    mall.admin("backup", mall.folder / "copy.antrean-backup")
    page.get(f"{proxy.url}/board")
    first = counter.call()
    wait_until(lambda: first in words(page, "#number"), "the board shows the call", PATIENCE_S)
    breaks(mall, proxy)
    wait_until(
        lambda: "Sambungan terputus sejak" in words(page, "#lost-since"), "the board is honest", PATIENCE_S
    )
    heals(mall, proxy)
    wait_until(lambda: is_live(page), "the board is live", PATIENCE_S)
    again = counter.call()
    wait_until(lambda: again in words(page, "#number"), "the board shows the next call", PATIENCE_S)


@pytest.mark.browser
def test_a_console_behind_a_half_open_network_is_honest_and_works_again_without_a_reload(
    mall: QuickMall, proxy: FaultProxy, counter: Counter, page: Chrome
) -> None:
    sign_in(mall, proxy, page)
    proxy.half_open()
    wait_until(lambda: "putus sejak" in words(page, "#link"), "the console says since when", PATIENCE_S)
    label = counter.call()
    proxy.fair()
    wait_until(lambda: "Terhubung" in words(page, "#link"), "the console is connected again", PATIENCE_S)
    wait_until(lambda: is_called(page, label), "the console shows what happened meanwhile", PATIENCE_S)


@pytest.mark.browser
def test_a_laptop_that_wakes_reconnects_at_once(
    mall: QuickMall, proxy: FaultProxy, counter: Counter, page: Chrome
) -> None:
    sign_in(mall, proxy, page)
    page.execute_script("window.unloaded = false; window.realNow = Date.now;")
    page.execute_script(  # it sleeps; Chromium's own freezing would end the stream, which heals it in another way
        "for (let id = setTimeout(() => {}); id > 0; id--) { clearTimeout(id); clearInterval(id); }"
    )
    proxy.half_open()  # the network forgot the connection while the laptop slept
    label = counter.call()
    wait_until(lambda: proxy.swallowed, "the connection is dead for good")
    proxy.fair()
    page.execute_script(  # no timer is left: what comes now comes because the network is back
        "const slept = Date.now; Date.now = () => slept() + 3600000; dispatchEvent(new Event('online'));"
    )
    wait_until(lambda: is_called(page, label), "the console shows what happened meanwhile", PATIENCE_S)
    assert page.execute_script("return window.unloaded === false")


def test_a_lost_frame_is_healed_by_the_question_that_comes_in_any_case(
    mall: QuickMall, proxy: FaultProxy, counter: Counter
) -> None:
    stream = StateStream([proxy.url], ["board"], pace=Pace(poll=2.0))
    events = iter(stream)
    assert isinstance(next(events), StateUpdate)
    proxy.lose_chunk(b"event: board")
    label = counter.call()
    lost = 0
    for event in events:
        lost += isinstance(event, Disconnected)
        if isinstance(event, StateUpdate) and event.state["calls"]:
            assert event.position == "", "it was asked for, not streamed"
            assert event.state["calls"][0]["label"] == label
            break
    stream.close()
    assert proxy.dropped == 1
    assert not lost, "the stream itself seemed well all the time"


@pytest.mark.browser
def test_a_page_that_missed_a_frame_asks_by_itself(
    mall: QuickMall, proxy: FaultProxy, counter: Counter, page: Chrome
) -> None:
    page.get(f"{proxy.url}/board")
    first = counter.call()
    wait_until(lambda: first in words(page, "#number"), "the board shows the call", PATIENCE_S)
    proxy.lose_chunk(b"event: board")
    again = counter.call()
    wait_until(lambda: again in words(page, "#number"), "the board asked", PATIENCE_S)
    assert proxy.dropped == 1


def test_a_stream_goes_on_at_the_second_address_when_the_first_is_half_open(
    mall: QuickMall, proxy: FaultProxy, counter: Counter
) -> None:
    with FaultProxy(mall.port) as second:
        stream = StateStream([proxy.url, second.url], ["board"], pace=QUICK)
        events = iter(stream)
        assert isinstance(next(events), StateUpdate)
        proxy.half_open()
        label = counter.call()
        calls = (event.state["calls"] for event in events if isinstance(event, StateUpdate))
        assert next(found for found in calls if found)[0]["label"] == label
        assert second.accepted > 0
        stream.close()


def test_a_device_asks_the_second_address_when_the_first_swallows_its_question(
    mall: QuickMall, proxy: FaultProxy
) -> None:
    with FaultProxy(mall.port) as second:
        link = ServerLink([proxy.url, second.url], answer_seconds=5)
        proxy.half_open()
        assert link.state(["board"])["topics"]["board"]["calls"] == []
        asked = proxy.accepted
        assert link.state(["board"])["topics"]["board"]["calls"] == []
        assert proxy.accepted == asked, "the address that answered stays first"
        link.close()


def test_by_the_sum_of_its_waits_a_page_is_live_within_fifteen_seconds_of_any_fault() -> None:
    script = (Path(pages.__file__).parents[1] / "static" / "js" / "live.js").read_text(encoding="utf-8")
    ms = {name: int(value) for name, value in re.findall(r"const (\w+_MS) = (\d+);", script)}
    waits = [int(wait) for wait in re.findall(r"\d+", re.findall(r"WAITS_MS = \[(.*?)\]", script)[0])]
    lost = ms["ANSWER_MS"] + max(waits) * 1.2  # a question the fault still swallowed, then the longest wait
    quiet = (
        2 * ms["ANSWER_MS"] + 1_000
    )  # the same beside a dead stream, which the watchdog looks at each second
    assert max(lost, quiet) < 15_000


def sign_in(mall: QuickMall, proxy: FaultProxy, page: Chrome) -> None:
    mall.admin("user", "add", "sari", "--role", "officer", "--password-stdin", stdin="loket satu buka pagi")
    page.get(f"{proxy.url}/")
    page.find_element(By.NAME, "name").send_keys("sari", Keys.TAB, "loket satu buka pagi", Keys.ENTER)
    wait_until(lambda: "/counter" in page.current_url, "the officer is signed in")
    choose = (By.CSS_SELECTOR, "[name=counter][value='1'], a[href*='counter=1']")
    wait_until(lambda: page.find_elements(*choose), "the officer may choose")[0].send_keys(Keys.ENTER)
    wait_until(lambda: "Terhubung" in words(page, "#link"), "the console is connected")
    wait_until(lambda: "Siap memanggil" in words(page, "body"), "the counter is open")


def words(page: Chrome, where: str) -> str:
    """The words of an element, "" while there is none."""
    script = "return document.querySelector(arguments[0])?.innerText ?? ''"
    return str(page.execute_script(script, where))


def is_called(page: Chrome, label: str) -> bool:
    """Whether the console shows this number as called; before that it shows it as the next one."""
    return f"Berikutnya {label}" not in (shown := words(page, "#current")) and label in shown


def is_live(page: Chrome) -> bool:
    """Whether the board no longer says that it is stale."""
    return not page.execute_script("return document.body.classList.contains('lost')")
