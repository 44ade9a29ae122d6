"""Who may open a page: signed in, in the right role, and a form only with the session's own token."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from queue_server.pages.context import House
from queue_server.pages.errors import error_page

View = Callable[..., AnyResponse]
Guard = Callable[[frozenset[str]], Callable[[View], View]]
"""Given roles, a decorator for views that only people in one of these roles may open."""


def guard_of(house: House) -> Guard:
    """The guard of one house."""

    def for_roles(roles: frozenset[str]) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> AnyResponse:
                person = house.person()
                if person is None:
                    to = request.full_path.rstrip("?") if request.method == "GET" else "/"
                    return redirect(f"/?to={quote(to)}", 303)
                if not person.roles & roles:
                    return error_page(house, 403, "not_allowed")
                if request.method != "GET":
                    house.check_form()
                return view(*args, **kwargs)

            return guarded

        return wrap

    return for_roles
