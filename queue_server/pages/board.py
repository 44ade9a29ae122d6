"""The hall board as a web page, for televisions that only have a browser."""

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.texts.formats import day_long, day_names, month_names
from queue_server.pages.context import House
from queue_server.pages.frame import board_language, icons_of, page, texts_of

ICONS = ("bell-ringing", "history", "users", "wifi-off", "map-pin", "volume", "volume-off")


def add_pages(site: Blueprint, house: House) -> None:
    """`/board`, with `?zone=1A` for the calls of one zone."""

    @site.get("/board")
    def board() -> AnyResponse:
        mall, lang, now = house.mall(), board_language(), house.now_ms()
        zone = request.args.get("zone", "")
        zone = zone if zone in mall.zones else ""
        agencies = [agency.code for agency in mall.agencies.values() if not zone or agency.zone == zone]
        setup = {
            "zone": zone,
            "agencies": agencies,
            "language": lang,
            "timezone": mall.timezone,
            "day": day_long(now, mall.timezone, lang),
            "days": day_names(lang),
            "months": month_names(lang),
            "texts": texts_of(lang, ("board", "common")),
            "icons": icons_of(ICONS),
            "counters": {code: counter.name.get(lang) for code, counter in mall.counters.items()},
            "labels": [f"{service.letters}8-888" for service in mall.services.values()],
            "state": house.state("board"),
        }
        zone_name = mall.zones[zone].name.get(lang) if zone else ""
        return page(
            house, "board.html", lang=lang, setup=setup, zone_name=zone_name, day=setup["day"], now=now
        )
