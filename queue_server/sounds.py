"""What boards in browsers play: the last calls and the announcements that hold, each made once."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from antrean.domain.announcements import running
from antrean.voice.announcing import Say, announcement_sound
from antrean.voice.espeak import PROGRAM, Espeak
from antrean.voice.pack import SHIPPED, BadPack, Pack, packs_for
from antrean.voice.sound import call_in_all
from queue_server.live import LiveHall

log = logging.getLogger("queue_server.sounds")


class HallSounds:
    """Speaks with `packs`, one language after the other, and typed texts with `say` where there is a synthesizer.

    A sound is kept while its call is among the last sixty, or its announcement holds. Used by any thread.
    """

    def __init__(self, live: LiveHall, packs: Sequence[Pack], say: Say | None) -> None:
        self._live, self._packs, self._say = live, tuple(packs), say
        self._lock = threading.Lock()
        self._kept: dict[str, bytes] = {}

    @property
    def says_texts(self) -> bool:
        """Whether a typed announcement is spoken; else it is a chime."""
        return self._say is not None

    def call(self, call_id: str) -> bytes | None:
        """The WAV of a call, None when it is not among the last ones."""
        hall = self._live.truth.hall
        call = next((call for call in hall.calls if call.call_id == call_id), None)
        if call is None:
            return None
        ticket = hall.tickets[call.ticket_id]
        check = ticket.check if ticket.twin else None
        return self._made(call_id, lambda: call_in_all(str(ticket.label), call.counter, self._packs, check))

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
                hall = self._live.truth.hall
                known = {call.call_id for call in hall.calls} | {notice.notice_id for notice in hall.notices}
                self._kept = {key: wav for key, wav in self._kept.items() if key in known} | {name: make()}
            return self._kept[name]


def sounds_of(live: LiveHall, languages: Sequence[str], pack: str) -> HallSounds:
    """The mall's voice as the settings name it; a pack with mistakes is logged, and the shipped one speaks."""
    try:
        packs = packs_for(languages, Path(pack) if pack else None)
    except BadPack as problem:
        log.warning("the voice pack is not used: %s", problem)
        packs = packs_for(SHIPPED[:1], None)
    return HallSounds(live, packs, Espeak().wav if shutil.which(PROGRAM) else None)
