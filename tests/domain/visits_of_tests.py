"""A hall whose mall publishes journeys, for tests of visits of several services."""

import pytest

from antrean.domain import commands as c
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.decide import decide
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import empty_hall
from antrean.domain.ticket import Ticket
from tests.domain.floor_of_tests import Floor
from tests.domain.malls import mall_of_journeys

MALL = mall_from_dict(mall_of_journeys())


class Visits(Floor):
    """A hall whose mall publishes journeys; counter 1 serves both KTP services, 2 KTP and KK, 3 NPWP."""

    def __init__(self) -> None:
        super().__init__()
        self.hall = empty_hall(MALL, "2026-11-23")
        for counter in ("1", "2", "3"):
            self.does(c.OpenCounter(counter=counter, officer=f"officer-{counter}"))

    def serve(self, counter: str = "1") -> str:
        """Call and start the next visitor."""
        self.does(c.CallNext(counter=counter))
        self.does(c.Start(counter=counter))
        ticket_id = self.hall.desk(counter).ticket_id
        assert ticket_id is not None
        return ticket_id

    def refused(self, command: c.Command) -> str:
        """The code of the rule that forbids it."""
        with pytest.raises(RuleViolation) as found:
            decide(self.hall, command, self.now_ms)
        return found.value.code

    def ticket(self, ticket_id: str) -> Ticket:
        return self.hall.tickets[ticket_id]

    def way(self, ticket_id: str) -> list[tuple[str, str]]:
        """The visit's steps as (service, state)."""
        return [(step.service, step.state.value) for step in self.ticket(ticket_id).steps]
