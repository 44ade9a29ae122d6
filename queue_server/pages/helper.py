"""The page of a helper who walks the hall: calls for help, and a number for somebody else in three taps."""

import io
from typing import Any

import qrcode
import qrcode.image.svg
from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.domain.label import status_token, status_url
from queue_server.pages.context import House
from queue_server.pages.frame import icons_of, language, page, texts_of

ROLES = frozenset({"helper", "supervisor"})
REASONS = (
    ("no_phone", "device-mobile-off"),
    ("cannot_read", "book-off"),
    ("language", "language"),
    ("sight", "eye-off"),
    ("body", "armchair"),
    ("other", "dots"),
)


def add_pages(site: Blueprint, house: House, guard: Any) -> None:
    """`/helper`, and the number just taken as a small fragment."""

    @site.get("/helper")
    @guard(ROLES)
    def helper() -> AnyResponse:
        mall, lang, person = house.mall(), language(), house.person()
        services = [
            {
                "code": service.code,
                "name": service.short.get(lang),
                "agency": mall.agencies[service.agency].short,
                "icon": service.icon,
                "common": service.common,
                "words": " ".join((service.name.get(lang), *service.words)).lower(),
            }
            for service in mall.services.values()
        ]
        setup = {
            "language": lang,
            "timezone": mall.timezone,
            "csrf": person.csrf if person else "",
            "texts": texts_of(lang, ("helper", "common", "console")),
            "icons": icons_of({service.icon for service in mall.services.values()}),
            "services": services,
            "state": house.state("services"),
        }
        return page(house, "helper.html", setup=setup, reasons=REASONS)

    @site.get("/helper/ticket/<ticket_id>")
    @guard(ROLES)
    def ticket(ticket_id: str) -> AnyResponse:
        try:
            token = status_token(ticket_id)
            state = house.state(f"ticket:{token}")
        except KeyError:
            raise RuleViolation("unknown_ticket", ticket=ticket_id[:40]) from None
        lang = language()
        return page(
            house,
            "helper_ticket.html",
            state=state,
            service=state["service"][lang],
            zone=state["zone"][lang],
            token=token,
            code=_qr(status_url(house.public_url(), ticket_id)),
        )


def _qr(address: str) -> str:
    """The address as an SVG with its quiet zone."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    out = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(out)
    text = out.getvalue().decode()
    return text[text.index("<svg") :]
