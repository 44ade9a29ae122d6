"""The whole visit at the counter, by keyboard: what follows, what is noted and delivered, and who calls by itself."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from antrean.domain.ticket import State, Ticket
from tests.pages.desk_of_tests import barriers, complaints
from tests.pages.officer import Officer, at_work
from tests.server.house_of_tests import House

MINUTE_MS = 60_000
SLEEP_AT_THE_FIRST_POST = """
const plain = window.fetch, before = Date.now;
window.posts = 0;
window.fetch = (address, options = {}) => {
  if (options.method !== "POST") return plain(address, options);
  window.posts += 1;
  if (window.posts > 1) return plain(address, options);
  Date.now = () => before() + 3600000;
  return Promise.reject(new TypeError("no network"));
};
"""
"""The first press gets no answer, an hour goes by, and from then on the network is there."""
STEADY = """
const real = performance.now.bind(performance);
let at = real(), was = at;
window.still = true;
performance.now = () => {
  const now = real();
  if (!window.still) at += Math.min(now - was, 500);
  was = now;
  return at;
};
"""
"""A countdown goes on only when it is no longer `still`, and a slow machine does not look like one that slept."""
COUNTS = "tekan apa saja untuk batal"


def ticket(house: House, label: str) -> Ticket:
    """The ticket with this number."""
    found: Ticket = next(one for one in house.hall().tickets.values() if str(one.label) == label)
    return found


def dialog(officer: Officer, key: str, *typed: str) -> None:
    """Opens a dialog by its key and types into it."""
    officer.press(key)
    officer.until(lambda: bool(officer.driver.find_elements("css selector", "dialog[open]")))
    officer.press(*typed)
    officer.until(lambda: not officer.driver.find_elements("css selector", "dialog[open]"))


def serve(officer: Officer, label: str) -> None:
    """Calls and starts, by two keys."""
    officer.press("p")
    officer.sees_number(label)
    officer.press("s")
    officer.sees("Sedang dilayani")


def serve_with_a_steady_countdown(officer: Officer) -> None:
    """Switches the automatic call on, and serves A1-001, after whom the countdown stands still."""
    officer.run(STEADY)
    officer.press("=")
    officer.sees("Otomatis", "#chips")
    serve(officer, "A1-001")


@pytest.mark.browser
def test_a_visit_is_planned_noted_and_counted_by_keyboard(officer: Officer) -> None:
    house = officer.house
    serve(officer, "A1-001")
    dialog(officer, "n", "Fotokopi KK menyusul", Keys.ENTER)
    officer.sees("Fotokopi KK menyusul", "#current .facts")
    dialog(officer, "q", Keys.BACKSPACE, "3", Keys.ENTER)
    officer.sees("ktp-baru × 3", "#current .facts")
    dialog(officer, "j", "kk", Keys.ENTER)
    officer.sees("kk", "#current .steps .next")
    dialog(officer, "j", "npwp", Keys.ENTER)
    officer.until(lambda: len(officer.driver.find_elements("css selector", "#current .steps .next")) == 2)
    assert barriers(officer.driver) == []
    officer.press("j")
    officer.sees("Hapus dari rencana", "dialog")
    assert barriers(officer.driver) == []
    officer.driver.find_element("css selector", "dialog [data-service=npwp]").send_keys(Keys.ENTER)
    officer.until(lambda: ticket(house, "A1-001").plan == ("kk",))
    officer.press("d")
    officer.sees("Siap memanggil")
    visitor = ticket(house, "A1-001")
    assert [(step.service, step.state) for step in visitor.steps] == [
        ("ktp-baru", State.COMPLETED),
        ("kk", State.WAITING),
    ]
    assert visitor.steps[0].delivered == (("ktp-baru", 3),)
    assert house.command("call_next", role="supervisor", counter="2").json()["ticket"]["label"] == "A1-002"
    assert complaints(officer.driver) == []


@pytest.mark.browser
def test_a_visitor_is_sent_to_one_counter_and_every_row_says_why_it_stands_there(officer: Officer) -> None:
    house = officer.house
    serve(officer, "A1-001")
    officer.press("t")
    officer.sees("Alihkan A1-001", "dialog")
    officer.press("kk")
    officer.sees("Loket 2 (tutup)", "dialog")
    officer.press(Keys.ESCAPE)
    assert house.command("open_counter", role="supervisor", counter="2").status_code == 200
    officer.press("t")
    officer.sees("Alihkan A1-001", "dialog")
    officer.press("kk", Keys.TAB, Keys.TAB, "Loket 2")
    officer.driver.find_element("css selector", "dialog [value=front]").send_keys(" ")
    officer.until(lambda: officer.driver.find_element("id", "front-reason").is_displayed())
    assert barriers(officer.driver) == []
    officer.driver.find_element("id", "front-reason").send_keys(Keys.TAB, Keys.ENTER)
    officer.sees("Siap memanggil")
    sent = ticket(house, "A1-001").step
    assert (sent.service, sent.to_counter, sent.why) == ("kk", "2", "front")
    rows = house.running.parts.hub.state("console:2")["waiting"]
    assert (rows[0]["label"], rows[0]["to_counter"]) == ("A1-001", "2")
    serve(officer, "A1-002")
    dialog(officer, "t", "ktp-hilang", Keys.ENTER)
    officer.sees("Siap memanggil")
    officer.press("p")
    officer.sees_number("A1-002")
    officer.press("r")
    officer.press("r")
    officer.sees("Panggilan ke-3 dari 3")
    officer.press("x")
    officer.sees("Tidak hadir 1", "aside")
    officer.driver.find_element("id", "tab-no_show").click()
    officer.sees("Bisa kembali sampai 09.30", "#rows")
    officer.press("a")
    officer.sees("Tidak hadir 0", "aside")
    officer.driver.find_element("id", "tab-waiting").click()
    officer.sees("Kembali, setelah", "#rows")


@pytest.mark.browser
def test_an_idle_counter_serves_the_suggested_line_with_one_press_and_chooses_its_services(
    officer: Officer,
) -> None:
    house = officer.house
    for label in ("A1-001", "A1-002", "A1-003"):
        serve(officer, label)
    officer.press("d")
    officer.sees("Tidak ada yang menunggu")
    kiosk = house.pair(name="Kios 2")
    kiosk.issue("kk", "B", number=71)
    assert kiosk.push().status_code == 200
    house.world.now_ms += 26 * MINUTE_MS
    kiosk.issue("npwp", "P", number=72)
    assert kiosk.push().status_code == 200
    officer.sees("kk butuh bantuan: 1 orang menunggu", within_s=40)
    assert barriers(officer.driver) == []
    officer.press("v")
    officer.sees("kk", "#serves")
    officer.press("p")
    officer.sees_number("B2-071")
    officer.press("u")
    officer.sees("Siap memanggil")
    dialog(officer, "w", " ", Keys.ENTER)
    officer.until(lambda: house.hall().services_of("1") == ("ktp-hilang",))


@pytest.mark.browser
def test_a_free_counter_calls_by_itself_once_from_two_tabs_and_any_press_stops_it(officer: Officer) -> None:
    serve_with_a_steady_countdown(officer)
    first = officer.driver.current_window_handle
    officer.driver.switch_to.new_window("window")
    officer.driver.get(f"{officer.house.url}/counter")
    officer.run(STEADY)
    second = officer.driver.current_window_handle
    officer.sees_number("A1-001")
    officer.sees("Otomatis", "#chips")
    officer.press("d")
    officer.sees(COUNTS, "#go")
    assert barriers(officer.driver) == []
    officer.press("h")
    officer.until(lambda: COUNTS not in officer.text("#go"))
    officer.press("=")
    officer.until(lambda: "Otomatis" not in officer.text("#chips"))
    for window in (first, second):
        officer.driver.switch_to.window(window)
        officer.run("window.still = false")
    officer.press("=")
    officer.sees_number("A1-002")
    for window in (first, second):
        officer.driver.switch_to.window(window)
        officer.sees_number("A1-002")
    assert officer.states() == ["completed", "called", "waiting"]
    officer.press("u")
    officer.sees("Siap memanggil")
    assert COUNTS not in officer.text("#go")


@pytest.mark.browser
def test_a_countdown_stopped_in_another_window_does_not_begin_again_by_itself(officer: Officer) -> None:
    serve_with_a_steady_countdown(officer)
    officer.press("d")
    officer.sees(COUNTS, "#go")
    counting = officer.driver.current_window_handle
    officer.driver.switch_to.new_window("tab")
    officer.driver.get(f"{officer.house.url}/static/tokens.css")
    officer.run("localStorage.setItem('antrean.auto-stopped.1', 'in another window')")
    officer.driver.switch_to.window(counting)
    officer.until(lambda: COUNTS not in officer.text("#go"))
    kiosk = officer.house.pair(name="Kios 2")
    kiosk.issue()
    assert kiosk.push().status_code == 200
    officer.sees("Menunggu 3", "aside")
    assert COUNTS not in officer.text("#go")


@pytest.mark.browser
def test_a_dialog_about_one_visitor_does_nothing_to_the_next(officer: Officer) -> None:
    house = officer.house
    serve(officer, "A1-001")
    officer.press("h")
    officer.sees("Tahan A1-001", "dialog")
    for command in ("call_next", "start"):
        assert house.command(command, role="supervisor").status_code == 200
    officer.sees_number("A1-002")
    officer.press(Keys.ENTER)
    officer.sees("Pengunjung di loket sudah berganti", "#notices")
    assert officer.states() == ["completed", "serving", "waiting"]


@pytest.mark.browser
def test_a_press_of_an_hour_ago_calls_nobody_when_the_laptop_wakes(officer: Officer) -> None:
    officer.run(SLEEP_AT_THE_FIRST_POST)
    officer.press("p")
    officer.sees("server tidak menjawab", "#notices")
    assert officer.run("return window.posts") == 1
    assert officer.states() == ["waiting"] * 3


@pytest.mark.browser
def test_beside_another_program_everything_fits_in_360_pixels(officer: Officer) -> None:
    metrics = {"width": 360, "height": 768, "deviceScaleFactor": 1, "mobile": True}
    officer.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    serve(officer, "A1-001")
    dialog(officer, "n", "Berkas kurang", Keys.ENTER)
    dialog(officer, "j", "npwp", Keys.ENTER)
    officer.until(lambda: bool(officer.driver.find_elements("css selector", "#current .steps .next")))
    beyond = "return document.documentElement.scrollWidth - innerWidth"
    inside = "const one = document.querySelector('dialog'); return one.scrollWidth - one.clientWidth"
    for language in ("id", "en"):
        officer.driver.get(f"{officer.house.url}/prefer?language={language}&to=/counter")
        officer.sees_number("A1-001")
        assert officer.run(beyond) <= 0
        assert barriers(officer.driver) == []
        for letter in "tjnqhwl?":
            officer.press(letter)
            officer.until(lambda: bool(officer.driver.find_elements("css selector", "dialog[open]")))
            for front in officer.driver.find_elements("css selector", "dialog [value=front]"):
                front.send_keys(" ")
            assert (language, letter, officer.run(inside)) == (language, letter, 0)
            officer.press(Keys.ESCAPE)


@pytest.mark.browser
def test_a_supervisor_takes_a_finished_number_up_again(house: House, tmp_path: Path) -> None:
    kiosk = house.pair()
    kiosk.issue()
    assert kiosk.push().status_code == 200
    with at_work(house, tmp_path, "sari", "supervisor") as officer:
        serve(officer, "A1-001")
        officer.press("d")
        officer.sees("Tidak ada yang menunggu")
        dialog(officer, "f", "a1-001", Keys.ENTER)
        officer.sees_number("A1-001")
        assert ticket(house, "A1-001").state is State.SERVING
