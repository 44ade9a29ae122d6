from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from antrean.domain.catalogue import Mall
from tests.kiosk_screens.fake_desk import FakeDesk, sample
from tests.kiosk_screens.visitor import Visitor, at_a_kiosk


@pytest.fixture(scope="session")
def sample_mall() -> Mall:
    return sample()


@pytest.fixture
def desk(sample_mall: Mall) -> FakeDesk:
    return FakeDesk(replace(sample_mall))


@pytest.fixture
def visitor(qtbot: QtBot, desk: FakeDesk) -> Iterator[Visitor]:
    yield from at_a_kiosk(qtbot, desk)
