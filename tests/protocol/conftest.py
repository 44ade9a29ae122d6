"""A server and a kiosk that knows it, in one process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.whole import Kiosk, Machine, Server, world


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server", world())
    yield server
    server.stop()


@pytest.fixture
def kiosk(tmp_path: Path, server: Server) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "kiosk", Machine(server.world, "k"), server.pair())
    kiosk.meet(server)
    yield kiosk
    kiosk.stop()
