from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from antrean.domain.catalogue import Mall
from kiosk.visit import Settings
from tests.kiosk_assist.hands import FakeSpeaker, Hands
from tests.kiosk_screens.fake_desk import FakeDesk, sample

SETTINGS = Settings(idle_seconds=3, answer_seconds=2, tick_ms=3_600_000)


@pytest.fixture(scope="session")
def sample_mall() -> Mall:
    return sample()


@pytest.fixture
def desk(sample_mall: Mall) -> FakeDesk:
    return FakeDesk(replace(sample_mall))


@pytest.fixture
def hands(qtbot: QtBot, desk: FakeDesk) -> Iterator[Hands]:
    """Somebody at a kiosk with a voice and earphones."""
    yield from Hands.at(qtbot, desk, SETTINGS, FakeSpeaker(earphones=True))


@pytest.fixture
def mute(qtbot: QtBot, desk: FakeDesk) -> Iterator[Hands]:
    """Somebody at a kiosk without a voice."""
    yield from Hands.at(qtbot, desk, SETTINGS, FakeSpeaker(voice=False))
