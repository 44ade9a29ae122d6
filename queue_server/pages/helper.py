"""The page of a helper who walks the hall: calls for help, and a number for somebody else in three taps."""

import io
import secrets

import qrcode
import qrcode.image.svg
from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.domain.label import status_token, status_url
from antrean.domain.opening import openness
from queue_server.pages.context import House
from queue_server.pages.frame import icons_of, language, page, texts_of
from queue_server.pages.guard import Guard

ROLES = frozenset({"helper", "supervisor"})
CALL_ICONS = ("lifebuoy", "circle-check", "walk")


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/helper`, the number just taken, and both commands as plain forms for browsers without scripts."""

    @site.get("/helper")
    @guard(ROLES)
    def helper() -> AnyResponse:
        mall, lang, person = house.mall(), language(), house.person()
        now = house.now_ms()
        services = [
            {
                **_hours(mall, service, now),
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
            "icons": icons_of({service.icon for service in mall.services.values()} | set(CALL_ICONS)),
            "services": services,
            "state": house.state("services"),
        }
        asking = [help for help in house.help() if help.accepted_by is None]
        return page(house, "helper.html", setup=setup, asking=asking, key=secrets.token_hex(16))

    @site.post("/helper/issue")
    @guard(ROLES)
    def issue() -> AnyResponse:
        wanted = {
            "command": "issue",
            "counter": "",
            "service": request.form.get("service", ""),
            "priority": request.form.get("priority") == "yes",
            "language": language(),
        }
        taken = house.command(wanted, request.form.get("key", ""))["ticket"]
        return redirect(f"/helper/ticket/{taken['ticket_id']}", 303)

    @site.post("/helper/coming")
    @guard(ROLES)
    def coming() -> AnyResponse:
        command = {"command": "accept_help", "counter": "", "place": request.form.get("place", "")}
        house.command(command, request.form.get("key", ""))
        return redirect("/helper", 303)

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


def _hours(mall: Mall, service: Service, now_ms: int) -> dict[str, bool | int | None]:
    """Whether a service is open now, and until when that holds; None when nothing changes within two weeks."""
    found = openness(mall, service, now_ms)
    return {"open": found.open, "until": found.closes_ms if found.open else found.opens_ms}


def _qr(address: str) -> str:
    """The address as an SVG with its quiet zone."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    out = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(out)
    text = out.getvalue().decode()
    return text[text.index("<svg") :]
