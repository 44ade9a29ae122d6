"""The page of a helper who walks the hall: calls for help, and a number for somebody else in three taps."""

import io
import secrets
from collections.abc import Mapping
from typing import Any

import qrcode
import qrcode.image.svg
from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.assistance import ASSIST_REASONS
from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.label import status_token, status_url
from antrean.domain.opening import openness
from antrean.domain.ticket import Paper
from queue_server.pages.context import House
from queue_server.pages.frame import icons_of, language, page, texts_of
from queue_server.pages.guard import Guard
from queue_server.pages.phone_view import booked_of

ROLES = frozenset({"helper", "supervisor"})
REASON_ICONS = {
    "phone": "device-mobile-off",
    "reading": "book-off",
    "language": "language",
    "sight": "eye-off",
    "body": "wheelchair",
    "other": "dots",
}
CALL_ICONS = (
    "lifebuoy", "circle-check", "walk", "info-circle", "check", "urgent", "chevrons-up", "armchair",
)  # fmt: skip


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/helper`, the number just taken, and every command as a plain form for browsers without scripts."""

    @site.get("/helper")
    @guard(ROLES)
    def helper() -> AnyResponse:
        mall, lang, person = house.mall(), language(), house.person()
        setup = {
            "language": lang,
            "timezone": mall.timezone,
            "csrf": person.csrf if person else "",
            "me": person.name if person else "",
            "names": {user.name: user.shown_name or user.name for user in house.users()},
            "loudAfter": house.help_loud_ms(),
            "texts": texts_of(lang, ("helper", "common", "console")),
            "icons": icons_of({service.icon for service in mall.services.values()} | set(CALL_ICONS)),
            "services": _services(mall, lang, house.now_ms()),
            "state": house.state("services"),
            "help": house.state("help"),
            "kiosks": _kiosks(house),
            "bookings": house.bookings() is not None,
        }
        return page(
            house,
            "helper.html",
            setup=setup,
            asking=house.help(),
            reasons=[(reason, REASON_ICONS[reason]) for reason in ASSIST_REASONS],
            key=secrets.token_hex(16),
        )

    @site.get("/helper/kiosks")
    @guard(ROLES)
    def kiosks() -> AnyResponse:
        return jsonify(_kiosks(house))

    @site.post("/helper/issue")
    @guard(ROLES)
    def issue() -> AnyResponse:
        place = request.form.get("print_at", "")
        reason = request.form.get("reason", "")
        if not reason:
            raise BadInput("missing_field", field="reason")
        wanted = {
            "command": "issue",
            "counter": "",
            "service": request.form.get("service", ""),
            "priority": request.form.get("priority") == "yes",
            "language": language(),
            "reason": reason,
            "print_at": place,
        }
        taken = house.command(wanted, request.form.get("key", ""))["ticket"]
        return redirect(_ticket_page(taken["ticket_id"], place), 303)

    @site.post("/helper/check-in")
    @guard(ROLES)
    def check_in() -> AnyResponse:
        place = request.form.get("print_at", "")
        wanted = {
            "command": "check_in",
            "counter": "",
            "code": request.form.get("code", "").strip(),
            "service": request.form.get("service", ""),
            "language": language(),
            "print_at": place,
        }
        taken = house.command(wanted, request.form.get("key", ""))["ticket"]
        return redirect(_ticket_page(taken["ticket_id"], place), 303)

    @site.post("/helper/coming")
    @guard(ROLES)
    def coming() -> AnyResponse:
        return _about_help("accept_help")

    @site.post("/helper/done")
    @guard(ROLES)
    def done() -> AnyResponse:
        return _about_help("finish_help")

    def _about_help(name: str) -> AnyResponse:
        command = {"command": name, "counter": "", "place": request.form.get("place", "")}
        house.command(command, request.form.get("key", ""))
        return redirect("/helper", 303)

    @site.post("/helper/priority")
    @guard(ROLES)
    def priority() -> AnyResponse:
        stands = request.form.get("priority") == "yes"
        ticket = request.form.get("ticket", "")
        command = {"command": "set_priority", "counter": "", "ticket": ticket, "priority": stands}
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
            booked=booked_of(state, house.mall().timezone, lang, "helper"),
            kiosk=_name_of(house, request.args.get("at", "")),
            code=_qr(status_url(house.public_url(), ticket_id)),
        )


def _services(mall: Mall, lang: str, now_ms: int) -> list[Mapping[str, Any]]:
    return [
        {
            **_hours(mall, service, now_ms),
            "code": service.code,
            "name": service.short.get(lang),
            "agency": mall.agencies[service.agency].short,
            "zone": mall.zone_of(service).name.get(lang),
            "icon": service.icon,
            "common": service.common,
            "words": " ".join((service.name.get(lang), *service.words)).lower(),
        }
        for service in mall.services.values()
    ]


def _kiosks(house: House) -> list[Mapping[str, Any]]:
    """Where a helper's ticket can be printed now."""
    return [
        {"id": one.device_id, "name": one.name, "bad": one.paper in (Paper.FAILED, Paper.UNKNOWN)}
        for one in house.paper_places()
    ]


def _ticket_page(ticket_id: str, place: str) -> str:
    return f"/helper/ticket/{ticket_id}" + (f"?at={place}" if place else "")


def _name_of(house: House, device_id: str) -> str:
    return next((device.name for device in house.devices() if device.device_id == device_id), "")


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
