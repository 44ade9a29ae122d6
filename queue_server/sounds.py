"""What boards in browsers play: the last calls and the announcements that hold, each made once."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path

from antrean.domain.announcements import running
from antrean.domain.hall import LAST_CALLS, Hall
from antrean.voice.announcing import Say, announcement_sound
from antrean.voice.espeak import PROGRAM, Espeak
from antrean.voice.pack import SHIPPED, BadPack, Pack, packs_for
from antrean.voice.sound import call_in_all
from queue_server.live import LiveHall

log = logging.getLogger("queue_server.sounds")
CALLS_KEPT, SOUNDS_KEPT = 2 * LAST_CALLS, 12
"""Recalls count as calls. A sound is made in a millisecond and takes half a megabyte."""


class HallSounds:
    """Speaks with `packs`, one language after the other, and typed texts with `say` where there is a synthesizer.

    Used by any thread, `hear` by the one that writes.
    """

    def __init__(self, live: LiveHall, packs: Sequence[Pack], say: Say | None) -> None:
        self._live, self._packs, self._say = live, tuple(packs), say
        self._lock = threading.Lock()
        self._kept: dict[str, bytes] = {}
        self._called: dict[str, tuple[str, str, str | None]] = {}
        self.hear(live.truth.hall)

    @property
    def says_texts(self) -> bool:
        """Whether a typed announcement is spoken; else it is a chime."""
        return self._say is not None

    def hear(self, hall: Hall) -> None:
        """Remembers new calls: one that is called again before a board's queue came to it is no longer in the hall."""
        new = list(takewhile(lambda call: call.call_id not in self._called, hall.calls))
        if new:
            told = dict(self._called)
            for call in reversed(new):
                ticket = hall.tickets[call.ticket_id]
                told[call.call_id] = (str(ticket.label), call.counter, ticket.check if ticket.twin else None)
            self._called = dict(list(told.items())[-CALLS_KEPT:])

    def call(self, call_id: str) -> bytes | None:
        """The WAV of a call, None when it is not among the last ones."""
        told = self._called.get(call_id)
        if told is None:
            return None
        label, counter, check = told
        return self._made(call_id, lambda: call_in_all(label, counter, self._packs, check))

    def announcement(self, notice_id: str) -> bytes | None:
        """The WAV of an announcement, None when it holds no longer."""
        now = running(self._live.truth.hall, self._live.now_ms())
        notice = next((notice for notice in now if notice.notice_id == notice_id), None)
        if notice is None:
            return None
        told = (notice.kind, notice.about, notice.text, self._packs, self._say)
        return self._made(notice_id, lambda: announcement_sound(*told).wav)

    def _made(self, name: str, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if name not in self._kept:
                self._kept = {**dict(list(self._kept.items())[1 - SOUNDS_KEPT :]), name: make()}
            return self._kept[name]


def sounds_of(live: LiveHall, languages: Sequence[str], pack: str) -> HallSounds:
    """The mall's voice as the settings name it; a pack with mistakes is logged, and the shipped one speaks."""
    try:
        packs = packs_for(languages, Path(pack) if pack else None)
    except BadPack as problem:
        log.warning("the voice pack is not used: %s", problem)
        packs = packs_for(SHIPPED[:1], None)
    return HallSounds(live, packs, Espeak().wav if shutil.which(PROGRAM) else None)
