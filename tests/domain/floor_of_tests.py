"""A day on the floor for tests: commands decided and evolved at moments of choice."""

import itertools
import uuid
from typing import Any

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.decide import decide
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from tests.domain.malls import mall_data

MINUTE = 60_000
OPENS = 1_000_000_000


class Floor:
    """A hall that moves on: `at` is the minute since it opened."""

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        self.hall: Hall = empty_hall(mall_from_dict(data or mall_data()), "2026-11-23")
        self.log: list[Accepted] = []
        self.at = 0.0
        self._numbers = itertools.count(1)

    @property
    def now_ms(self) -> int:
        """The moment in server time."""
        return OPENS + round(self.at * MINUTE)

    def accept(self, payload: e.Payload) -> None:
        """One event at this moment."""
        position = len(self.log) + 1
        self.log.append(Accepted(position, self.now_ms, "d", f"e{position}", payload))
        self.hall = evolve(self.hall, self.log[-1])

    def comes(self, service: str = "ktp-baru", series: str = "A", priority: bool = False) -> str:
        """A visitor takes a number; gives the ticket's id."""
        number = next(self._numbers)
        ticket_id = str(uuid.UUID(int=number))
        fields = (ticket_id, service, series, "1", 1, number, "2026-11-23", priority, "id", "kiosk", False)
        self.accept(e.TicketIssued(*fields))
        return ticket_id

    def does(self, command: c.Command) -> tuple[e.Payload, ...]:
        """A command given and carried out."""
        events = decide(self.hall, command, self.now_ms)
        for event in events:
            self.accept(event)
        return events
