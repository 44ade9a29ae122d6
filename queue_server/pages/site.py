"""All pages in one blueprint."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from queue_server.pages import admin, assets, board, counter, frame, helper, manage, phone, sign_in
from queue_server.pages.context import House
from queue_server.pages.errors import error_page
from queue_server.problems import BY_STATUS, RULE_STATUS

P = ParamSpec("P")
Guard = Callable[[Callable[P, AnyResponse]], Callable[P, AnyResponse]]


def pages_blueprint(house: House) -> Blueprint:
    """Every page of the server; asks `house` for whatever it shows."""
    site = Blueprint("pages", __name__, template_folder="../templates")
    site.add_url_rule("/static/<path:name>", "asset", assets.serve)
    site.add_url_rule("/prefer", "prefer", frame.prefer)
    guard = _guard(house)
    for room in (sign_in, board, phone):
        room.add_pages(site, house)
    for inner in (counter, helper, manage, admin):
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


def _guard(house: House) -> Callable[[frozenset[str]], Guard[P]]:
    def for_roles(roles: frozenset[str]) -> Guard[P]:
        """Lets only signed-in people of these roles in, and checks the token of every form they send."""

        def wrap(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
            @wraps(view)
            def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
                person = house.person()
                if person is None:
                    to = request.full_path.rstrip("?") if request.method == "GET" else "/"
                    return redirect(f"/?to={to}", 303)
                if not person.roles & roles:
                    return error_page(house, 403, "not_allowed")
                if request.method != "GET":
                    house.check_form()
                return view(*args, **kwargs)

            return guarded

        return wrap

    return for_roles
