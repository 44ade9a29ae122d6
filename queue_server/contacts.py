"""Which devices have spoken just now: kept in memory, because who is near is only true for seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NEAR_MS = 15_000
"""A kiosk asks every two seconds, one that lost its server at least every twelve."""


SOUND_MS = 180_000
"""A display tells of its sound every minute; after three silent ones nobody knows."""


@dataclass(frozen=True, slots=True)
class HeardSound:
    """What a display told of its loudspeaker: `state` ok, missing or off; `says_texts`: it speaks typed ones."""

    state: str
    says_texts: bool
    at_ms: int


class Contacts:
    """The moment of each device's last word, and what displays said of their sound. Written and read by any thread."""

    def __init__(self) -> None:
        self._heard: dict[str, int] = {}
        self._pulled: dict[str, int] = {}
        self._sounds: dict[str, HeardSound] = {}

    def heard(self, device_id: str, now_ms: int) -> None:
        """A device spoke."""
        self._heard[device_id] = now_ms

    def pulled(self, device_id: str, now_ms: int) -> None:
        """A device asked for news: it has pushed all that it had written until then."""
        self.heard(device_id, now_ms)
        self._pulled[device_id] = now_ms

    def pulled_ms(self, device_id: str) -> int | None:
        """When the device last asked for news; None when it did not since the server started."""
        return self._pulled.get(device_id)

    def is_near(self, device_id: str, now_ms: int) -> bool:
        """Whether the device would hear of something within seconds."""
        at = self._heard.get(device_id)
        return at is not None and now_ms - at < NEAR_MS

    def sounded(self, device_id: str, state: str, says_texts: bool, now_ms: int) -> None:
        """A display told of its sound."""
        self._sounds[device_id] = HeardSound(state, says_texts, now_ms)

    def sounds(self, now_ms: int) -> Mapping[str, HeardSound]:
        """What displays told of their sound within the last minutes, by device."""
        return {name: told for name, told in self._sounds.copy().items() if now_ms - told.at_ms < SOUND_MS}
