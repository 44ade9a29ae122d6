"""The hall board as a web page, for televisions that only have a browser."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.zone_choice import chosen, zone_title
from antrean.texts import LANGUAGES
from antrean.texts.formats import day_long, day_names, month_names
from queue_server.pages.context import House
from queue_server.pages.frame import board_language, icons_of, page, texts_of

ICONS = (
    "bell-ringing",
    "history",
    "users",
    "wifi-off",
    "map-pin",
    "volume",
    "volume-off",
    "speakerphone",
)


def add_pages(site: Blueprint, house: House) -> None:
    """`/board`, with `?zone=1A,1B` for some zones and `?language=id,en` for languages in turn."""

    @site.get("/board")
    def board() -> AnyResponse:
        mall, now, state = house.mall(), house.now_ms(), house.state("board")
        zones = [code for code in chosen(request.args.get("zone")) if code in mall.zones]
        spoken = [code for code in chosen(request.args.get("language")) if code in LANGUAGES]
        tongues = [_tongue(state, zones, lang) for lang in spoken or (board_language(),)]
        lang = str(tongues[0]["language"])
        setup = {
            **tongues[0],
            "zones": zones,
            "tongues": tongues,
            "timezone": mall.timezone,
            "icons": icons_of(ICONS),
            "counters": sorted(
                {
                    counter.name.get(str(tongue["language"]))
                    for tongue in tongues
                    for counter in mall.counters.values()
                }
            ),
            "labels": [f"{service.letters}8-888" for service in mall.services.values()],
            "state": state,
        }
        return page(
            house, "board.html", lang=lang, setup=setup, day=day_long(now, mall.timezone, lang), now=now
        )


def _tongue(state: Mapping[str, Any], zones: list[str], lang: str) -> dict[str, object]:
    """What changes when the board's language does."""
    return {
        "language": lang,
        "texts": texts_of(lang, ("board", "common")),
        "days": day_names(lang),
        "months": month_names(lang),
        "zone_name": zone_title(state, ",".join(zones), lang),
    }
