"""For every test: Qt draws without a screen, and no thread but the tests' own takes windows apart."""

import gc
import os
from collections.abc import Iterator

import pytest

from antrean.service.tidying import tidy

os.environ["QT_QPA_PLATFORM"] = "offscreen"

gc.disable()


@pytest.fixture(autouse=True)
def tidied() -> Iterator[None]:
    """What a test leaves behind is collected here, in the thread of its windows."""
    yield
    tidy()
