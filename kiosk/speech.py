"""The kiosk's voice: sentences are spoken one after the other, and a touch silences them."""

from collections.abc import Sequence
from typing import Protocol


class Speaker(Protocol):
    """Speaks sentences. No method waits."""

    def available(self) -> bool:
        """Whether there is a voice and something to hear it with."""

    def say(self, sentences: Sequence[str], language: str) -> None:
        """Stop what is spoken, then speak these in order."""

    def stop(self) -> None:
        """Be silent at once."""

    def set_volume(self, level: int) -> None:
        """From 0, silent, to `kiosk.visit.LOUDEST`."""

    def set_private(self, on: bool) -> None:
        """Speak in the earphones only."""

    def has_private(self) -> bool:
        """Whether there are earphones."""


class NoSpeaker:
    """A kiosk without a voice."""

    def available(self) -> bool:
        """Never."""
        return False

    def say(self, sentences: Sequence[str], language: str) -> None:
        """Says nothing."""

    def stop(self) -> None:
        """Nothing is spoken anyway."""

    def set_volume(self, level: int) -> None:
        """Changes nothing."""

    def set_private(self, on: bool) -> None:
        """Changes nothing."""

    def has_private(self) -> bool:
        """No."""
        return False

    def close(self) -> None:
        """Nothing to end."""
