from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bookings_server.booked_mall import BookedMall
from tests.bookings_server.fake_outside import FakeOutside


@pytest.fixture
def outside() -> FakeOutside:
    return FakeOutside()


@pytest.fixture
def mall(tmp_path: Path, outside: FakeOutside) -> Iterator[BookedMall]:
    mall = BookedMall(tmp_path / "mall", outside)
    yield mall
    mall.stop()
