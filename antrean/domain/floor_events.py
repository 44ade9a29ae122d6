"""What happens on the floor: counters, breaks, calls for help."""

from dataclasses import dataclass

from antrean.domain.payload import Payload


@dataclass(frozen=True, slots=True)
class HelpRequested(Payload):
    """A visitor asks for a person at `place`."""

    place: str


@dataclass(frozen=True, slots=True)
class HelpAccepted(Payload):
    """Somebody is on the way to `place`."""

    place: str
    officer: str


@dataclass(frozen=True, slots=True)
class HelpFinished(Payload):
    """The visitor at `place` was helped; `minutes` since somebody said they come."""

    place: str
    officer: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CounterOpened(Payload):
    """An officer sits down at a counter."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class CounterClosed(Payload):
    """The counter takes nobody any more."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class BreakStarted(Payload):
    """The officer pauses; `minutes` is the planned length, 0 when not said."""

    counter: str
    officer: str
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class BreakEnded(Payload):
    """The officer is back."""

    counter: str
    officer: str
