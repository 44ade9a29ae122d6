from dataclasses import replace

import pytest

from antrean.domain.catalogue import Mall
from tests.kiosk_screens.fake_desk import FakeDesk, sample


@pytest.fixture(scope="session")
def sample_mall() -> Mall:
    return sample()


@pytest.fixture
def desk(sample_mall: Mall) -> FakeDesk:
    return FakeDesk(replace(sample_mall))
