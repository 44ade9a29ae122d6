"""Refusals: every error answer is `{"error": {"code", "message"}}` with the message in the caller's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.texts import STAFF_LANGUAGES, texts_for
from antrean.texts.formats import clock, day_long, weekday

BY_STATUS = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "json_needed",
    503: "unavailable",
}


class Problem(Exception):
    """A refusal with an HTTP status; `code` is the text key `error.<code>`, `extra` stands beside `error`."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        retry_after_s: int | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params
        self.retry_after_s = retry_after_s
        self.extra = extra or {}


def caller_language() -> str:
    """The best language for this request by `Accept-Language`, Indonesian when nothing fits.

    The interface answers programs and consoles, so every refusal stands in the languages of the staff.
    """
    return request.accept_languages.best_match(STAFF_LANGUAGES, "id") or "id"


def message(code: str, params: Mapping[str, object], language: str, zone: str) -> str:
    """The sentence for a refusal; a code without one gets the general one: a refusal must not crash."""
    texts = texts_for(language)
    try:
        said = {name: _said(name, value, zone, language) for name, value in params.items() if name != "key"}
        return texts(f"error.{code}", **said)
    except (KeyError, IndexError):
        return texts("error.refused", code=code)


def _said(name: str, value: object, zone: str, language: str) -> object:
    """A parameter as it is read: instants (`*_ms`) as the clock shows them, never as a number of milliseconds."""
    if name == "opens_ms" and isinstance(value, int):
        return f"{weekday(value, zone, language)} {clock(value, zone, language)}"
    if name == "start_ms" and isinstance(value, int):
        return f"{day_long(value, zone, language)}, {clock(value, zone, language)}"
    if name.endswith("_ms") and isinstance(value, int):
        return clock(value, zone, language)
    return "–" if value is None else value


def answer(problem: Problem, zone: str) -> Response:
    """The HTTP answer of a refusal; `zone` is the mall's time zone for the times it names."""
    language = caller_language()
    words = {"code": problem.code, "message": message(problem.code, problem.params, language, zone)}
    response = jsonify({"error": words, **problem.extra})
    response.status_code = problem.status
    response.headers["Content-Language"] = language
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    return response


RULE_STATUS = {
    **dict.fromkeys(
        (
            "wrong_password",
            "signature_missing",
            "unknown_key",
            "bad_signature",
            "stale_signature",
            "replayed_request",
        ),
        401,
    ),
    **dict.fromkeys(("not_allowed", "csrf", "counter_not_chosen", "not_your_counter"), 403),
    **dict.fromkeys(
        (
            "unknown_ticket",
            "unknown_counter",
            "unknown_service",
            "unknown_device",
            "pairing_unknown",
            "link_unknown",
            "unknown_entry",
            "unknown_announcement",
            "unknown_zone",
            "unknown_journey",
            "unknown_source",
            "unknown_booking",
        ),
        404,
    ),
    **dict.fromkeys(
        (
            "illegal_transition",
            "already_calling",
            "counter_busy",
            "counter_taken",
            "counter_changed",
            "visit_of_another_day",
            "nobody_at_counter",
            "twins",
            "service_closed",
            "service_not_offered",
            "service_full",
            "last_number_given",
            "too_many_announcements",
            "quota_at_kiosks",
            "returned_too_often",
            "grace_over",
            "already_planned",
            "not_planned",
            "plan_full",
            "journey_does_not_fit",
            "counter_does_not_serve",
            "counter_not_open",
            "pinned_elsewhere",
            "booking_arrived",
            "booking_cancelled",
            "booking_other_day",
            "booking_other_service",
            "ticket_has_booking",
            "notes_full",
            "no_help_asked",
            "no_issuer_left",
            "fork",
            "older_server",
            "still_refused",
            "entry_settled",
            "gap",
        ),
        409,
    ),
    **dict.fromkeys(("pairing_used", "pairing_expired", "link_used", "link_expired"), 410),
    "locked_out": 429,
}
"""The HTTP status of a rule's refusal; any other code is 422."""


def of_rule(error: RuleViolation, now_ms: int) -> Problem:
    """The refusal a rule of the mall becomes; one that names the end of a wait says so in `Retry-After`."""
    until = error.params.get("until_ms")
    wait = max(1, (until - now_ms + 999) // 1000) if isinstance(until, int) else None
    problem = Problem(RULE_STATUS.get(error.code, 422), error.code, retry_after_s=wait)
    problem.params = dict(error.params)
    return problem


Page = Callable[[int, str, Mapping[str, object]], Response | None]
"""The readable page for a refusal outside the API (status, code, params), or None where JSON is right."""


def install(app: Flask, now_ms: Callable[[], int], zone: Callable[[], str], page: Page) -> None:
    """Makes every foreseen error of `app` answer as JSON or as a page; bugs stay loud in the log and answer 500."""

    def on_problem(problem: Problem) -> Response:
        return page(problem.status, problem.code, problem.params) or answer(problem, zone())

    def on_rule(error: RuleViolation) -> Response:
        return on_problem(of_rule(error, now_ms()))

    def on_unavailable(error: Unavailable) -> Response:
        app.logger.warning("unavailable: %s", error)
        return on_problem(Problem(503, "unavailable", retry_after_s=5))

    def on_http(error: HTTPException) -> Response:
        code = error.code or 500
        if 300 <= code < 400:
            return error.get_response()  # type: ignore[return-value]  # werkzeug's own redirect
        response = on_problem(Problem(code, BY_STATUS.get(code, "refused")))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after", "www-authenticate"):
                response.headers[name] = value
        return response

    app.register_error_handler(Problem, on_problem)
    app.register_error_handler(RuleViolation, on_rule)
    app.register_error_handler(Unavailable, on_unavailable)
    app.register_error_handler(HTTPException, on_http)
