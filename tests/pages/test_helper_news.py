"""The helper's page says what happens where it can be seen: a session's end, refusals, scans, the number itself."""

from pathlib import Path

import pytest

from tests.pages.desk_of_tests import PASSWORD
from tests.pages.helpers import in_the_hall
from tests.server.house_of_tests import House


@pytest.mark.browser
def test_a_session_that_has_ended_leads_to_the_sign_in_page_and_back(house: House, tmp_path: Path) -> None:
    with in_the_hall(house, tmp_path) as helper:
        helper.driver.delete_all_cookies()
        house.running.parts.hub.close()  # as the stream ends when the session does
        helper.until(lambda: "/?to=/helper" in helper.driver.current_url)
        helper.driver.find_element("id", "name").send_keys("sari")
        helper.driver.find_element("id", "password").send_keys(PASSWORD, "\n")
        helper.until(lambda: helper.driver.current_url.endswith("/helper"))
