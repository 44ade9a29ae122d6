"""All pages of the site in one blueprint."""

from __future__ import annotations

import os
from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from antrean.domain.errors import RuleViolation, Unavailable
from queue_server.site.desk import BookingDesk
from queue_server.site.pages import choose, own, pick
from queue_server.site.pages.refusals import code_of_status, error_page, status_of
from queue_server.site.pages.room import Room
from queue_server.site.pages.style import serve
from queue_server.site.settings import SiteSettings


def blueprint(
    desk: BookingDesk, settings: SiteSettings, random_bytes: Callable[[int], bytes] = os.urandom
) -> Blueprint:
    """Every page of the booking site; asks `desk` for whatever it shows."""
    site = Blueprint("site", __name__, template_folder="../../templates")
    room = Room(desk, settings, random_bytes)
    site.add_url_rule("/static/<path:name>", "asset", serve)
    for rooms in (choose, pick, own):
        rooms.add_pages(site, room)

    @site.errorhandler(RuleViolation)
    def refused(error: RuleViolation) -> Response:
        params = {key: value for key, value in error.params.items() if key not in ("status", "code")}
        return error_page(settings, status_of(error.code), error.code, **params)

    @site.errorhandler(Unavailable)
    def unavailable(error: Unavailable) -> Response:
        response = error_page(settings, 503, "unavailable")
        response.headers["Retry-After"] = "5"
        return response

    @site.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        status = error.code or 500
        return error_page(settings, status, code_of_status(status))

    return site
