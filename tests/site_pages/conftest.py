import pytest
from flask.testing import FlaskClient

from tests.site_pages.fake_desk import FakeDesk
from tests.site_pages.site_of_tests import site_of


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def site(desk: FakeDesk) -> FlaskClient:
    return site_of(desk).test_client()
