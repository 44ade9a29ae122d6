"""A ticket, its steps, and the one table of moves.

A ticket is the visitor's number; each step is one service on its way. Printing and origin are attributes, not states:
a print failure never costs a place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from antrean.domain.booking import Booked
from antrean.domain.errors import IllegalTransition
from antrean.domain.label import Label, check_letters


class State(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ON_HOLD = "on_hold"
    NO_SHOW = "no_show"
    COMPLETED = "completed"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a step after it is issued."""

    CALL = "call"
    RECALL = "recall"
    UNDO_CALL = "undo_call"
    START = "start"
    FINISH = "finish"
    ABSENT = "absent"
    RETURN = "return"
    HOLD = "hold"
    RESUME = "resume"
    CALL_BACK = "call_back"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    REOPEN = "reopen"
    SET_PRIORITY = "set_priority"
    PIN = "pin"
    PLAN = "plan"
    CONTINUE = "continue"
    UNDO_CONTINUE = "undo_continue"
    NOTE = "note"
    DELIVER = "deliver"
    EXPIRE = "expire"


TRANSITIONS: Mapping[tuple[State, Move], State] = {
    (State.WAITING, Move.CALL): State.CALLED,
    (State.WAITING, Move.SET_PRIORITY): State.WAITING,
    (State.CALLED, Move.SET_PRIORITY): State.CALLED,
    (State.SERVING, Move.SET_PRIORITY): State.SERVING,
    (State.WAITING, Move.PIN): State.WAITING,
    (State.WAITING, Move.UNDO_CONTINUE): State.COMPLETED,
    (State.CALLED, Move.PLAN): State.CALLED,
    (State.SERVING, Move.PLAN): State.SERVING,
    (State.CALLED, Move.NOTE): State.CALLED,
    (State.SERVING, Move.NOTE): State.SERVING,
    (State.SERVING, Move.DELIVER): State.SERVING,
    (State.WAITING, Move.CANCEL): State.CANCELLED,
    (State.WAITING, Move.EXPIRE): State.EXPIRED,
    (State.CALLED, Move.RECALL): State.CALLED,
    (State.CALLED, Move.START): State.SERVING,
    (State.CALLED, Move.ABSENT): State.NO_SHOW,
    (State.CALLED, Move.UNDO_CALL): State.WAITING,
    (State.CALLED, Move.CANCEL): State.CANCELLED,
    (State.CALLED, Move.EXPIRE): State.EXPIRED,
    (State.NO_SHOW, Move.RETURN): State.WAITING,
    (State.NO_SHOW, Move.CANCEL): State.CANCELLED,
    (State.NO_SHOW, Move.EXPIRE): State.EXPIRED,
    (State.SERVING, Move.HOLD): State.ON_HOLD,
    (State.SERVING, Move.FINISH): State.COMPLETED,
    (State.SERVING, Move.TRANSFER): State.TRANSFERRED,
    (State.SERVING, Move.EXPIRE): State.EXPIRED,
    (State.ON_HOLD, Move.RESUME): State.SERVING,
    (State.ON_HOLD, Move.CALL_BACK): State.CALLED,
    (State.ON_HOLD, Move.CANCEL): State.CANCELLED,
    (State.ON_HOLD, Move.EXPIRE): State.EXPIRED,
    (State.COMPLETED, Move.REOPEN): State.SERVING,
    (State.COMPLETED, Move.CONTINUE): State.WAITING,
}
"""The whole life of a ticket by its current step. Every move not in this table is refused.

Transferring and continuing begin a new waiting step; undoing a continuation goes back to the one before."""

OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING, State.ON_HOLD, State.NO_SHOW})
AT_COUNTER = frozenset({State.CALLED, State.SERVING})


class Paper(StrEnum):
    """What is known of the printed ticket."""

    PENDING = "pending"
    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Place(NamedTuple):
    """A place in line: smaller is earlier; the ticket's id settles equal moments the same way everywhere.

    A named tuple, because a line of 10,000 is searched by comparing places in C.
    """

    key_ms: int
    arrived_ms: int
    ticket_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """One service of a ticket. Moments are server milliseconds, None until they happened.

    `why` is the reason code of its place, `to_counter` the one counter that calls it ("": any of its line);
    `not_before` the number of calls of its service after which a returned visitor is due; `unconfirmed` marks a serving
    step that only the end of the day closed; `delivered` is what was recorded as delivered, as (service, quantity).
    """

    service: str
    state: State
    place: Place
    why: str
    arrived_ms: int
    called_ms: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    counter: str | None = None
    officer: str | None = None
    call_id: str | None = None
    recalls: int = 0
    overtaken: int = 0
    returns: int = 0
    not_before: int | None = None
    reason: str = ""
    unconfirmed: bool = False
    to_counter: str = ""
    delivered: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """An officer's note on a ticket; its text is kept outside of the log."""

    note_id: str
    at_ms: int
    officer: str
    counter: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A visitor's number with 1..n steps, the last one being current.

    `priority_checked` tells that staff have confirmed or withdrawn what the visitor said of priority, `plan` holds the
    services still to come after the current step.
    `booking` is the booking it came with; `alias_of` the ticket that stands for the same booking, "" for none.
    """

    ticket_id: str
    label: Label
    generation: int
    priority: bool
    language: str
    channel: str
    assisted: bool
    arrived_ms: int
    device_id: str
    steps: tuple[Step, ...]
    paper: Paper = Paper.PENDING
    twin: bool = False
    priority_checked: bool = False
    plan: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    booking: Booked | None = None
    alias_of: str = ""

    @property
    def step(self) -> Step:
        """The current step."""
        return self.steps[-1]

    @property
    def state(self) -> State:
        """The current step's state."""
        return self.steps[-1].state

    @property
    def check(self) -> str:
        """The two check letters printed small."""
        return check_letters(self.ticket_id)


def moved(ticket: Ticket, move: Move) -> State:
    """The state after `move`, by the table; raises IllegalTransition."""
    target = TRANSITIONS.get((ticket.state, move))
    if target is None:
        raise IllegalTransition(move.value, ticket.state.value, str(ticket.label))
    return target


def can(ticket: Ticket, move: Move) -> bool:
    """Whether the table allows `move` now."""
    return (ticket.state, move) in TRANSITIONS
