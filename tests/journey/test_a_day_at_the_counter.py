"""An officer's day with real processes: by keyboard alone, and one call whatever happens to server, tabs and laptop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from tests.journey.browser import browser
from tests.journey.console import Console
from tests.journey.outside import Kiosk, Mall, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.timeout(300)]

SECRET = "loket satu buka pagi"
HOLD_THE_ANSWER = """
const plain = window.fetch;
window.held = false;
window.fetch = async (address, options = {}) => {
  const answer = await plain(address, options);
  if (options.method !== "POST" || window.held) return answer;
  window.held = true;
  await new Promise((done) => (window.cut = done));
  throw new TypeError("the server died before its answer arrived");
};
"""


@pytest.fixture
def console(mall: Mall, tmp_path: Path) -> Iterator[Console]:
    """Sari signs in and opens counter 1, by keyboard."""
    Kiosk(mall, "kiosk-1").issue("ktp-hilang", "--count", "4")
    mall.admin("user", "add", "sari", "--role", "officer", "--password-stdin", stdin=SECRET)
    with browser(tmp_path / "officer") as page:
        found = Console(mall, page)
        page.get(f"{mall.url}/")
        ActionChains(page).send_keys("sari", Keys.TAB, SECRET, Keys.ENTER).perform()
        found.sees("Pilih loket", "h1")
        to_counter = "button[name=counter][value='1']"
        while not page.execute_script("return document.activeElement.matches(arguments[0])", to_counter):
            ActionChains(page).send_keys(Keys.TAB).perform()
        ActionChains(page).send_keys(Keys.ENTER).perform()
        found.sees("Siap memanggil")
        yield found


def test_a_whole_day_needs_no_mouse(console: Console) -> None:
    console.press("p")
    console.sees("A1-001", "#current .ticket")
    console.press("r")
    console.sees("Panggilan ke-2 dari 3")
    console.press("s")
    console.sees("Sedang dilayani")
    console.asked("n", "Catatan untuk A1-001", "Berkas kurang satu", Keys.ENTER)
    console.sees("Berkas kurang satu", "#current .facts")
    console.asked("h", "Tahan A1-001", Keys.ENTER)
    console.sees("Ditahan 1", "aside")
    console.press("p")
    console.sees("A1-002", "#current .ticket")
    console.press("u")
    console.sees("Siap memanggil")
    console.press("e")
    console.sees("A1-001", "#current .ticket")
    console.press("s")
    console.sees("Sedang dilayani")
    console.asked("q", "Hasil layanan untuk A1-001", Keys.BACKSPACE, "2", Keys.ENTER)
    console.asked("j", "Layanan berikutnya untuk A1-001", "kk", Keys.ENTER)
    console.sees("berikutnya", "#current .steps")
    console.press("d")
    console.sees("Siap memanggil")
    console.press("p", "r", "r")
    console.sees("A1-002", "#current .ticket")
    console.recall_to(3)
    console.press("x")
    console.sees("Tidak hadir 1", "aside")
    console.press("a")
    console.sees("Tidak hadir 0", "aside")
    console.asked("i", "Istirahat", Keys.ENTER)
    console.sees("Istirahat makan")
    console.press("i")
    console.sees("Siap memanggil")
    console.asked("g", "Panggil nomor tertentu", "a1-004", Keys.ENTER)
    console.sees("A1-004", "#current .ticket")
    console.asked("z", "Batalkan A1-004", Keys.ENTER)
    console.sees("Siap memanggil")
    console.asked("?", "Tombol papan ketik", Keys.ESCAPE)
    console.press("o")
    console.sees("Loket tutup")
    assert console.states() == {
        "A1-001": "waiting",
        "A1-002": "waiting",
        "A1-003": "waiting",
        "A1-004": "cancelled",
    }
    console.press("l")
    console.sees("Keluar", "dialog[open]")
    while "Keluar" not in console.page.execute_script("return document.activeElement.innerText"):
        ActionChains(console.page).send_keys(Keys.TAB).perform()
    ActionChains(console.page).send_keys(Keys.ENTER).perform()
    wait_until(lambda: console.page.find_elements(By.ID, "password"), "Sari is signed out")


def test_one_call_though_the_server_dies_before_its_answer_two_tabs_press_and_the_laptop_sleeps(
    console: Console,
) -> None:
    page, mall = console.page, console.mall
    first = page.current_window_handle
    page.switch_to.new_window("window")
    page.get(f"{mall.url}/counter")
    console.sees("Siap memanggil")
    second = page.current_window_handle
    page.switch_to.window(first)
    page.execute_script(HOLD_THE_ANSWER)
    console.press("pp")
    wait_until(lambda: page.execute_script("return window.held"), "the server has answered")
    mall.kill()
    page.execute_script("window.cut()")
    page.switch_to.window(second)
    ActionChains(page).send_keys("pp").perform()
    mall.open()
    for window in (second, first):
        page.switch_to.window(window)
        console.sees("A1-001", "#current .ticket")
        console.press("")
    assert console.states() == {
        "A1-001": "called",
        "A1-002": "waiting",
        "A1-003": "waiting",
        "A1-004": "waiting",
    }
    page.close()
    page.switch_to.window(second)
    page.execute_script("window.sameDocument = true")
    page.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "frozen"})
    mall.kill()
    mall.open()
    supervisor = mall.admin("token", "add", "--role", "supervisor")
    for number, command in enumerate(("start", "finish", "call_next")):
        answer = mall.command(supervisor, f"meanwhile-{number}", command=command, counter="1")
        assert answer.status == 200, answer.body
    page.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})
    console.sees("A1-002", "#current .ticket")
    console.sees("Terhubung", "#head")
    assert page.execute_script("return window.sameDocument"), "without a reload"
    console.press("s")
    console.sees("Sedang dilayani")
