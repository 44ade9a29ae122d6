"""The sound of a sentence: a recording where there is one, else synthesized, and kept for the next visitor."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from antrean.domain.errors import AntreanError
from antrean.voice.sentences import Recorded
from antrean.voice.speech import spoken

log = logging.getLogger("kiosk.speech")
KEPT_BYTES = 16_000_000
"""About six minutes of speech: every fixed sentence of the screens in two languages."""


class Synthesizer(Protocol):
    """Makes speech of any text."""

    def wav(self, text: str, language: str) -> bytes:
        """The text as a WAV file, b"" when cancelled. Raises Unavailable."""

    def cancel(self) -> None:
        """Give up what is being made; from any thread."""


class Voice:
    """Used by one thread, except `cancel`. `recorded` tells what is there as a recording in a language.

    `kept_bytes` bounds what is remembered.
    """

    def __init__(
        self,
        synthesizer: Synthesizer | None,
        recorded: Callable[[str], Recorded] = lambda language: Recorded(),
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._synthesizer, self._recorded, self._most = synthesizer, recorded, kept_bytes
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._size = 0
        self._trouble = ""

    def sound(self, sentence: str, language: str) -> bytes | None:
        """The sentence as a WAV file; None when it has to stay silent, which is logged once a reason."""
        key = (language, sentence)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        try:
            wav = self._made(sentence, language)
        except (AntreanError, OSError, ValueError) as problem:
            self._note(str(problem))
            return None
        if wav:
            self._trouble = ""
            self._keep(key, wav)
        return wav or None

    def cancel(self) -> None:
        """Give up the sentence being made; from any thread."""
        if self._synthesizer is not None:
            self._synthesizer.cancel()

    def _made(self, sentence: str, language: str) -> bytes | None:
        clip = self._recorded(language).wav(sentence)
        if clip is not None:
            return clip
        text = spoken(sentence, language)
        return self._synthesizer.wav(text, language) if text and self._synthesizer else None

    def _keep(self, key: tuple[str, str], wav: bytes) -> None:
        self._kept[key] = wav
        self._size += len(wav)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("a sentence is not spoken: %s", trouble)
        self._trouble = trouble
