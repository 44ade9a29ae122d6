import ipaddress
from pathlib import Path

from antrean.ledger import hall_meta
from queue_server.serving import reachable_host
from tests.server.house_of_tests import FakeWorld, fill, served


def test_administrators_links_begin_with_the_address_of_the_last_start(tmp_path: Path) -> None:
    fill(tmp_path)
    with served(tmp_path, FakeWorld()) as house, house.running.parts.ledger.reading() as r:
        assert hall_meta.meta(r).public_url == house.running.parts.public_url() != ""


def test_a_server_on_every_address_names_one_that_others_can_use() -> None:
    assert not ipaddress.ip_address(reachable_host("0.0.0.0")).is_unspecified
    assert reachable_host("10.1.2.3") == "10.1.2.3"
