"""One visitor's choices at the window, and what the window is told once."""

from dataclasses import dataclass
from enum import StrEnum

LOUDEST, USUAL_VOLUME = 5, 3

DOUBLE_MS = 500
"""A second strike within this time is a trembling hand (EN 301 549, 5.9: up to half a second at least)."""

SECONDS, TROUBLE_SECONDS = 30, 90
"""How long a number stays: longer when the screen is the only thing that shows it."""


class Aloud(StrEnum):
    """What is spoken by itself."""

    OFF = "off"
    READ = "read"
    """Every screen is read out when it comes."""
    EXPLORE = "explore"
    """Besides, a first touch speaks what it meets and only a second one presses it."""


@dataclass(frozen=True)
class Assist:
    """How the screens serve this visitor; `volume` is 0 to `LOUDEST`, `private` speaks in the earphones only."""

    theme: str = "light"
    easy: bool = False
    aloud: Aloud = Aloud.OFF
    reach: bool = False
    volume: int = USUAL_VOLUME
    private: bool = False

    @property
    def slow(self) -> bool:
        """Whether this visitor is given twice the time."""
        return self.easy or self.aloud is Aloud.EXPLORE


ASSIST = Assist()
"""As most visitors are served."""


@dataclass(frozen=True)
class Settings:
    """What the window is told once. `idle_seconds` until it asks, `answer_seconds` until it clears.

    `assist` is what a visit begins with; `double_ms` the time in which a second strike of a key does not count.
    `screen_mm` is the panel's width and height, (0, 0) to ask the panel; `motion` lets screens move.
    """

    language: str = "id"
    idle_seconds: int = 30
    answer_seconds: int = 20
    number_seconds: int = SECONDS
    trouble_seconds: int = TROUBLE_SECONDS
    server: str = ""
    tick_ms: int = 1000
    assist: Assist = ASSIST
    double_ms: int = DOUBLE_MS
    screen_mm: tuple[float, float] = (0, 0)
    motion: bool = False

    def new_visit(self) -> "Visit":
        """A visitor of whom nothing is known yet."""
        return Visit(self.language, self.assist)


@dataclass(frozen=True)
class Visit:
    """The choices of the visitor at the kiosk; forgotten when they leave. `five_keys`: they use the five-key pad.

    `helped_since_ms` is when staff took over with their PIN, 0 for a visitor on their own; `priority` is the switch of
    those staff. `code` is what the visitor typed of a booking's code, `booking` the text they came with, `ordinary`
    that they take a number without it. `listed` is the service whose list they last wanted on paper, and its print job.
    """

    language: str
    assist: Assist = ASSIST
    need: str = ""
    agency: str = ""
    service: str = ""
    page: int = 0
    found: bool = False
    helped_since_ms: int = 0
    priority: bool = False
    five_keys: bool = False
    typed: str = ""
    code: str = ""
    booking: str = ""
    ordinary: bool = False
    listed: tuple[str, str] = ("", "")
