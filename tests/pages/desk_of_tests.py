"""What page tests share: people with passwords, a signed-in client, a browser, and the accessibility check."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from queue_server.app import PageRoom
from queue_server.auth.accounts import Accounts
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import Passwords
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from tests.server.house_of_tests import House

PASSWORD = "kata sandi panjang"
PAGES = PageRoom(pages_blueprint, error_page)
AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def employ(house: House, name: str, *roles: str, counter: str | None = None) -> None:
    """Gives the mall a person with the test password."""
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    parts = house.running.parts
    accounts = Accounts(parts.ledger, parts.live.now_ms, house.world.random_bytes, quick, Lockout())
    accounts.set_first_password(
        accounts.add_user(name, name.title(), list(roles), counter, "test"), PASSWORD, name.title()
    )


@contextmanager
def desk(house: House, name: str) -> Iterator[httpx.Client]:
    """A client signed in as `name` that shows the session's token with every form and command."""
    with httpx.Client(base_url=house.url, timeout=30, trust_env=False, follow_redirects=True) as client:
        answer = client.post("/", data={"name": name, "password": PASSWORD, "to": ""})
        assert answer.status_code == 200, answer.text
        found = re.search(r'name="csrf" value="([^"]+)"|"csrf":"([^"]+)"', answer.text)
        assert found is not None
        client.headers["X-CSRF-Token"] = found[1] or found[2]
        yield client


@contextmanager
def chromium(folder: Path, width: int = 1366, height: int = 768, *flags: str) -> Iterator[webdriver.Chrome]:
    """A headless browser with an empty profile in `folder`, and more flags if wanted."""
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def sign_in(driver: webdriver.Chrome, house: House, name: str, path: str = "/") -> None:
    """Signs in by keyboard, on the way to `path`."""
    driver.get(f"{house.url}/?to={path}")
    driver.find_element("id", "name").send_keys(name)
    driver.find_element("id", "password").send_keys(PASSWORD, "\n")


def barriers(driver: webdriver.Chrome) -> list[str]:
    """What axe finds serious or critical on the page: rule, element and why, one line each."""
    driver.execute_script(AXE.read_text())
    found: list[dict[str, Any]] = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']}).then((result) => done(result.violations));"
    )
    return [
        f"{one['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def complaints(driver: webdriver.Chrome) -> list[str]:
    """What the browser's console says that is worse than a hint."""
    log: Any = driver.execute("getLog", {"type": "browser"})["value"]
    return [entry["message"] for entry in log if entry["level"] == "SEVERE"]
