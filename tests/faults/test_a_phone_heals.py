"""A visitor's phone through the death of the server: honest while it lasts, live again by itself."""

from pathlib import Path

import pytest

from antrean.texts import texts_for
from tests.journey.outside import Kiosk, Mall
from tests.pages.phones import LATER, patient, phone, reads

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(120)]
SILENT_MS = 16_000
"""So long without a word, by the phone's clock, and the page says since when."""


def test_a_killed_server_is_told_and_the_call_after_it_is_seen(mall: Mall, tmp_path: Path) -> None:
    (ticket,) = Kiosk(mall, "kiosk-1").issue("ktp-hilang")
    officer = mall.admin("token", "add", "--role", "officer", "--counter", "1")
    token = ticket["status_url"].rpartition("/")[2]
    with phone(tmp_path, 360, 640, "--accept-lang=id", before=LATER) as driver:
        driver.get(f"{mall.url}/t/{token}")
        reads(driver, "#notice", texts_for("id")("phone.sound"))
        mall.kill()
        driver.execute_script(f"window.later = {SILENT_MS}")
        reads(driver, "#stale", "Tidak tersambung sejak")
        assert ticket["label"] in driver.find_element("css selector", ".number").text
        mall.open()
        patient(driver).until(lambda _: not driver.find_element("id", "stale").is_displayed())
        called = mall.command(officer, "the-only-press", command="call_next", counter="1")
        assert called.json()["ticket"]["label"] == ticket["label"]
        reads(driver, "body.is-called .go-to", "Loket 1")
