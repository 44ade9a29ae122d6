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


@dataclass(frozen=True, slots=True)
class StoodIn(Payload):
    """`by` gave the command whose events follow, in the place of the officer who sits at the counter."""

    counter: str
    officer: str
    by: str


@dataclass(frozen=True, slots=True)
class ServedChanged(Payload):
    """What the counter serves for the rest of the day: codes joined by commas, "" for the catalogue's again."""

    counter: str
    officer: str
    services: str


@dataclass(frozen=True, slots=True)
class Announced(Payload):
    """A supervisor tells the hall something for so many `minutes`.

    `kind` is counter_closed, counter_open, go_to_counter_area or free; `about` a counter or ""; `text` the words of a
    free one; `zone` where it is shown and spoken, "" everywhere.
    """

    announcement_id: str
    kind: str
    about: str
    text: str
    zone: str
    officer: str
    minutes: int


@dataclass(frozen=True, slots=True)
class AnnouncementWithdrawn(Payload):
    """The announcement holds no longer."""

    announcement_id: str
    officer: str
