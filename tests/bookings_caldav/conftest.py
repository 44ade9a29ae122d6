from collections.abc import Callable, Iterator
from typing import Any

import pytest

from queue_server.bookings.connectors.caldav import KIND
from queue_server.bookings.connectors.caldav.calendar import CalendarSource
from tests.bookings_caldav.radicale_house import FROM, PASSWORD, USER, Radicale, catalogue, radicale

Source = Callable[..., CalendarSource]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture
def house(server: Radicale) -> Radicale:
    """The server with an empty calendar."""
    server.empty()
    server.between, server.refused = lambda method, path: None, set()
    return server


@pytest.fixture
def source(house: Radicale) -> Iterator[Source]:
    """Makes connectors to the calendar as `bookings.toml` would, with other settings where told."""
    made: list[CalendarSource] = []

    def make(
        *, offered: tuple[str, ...] = ("ktp", "kk"), zone: str = "Asia/Jakarta", **others: object
    ) -> CalendarSource:
        settings: dict[str, Any] = {one.name: one.default for one in KIND.settings}
        settings |= {"url": house.calendar, "user": USER, "password": PASSWORD, **others}
        names = iter(range(1, 1000))
        connector = KIND.connector_of(settings, lambda: FROM, lambda n: next(names).to_bytes(n))
        assert isinstance(connector, CalendarSource)
        made.append(connector)
        connector.offer(catalogue(offered, zone))
        return connector

    yield make
    for connector in made:
        connector.close()
