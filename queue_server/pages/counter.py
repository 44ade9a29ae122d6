"""The counter console: choose a counter, then work."""

from typing import Any

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from queue_server.commands import HALL_WIDE
from queue_server.pages.booking_rows import expected_rows
from queue_server.pages.context import House
from queue_server.pages.frame import icons_of, language, page, texts_of
from queue_server.pages.guard import Guard

ROLES = frozenset({"officer", "supervisor"})
ICONS = (
    "wifi", "wifi-off", "refresh", "user-check", "chevrons-up", "cloud-upload", "speakerphone", "volume",
    "player-play", "check", "user-x", "player-pause", "arrows-exchange", "hand-finger", "arrow-back-up", "dots",
    "lifebuoy", "alert-triangle", "calendar-time", "corner-up-right", "history", "circle-check", "circle-x",
    "coffee", "door-enter", "plug-connected-x", "clock", "logout", "users", "x", "contrast", "language", "ticket",
    "walk", "note", "playlist-add", "package", "list-check", "checklist", "map-pin", "arrow-up", "arrow-down",
    "arrow-right", "bulb", "device-mobile", "keyboard",
)  # fmt: skip


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/counter` and `/counter/choose`."""

    @site.get("/counter")
    @guard(ROLES)
    def console() -> AnyResponse:
        person = house.person()
        mall = house.mall()
        code = person.counter if person else None
        if code is None or code not in mall.counters:
            return redirect("/counter/choose", 303)
        lang = language()
        setup = {
            "counter": code,
            "language": lang,
            "timezone": mall.timezone,
            "csrf": person.csrf if person else "",
            "officer": person.name if person else "",
            "supervisor": bool(person and person.roles & HALL_WIDE),
            "names": {user.name: user.shown_name or user.name for user in house.users()},
            "loudAfter": house.help_loud_ms(),
            "absentAfter": mall.policy.absent_after_calls,
            "texts": texts_of(lang, ("console", "common")),
            "icons": icons_of(ICONS),
            "services": _services(mall, lang),
            "counters": [
                {"code": one.code, "name": one.name.get(lang), "services": one.services}
                for one in mall.counters.values()
            ],
            "state": house.state(f"console:{code}"),
            "bookings": _expected(house, code),
        }
        return page(house, "console.html", counter=mall.counters[code], setup=setup)

    @site.get("/counter/bookings")
    @guard(ROLES)
    def expected() -> AnyResponse:
        person = house.person()
        code = person.counter if person else None
        if code is None or code not in house.mall().counters:
            raise RuleViolation("counter_not_chosen")
        answer = jsonify(_expected(house, code))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @site.get("/counter/choose")
    @guard(ROLES)
    def choose() -> AnyResponse:
        mall = house.mall()
        return page(
            house, "choose.html", counters=[_choice(house, mall, code, language()) for code in mall.counters]
        )

    @site.post("/counter")
    @guard(ROLES)
    def take() -> AnyResponse:
        house.take_counter(request.form.get("counter", ""))
        return redirect("/counter?open=1", 303)


def _expected(house: House, code: str) -> list[dict[str, Any]] | None:
    """Who is still expected today for what this counter serves now; None in a mall without bookings."""
    served = {one["code"] for one in house.state(f"console:{code}")["services"]}
    return expected_rows(house, served)


def _services(mall: Mall, lang: str) -> list[dict[str, str]]:
    return [
        {
            "code": service.code,
            "name": service.short.get(lang),
            "agency": mall.agencies[service.agency].short,
            "words": " ".join((service.name.get(lang), *service.words)),
        }
        for service in mall.services.values()
    ]


def _choice(house: House, mall: Mall, code: str, lang: str) -> dict[str, Any]:
    counter, state = mall.counters[code], house.state(f"console:{code}")
    served = [mall.services[one["code"]] for one in state["services"]]
    agencies = dict.fromkeys(mall.agencies[service.agency].short for service in served)
    return {
        "code": code,
        "name": counter.name.get(lang),
        "zone": mall.zones[counter.zone].name.get(lang),
        "services": ", ".join(service.short.get(lang) for service in served),
        "agencies": ", ".join(agencies),
        "officer": state["officer"],
        "waiting": state["waiting_total"],
    }
