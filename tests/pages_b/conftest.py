from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages_b.desk import Desk, desk


@pytest.fixture
def mall_desk(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as running:
        yield running
