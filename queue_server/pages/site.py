"""All pages in one blueprint."""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from antrean.domain.errors import RuleViolation
from queue_server.pages import (
    admin,
    announce,
    assets,
    board,
    bookings,
    counter,
    find,
    floor,
    frame,
    helper,
    manage,
    manage_bookings,
    out_of_order,
    phone,
    services,
    sign_in,
    slides,
)
from queue_server.pages.context import House
from queue_server.pages.errors import error_page
from queue_server.pages.guard import guard_of
from queue_server.problems import BY_STATUS, RULE_STATUS


def pages_blueprint(house: House) -> Blueprint:
    """Every page of the server; asks `house` for whatever it shows."""
    site = Blueprint("pages", __name__, template_folder="../templates")
    site.add_url_rule("/static/<path:name>", "asset", assets.serve)
    site.add_url_rule("/prefer", "prefer", frame.prefer)
    guard = guard_of(house)
    for room in (sign_in, board, slides, phone):
        room.add_pages(site, house)
    for inner in (
        counter,
        helper,
        services,
        manage,
        manage_bookings,
        floor,
        find,
        announce,
        out_of_order,
        admin,
        bookings,
    ):
        inner.add_pages(site, house, guard)

    @site.errorhandler(RuleViolation)
    def refused(error: RuleViolation) -> Response:
        params = {key: value for key, value in error.params.items() if key not in ("status", "code")}
        return error_page(house, RULE_STATUS.get(error.code, 422), error.code, **params)

    @site.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        status = error.code or 500
        return error_page(house, status, BY_STATUS.get(status, "internal"))

    return site
