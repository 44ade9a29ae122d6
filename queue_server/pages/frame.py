"""What every page shares: language, colours, pictograms, who is signed in, and the headers of the answer."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from antrean.look import icon_svg
from antrean.texts import LANGUAGES, OWN_NAMES, STAFF_LANGUAGES, keys_of, texts_for
from antrean.texts import formats as wording
from queue_server.pages.assets import asset_url
from queue_server.pages.context import House, Person

LANGUAGE_COOKIE = "antrean_language"
THEME_COOKIE = "antrean_theme"
TEXT_COOKIE = "antrean_text"
YEAR_S = 365 * 24 * 3600
PAGES = (
    ("/counter", "nav_counter", frozenset({"officer", "supervisor"})),
    ("/helper", "nav_helper", frozenset({"helper", "supervisor"})),
    ("/manage", "nav_manage", frozenset({"manager", "supervisor", "administrator"})),
    ("/admin", "nav_admin", frozenset({"administrator"})),
)
"""Address, text and roles of the pages behind sign-in, in the order a person with several roles lands on them."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def language() -> str:
    """The language of a page for staff: the one chosen on this browser, Indonesian until somebody chooses."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in STAFF_LANGUAGES else STAFF_LANGUAGES[0]


def board_language() -> str:
    """The language of what a hall reads: as chosen on this browser, of all that a visitor can choose."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def visitors_language() -> str:
    """As `board_language`, but a visitor's phone that speaks another known language gets it without asking."""
    if request.cookies.get(LANGUAGE_COOKIE) in LANGUAGES:
        return board_language()
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def pages_for(person: Person | None) -> list[tuple[str, str]]:
    """Address and text key of the pages a person may open."""
    roles = person.roles if person else frozenset()
    return [(address, f"common.{key}") for address, key, allowed in PAGES if roles & allowed]


def page(house: House, template: str, *, status: int = 200, lang: str | None = None, **more: Any) -> Response:
    """Renders a template with what every page shares; `lang` overrides the chosen language."""
    lang = lang or language()
    zone = house.mall().timezone
    person = house.person()
    theme = request.cookies.get(THEME_COOKIE, "")
    html = render_template(
        template,
        t=texts_for(lang),
        lang=lang,
        other_lang=next(other for other in STAFF_LANGUAGES if other != lang),
        own_name=OWN_NAMES[lang],
        languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        theme="contrast" if theme == "contrast" else "light",
        text_size="large" if request.cookies.get(TEXT_COOKIE) == "large" else "usual",
        mall=house.mall(),
        person=person,
        pages=pages_for(person),
        icon=icon,
        asset=asset_url,
        here=request.full_path.rstrip("?"),
        clock=lambda ms: wording.clock(ms, zone, lang),
        data=data,
        **more,
    )
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = lang
    return response


def icon(name: str, classes: str = "") -> Markup:
    """A pictogram inside the page; decoration beside words, so screen readers skip it."""
    tag = f'<svg class="i {classes}" aria-hidden="true" focusable="false" '
    return Markup(icon_svg(name).replace("<svg ", tag, 1))  # our own files, never user input


def data(value: object) -> Markup:
    """JSON that is safe inside a `<script type="application/json">` block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


@cache
def texts_of(lang: str, rooms: tuple[str, ...]) -> Mapping[str, Any]:
    """Every text of some rooms for a script: a string, or a list of plural forms."""
    return {
        f"{room}.{name}": forms[0] if len(forms) == 1 else list(forms)
        for room in rooms
        for name, forms in keys_of(lang, room).items()
    }


def icons_of(names: Iterable[str]) -> dict[str, str]:
    """The SVG of some pictograms for a script."""
    return {name: str(icon(name)) for name in names}


def local_path(given: str | None, otherwise: str) -> str:
    """A path on this server, safe to send somebody to; anything else becomes `otherwise`."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(given)
    return otherwise if parts.scheme or parts.netloc else given


def prefer() -> AnyResponse:
    """Keeps a choice of language, colours or size of text on this browser and goes back."""
    response = redirect(local_path(request.args.get("to"), "/"), 303)
    lang, theme = request.args.get("language", ""), request.args.get("theme", "")
    if lang in LANGUAGES:
        _keep(response, LANGUAGE_COOKIE, lang)
    if theme in ("light", "contrast"):
        _keep(response, THEME_COOKIE, theme)
    if request.args.get("text") in ("usual", "large"):
        _keep(response, TEXT_COOKIE, request.args["text"])
    return response


def _keep(response: AnyResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=request.is_secure)
