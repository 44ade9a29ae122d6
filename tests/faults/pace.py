"""Time that passes five times as fast for everybody who waits, so that the real waits are tried in seconds."""

from antrean.link.stream import Pace
from tests.journey.outside import Mall, Program, wait_until

FASTER = 5
PACE = Pace()
QUICK = Pace(
    silence=PACE.silence / FASTER,
    poll=PACE.poll / FASTER,
    poll_when_full=PACE.poll_when_full / FASTER,
    answer=PACE.answer / FASTER,
    retry=(PACE.retry[0] / FASTER, PACE.retry[1] / FASTER),
)

FAST_CLOCK = f"""
(() => {{
  const faster = {FASTER}, real = Date.now.bind(Date), began = real();
  const later = window.setTimeout.bind(window), often = window.setInterval.bind(window);
  const patience = AbortSignal.timeout.bind(AbortSignal);
  Date.now = () => began + (real() - began) * faster;
  window.setTimeout = (act, ms = 0, ...more) => later(act, ms / faster, ...more);
  window.setInterval = (act, ms = 0, ...more) => often(act, ms / faster, ...more);
  AbortSignal.timeout = (ms) => patience(ms / faster);
}})();
"""
"""Makes a page's clock run faster before its own scripts start; its constants stay the real ones."""


class QuickMall(Mall):
    """A mall whose real server sends heartbeats quickly."""

    def open(self) -> None:
        """Start the server and wait until it answers."""
        where = ("--data", self.data, "--port", self.port)
        server = self.server = Program(self.folder, "python", "-m", "tests.faults.quick_server", *where)
        wait_until(lambda: self.answers() or server.process.poll() is not None, "the server answers")
        assert server.process.poll() is None, server.says()
