"""Printing one ticket and waiting for how it ended: for scripts, which have no spool."""

from collections.abc import Callable
from pathlib import Path

from antrean.domain.catalogue import Mall
from antrean.domain.errors import AntreanError
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued
from kiosk.config import Config
from kiosk.faces import issued_ms_of, ticket_face
from kiosk.mall_clock import MallClock
from kiosk.printing import outcome_event, printed_word
from printers.face import PAPERS
from printers.job import Manner, print_job
from printers.outcome import Failed, Outcome
from printers.targets import transport_for
from printers.ticket import ticket_bytes
from printers.worker import PrintWorker


class DirectPaper:
    """Prints at once on the configured printer and logs the outcome; without a printer nothing is printed."""

    def __init__(
        self, config: Config, ledger: DeviceLedger, clock: MallClock, new_id: Callable[[], str]
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id

    def __call__(self, mall: Mall, issued: Issued, public_url: str, copy: bool = False) -> bool | None:
        """True when the paper is out, False when certainly not, None when nobody knows; a copy says SALINAN."""
        outcome = self._print(mall, issued, public_url, copy)
        event = outcome_event(issued.ticket_id, outcome, copy=copy)
        self._ledger.append(event, event_id=self._new_id(), stamp=self._clock.stamp())
        return printed_word(outcome)

    def _print(self, mall: Mall, issued: Issued, public_url: str, copy: bool) -> Outcome:
        if not self._config.printer:
            return Failed("no_printer")
        now_ms = self._clock.now().ms
        face = ticket_face(
            mall,
            issued,
            issued_ms=issued_ms_of(issued.ticket_id) if copy else now_ms,
            public_url=public_url,
            services={},
            copied_ms=now_ms if copy else None,
        )
        try:
            data = ticket_bytes(face, PAPERS[self._config.paper])
            return print_job(transport_for(self._config.printer), data, manner_of(self._config))
        except AntreanError:
            return Failed("not_spooled")


def manner_of(config: Config) -> Manner:
    """How the configured printer behaves."""
    return Manner(asks=config.asks, proves=config.proves)


def worker_for(
    config: Config, spool: Path, on_outcome: Callable[[str, Outcome], None], stamp: Callable[[], Stamp]
) -> PrintWorker | None:
    """The worker of the configured printer, not yet started; None without a printer. Raises BadInput for its name."""
    if not config.printer:
        return None
    target = config.printer
    transport_for(target)
    return PrintWorker(
        spool,
        lambda: transport_for(target),
        on_outcome,
        manner=manner_of(config),
        now_ms=lambda: stamp().wall_ms,
    )
