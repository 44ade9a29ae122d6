"""Before a day is chosen: the malls, a mall's services, and a service's published standard."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from queue_server.site.desk import MallCard
from queue_server.site.pages.choose_view import (
    ANSWERS,
    Row,
    agency_row,
    answer_rows,
    bookable_first,
    crowd_words,
    hours_lines,
    need_rows,
    offered,
    service_row,
)
from queue_server.site.pages.frame import choices, page
from queue_server.site.pages.room import Room

LONGEST_SEARCH = 100
GUESSES = 3
MANY_MALLS = 8
"""From so many on, the list of malls has a search box."""


def add_pages(site: Blueprint, room: Room) -> None:
    """`/`, `/m/<key>` and `/m/<key>/<service>`."""

    @site.get("/")
    def malls() -> AnyResponse:
        cards = list(room.desk.malls())
        if len(cards) == 1:
            return redirect(choices().go(f"/m/{cards[0].key}"), 302)
        typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        shown = [card for card in cards if _fits(card, typed)]
        return page(
            "site_malls.html",
            site_name=room.settings.site_name,
            malls=shown,
            typed=typed,
            empty=not cards,
            many=len(cards) >= MANY_MALLS,
        )

    @site.get("/m/<key>")
    def services(key: str) -> AnyResponse:
        mall, t = room.desk.mall(key), choices().t
        typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        need, agency = request.args.get("need", ""), request.args.get("agency", "")
        if (need and need not in mall.needs) or (agency and agency not in mall.agencies):
            abort(404)
        rows: list[Row] = []
        if typed:
            finder = room.finders.of(key, mall)
            answers = finder.find(typed, ANSWERS)
            heading = t("booking.found", words=typed) if answers else t("kiosk.find_guess")
            rows = answer_rows(key, mall, answers or finder.guess(typed, GUESSES), t)
        elif need or agency:
            heading = (mall.needs[need] if need else mall.agencies[agency]).name.get(t.language)
            found = [one for one in mall.services.values() if need in ("", one.need)]
            found = [one for one in found if agency in ("", one.agency)]
            rows = [service_row(key, mall, one, t) for one in bookable_first(found)]
        else:
            heading = t("booking.bookable")
            rows = [service_row(key, mall, one, t) for one in offered(mall)]
        return page(
            "site_services.html",
            site_name=room.settings.site_name,
            key=key,
            mall=mall,
            heading=heading,
            rows=rows,
            typed=typed,
            chosen=bool(need or agency),
            needs=need_rows(key, mall, t),
            agencies=[agency_row(key, mall, one, t) for one in mall.agencies.values()],
            others=len(room.desk.malls()) > 1,
        )

    @site.get("/m/<key>/<service>")
    def standard(key: str, service: str) -> AnyResponse:
        mall, chosen = room.service(key, service)
        return page(
            "site_standard.html",
            site_name=room.settings.site_name,
            key=key,
            mall=mall,
            service=chosen,
            agency=mall.agencies[chosen.agency],
            zone=mall.zone_of(chosen),
            hours=hours_lines(mall, chosen, choices().t),
            crowd=crowd_words(room.desk.crowd(key, service), mall, choices().t),
        )


def _fits(card: MallCard, typed: str) -> bool:
    return all(word in f"{card.name} {card.city}".casefold() for word in typed.casefold().split())
