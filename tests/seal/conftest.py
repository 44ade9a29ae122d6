from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    fill(tmp_path / "server")
    with served(tmp_path / "server", FakeWorld()) as house:
        yield house
