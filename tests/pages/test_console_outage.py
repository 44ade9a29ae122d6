"""The first seconds without a server, and a server that is unwell: no press is lost in silence, nothing typed."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.pages.officer import Officer

SCRIPTS = Path(__file__).parent.parent.parent / "queue_server" / "static" / "js"
HOLD_POSTS_BACK = """
const plain = window.fetch;
const held = [];
let holding = true;
window.sent = [];
window.fetch = (address, options = {}) => {
  if (options.method !== "POST") return plain(address, options);
  window.sent.push([JSON.parse(options.body).command, options.headers["Idempotency-Key"]]);
  if (!holding) return plain(address, options);
  return new Promise((done, fail) => {
    held.push(() => done(plain(address, options)));
    options.signal.addEventListener("abort", () => fail(new TypeError("no answer in time")));
  });
};
window.letGo = () => {
  holding = false;
  for (const go of held.splice(0)) go();
};
"""
"""Packets vanish: no command is answered, as long as the page itself does not give up, until `letGo()`."""
FAIL_INSIDE = """
const plain = window.fetch;
window.fetch = async (address, options = {}) => {
  if (options.method !== "POST") return plain(address, options);
  return new Response("", {status: 500, headers: {"Retry-After": "0.01"}});
};
"""
STOOD_STILL = "return document.querySelector('#ask [name=other]').value"


def hold(officer: Officer, key: str, command: str) -> None:
    """Presses a key whose command gets no answer."""
    officer.run(HOLD_POSTS_BACK)
    officer.press(key)
    officer.until(lambda: officer.run("return window.sent.length") > 0)
    assert officer.run("return window.sent[0][0]") == command


def type_blindly(officer: Officer, *keys: str) -> None:
    """Types without waiting for the command before."""
    officer.driver.switch_to.active_element.send_keys(*keys)


def serve(officer: Officer) -> None:
    officer.press("p")
    officer.sees_number("A1-001")
    officer.press("s")
    officer.sees("Sedang dilayani")


@pytest.mark.browser
@pytest.mark.slow
def test_a_call_without_an_answer_locks_nothing_once_the_server_is_known_to_be_away(officer: Officer) -> None:
    serve(officer)
    hold(officer, "p", "call_next")
    officer.offline(True)
    officer.sees("Sambungan ke server putus sejak", "#head", within_s=45)
    officer.sees("Panggil berikutnya: server tidak menjawab", "#notices")
    officer.press("n")
    officer.sees("Catatan untuk A1-001", "dialog")
    officer.press("Berkas kurang", Keys.ENTER)
    officer.sees("1 perubahan menunggu dikirim", "#chips")
    assert officer.states() == ["serving", "waiting", "waiting"]


@pytest.mark.browser
@pytest.mark.slow
def test_what_was_under_way_is_kept_with_its_key_and_what_was_pressed_beside_it_is_told(
    officer: Officer,
) -> None:
    serve(officer)
    hold(officer, "d", "finish")
    type_blindly(officer, "n")
    officer.sees("Catatan belum dilakukan, karena Selesai masih dikirim", "#notices")
    officer.offline(True)
    officer.sees("1 perubahan menunggu dikirim", "#chips", within_s=60)
    officer.run("window.letGo()")
    officer.offline(False)
    officer.press("c")
    officer.sees("Siap memanggil", within_s=45)
    assert officer.states() == ["completed", "waiting", "waiting"]
    assert len({tuple(one) for one in officer.run("return window.sent")}) == 1


@pytest.mark.browser
def test_a_dialog_keeps_what_was_typed_until_the_command_before_is_answered(officer: Officer) -> None:
    hold(officer, "p", "call_next")
    officer.sees("Panggil berikutnya: menunggu jawaban server", "#notices")
    officer.driver.find_element("css selector", "#rows li:nth-child(2) button").click()
    officer.driver.find_element("css selector", "#ask [value=cancel]").click()
    officer.sees("Batalkan A1-002", "#ask h2")
    officer.driver.find_element("css selector", "#ask [name=other]").send_keys("Pindah hari", Keys.ENTER)
    officer.sees("Panggil berikutnya masih dikirim", "#ask")
    assert officer.run(STOOD_STILL) == "Pindah hari"
    assert officer.states() == ["waiting"] * 3
    officer.run("window.letGo()")
    officer.sees_number("A1-001")
    officer.until(lambda: "masih dikirim" not in officer.text("#ask"))
    officer.driver.find_element("css selector", "#ask [name=other]").send_keys(Keys.ENTER)
    officer.until(lambda: officer.states() == ["called", "cancelled", "waiting"])


@pytest.mark.browser
def test_a_server_that_is_there_but_unwell_is_not_called_unreachable(officer: Officer) -> None:
    officer.run(FAIL_INSIDE)
    officer.press("p")
    officer.sees("server terhubung tetapi sedang bermasalah", "#notices")
    assert "tersambung lagi" not in officer.text("main")
    assert officer.states() == ["waiting"] * 3


@pytest.mark.browser
def test_a_browser_of_some_years_ago_sends_what_is_pressed(officer: Officer) -> None:
    officer.run("delete AbortSignal.timeout")
    officer.press("p")
    officer.sees_number("A1-001")


@pytest.mark.parametrize("name", sorted(path.name for path in SCRIPTS.glob("*.js")))
def test_no_script_needs_what_older_browsers_lack(name: str) -> None:
    used = re.sub(r"//.*|/\*[^/]*\*/", "", (SCRIPTS / name).read_text(encoding="utf-8"))
    assert not re.search(r"AbortSignal\.(timeout|any)", used)
