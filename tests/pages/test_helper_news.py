"""The helper's page says what happens where it can be seen: a session's end, refusals, scans, the number itself."""

from pathlib import Path

import pytest

from antrean.texts import texts_for
from tests.pages.desk_of_tests import PASSWORD, barriers, complaints
from tests.pages.helpers import REFUSES_HELP, in_the_hall
from tests.pages.test_lost_papers import SCAN, tokens
from tests.server.house_of_tests import House

__all__ = ["tokens"]  # a fixture

NO_PAGE = """(url, init) => String(url).startsWith("/helper/ticket/") ? %s : window.really(url, init)"""
WRONG_AND_DEAF = """
const real = Date.now; Date.now = () => real.call(Date) + 12 * 3600000;
window.EventSource = class { addEventListener() {} close() {} };
"""
"""Half a day ahead, and no stream."""
WAYS = (
    "new Response('', {status: 503})",
    "new Response('<main></main>', {status: 200})",
    "Promise.reject(new TypeError())",
)
"""How the page of a number does not come: an error, the sign-in page, no network."""


@pytest.mark.browser
def test_a_session_that_has_ended_leads_to_the_sign_in_page_and_back(house: House, tmp_path: Path) -> None:
    with in_the_hall(house, tmp_path) as helper:
        helper.driver.delete_all_cookies()
        house.running.parts.hub.close()  # as the stream ends when the session does
        helper.until(lambda: "/?to=/helper" in helper.driver.current_url)
        helper.driver.find_element("id", "name").send_keys("sari")
        helper.driver.find_element("id", "password").send_keys(PASSWORD, "\n")
        helper.until(lambda: helper.driver.current_url.endswith("/helper"))


@pytest.mark.browser
def test_a_tablet_with_a_wrong_clock_tells_the_truth_before_the_first_news(
    house: House, tmp_path: Path
) -> None:
    with in_the_hall(house, tmp_path) as helper:
        helper.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WRONG_AND_DEAF})
        helper.driver.refresh()
        helper.driver.find_element("id", "find").send_keys("ktp")
        helper.until(lambda: texts_for("id")("helper.nobody") in helper.text(".tile"))
        assert helper.driver.find_element("css selector", ".tile").get_attribute("aria-disabled") != "true"


@pytest.mark.browser
def test_a_refusal_is_read_where_it_happened_and_never_later(house: House, tmp_path: Path) -> None:
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 1"})
    assert kiosk.push().status_code == 200
    with in_the_hall(house, tmp_path) as helper:
        helper.take()
        helper.sees("Nomor sudah diambil")
        helper.meddle(REFUSES_HELP)
        helper.tap("#strip .quiet")
        helper.sees("Panggilan itu sudah selesai.")
        assert barriers(helper.driver) == []
        helper.tap("#again")
        helper.sees("Panggilan bantuan")
        assert "Panggilan itu sudah selesai." not in helper.text()
        helper.tap("#calls .primary")
        helper.sees("Panggilan itu sudah selesai.")
        helper.meddle("null")
        helper.tap("#calls .primary")
        helper.sees("Anda sedang ke sana", "#calls")
        assert "Panggilan itu sudah selesai." not in helper.text()
        assert complaints(helper.driver) == []


@pytest.mark.browser
def test_a_scan_among_the_reasons_and_beside_a_number_is_answered_there(
    house: House, tmp_path: Path, tokens: list[str]
) -> None:
    with in_the_hall(house, tmp_path) as helper:
        helper.choose()
        helper.run(SCAN, tokens[0])
        helper.sees("A1-001 kembali dalam antrean")
        assert helper.driver.find_element("id", "step-reason").is_displayed()
        assert barriers(helper.driver) == []
        helper.run(SCAN, "2" + "A" * 60)  # no booking site has signed this
        helper.sees("bukan kode booking")
        assert "A1-001 kembali dalam antrean" not in helper.text()
        assert helper.driver.find_element("id", "step-reason").is_displayed()
        helper.tap(".reasons label")
        helper.tap("#take")
        helper.sees("Nomor sudah diambil")
        assert "bukan kode booking" not in helper.text()
        helper.run(SCAN, tokens[2])
        helper.sees("dicetak pada hari lain")
        helper.tap("#again")
        helper.sees("Ambilkan nomor")
        assert "dicetak pada hari lain" not in helper.text()


@pytest.mark.browser
def test_a_number_whose_page_does_not_come_is_shown_all_the_same_and_so_is_the_next(
    house: House, tmp_path: Path
) -> None:
    with in_the_hall(house, tmp_path) as helper:
        for count, way in enumerate(WAYS, 1):
            helper.meddle(NO_PAGE % way)
            helper.take()
            helper.sees("Nomor sudah diambil", "#ticket")
            assert len(helper.labels()) == count
            shown = helper.text("#ticket .number").replace("\n", "")
            assert shown == helper.labels()[-1]
            assert "Tunggu di" in helper.text("#ticket")
            assert barriers(helper.driver) == []
            helper.tap("#again")
        helper.meddle("null")
        helper.take()
        helper.until(lambda: helper.driver.find_elements("css selector", "#ticket .qr svg"))
        assert len(helper.labels()) == len(WAYS) + 1
        assert complaints(helper.driver) == []
