"""What every page of the site shares: the visitor's choices in its address, the headers of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.texts import LANGUAGES, OWN_NAMES, Texts, texts_for
from queue_server.pages.frame import icon
from queue_server.site.pages.packing import pack
from queue_server.site.pages.style import asset_url

CHOICES: Mapping[str, tuple[str, ...]] = {
    "lang": LANGUAGES,
    "text": ("large",),
    "look": ("contrast",),
}
"""What a visitor may choose, as it stands in the address of every page; nothing of it is kept anywhere else."""

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all: the pages have none, and nobody can bring one in."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How this visitor reads; `said` is what they chose themselves and every link of the page carries on."""

    language: str
    large: bool
    contrast: bool
    said: Mapping[str, str]

    @property
    def t(self) -> Texts:
        """The texts in the visitor's language."""
        return texts_for(self.language)

    def go(self, path: str, **more: str) -> str:
        """The address of a page of this site with the choices, and `more` arguments before them ("" is left out)."""
        args = {name: value for name, value in {**more, **self.said}.items() if value}
        return f"{path}?{urlencode(args)}" if args else path

    def read(self, path: str, args: Mapping[str, str], **changed: str) -> str:
        """The address of a page with `args`, read another way; "" takes a choice back."""
        kept = {name: value for name, value in {**args, **self.said, **changed}.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path


def choices() -> Choices:
    """The choices in the address of this request; until one is made, the language the browser asks for."""
    given = request.args
    said = {name: given[name] for name, known in CHOICES.items() if given.get(name) in known}
    language = said.get("lang") or request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    return Choices(
        language or LANGUAGES[0], said.get("text") == "large", said.get("look") == "contrast", said
    )


def page(
    template: str,
    *,
    status: int = 200,
    site_name: str,
    here: str | None = None,
    private: bool = False,
    **shown: Any,
) -> Response:
    """Renders a page. `here` is its address for somebody who changes the language, when a form led to it.

    A `private` page is somebody's own: nobody keeps it, finds it or is told its address.
    """
    chosen = choices()
    stays = {} if here else {name: value for name, value in request.args.items() if name not in CHOICES}
    path = here or request.path
    html = render_template(
        template,
        t=chosen.t,
        lang=chosen.language,
        languages=[
            (code, OWN_NAMES[code], chosen.read(path, stays, lang=code))
            for code in LANGUAGES
            if code != chosen.language
        ],
        large=chosen.large,
        contrast=chosen.contrast,
        other_size=chosen.read(path, stays, text="" if chosen.large else "large"),
        other_look=chosen.read(path, stays, look="" if chosen.contrast else "contrast"),
        said=chosen.said,
        go=chosen.go,
        site_name=site_name,
        icon=icon,
        asset=asset_url,
        private=private,
        **shown,
    )
    response = make_response(html, status)
    response.headers["Content-Language"] = chosen.language
    response.vary.add("Accept-Language")
    guard(response, private=private)
    return response if private else pack(response)


def guard(response: AnyResponse, *, private: bool) -> None:
    """Gives an answer its headers; the address of a `private` one is somebody's secret."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store" if private else "no-cache"
    response.headers["Referrer-Policy"] = "no-referrer" if private else "same-origin"
    if private:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"


def onward(path: str, **more: str) -> AnyResponse:
    """Sends a browser to another page of the site after a form, with its choices."""
    answer = redirect(choices().go(path, **more), 303)
    guard(answer, private=True)
    return answer
