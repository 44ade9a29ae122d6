"""Refusals as a visitor reads them: a sentence where they are, or a page that says the way on."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from antrean.domain.errors import RuleViolation
from antrean.texts import Texts
from antrean.texts.formats import clock, day_long
from queue_server.problems import BY_STATUS, RULE_STATUS
from queue_server.site.pages.frame import choices, page
from queue_server.site.settings import SiteSettings

STATUS = {
    **dict.fromkeys(("unknown_booking", "unknown_mall", "not_bookable"), 404),
    **dict.fromkeys(
        ("slot_full", "slot_gone", "same_day_closed", "one_open_booking", "booking_settled"), 409
    ),
    **dict.fromkeys(("contact_blocked", "too_many_tries"), 429),
}
"""The HTTP status of the site's own refusals; any other is the server's, or 422."""
BACK_TO_DAY = frozenset({"slot_full", "slot_gone"})
BACK_TO_DAYS = frozenset({"same_day_closed"})
"""Refusals that another time, or another day, cures."""


def status_of(code: str) -> int:
    """The HTTP status of a refusal."""
    return STATUS.get(code) or RULE_STATUS.get(code, 422)


def sentence(t: Texts, code: str, params: Mapping[str, object], timezone: str) -> str:
    """The sentence of a refusal; instants are said as `clock` and `day` in the mall's time zone."""
    key = f"booking.refused_{code}"
    moment = next((params[name] for name in ("until_ms", "start_ms") if isinstance(params.get(name), int)), 0)
    assert isinstance(moment, int)
    said = {"clock": clock(moment, timezone, t.language), "day": day_long(moment, timezone, t.language)}
    return t(key if t.has(key) else "booking.refused_bad_request", **said)


def refusal(t: Texts, error: RuleViolation, timezone: str, start_ms: int = 0) -> str:
    """The sentence for what the desk refused; `start_ms` is the slot it was about."""
    return sentence(t, error.code, {"start_ms": start_ms, **error.params}, timezone)


def error_page(settings: SiteSettings, status: int, code: str, **params: object) -> Response:
    """The page for a refusal with an HTTP status: what happened, what stays true, the way on."""
    t = choices().t
    titles = {404: "common.error_title_404", 500: "common.error_title_500"}
    return page(
        "site_error.html",
        status=status,
        site_name=settings.site_name,
        private=True,
        here="/",
        title=t(titles.get(status, "common.error_title")),
        said_why=sentence(t, code, params, "Asia/Jakarta"),
        code=status,
    )


def code_of_status(status: int) -> str:
    """The refusal that stands for a plain HTTP status."""
    return {503: "unavailable", 500: "internal"}.get(status) or BY_STATUS.get(status, "bad_request")
