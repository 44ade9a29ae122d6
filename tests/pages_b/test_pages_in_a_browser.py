"""The manager's, helper's and administrator's pages in the system's Chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from queue_server.auth.callers import COOKIE
from tests.journey.browser import browser
from tests.pages_b.desk import LAST_TUESDAY, Desk
from tests.pages_b.test_manage_pages import tuesday

pytestmark = pytest.mark.browser
WAIT_S = 30


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with browser(tmp_path / "profile") as driver:
        driver.set_script_timeout(WAIT_S)
        yield driver


def enter(chrome: Chrome, desk: Desk, *roles: str) -> None:
    """Signs a new person of these roles in."""
    person = desk.signed_in(*roles)
    chrome.get(f"{desk.url}/static/tokens.css")
    chrome.add_cookie({"name": COOKIE, "value": person.secret})


def size(chrome: Chrome, width: int, height: int) -> None:
    """Makes the page this large, in CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def wait(chrome: Chrome, condition: Any, within_s: float = WAIT_S) -> Any:
    """Waits until the condition holds."""
    return WebDriverWait(chrome, within_s).until(condition)


def first_names(chrome: Chrome) -> list[str]:
    """The names in the first column of the report."""
    return [cell.text.split("\n")[0] for cell in chrome.find_elements(By.CSS_SELECTOR, ".report tbody th")]


def test_a_press_on_a_column_sorts_the_table_both_ways(mall_desk: Desk, chrome: Chrome) -> None:
    tuesday(mall_desk)
    enter(chrome, mall_desk, "manager")
    chrome.get(f"{mall_desk.url}/manage?from={LAST_TUESDAY}")
    assert first_names(chrome) == ["ktp-hilang", "kk"]
    column = 'th[data-column="issued"]'
    chrome.find_element(By.CSS_SELECTOR, f"{column} a").click()
    wait(
        chrome,
        lambda _: chrome.find_element(By.CSS_SELECTOR, column).get_attribute("aria-sort") == "descending",
    )
    assert first_names(chrome) == ["ktp-hilang", "kk"]
    chrome.find_element(By.CSS_SELECTOR, f"{column} a").click()
    wait(
        chrome,
        lambda _: chrome.find_element(By.CSS_SELECTOR, column).get_attribute("aria-sort") == "ascending",
    )
    assert first_names(chrome) == ["kk", "ktp-hilang"]


def test_choosing_a_service_answers_without_another_press(mall_desk: Desk, chrome: Chrome) -> None:
    tuesday(mall_desk)
    enter(chrome, mall_desk, "manager")
    chrome.get(f"{mall_desk.url}/manage?from={LAST_TUESDAY}")
    chrome.find_element(By.CSS_SELECTOR, 'select[name="service"] option[value="kk"]').click()
    wait(chrome, lambda _: "service=kk" in chrome.current_url)
    assert "8 dari 10 orang menunggu paling lama 2 menit" in chrome.find_element(By.TAG_NAME, "h1").text


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_no_page_is_wider_than_its_screen(mall_desk: Desk, chrome: Chrome, width: int) -> None:
    tuesday(mall_desk)
    enter(chrome, mall_desk, "administrator", "helper")
    size(chrome, width, 780)
    for address in (
        f"/manage?from={LAST_TUESDAY}",
        "/manage/now",
        "/admin/devices",
        "/admin/users",
        "/admin/health",
        "/helper",
    ):
        chrome.get(mall_desk.url + address)
        asked = "return document.documentElement.scrollWidth - window.innerWidth"
        beyond = chrome.execute_script(asked)
        assert (address, max(beyond, 0)) == (address, 0)
