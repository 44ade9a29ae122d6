"""The arithmetic of shares; whole kiosks and days are tried in tests/protocol/test_quotas.py."""

from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, empty_hall
from queue_server.shares import base_share, issued_by_service, share, spoken_for
from tests.domain.malls import mall
from tests.domain.test_order import issued

KIOSKS = ("k1", "k2", "k3")


@given(st.integers(1, 60), st.lists(st.tuples(st.sampled_from(KIOSKS), st.integers(0, 5)), max_size=60))
def test_kiosks_together_never_issue_more_than_the_quota(quota: int, asked: list[tuple[str, int]]) -> None:
    base = dict.fromkeys(KIOSKS, base_share(quota, len(KIOSKS)))
    granted: dict[str, int] = {}
    spent: dict[str, int] = {}
    for kiosk, wanted in asked:
        granted[kiosk] = share(quota, kiosk, len(KIOSKS), spent, spoken_for(spent, granted, base))
        spent[kiosk] = min(spent.get(kiosk, 0) + wanted, granted[kiosk])
    assert sum(spoken_for(spent, granted, base).values()) <= quota


def test_a_share_once_given_is_never_taken_back() -> None:
    assert share(10, "k1", 3, {"k2": 9}, {"k1": 4, "k2": 9}) == 4


def test_the_only_kiosk_may_spend_the_whole_quota() -> None:
    assert share(2, "k1", 1, {}, {}) == 2
    assert base_share(2, 1) == 2


def test_the_total_over_all_devices_is_not_taken_for_a_device() -> None:
    hall = evolve(empty_hall(mall(), "d"), Accepted(1, 1, "k1", "e1", issued(1, service="npwp")))
    assert issued_by_service(hall) == {"npwp": {"k1": 1}}
