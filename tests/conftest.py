"""For every test: Qt draws without a screen, and no thread but the tests' own takes windows apart."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QCoreApplication, QEvent

from antrean.service.tidying import tidy

os.environ["QT_QPA_PLATFORM"] = "offscreen"

gc.disable()

# A slow machine is no finding: examples may take as long as they like, and making them too.
settings.register_profile(
    "patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def tidied() -> Iterator[None]:
    """What a test leaves behind is taken apart here, in the thread of its windows.

    Only a running event loop sees to what was told `deleteLater`: left alone, thousands of screens pile up, and the
    first test that runs a loop is held up for twenty seconds.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    tidy()
