"""Everybody who looks at one hall within a second shares its outlook; the next hall has its own."""

from typing import Any

import pytest

from antrean.domain import events as e
from antrean.domain.estimate import wait_range
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted
from antrean.domain.label import status_token
from antrean.domain.rollout import rolled_out
from queue_server import topics
from queue_server.live import Truth
from tests.domain.test_estimate import MINUTE, NINE, TWO_OPEN, hall_of
from tests.domain.test_order import issued


def test_phones_that_look_at_one_hall_share_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = 0

    def counted(*told: Any) -> Any:
        nonlocal runs
        runs += 1
        return rolled_out(*told)

    monkeypatch.setattr("antrean.domain.outlook.rolled_out", counted)
    now = NINE + MINUTE
    render = topics.renderer(lambda: now)
    hall = hall_of(TWO_OPEN, *((at / 20, issued(at)) for at in range(1, 10)))
    truth = Truth(hall, 1, 1, 1)
    tokens = [status_token(issued(number).ticket_id) for number in range(1, 10)]
    seen = [render(truth, f"ticket:{token}")["wait"] for token in tokens]
    assert runs == 1
    assert render(truth, "services")["services"]["kk"]["wait"] == list(wait_range(hall, "kk", now) or ())
    assert seen[0][1] < seen[8][1]
    runs = 0
    now += 2_000
    render(truth, f"ticket:{tokens[0]}")
    assert runs == 1  # time goes on: a break may have ended
    later = evolve(hall, Accepted(99, now, "d", "e99", e.CounterClosed("2", "Sari")))
    assert render(Truth(later, 2, 1, 1), f"ticket:{tokens[0]}")["wait"] is None
