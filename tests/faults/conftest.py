"""A mall as outsiders meet it, and the network in front of its server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.proxy import FaultProxy
from tests.journey.outside import Mall, opened


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[Mall]:
    """A tiny mall with its server running; a file of tests may put a mall of its own in its place."""
    yield from opened(Mall(tmp_path))


@pytest.fixture
def proxy(mall: Mall) -> Iterator[FaultProxy]:
    """The network between the mall's server and whoever asks at `proxy.url`."""
    with FaultProxy(mall.port) as found:
        yield found
