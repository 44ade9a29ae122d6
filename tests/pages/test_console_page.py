"""The counter console in a real browser: every press once, all by keyboard, honest about a lost server."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.pages.desk_of_tests import barriers, complaints, desk, employ
from tests.pages.officer import Officer

COUNT_POSTS = """
window.sent = [];
const plain = window.fetch;
window.fetch = (address, options = {}) => {
  const key = options.headers?.["Idempotency-Key"];
  if (options.method === "POST") window.sent.push([JSON.parse(options.body).command, key]);
  return plain(address, options);
};
"""
LOSE_ONE_ANSWER = """
const before = window.fetch;
window.fetch = async (address, options = {}) => {
  const answer = await before(address, options);
  if (options.method !== "POST" || window.lost) return answer;
  window.lost = true;
  throw new TypeError("the answer was lost on its way");
};
"""
PRESS_TWICE = """
for (const time of [1, 2]) document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "p", bubbles: true}));
"""


@pytest.mark.browser
def test_a_morning_at_the_counter_needs_no_mouse(officer: Officer) -> None:
    officer.press("p")
    officer.sees_number("A1-001")
    officer.sees("Dipanggil")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.press("p")
    officer.sees_number("A1-002")
    officer.press("u")
    officer.sees("Siap memanggil")
    officer.press("p")
    officer.sees("Dipanggil")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.press("h")
    officer.sees("Fotokopi berkas", "dialog")
    officer.press(Keys.ENTER)
    officer.sees("Ditahan 1", "aside")
    officer.press("m")
    officer.sees("Sedang dilayani")
    officer.press("d")
    officer.sees("Siap memanggil")
    assert officer.states() == ["completed", "completed", "waiting"]
    assert "2 selesai" in officer.text("footer")
    assert complaints(officer.driver) == []


@pytest.mark.browser
def test_pressing_twice_calls_one_person(officer: Officer) -> None:
    officer.run(COUNT_POSTS)
    officer.idle()
    officer.run(PRESS_TWICE)
    officer.sees_number("A1-001")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.idle()
    officer.run(PRESS_TWICE)
    officer.sees_number("A1-002")
    assert [command for command, _ in officer.run("return window.sent")] == [
        "call_next",
        "start",
        "call_next",
    ]
    assert officer.states() == ["completed", "called", "waiting"]


@pytest.mark.browser
def test_a_lost_answer_is_asked_for_again_with_the_same_key(officer: Officer) -> None:
    officer.run(COUNT_POSTS)
    officer.run(LOSE_ONE_ANSWER)
    officer.press("p")
    officer.until(lambda: len(officer.run("return window.sent")) == 2)
    officer.sees_number("A1-001")
    (first, again) = officer.run("return window.sent")
    assert first == again
    assert officer.states() == ["called", "waiting", "waiting"]


@pytest.mark.browser
def test_absent_opens_only_after_the_configured_number_of_calls(officer: Officer) -> None:
    officer.press("p")
    officer.sees("Panggilan ke-1 dari 3")
    officer.press("x")
    officer.sees("tidak bisa dilakukan sekarang", "#said")
    for number in ("2", "3"):
        officer.press("r")
        officer.sees(f"Panggilan ke-{number} dari 3")
    officer.press("x")
    officer.sees("Tidak hadir 1", "aside")
    assert officer.states()[0] == "no_show"


@pytest.mark.browser
def test_letters_are_silent_while_typing_and_can_be_switched_off(officer: Officer) -> None:
    officer.press("g")
    officer.until(lambda: bool(officer.driver.find_elements("css selector", "dialog[open]")))
    officer.press("p")
    officer.press(Keys.ESCAPE)
    assert officer.states() == ["waiting"] * 3
    officer.press("?")
    officer.sees("Tombol papan ketik", "dialog")
    officer.press(" ", Keys.ENTER)
    officer.until(lambda: not officer.driver.find_elements("css selector", "dialog[open]"))
    officer.press("p")
    officer.driver.find_element("id", "go").send_keys(Keys.ENTER)
    officer.sees_number("A1-001")
    assert officer.states() == ["called", "waiting", "waiting"]


@pytest.mark.browser
def test_nobody_takes_a_counter_from_another_without_saying_so(officer: Officer) -> None:
    house = officer.house
    employ(house, "budi", "officer")
    with desk(house, "budi") as budi:
        assert (
            budi.post("/counter", data={"counter": "1", "csrf": budi.headers["X-CSRF-Token"]}).status_code
            == 200
        )
        key = {"Idempotency-Key": "budi-sits-down"}
        refused = budi.post("/v1/commands", json={"command": "open_counter", "counter": "1"}, headers=key)
        assert refused.json()["error"]["code"] == "counter_taken"
        body = {"command": "open_counter", "counter": "1", "take_over": True}
        assert (
            budi.post("/v1/commands", json=body, headers={"Idempotency-Key": "budi-takes-over"}).status_code
            == 200
        )
    officer.press("p")
    officer.sees("Ambil alih", "aside")
    assert officer.states() == ["waiting"] * 3
    officer.driver.find_element("css selector", "[data-act=take_over]").send_keys(Keys.ENTER)
    officer.sees_number("A1-001")
    assert house.hall().desk("1").officer == "dewi"


@pytest.mark.browser
@pytest.mark.slow
def test_without_a_server_the_page_says_since_when_and_keeps_what_may_wait(officer: Officer) -> None:
    officer.press("p")
    officer.sees("Dipanggil")
    officer.press("s")
    officer.sees("Sedang dilayani")
    officer.offline(True)
    officer.sees("Sambungan ke server putus sejak", "#head", within_s=45)
    officer.sees("terkunci sampai tersambung lagi")
    officer.press("p")
    officer.press("n")
    officer.sees("Catatan untuk A1-001", "dialog")
    officer.press("Tanda tangan diulang", Keys.ENTER)
    officer.sees("Tanda tangan diulang Loket 1, belum dikirim", "#current .facts")
    officer.press("q")
    officer.sees("Hasil layanan untuk A1-001", "dialog")
    officer.press(Keys.BACKSPACE, "2", Keys.ENTER)
    officer.press("d")
    officer.sees("3 perubahan menunggu dikirim")
    assert barriers(officer.driver) == []
    assert officer.states() == ["serving", "waiting", "waiting"]
    officer.offline(False)
    officer.press("c")
    officer.sees("Terhubung", "#head", within_s=45)
    officer.sees("Siap memanggil")
    assert officer.states() == ["completed", "waiting", "waiting"]
    visitor = next(one for one in officer.house.hall().tickets.values() if one.label.number == 1)
    assert (visitor.step.delivered, len(visitor.notes)) == ((("ktp-baru", 2),), 1)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_no_barrier_stands_in_the_way_of_an_officer(officer: Officer, theme: str) -> None:
    officer.driver.get(f"{officer.house.url}/prefer?theme={theme}&language=en&to=/counter")
    officer.sees("people waiting")
    assert barriers(officer.driver) == []
    officer.press("p")
    officer.sees_number("A1-001")
    assert barriers(officer.driver) == []
    officer.press("s")
    officer.sees("Being served")
    for letter in "htl?":
        officer.press(letter)
        officer.until(lambda: bool(officer.driver.find_elements("css selector", "dialog[open]")))
        assert barriers(officer.driver) == []
        officer.press(Keys.ESCAPE)
    officer.driver.get(f"{officer.house.url}/counter/choose")
    assert barriers(officer.driver) == []


@pytest.mark.browser
def test_a_call_for_help_is_accepted_and_finished_with_one_key(officer: Officer) -> None:
    kiosk = officer.house.pair(name="Kios 9")
    kiosk.write("HelpRequested", {"place": "Kios 9, lobi"})
    assert kiosk.push().status_code == 200
    officer.sees("Kios 9, lobi minta bantuan", "#notices")
    officer.press("b")
    officer.sees("Anda sedang ke sana", "#notices")
    assert officer.house.hall().help[0].accepted_by == "dewi"
    officer.press("b")
    officer.until(lambda: not officer.driver.find_elements("css selector", "#notices .help"))
    assert officer.house.hall().help == ()


@pytest.mark.browser
def test_a_call_nobody_accepts_is_marked_louder(officer: Officer) -> None:
    kiosk = officer.house.pair(name="Kios 9")
    kiosk.write("HelpRequested", {"place": "Kios 9"})
    assert kiosk.push().status_code == 200
    officer.sees("Kios 9", "#notices")
    assert not officer.driver.find_elements("css selector", "#notices .loud")
    officer.house.world.now_ms += 2 * 60_000
    kiosk.hello()
    officer.sees("belum ada yang datang", "#notices")
    assert officer.driver.find_elements("css selector", "#notices .loud")
    assert barriers(officer.driver) == []


@pytest.mark.browser
def test_priority_is_withdrawn_in_the_list_and_confirmed_at_the_counter(officer: Officer) -> None:
    kiosk = officer.house.pair(name="Kios 9")
    ids = [kiosk.issue(priority=True, number=number) for number in (91, 92)]
    assert kiosk.push().status_code == 200
    officer.sees("Belum dicek", "#rows")
    row = f"#rows [data-row='{ids[0]}']"
    officer.idle()
    officer.driver.find_element("css selector", row).click()
    officer.driver.find_element("css selector", "#ask [value=priority_no]").click()
    officer.until(lambda: "Belum dicek" not in officer.text(row))
    withdrawn = officer.house.hall().tickets[ids[0]]
    assert (withdrawn.priority, withdrawn.priority_checked) == (False, True)
    officer.press("p")
    officer.sees("belum dicek", "#chips")
    officer.idle()
    officer.driver.find_element("css selector", "#chips .press").click()
    officer.driver.find_element("css selector", "#ask [value=priority_yes]").click()
    officer.until(lambda: "belum dicek" not in officer.text("#chips"))
    assert officer.house.hall().tickets[ids[1]].priority_checked
    assert barriers(officer.driver) == []
