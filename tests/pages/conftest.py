from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.desk_of_tests import PAGES
from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "mall"
    folder.mkdir()
    fill(folder)
    with served(folder, FakeWorld(), pages=PAGES, heartbeat_s=0.5) as house:
        yield house
