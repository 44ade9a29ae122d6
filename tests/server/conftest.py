from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def house(tmp_path: Path, world: FakeWorld) -> Iterator[House]:
    fill(tmp_path)
    with served(tmp_path, world) as house:
        yield house
