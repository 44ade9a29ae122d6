"""What every event's body is."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Payload:
    """The body of an event; its class name is the event's type.

    Bodies hold texts, whole numbers, booleans and null only. Adding a field means a new `v`; old versions stay
    readable. When it happened is not in the body: that is the envelope's stamp, placed in server time at acceptance.
    """

    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class TicketMove(Payload):
    """What every move of a ticket names: the ticket, the counter it is at, and who moved it."""

    ticket_id: str
    counter: str
    officer: str
