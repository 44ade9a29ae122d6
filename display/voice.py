"""What the hall hears: calls and announcements as sounds, each at its level, and how long each of them lasts."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from antrean.domain.errors import AntreanError
from antrean.voice.announcing import Say, Sounding, announcement_sound
from antrean.voice.espeak import PROGRAM, Espeak
from antrean.voice.pack import Pack
from antrean.voice.sound import call_in_all
from display.calls import CALL_HOLD_MS, Call
from display.notices import Notice
from display.sound import Loudspeaker
from display.volume import Volumes, minute_of_day
from loudspeaker.player import lasting_ms

log = logging.getLogger("display.voice")
WORDLESS_MS = 5_000
PREPARED = 24
"""Sounds of announcements kept ready: twice as many as may hold at once."""

QUIET_LEAST_MS, QUIET_HOLD_MS = 9_000, 30_000
"""In quiet hours a call stays so long before the next one, and so long when none follows: eyes need more time."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a call keeps the next one waiting, and how long it stays "now" when none comes, in milliseconds."""

    sound_ms: int
    hold_ms: int


class HallVoice:
    """Speaks with `packs`, one language after the other; typed texts with `say`, made in a thread of its own."""

    def __init__(
        self,
        packs: Sequence[Pack],
        speaker: Loudspeaker,
        volumes: Volumes | None = None,
        say: Say | None = None,
    ) -> None:
        self._packs, self._speaker, self._say = tuple(packs), speaker, say
        self._volumes = volumes or Volumes()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="announcement")
        self._made: dict[str, Future[Sounding]] = {}

    @property
    def state(self) -> str:
        """What the loudspeaker tells of itself: ok, missing or off."""
        return self._speaker.state

    @property
    def says_texts(self) -> bool:
        """Whether a text that somebody typed is spoken here; else only the chime sounds."""
        return self._say is not None

    def call(self, call: Call, now_ms: int, timezone: str) -> Lasting:
        """Start the sound of a call; how long it lasts, also when nobody can hear it."""
        minute = minute_of_day(now_ms, timezone)
        lasts = WORDLESS_MS
        try:
            wav = call_in_all(call.label, call.counter, self._packs, call.check)
        except AntreanError as problem:
            log.warning("a call is shown without words: %s", problem)
        else:
            lasts = lasting_ms(wav)
            self._play(call.call_id, wav, call.zone, minute)
        if self._volumes.is_quiet(minute):
            return Lasting(max(lasts, QUIET_LEAST_MS), QUIET_HOLD_MS)
        return Lasting(lasts, CALL_HOLD_MS)

    def prepare(self, notice: Notice) -> None:
        """Begin to make the sound of an announcement, so that nothing waits for a synthesizer when its turn comes."""
        if notice.notice_id not in self._made:
            self._made = dict(
                list(self._made.items())[1 - PREPARED :]
            )  # some were withdrawn before their turn
            told = (notice.kind, notice.about, notice.text, self._packs, self._say)
            self._made[notice.notice_id] = self._maker.submit(announcement_sound, *told)

    def announce(self, notice: Notice, now_ms: int, timezone: str) -> int | None:
        """Start the sound of an announcement; how long it lasts in ms, None while it is still being made."""
        self.prepare(notice)
        if not self._made[notice.notice_id].done():
            return None
        made = self._made.pop(notice.notice_id).result()
        if not made.words:
            log.warning("an announcement is a chime only: %s is not installed or fails", PROGRAM)
        self._play(notice.notice_id, made.wav, notice.zone, minute_of_day(now_ms, timezone))
        return lasting_ms(made.wav)

    def close(self) -> None:
        """Fall silent and end what works for it."""
        self._maker.shutdown(wait=False, cancel_futures=True)
        self._speaker.close()

    def _play(self, name: str, wav: bytes, zone: str, minute: int) -> None:
        level = self._volumes.at(zone, minute)
        if level:
            self._speaker.play(name, wav, level)


def synthesizer() -> Say | None:
    """espeak-ng, None where it is not installed."""
    return Espeak().wav if shutil.which(PROGRAM) else None
