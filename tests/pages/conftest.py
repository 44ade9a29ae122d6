from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.desk_of_tests import PAGES
from tests.pages.officer import Officer, at_work
from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "mall"
    folder.mkdir()
    fill(folder)
    with served(folder, FakeWorld(), pages=PAGES, heartbeat_s=0.5) as house:
        yield house


@pytest.fixture
def officer(house: House, tmp_path: Path) -> Iterator[Officer]:
    """Dewi at counter 1, and three visitors for it."""
    kiosk = house.pair()
    for _ in range(3):
        kiosk.issue()
    assert kiosk.push().status_code == 200
    with at_work(house, tmp_path) as found:
        yield found
