"""Corrects the server's clock when that is safe, and writes each correction down in the turn in which it happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from antrean.domain.opening import openness
from antrean.domain.ticket import OPEN_STATES
from antrean.domain.timeline import Anchor, Stamp, Step, estimate
from antrean.ledger import hall_meta
from queue_server.clock import DOUBT, STEPS, WORTH_A_STEP_MS, ServerClock, steps_of, steps_text
from queue_server.live import LiveHall, Turn


@dataclass(frozen=True)
class Timekeeper:
    """Decides when `clock` may be corrected: at work it only goes forward, at night it may stand still."""

    clock: ServerClock
    live: LiveHall

    def look(self) -> None:
        """Follows the wall clock where it is trusted; asked once a second."""
        ahead = self.clock.ahead_ms()
        if ahead < -WORTH_A_STEP_MS:
            self._correct(lambda turn: self.clock.behind_wall())
        elif ahead <= 0:
            self.clock.agreed(by_wall=True)
        elif ahead > WORTH_A_STEP_MS and self._asleep():
            self._correct(lambda turn: self.clock.ahead_of_wall())

    def hear(self, boot_id: str, boot_ms: int, anchors: Sequence[Anchor]) -> None:
        """A device that met this server before the server's reboot remembers how late it is."""
        if not self.clock.unsure:
            return
        since_ms = self.clock.since_ms or self.clock.began_ms
        before = [anchor for anchor in anchors if anchor.server_ms < since_ms]

        def work(turn: Turn) -> Step | None:
            known = estimate(Stamp(boot_id, boot_ms, 0), before, steps_of(hall_meta.setting(turn.tx, STEPS)))
            if known is None:
                return None
            step = self.clock.late_by(known.server_ms - known.error_ms)
            if step is None:
                hall_meta.set_setting(turn.tx, DOUBT, "")
                self.clock.agreed(by_wall=False)
            return step

        self._correct(work)

    def is_of_this_boot(self, anchors: Sequence[Anchor]) -> bool:
        """Whether any of these was measured since our machine's last reboot."""
        return any(anchor.server_ms >= self.clock.since_ms for anchor in anchors)

    def _correct(self, work: Callable[[Turn], Step | None]) -> None:
        """Writes the correction down, then makes it: one nobody can read later misplaces all who were away over it."""

        def job(turn: Turn) -> Step | None:
            step = work(turn)
            if step is not None:
                steps = (*steps_of(hall_meta.setting(turn.tx, STEPS)), step)
                hall_meta.set_setting(turn.tx, STEPS, steps_text(steps))
                if step.delta_ms > 0:
                    hall_meta.set_setting(turn.tx, DOUBT, "")
            return step

        step = self.live.run(job)
        if step is not None:
            self.clock.take(step)

    def _asleep(self) -> bool:
        """Whether nobody waits and nothing is open."""
        hall, now = self.live.truth.hall, self.live.now_ms()
        if any(ticket.state in OPEN_STATES for ticket in hall.tickets.values()):
            return False
        return not any(openness(hall.mall, service, now).open for service in hall.mall.services.values())
