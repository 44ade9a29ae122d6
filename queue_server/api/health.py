"""Operations about the server itself: its health and its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.ledger import hall_log
from antrean.ledger.hall import HallLedger
from queue_server.hub import Hub
from queue_server.live import LiveHall
from queue_server.operations import Operation
from queue_server.wire.common import Said
from queue_server.wire.hall import HealthAnswer


class OpenApiAnswer(Said):
    """An OpenAPI 3.1 document."""

    openapi: str


@dataclass(frozen=True)
class HealthApi:
    """Says how the server is, and what it offers."""

    ledger: HallLedger
    live: LiveHall
    hub: Hub
    version: str
    incarnation: str
    term: int
    describe: Callable[[], Mapping[str, Any]]

    def operations(self) -> list[Operation]:
        """Health and OpenAPI."""
        return [
            Operation(
                "GET", "/healthz", "How the server is", lambda call: self.state(), answers={200: HealthAnswer}
            ),
            Operation(
                "GET",
                "/v1/openapi.json",
                "This description",
                lambda call: self.describe(),
                answers={200: OpenApiAnswer},
            ),
        ]

    def state(self) -> Mapping[str, Any]:
        """`attention` when events wait in quarantine for a person; the server works all the same."""
        with self.ledger.reading() as r:
            quarantined = hall_log.quarantine_count(r)
        truth = self.live.truth
        return {
            "status": "attention" if quarantined else "ok",
            "version": self.version,
            "incarnation": self.incarnation,
            "term": self.term,
            "position": truth.position,
            "day": truth.hall.day,
            "streams": self.hub.streams(),
            "quarantined": quarantined,
            "server_ms": self.live.now_ms(),
        }
