"""Sign-in, sign-out and the first password."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from queue_server.auth.callers import COOKIE
from queue_server.auth.secrets import MIN_PASSWORD
from queue_server.pages.context import House
from queue_server.pages.errors import error_page, refusal
from queue_server.pages.frame import local_path, page, pages_for
from queue_server.problems import RULE_STATUS


def add_pages(site: Blueprint, house: House) -> None:
    """`/`, `/sign-out` and `/first/<token>`."""

    @site.get("/")
    def front() -> AnyResponse:
        person = house.person()
        if person is not None:
            return _onward(house)
        return page(house, "sign_in.html", to=local_path(request.args.get("to"), ""), name="", problem=None)

    @site.post("/")
    def enter() -> AnyResponse:
        to, name = local_path(request.form.get("to"), ""), request.form.get("name", "")
        try:
            _same_site()
            secret = house.sign_in(name, request.form.get("password", ""))
        except RuleViolation as error:
            status = RULE_STATUS.get(error.code, 422)
            problem = refusal(house, error)
            return page(house, "sign_in.html", status=status, to=to, name=name, problem=problem)
        return _with_cookie(redirect(to or "/", 303), secret)

    @site.post("/sign-out")
    def sign_out() -> AnyResponse:
        if house.person() is not None:
            house.check_form()
            house.sign_out()
        response = redirect("/", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    @site.get("/first/<token>")
    def first(token: str) -> AnyResponse:
        return _first(house, token, "", None, 200)

    @site.post("/first/<token>")
    def set_first(token: str) -> AnyResponse:
        shown, password = request.form.get("shown_name", "").strip(), request.form.get("password", "")
        try:
            _same_site()
            if password != request.form.get("again"):
                raise RuleViolation("passwords_differ")
            secret = house.set_first_password(token, shown, password)
        except RuleViolation as error:
            if error.code.startswith("link_"):
                raise
            return _first(house, token, shown, refusal(house, error), RULE_STATUS.get(error.code, 422))
        return _with_cookie(redirect("/", 303), secret)


def _first(house: House, token: str, shown: str, problem: str | None, status: int) -> AnyResponse:
    name = house.first_user(token)
    return page(
        house,
        "first.html",
        status=status,
        token=token,
        name=name,
        shown=shown,
        problem=problem,
        least=MIN_PASSWORD,
    )


def _onward(house: House) -> AnyResponse:
    first = next(iter(pages_for(house.person())), None)
    return redirect(first[0], 303) if first else error_page(house, 403, "not_allowed")


def _with_cookie(response: AnyResponse, secret: str) -> AnyResponse:
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def _same_site() -> None:
    """Refuses a form that another site sent: there is no session yet whose token it could show."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise RuleViolation("csrf")
