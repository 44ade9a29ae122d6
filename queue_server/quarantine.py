"""Settling events that were put aside: a person tries one again, or dismisses it with a note; both are audited."""

from __future__ import annotations

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_people, hall_quarantine
from queue_server.acceptance import reread
from queue_server.live import LiveHall, Turn

NOTE_LIMIT = 500


def retry(live: LiveHall, number: int, actor: str) -> None:
    """Accepts an entry after all: the program or the mall's file knows more than when it came.

    The event takes the place in time it always had; a ticket of a closed day goes to that day and expires there.
    Raises RuleViolation `unknown_entry`, `entry_settled` or `still_refused` (param why, a code).
    """

    def work(turn: Turn) -> None:
        row = hall_quarantine.entry(turn.tx, number)
        hall_quarantine.settle(
            turn.tx, number, hall_quarantine.ACCEPTED, by=actor, note="", now_ms=turn.now_ms
        )
        event, payload = reread(turn, row)
        try:
            turn.accept_again(event, payload)
        except RuleViolation as error:
            raise RuleViolation("still_refused", entry=number, why=error.code) from None
        _audit(turn, actor, "quarantine_retried", number, code=row.code)

    live.run(work)


def dismiss(live: LiveHall, number: int, actor: str, note: str) -> None:
    """Closes an entry without accepting it; it stays in the ledger with the note.

    Raises RuleViolation `reason_missing`, `unknown_entry` or `entry_settled`.
    """
    said = note.strip()[:NOTE_LIMIT]
    if not said:
        raise RuleViolation("reason_missing")

    def work(turn: Turn) -> None:
        hall_quarantine.settle(
            turn.tx, number, hall_quarantine.DISMISSED, by=actor, note=said, now_ms=turn.now_ms
        )
        _audit(turn, actor, "quarantine_dismissed", number, note=said)

    live.run(work)


def _audit(turn: Turn, actor: str, action: str, number: int, **detail: str) -> None:
    hall_people.audit(
        turn.tx, at_ms=turn.now_ms, actor=actor, action=action, subject=str(number), detail=detail
    )
