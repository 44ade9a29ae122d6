"""A supervisor's morning in the system's Chromium: by keyboard alone, live, and whole again after a lost line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.journey.browser import browser
from tests.pages.desk_of_tests import barriers, complaints
from tests.pages_b.desk import MINUTE, Desk
from tests.pages_b.floor_of_desk import come, does, ticket_id
from tests.pages_b.test_pages_in_a_browser import enter, size, wait

pytestmark = pytest.mark.browser
LOST_WITHIN_S = 40


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with browser(tmp_path / "profile") as driver:
        driver.set_script_timeout(30)
        yield driver


def said(chrome: Chrome, where: str = "main") -> str:
    """What stands on the page."""
    return str(chrome.execute_script(f"return document.querySelector('{where}')?.innerText ?? ''"))


def press(chrome: Chrome, *keys: str) -> None:
    """Presses keys where the focus is."""
    ActionChains(chrome).send_keys(*keys).perform()


def tab_to(chrome: Chrome, css: str) -> None:
    """Walks with the tabulator until the focus is on this element."""
    for _ in range(80):
        if chrome.execute_script(f"return document.activeElement.matches('{css}')"):
            return
        press(chrome, Keys.TAB)
    raise AssertionError(css)


def test_the_floor_lives_keeps_the_focus_and_is_worked_by_keyboard(mall_desk: Desk, chrome: Chrome) -> None:
    come(mall_desk, "ktp-baru", "kk")
    does(mall_desk, "open_counter", role="officer")
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/floor")
    tab_to(chrome, 'a[href="/manage/counter/1"]')
    does(mall_desk, "call_next", role="officer")
    wait(chrome, lambda _: "A1-001 ktp-baru" in said(chrome))
    assert chrome.execute_script("return document.activeElement.getAttribute('href')") == "/manage/counter/1"
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: chrome.current_url.endswith("/manage/counter/1"))
    tab_to(chrome, 'button[value="undo_call"]')
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "Nomor kembali ke antrean." in said(chrome))
    tab_to(chrome, 'button[value="close_counter"]')
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "Loket sudah ditutup." in said(chrome))
    assert mall_desk.house.hall().desk("1").officer is None
    assert [one for one in complaints(chrome) if "favicon" not in one] == []


def test_an_idle_counter_is_sent_to_help_with_three_keys(mall_desk: Desk, chrome: Chrome) -> None:
    come(mall_desk, "kk", "kk")
    does(mall_desk, "open_counter")
    mall_desk.world.now_ms += 40 * MINUTE
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/floor")
    tab_to(chrome, ".remedies a")
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "akan ikut memanggil kk" in said(chrome))
    tab_to(chrome, ".serves-form .primary")
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "Layanan loket sudah diubah." in said(chrome))
    assert "kk" in mall_desk.house.hall().services_of("1")


def test_a_draft_is_seen_as_the_board_writes_it_while_it_is_typed(mall_desk: Desk, chrome: Chrome) -> None:
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/announce")
    tab_to(chrome, 'input[value="counter_closed"]')
    tab_to(chrome, "#about")
    press(chrome, "Loket 2")
    wait(chrome, lambda _: "Loket 2 tutup sementara" in said(chrome, ".board-look"))
    tab_to(chrome, ".announce-form .primary")
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "Loket 2 tutup sementara" in said(chrome, ".running"))
    tab_to(chrome, ".running button")
    press(chrome, Keys.ENTER)
    wait(chrome, lambda _: "Tidak ada pengumuman yang berlaku." in said(chrome, ".running"))


def test_a_lost_line_is_said_and_the_floor_heals_by_itself(mall_desk: Desk, chrome: Chrome) -> None:
    come(mall_desk, "ktp-baru")
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/floor")
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    chrome.execute_cdp_cmd("Network.enable", {})
    chrome.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    mall_desk.parts.hub.close()
    lost = chrome.find_element(By.CSS_SELECTOR, ".lost")
    assert not lost.is_displayed()
    wait(chrome, lambda _: lost.is_displayed(), LOST_WITHIN_S)
    does(mall_desk, "call_next")
    chrome.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    wait(chrome, lambda _: "A1-001 ktp-baru" in said(chrome), LOST_WITHIN_S)
    wait(chrome, lambda _: not lost.is_displayed(), LOST_WITHIN_S)


def test_a_session_that_has_ended_brings_the_sign_in_up_and_leads_back(
    mall_desk: Desk, chrome: Chrome
) -> None:
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/floor?show=look")
    chrome.delete_all_cookies()
    mall_desk.parts.hub.close()
    wait(chrome, lambda _: "/?to=/manage/floor" in chrome.current_url, LOST_WITHIN_S)
    assert chrome.find_elements(By.ID, "password")


@pytest.mark.parametrize(("role", "page"), [("supervisor", "manage"), ("administrator", "admin/health")])
def test_on_a_page_without_a_stream_an_ended_session_is_not_told_as_a_lost_line(
    mall_desk: Desk, chrome: Chrome, role: str, page: str
) -> None:
    enter(chrome, mall_desk, role)
    chrome.get(f"{mall_desk.url}/{page}")
    chrome.delete_all_cookies()
    chrome.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    wait(chrome, lambda _: "Anda sudah keluar" in said(chrome))
    assert not chrome.find_element(By.CSS_SELECTOR, "[data-line=lost]").is_displayed()
    assert barriers(chrome) == []
    chrome.find_element(By.LINK_TEXT, "Masuk lagi").click()
    wait(chrome, lambda _: f"/?to=/{page}" in chrome.current_url)


def test_a_preview_without_an_answer_shows_no_other_drafts_words(mall_desk: Desk, chrome: Chrome) -> None:
    enter(chrome, mall_desk, "supervisor")
    chrome.get(f"{mall_desk.url}/manage/announce")
    chrome.find_element(By.CSS_SELECTOR, "input[value=free]").send_keys(Keys.SPACE)
    words = chrome.find_element(By.ID, "text")
    words.send_keys("Mobil putih")
    wait(chrome, lambda _: "Mobil putih" in said(chrome, ".board-look"))
    chrome.delete_all_cookies()
    words.send_keys(" di pintu depan")
    wait(chrome, lambda _: "Anda sudah keluar" in said(chrome))
    wait(chrome, lambda _: said(chrome, "[data-preview]") == "")
    assert words.get_attribute("value") == "Mobil putih di pintu depan"


def every_page(desk: Desk) -> list[str]:
    """The supervisor's pages with something on each."""
    come(desk, "ktp-baru", "ktp-baru", "kk", "kk")
    does(desk, "open_counter", role="officer")
    does(desk, "call_ticket", ticket="A1-002", reason="Lansia, diminta penyelia lantai satu")
    does(desk, "start")
    does(desk, "open_counter", "2")
    does(desk, "start_break", "2", reason="Makan siang", minutes=10)
    does(desk, "announce", "", kind="free", text="Mobil putih di pintu depan mohon dipindahkan", minutes=60)
    desk.world.now_ms += 40 * MINUTE
    found = ticket_id(desk, "A1-002")
    addresses = (
        "floor",
        "counter/1?add=kk",
        "find?q=1",
        f"ticket/{found}",
        "announce",
        "out-of-order",
        "now",
    )
    return [f"/manage/{address}" for address in addresses]


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_no_page_of_a_supervisor_has_a_barrier(mall_desk: Desk, chrome: Chrome, theme: str) -> None:
    pages = every_page(mall_desk)
    enter(chrome, mall_desk, "supervisor")
    chrome.add_cookie({"name": "antrean_theme", "value": theme})
    for address in pages:
        chrome.get(mall_desk.url + address)
        assert (address, barriers(chrome)) == (address, [])


def test_no_page_of_a_supervisor_is_wider_than_its_screen(mall_desk: Desk, chrome: Chrome) -> None:
    pages = every_page(mall_desk)
    enter(chrome, mall_desk, "supervisor")
    for width, language in ((360, "id"), (360, "en"), (900, "en")):
        size(chrome, width, 780)
        chrome.add_cookie({"name": "antrean_language", "value": language})
        for address in pages:
            chrome.get(mall_desk.url + address)
            beyond = chrome.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
            assert (width, address, max(beyond, 0)) == (width, address, 0)
