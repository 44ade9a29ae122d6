"""What a manager learns of help: how many tickets staff took for visitors, why, how long; how soon calls were heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.domain import events as e
from antrean.domain.assistance import ASSIST_REASONS
from antrean.domain.hall import Accepted
from antrean.domain.label import SERVER_ISSUER
from antrean.domain.waits import Visit, assisted, percentile

UNSAID = ""
"""The reason of an assisted ticket for which nobody gave one (older kiosks, papers taken back)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Assisted tickets of one reason; `median_minutes` over those somebody measured, None without any."""

    reason: str
    tickets: int
    minutes: int
    median_minutes: int | None


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls for help from kiosks; the median from call to acceptance in milliseconds, None when none was accepted."""

    asked: int
    accepted: int
    finished: int
    median_accept_ms: int | None
    minutes: int


@dataclass(frozen=True, slots=True)
class AssistReport:
    """Help in a range of days. `tickets` counts each assisted ticket once, however many services it went through."""

    tickets: int
    minutes: int
    reasons: tuple[Reason, ...]
    calls: Calls

    def to_dict(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "tickets": self.tickets,
            "minutes": self.minutes,
            "reasons": [
                {
                    "reason": row.reason,
                    "tickets": row.tickets,
                    "minutes": row.minutes,
                    "median_minutes": row.median_minutes,
                }
                for row in self.reasons
            ],
            "calls": {
                "asked": self.calls.asked,
                "accepted": self.calls.accepted,
                "finished": self.calls.finished,
                "median_accept_ms": self.calls.median_accept_ms,
                "minutes": self.calls.minutes,
            },
        }


class CallFold:
    """Folds events into calls for help, one at a time, in the server's order."""

    def __init__(self) -> None:
        self._waiting: dict[str, int] = {}
        self._asked = 0
        self._finished = 0
        self._minutes = 0
        self._accept_ms: list[int] = []

    def add(self, accepted: Accepted) -> None:
        """Take one more event."""
        event, at = accepted.payload, accepted.order_ms
        if isinstance(event, e.HelpRequested) and event.place not in self._waiting:
            self._asked += 1
            self._waiting[event.place] = at
        elif isinstance(event, e.HelpAccepted) and event.place in self._waiting:
            self._accept_ms.append(max(0, at - self._waiting.pop(event.place)))
        elif isinstance(event, e.HelpFinished):
            self._finished += 1
            self._minutes += event.minutes
        elif isinstance(event, e.DayOpened) and event.issuer == SERVER_ISSUER:
            self._waiting.clear()  # whoever called yesterday has gone home; a call from the same place is a new one

    def calls(self) -> Calls:
        """All calls so far."""
        accepted = len(self._accept_ms)
        return Calls(self._asked, accepted, self._finished, percentile(self._accept_ms, 0.5), self._minutes)


def assist_report(visits: Iterable[Visit], calls: Calls) -> AssistReport:
    """Count assisted tickets by reason, the most frequent first."""
    tickets = assisted(visits)
    rows = [_row(reason, tickets) for reason in (*ASSIST_REASONS, UNSAID)]
    rows = [row for row in rows if row.tickets]
    rows.sort(key=lambda row: -row.tickets)
    return AssistReport(len(tickets), sum(visit.assist_minutes for visit in tickets), tuple(rows), calls)


def _row(reason: str, tickets: Sequence[Visit]) -> Reason:
    mine = [visit.assist_minutes for visit in tickets if visit.assist_reason == reason]
    return Reason(reason, len(mine), sum(mine), percentile([minutes for minutes in mine if minutes], 0.5))
