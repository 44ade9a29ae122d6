"""Help given to a visitor: why, as coarsely as a report needs it, and for how many whole minutes."""

from antrean.domain.errors import BadInput

ASSIST_REASONS = ("phone", "reading", "language", "sight", "body", "other")
"""No phone, cannot read, language, sight, body, something else. Nothing more is asked or kept."""

MOST_MINUTES = 480
"""More than a working day of help for one ticket is a mistake."""

_MINUTE_MS = 60_000


def check_assistance(reason: str, minutes: int) -> None:
    """Raises BadInput `unknown_assist_reason` or `bad_field`; "" is a reason nobody gave."""
    if reason and reason not in ASSIST_REASONS:
        raise BadInput("unknown_assist_reason", reason=reason[:40])
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadInput("bad_field", field="minutes")


def whole_minutes(duration_ms: int) -> int:
    """Minutes begun: a help of twenty seconds counts as one. At least 1, at most MOST_MINUTES."""
    return min(max(-(-duration_ms // _MINUTE_MS), 1), MOST_MINUTES)
