"""What was kept without a server and can no longer be sent: each line stands until the officer has read it."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.pages.desk_of_tests import barriers, complaints
from tests.pages.officer import Officer

LINES = "#notices .unsent li"
PHONE = {"width": 360, "height": 768, "deviceScaleFactor": 1, "mobile": True}
CUT = """
window.fetch = ((plain) => (address, options = {}) => window.cut && options.method === "POST"
  ? Promise.reject(new TypeError("no network")) : plain(address, options))(window.fetch);
window.cut = true;
"""


def lines(officer: Officer) -> list[str]:
    return [one.text for one in officer.driver.find_elements("css selector", LINES)]


def dialog(officer: Officer, key: str, *typed: str) -> None:
    """Opens a dialog by its key and types into it."""
    officer.press(key)
    officer.until(lambda: bool(officer.driver.find_elements("css selector", "dialog[open]")))
    officer.press(*typed)
    officer.until(lambda: not officer.driver.find_elements("css selector", "dialog[open]"))


def keep_two_in_vain(officer: Officer) -> None:
    """A note and what was delivered are kept, while a supervisor finishes the visitor and calls the next."""
    officer.press("p")
    officer.sees_number("A1-001")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.run(CUT)
    dialog(officer, "n", "Tanda tangan diulang", Keys.ENTER)
    officer.sees("1 perubahan menunggu dikirim", "#chips")
    dialog(officer, "q", Keys.BACKSPACE, "2", Keys.ENTER)
    officer.sees("2 perubahan menunggu dikirim", "#chips")
    for command in ("finish", "call_next"):
        assert officer.house.command(command, role="supervisor").status_code == 200
    officer.sees_number("A1-002")
    officer.until(lambda: len(lines(officer)) == 2)
    officer.run("window.cut = false")


@pytest.mark.browser
def test_each_press_that_can_no_longer_be_sent_has_its_line_until_it_is_read(officer: Officer) -> None:
    keep_two_in_vain(officer)
    first, second = lines(officer)
    assert "Catatan A1-001" in first
    assert "Tanda tangan diulang" in first
    assert "Pengunjung di loket sudah berganti" in first
    assert "Hasil layanan A1-001" in second
    assert "ktp-baru × 2" in second
    officer.press("s")
    officer.sees("Sedang dilayani")
    assert lines(officer) == [first, second]
    officer.driver.refresh()
    officer.sees_number("A1-002")
    officer.until(lambda: lines(officer) == [first, second])
    officer.driver.find_element("css selector", f"{LINES} button").send_keys(Keys.ENTER)
    officer.until(lambda: lines(officer) == [second])
    assert officer.run("return document.activeElement.dataset.act") == "seen"
    officer.driver.switch_to.active_element.send_keys(Keys.ENTER)
    officer.until(lambda: lines(officer) == [])
    assert officer.states() == ["completed", "serving", "waiting"]
    visitors = officer.house.hall().tickets.values()
    assert not any(one.notes or one.step.delivered for one in visitors)
    assert complaints(officer.driver) == []


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_lines_stand_in_nobodys_way(officer: Officer, theme: str) -> None:
    officer.driver.get(f"{officer.house.url}/prefer?theme={theme}&language=id&to=/counter")
    officer.sees("Siap memanggil")
    keep_two_in_vain(officer)
    assert (
        officer.run(
            "const list = document.querySelector('.unsent ul'); return list.scrollWidth - list.clientWidth"
        )
        == 0
    )
    assert barriers(officer.driver) == []
    officer.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    officer.until(lambda: officer.run("return innerWidth") == 360)
    assert officer.run("return document.documentElement.scrollWidth - innerWidth") <= 0
    assert barriers(officer.driver) == []
