"""Refusals as pages a person can use: what happened, and the way on."""

from collections.abc import Mapping

from flask import Response, request

from antrean.domain.errors import RuleViolation
from antrean.texts import texts_for
from queue_server.pages.context import House
from queue_server.pages.frame import language, page, visitors_language
from queue_server.problems import message

TITLES = {403: "common.error_title_403", 404: "common.error_title_404", 500: "common.error_title_500"}


def sentence(house: House, code: str, params: Mapping[str, object], lang: str | None = None) -> str:
    """The sentence for a refusal in the page's language."""
    return message(code, params, lang or language(), house.mall().timezone)


def refusal(house: House, error: RuleViolation, lang: str | None = None) -> str:
    """The sentence for a rule's refusal."""
    return sentence(house, error.code, error.params, lang)


def error_page(house: House, status: int, code: str, **params: object) -> Response:
    """The page for a refusal with an HTTP status."""
    visits = request.path.lower().startswith(("/t/", "/board"))
    lang = visitors_language() if visits else language()
    title = texts_for(lang)(TITLES.get(status, "common.error_title"))
    said = sentence(house, code, params, lang)
    return page(house, "error.html", status=status, lang=lang, title=title, sentence=said, code=status)
