"""One visitor's choices at the window, and what the window is told once."""

from dataclasses import dataclass

from kiosk.screens.number import SECONDS, TROUBLE_SECONDS


@dataclass(frozen=True)
class Settings:
    """What the window is told once. `idle_seconds` until it asks, `answer_seconds` until it clears."""

    language: str = "id"
    idle_seconds: int = 30
    answer_seconds: int = 20
    number_seconds: int = SECONDS
    trouble_seconds: int = TROUBLE_SECONDS
    server: str = ""
    tick_ms: int = 1000


@dataclass(frozen=True)
class Visit:
    """The choices of the visitor at the kiosk; forgotten when they leave."""

    language: str
    contrast: bool = False
    need: str = ""
    agency: str = ""
    service: str = ""
    page: int = 0
    found: bool = False
