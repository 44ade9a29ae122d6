"""Operations about the server itself: its health and its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.ledger import hall_quarantine
from antrean.ledger.hall import HallLedger
from queue_server.clock import TRUSTED_MS, ServerClock
from queue_server.hub import Hub
from queue_server.live import LiveHall
from queue_server.operations import Operation
from queue_server.upkeep import Upkeep
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
    clock: ServerClock
    describe: Callable[[], Mapping[str, Any]]
    upkeep: Upkeep | None = None
    bookings: Callable[[], list[str]] = list

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
        """`attention` when something waits for a person, named in `alarms`; the server works all the same."""
        with self.ledger.reading() as r:
            quarantined = hall_quarantine.held(r)
        truth, ahead = self.live.truth, self.clock.ahead_ms()
        alarms = [
            name
            for name, sounds in (
                ("quarantine", quarantined > 0),
                ("older_server", self.live.higher_term > self.term),
                ("clock_ahead", abs(ahead) > TRUSTED_MS),
            )
            if sounds
        ]
        alarms += self.upkeep.alarms() if self.upkeep else []
        alarms += self.bookings()
        watch = self.upkeep.watch if self.upkeep else None
        return {
            "status": "attention" if alarms else "ok",
            "alarms": alarms,
            "version": self.version,
            "incarnation": self.incarnation,
            "term": self.term,
            "position": truth.position,
            "day": truth.hall.day,
            "streams": self.hub.streams(),
            "quarantined": quarantined,
            "higher_term": self.live.higher_term,
            "clock_ahead_ms": ahead,
            "backup_failed_since_ms": watch.failed_since_ms if watch else None,
            "server_ms": self.live.now_ms(),
        }
