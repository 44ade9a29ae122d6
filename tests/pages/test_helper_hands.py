"""Under a helper's hands the page holds still, on old tablets too: calls and priorities, papers, one number a wish."""

from pathlib import Path

import pytest
from selenium.webdriver import ActionChains

from antrean.domain.label import status_token
from tests.pages.desk_of_tests import complaints
from tests.pages.helpers import REFUSES_HELP, in_the_hall
from tests.server.house_of_tests import House

OLD_TABLET = "delete Element.prototype.checkVisibility; delete AbortSignal.timeout;"
"""What a tablet of 2021 does not have."""
LOSES_TAKES = """async (url, init) => {
  const answer = await window.really(url, init);
  return window.command(init) === "issue" ? new Response("", {status: 503, headers: {"Retry-After": "0.01"}}) : answer;
}"""
HOLDS_A_LOOK = """(url, init) => {
  if (!String(url).includes("topics=ticket:") || window.go) return window.really(url, init);
  return new Promise((done) => { window.go = () => done(window.really(url)); });  // its time is not up yet
}"""
"""The first look at a paper waits for `window.go`."""
KEEPS_WHAT_THE_PAPER_SAID = """
window.papers = [];
new MutationObserver(() => window.papers.push(document.getElementById("paper-state")?.textContent ?? ""))
  .observe(document.getElementById("step-done"), {subtree: true, childList: true, characterData: true});
"""
LOOKS_AT = """return performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/v1/state") && one.name.includes(arguments[0])).length"""
"""How often this paper was looked at, by answers that have come."""


@pytest.mark.browser
def test_a_press_on_a_call_counts_although_another_call_comes_meanwhile(house: House, tmp_path: Path) -> None:
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 1"})
    assert kiosk.push().status_code == 200
    with in_the_hall(house, tmp_path) as helper:
        helper.until(lambda: helper.driver.find_elements("css selector", "#calls .primary"))
        coming = helper.driver.find_element("css selector", "#calls .primary")
        ActionChains(helper.driver).click_and_hold(coming).perform()
        kiosk.write("HelpRequested", {"place": "Kiosk 2"})
        assert kiosk.push().status_code == 200
        helper.sees("Kiosk 2", "#calls")
        assert helper.driver.switch_to.active_element == coming
        ActionChains(helper.driver).release().perform()
        helper.sees("Anda sedang ke sana", "#calls")
        assert {one.place: one.accepted_by for one in house.hall().help} == {
            "Kiosk 1": "sari",
            "Kiosk 2": None,
        }
        assert complaints(helper.driver) == []


@pytest.mark.browser
def test_an_old_tablet_shows_priorities_to_confirm_and_the_kiosks_that_print(
    house: House, tmp_path: Path
) -> None:
    kiosk = house.pair(name="Kiosk 2")
    kiosk.issue(priority=True)
    assert kiosk.push().status_code == 200
    with in_the_hall(house, tmp_path, before=OLD_TABLET) as helper:
        helper.sees("Prioritas dari kiosk")
        helper.sees("A1-001", "#doubt-rows")
        assert (
            kiosk.hello(protocols=[1, 2]).status_code == 200
        )  # it prints for others, as is learnt when asked
        helper.choose()
        assert "Prioritas dari kiosk" not in helper.text()
        helper.print_at("Kiosk 2")
        helper.tap("#back")
        helper.sees("Prioritas dari kiosk")


@pytest.mark.browser
def test_a_number_whose_answer_was_lost_stays_one_though_something_else_was_refused_meanwhile(
    house: House, tmp_path: Path
) -> None:
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 1"})
    assert kiosk.push().status_code == 200
    with in_the_hall(house, tmp_path) as helper:
        helper.meddle(LOSES_TAKES)
        helper.take()
        helper.until(lambda: "Belum berhasil" in helper.text(), within_s=120)
        helper.meddle(REFUSES_HELP)
        helper.tap("#strip .quiet")
        helper.sees("Panggilan itu sudah selesai.")
        helper.tap("#take")
        helper.sees("Nomor sudah diambil")
        assert len(helper.labels()) == 1


@pytest.mark.browser
def test_what_became_of_one_paper_is_never_said_of_the_next(house: House, tmp_path: Path) -> None:
    kiosk = house.pair(name="Kiosk 2")
    assert kiosk.hello(protocols=[1, 2]).status_code == 200
    with in_the_hall(house, tmp_path) as helper:
        helper.meddle(HOLDS_A_LOOK)
        helper.choose()
        helper.print_at("Kiosk 2")
        helper.tap(".reasons label")
        helper.tap("#take")
        helper.until(lambda: helper.run("return Boolean(window.go)"))
        (first,) = house.hall().tickets
        helper.tap("#again")
        helper.take()
        helper.sees("Sedang dicetak di Kiosk 2", "#paper-state")
        (second,) = set(house.hall().tickets) - {first}
        helper.run(KEEPS_WHAT_THE_PAPER_SAID + "window.go()")
        helper.until(lambda: helper.run(LOOKS_AT, status_token(first)) == 1)
        kiosk.write("TicketPrintFailed", {"ticket_id": first, "reason": "cover_open", "copy": False})
        assert kiosk.push().status_code == 200
        soon = helper.run(LOOKS_AT, status_token(second)) + 3
        helper.until(lambda: helper.run(LOOKS_AT, status_token(second)) >= soon)
        assert helper.run(LOOKS_AT, status_token(first)) == 1
        kiosk.write("TicketPrinted", {"ticket_id": second, "copy": False})
        assert kiosk.push().status_code == 200
        helper.sees("Sudah dicetak di Kiosk 2", "#paper-state")
        assert not [said for said in helper.run("return window.papers") if "Tidak tercetak" in said]
