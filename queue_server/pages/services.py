"""Services by a visitor's own words, for whoever chooses one on a page: the same finder as at the kiosk."""

from collections.abc import Iterable

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.catalogue import Mall, Service
from antrean.finder import Answer, Finders
from queue_server.pages.context import House
from queue_server.pages.guard import Guard

ROLES = frozenset({"officer", "helper", "supervisor"})
LONGEST = 100
"""Signs of what was typed that are read."""
ANSWERS = 8


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/services/find`."""
    finders = Finders()

    @site.get("/services/find")
    @guard(ROLES)
    def find_services() -> AnyResponse:
        mall = house.mall()
        typed, finder = request.args.get("q", "")[:LONGEST], finders.of("own", mall)
        answers = finder.find(typed, ANSWERS) or finder.guess(typed, ANSWERS)
        answer = jsonify({"services": codes_of(mall, answers)[:ANSWERS]})
        answer.headers["Cache-Control"] = "no-store"
        return answer


def codes_of(mall: Mall, answers: Iterable[Answer]) -> list[str]:
    """The answers' service codes, best first, each once; an agency stands for its services, the common ones first."""
    codes: dict[str, None] = {}
    for answer in answers:
        if isinstance(answer.of, Service):
            codes[answer.of.code] = None
            continue
        own = [service for service in mall.services.values() if service.agency == answer.of.code]
        codes.update(dict.fromkeys(one.code for one in sorted(own, key=lambda one: not one.common)))
    return list(codes)
