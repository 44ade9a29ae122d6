"""Corrects the server's clock when that is safe, and writes each correction down in the turn in which it happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from antrean.domain.opening import openness
from antrean.domain.reboots import place
from antrean.domain.ticket import OPEN_STATES
from antrean.domain.timeline import Anchor, Estimate, Stamp, Step, estimate
from queue_server import clock_log
from queue_server.clock import WORTH_A_STEP_MS, ServerClock
from queue_server.clock_log import ClockLog
from queue_server.live import LiveHall, Turn


@dataclass(frozen=True)
class Correction:
    """What is to be done to a clock: a step, or nothing; `sure` when no doubt is left after it."""

    step: Step | None
    sure: bool


@dataclass(frozen=True)
class Timekeeper:
    """Decides when `clock` may be corrected: at work it only goes forward, at night it may stand still.

    `new_id` names the stretch of the clock that begins with a correction.
    """

    clock: ServerClock
    live: LiveHall
    new_id: Callable[[], str]

    def look(self) -> None:
        """Follows the wall clock where it is trusted; asked once a second."""
        ahead = self.clock.ahead_ms()
        if ahead < -WORTH_A_STEP_MS:
            self._correct(lambda log: Correction(self.clock.behind_wall(), sure=True))
        elif ahead <= 0:
            if self.clock.doubtful:
                self._correct(lambda log: Correction(None, sure=True))
            self.clock.agreed(by_wall=True)
        elif ahead > WORTH_A_STEP_MS and self._asleep():
            self._correct(lambda log: Correction(self.clock.ahead_of_wall(), sure=False))

    def hear(self, boot_id: str, boot_ms: int, anchors: Sequence[Anchor]) -> None:
        """A device that met this server before the server's reboot remembers how late it is.

        One that met it only while it was in doubt already tells how late it is since then, and the doubt stays.
        """
        if self.clock.doubtful:
            self._correct(lambda log: self._told(log, Stamp(boot_id, boot_ms, 0), anchors))

    def _told(self, log: ClockLog, now: Stamp, anchors: Sequence[Anchor]) -> Correction:
        own = log.own(anchors)
        life = log.doubted or log.life
        known = _time_before(log, life, now, own)
        if known is not None and known.anchored:
            return Correction(self.clock.late_by(known.server_ms - known.error_ms), sure=True)
        strange = [anchor for anchor in anchors if not self.clock.measured(anchor)]
        known = known or _time_before(log, log.life, now, own) or estimate(now, strange)
        step = self.clock.late_by(known.server_ms - known.error_ms) if known else None
        return Correction(step, sure=False)

    def _correct(self, decide: Callable[[ClockLog], Correction]) -> None:
        """Writes the correction down, then makes it: one nobody can read later misplaces all who were away over it."""

        def job(turn: Turn) -> Correction:
            log = clock_log.read(turn.tx)
            wanted = decide(log)
            if wanted.step is None:
                after = replace(log, doubt_ms=0) if wanted.sure else log
            else:
                step = replace(wanted.step, epoch=self.new_id())
                wanted, after = replace(wanted, step=step), log.corrected(step, sure=wanted.sure)
            if after != log:
                clock_log.write(turn.tx, after)
            return wanted

        made = self.live.run(job)
        if made.step is not None:
            self.clock.take(made.step, sure=made.sure)
        elif made.sure:
            self.clock.agreed(by_wall=False)

    def _asleep(self) -> bool:
        """Whether nobody waits and nothing is open."""
        hall, now = self.live.truth.hall, self.live.now_ms()
        if any(ticket.state in OPEN_STATES for ticket in hall.tickets.values()):
            return False
        return not any(openness(hall.mall, service, now).open for service in hall.mall.services.values())


def _time_before(log: ClockLog, life: int, now: Stamp, anchors: Sequence[Anchor]) -> Estimate | None:
    """The time now by the clock that went on until that life of the server began."""
    then = log.until(life - 1)
    return place(now, log.before(life, anchors), then.steps, then.breaks)
