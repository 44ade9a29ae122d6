"""A running display: news from the stream become scenes, calls become sound, one at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from antrean.link.stream import Disconnected, StateStream, StateUpdate, StreamEvent
from display.board import CounterBoard, HallBoard
from display.calls import CallQueue, advance, hear, occupied, started
from display.notices import NoticeQueue, hear_notices, next_notice, notices_in, spoken
from display.scene import DEFAULT_TIMEZONE, calls_in, counter_scene, hall_scene
from display.sound import MISSING
from display.strip import Strip
from display.turns import language_at
from display.voice import HallVoice

TICK_MS = 100
log = logging.getLogger("display")


class News(QObject):
    """Carries what the stream's thread hears over to Qt's thread."""

    event_heard = Signal(object)

    def __init__(self, stream: StateStream) -> None:
        super().__init__()
        self._stream = stream
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End listening; waits until the thread is gone."""
        self._stream.close()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def _run(self) -> None:
        for event in self._stream:
            self.event_heard.emit(event)


class ServerClock:
    """The server's time, carried on by a monotonic clock; the wall clock until the server was heard."""

    def __init__(self, monotonic_ms: Callable[[], int], wall_ms: Callable[[], int]) -> None:
        self._monotonic_ms = monotonic_ms
        self._offset = wall_ms() - monotonic_ms()

    def now_ms(self) -> int:
        """Milliseconds since the epoch, in server time."""
        return self._monotonic_ms() + self._offset

    def learn(self, server_ms: int) -> None:
        """Take the server's word for what time it is."""
        self._offset = server_ms - self._monotonic_ms()


class Display(QObject):
    """What both kinds of display share: the latest state, when news came, the tick."""

    first_state_shown = Signal()

    def __init__(self, clock: ServerClock) -> None:
        super().__init__()
        self.clock = clock
        self._state: Mapping[str, Any] | None = None
        self._news_ms: int | None = None
        self._broken: str = ""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def take(self, event: StreamEvent) -> None:
        """React to one event of the stream."""
        if isinstance(event, Disconnected):
            log.info("no stream: %s", event.reason)
            return
        first = False
        if isinstance(event, StateUpdate):
            if isinstance(made := event.state.get("server_ms"), int):
                self.clock.learn(made)
            try:
                self._accept(event)
            except (KeyError, TypeError, ValueError, AttributeError) as problem:
                if self._broken != repr(problem):
                    self._broken = repr(problem)
                    log.warning("a state of %s cannot be shown: %r", event.topic, problem)
                return
            first = self._news_ms is None
        else:
            self.clock.learn(event.server_ms)
        self._news_ms = self.clock.now_ms()
        self.tick()
        if first:
            self.first_state_shown.emit()

    def tick(self) -> None:
        """Show this moment."""
        raise NotImplementedError

    def _accept(self, update: StateUpdate) -> None:
        raise NotImplementedError


class HallDisplay(Display):
    """The hall board with its calls and voice."""

    def __init__(
        self,
        clock: ServerClock,
        languages: str | Sequence[str],
        zone: str | None,
        voice: HallVoice,
        motion: bool,
        strip: Strip | None = None,
    ) -> None:
        super().__init__(clock)
        self._languages = (languages,) if isinstance(languages, str) else tuple(languages)
        self._zone, self._voice, self._strip = zone, voice, strip
        self._queue, self._notices = CallQueue(), NoticeQueue()
        self.widget = HallBoard(
            hall_scene(None, self._queue, clock.now_ms(), None, language=self._languages[0]), motion=motion
        )
        self.setParent(self.widget)  # it ends with its picture

    def tick(self) -> None:
        """Start the next call when it is due, and show this moment."""
        now = self.clock.now_ms()
        self._queue, call = advance(self._queue, now)
        if call is not None:
            lasting = self._voice.call(call, now, self._timezone())
            self._queue = started(self._queue, now, lasting.sound_ms, lasting.hold_ms)
            self.widget.attract()
        elif not self._queue.waiting and now >= self._queue.free_ms:
            self._announce(now)
        scene = hall_scene(
            self._state,
            self._queue,
            now,
            self._news_ms,
            language=language_at(self._languages, self._queue, now),
            zone=self._zone,
            languages=len(self._languages),
            sound_missing=self._voice.state == MISSING,
        )
        if self._strip is not None:
            slide = self._strip.picture(now, self._timezone())
            self.widget.show_slide(None if scene.notice else slide)
        self.widget.shift_for(now)
        self.widget.show_scene(scene)

    def _accept(self, update: StateUpdate) -> None:
        now = self.clock.now_ms()
        queue = hear(self._queue, calls_in(update.state, self._zone), now)
        for language in self._languages:  # raises if unreadable
            hall_scene(update.state, queue, now, now, language=language, zone=self._zone)
        notices = hear_notices(self._notices, notices_in(update.state, self._zone))
        for notice in notices.waiting:
            self._voice.prepare(notice)
        self._state, self._queue, self._notices = update.state, queue, notices

    def _announce(self, now: int) -> None:
        """Start the announcement whose turn it is: calls go first, and neither talks over the other."""
        self._notices, notice = next_notice(self._notices, now)
        lasts = self._voice.announce(notice, now, self._timezone()) if notice else None
        if notice is not None and lasts is not None:
            self._notices = spoken(self._notices, notice)
            self._queue = occupied(self._queue, now, lasts)

    def _timezone(self) -> str:
        return str(self._state["mall"]["timezone"]) if self._state else DEFAULT_TIMEZONE


class CounterDisplay(Display):
    """The display above one counter."""

    def __init__(self, clock: ServerClock, code: str, language: str, motion: bool) -> None:
        super().__init__(clock)
        self._code, self._language = code, language
        self._timezone = DEFAULT_TIMEZONE
        self._call_id: str | None = None
        self.widget = CounterBoard(self._scene(), motion=motion)
        self.setParent(self.widget)  # it ends with its picture

    def tick(self) -> None:
        """Show this moment."""
        self.widget.shift_for(self.clock.now_ms())
        self.widget.show_scene(self._scene())

    def _scene(self) -> Any:
        now = self.clock.now_ms()
        return counter_scene(
            self._state, self._code, now, self._news_ms, language=self._language, timezone=self._timezone
        )

    def _accept(self, update: StateUpdate) -> None:
        if update.topic == "board":
            self._timezone = str(update.state["mall"]["timezone"])
            return
        state = update.state
        now = self.clock.now_ms()
        counter_scene(state, self._code, now, now, language=self._language, timezone=self._timezone)
        if state["state"] == "calling" and state["call_id"] != self._call_id and self._state is not None:
            self.widget.attract()
        self._call_id, self._state = state["call_id"], state
