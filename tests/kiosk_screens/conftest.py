import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from tests.kiosk_screens.fake_desk import FakeDesk

SAMPLE = Path(__file__).parents[2] / "queue_server" / "samples" / "mpp.toml"


@pytest.fixture(scope="session")
def sample_mall() -> Mall:
    return mall_from_dict(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))


@pytest.fixture
def desk(sample_mall: Mall) -> FakeDesk:
    return FakeDesk(replace(sample_mall))
