"""Which devices have spoken just now: kept in memory, because who is near is only true for seconds."""

from __future__ import annotations

NEAR_MS = 15_000
"""A kiosk asks every two seconds, one that lost its server at least every twelve."""


class Contacts:
    """The moment of each device's last word. Written and read by any thread."""

    def __init__(self) -> None:
        self._heard: dict[str, int] = {}

    def heard(self, device_id: str, now_ms: int) -> None:
        """A device spoke."""
        self._heard[device_id] = now_ms

    def is_near(self, device_id: str, now_ms: int) -> bool:
        """Whether the device would hear of something within seconds."""
        at = self._heard.get(device_id)
        return at is not None and now_ms - at < NEAR_MS
