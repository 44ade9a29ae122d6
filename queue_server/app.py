"""Puts the Flask application together from ready parts; knows no clock, file or port of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, request

from antrean.ledger.hall import HallLedger
from queue_server import openapi, problems
from queue_server.api.booking_hooks import BookingHooks
from queue_server.api.bookings import BookingsApi
from queue_server.api.devices import DeviceApi
from queue_server.api.hall import HallApi
from queue_server.api.health import HealthApi
from queue_server.api.reports import ReportApi
from queue_server.api.sounds import SoundApi
from queue_server.auth.accounts import Accounts
from queue_server.auth.callers import Gate
from queue_server.auth.enrolment import Enrolment
from queue_server.bookings.room import Bookings
from queue_server.clock import ServerClock
from queue_server.contacts import Contacts
from queue_server.house import ServerHouse
from queue_server.hub import Hub
from queue_server.live import LiveHall
from queue_server.operations import BODY_LIMIT, Operation, register
from queue_server.pages.context import House
from queue_server.sounds import HallSounds
from queue_server.timekeeper import Timekeeper
from queue_server.upkeep import Upkeep

API_PATHS = ("/v1/", "/healthz")


@dataclass(frozen=True)
class Parts:
    """Everything the application is made of. `public_url` is the address printed on tickets."""

    ledger: HallLedger
    live: LiveHall
    hub: Hub
    gate: Gate
    accounts: Accounts
    enrolment: Enrolment
    new_id: Callable[[], str]
    public_url: Callable[[], str]
    incarnation: str
    term: int
    version: str
    clock: ServerClock
    contacts: Contacts
    bookings: Bookings
    help_loud_ms: int
    sounds: HallSounds | None = None
    upkeep: Upkeep | None = None


@dataclass(frozen=True)
class PageRoom:
    """The pages as the application takes them in: their blueprint, and the page that explains a refusal."""

    blueprint: Callable[[House], Blueprint]
    error_page: Callable[..., Response]


def create_app(parts: Parts, pages: PageRoom | None) -> Flask:
    """The server's application: the API under /v1, health, and the pages (None: the API alone)."""
    app = Flask("queue_server", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    described: dict[str, Any] = {}
    health = HealthApi(
        parts.ledger,
        parts.live,
        parts.hub,
        parts.version,
        parts.incarnation,
        parts.term,
        parts.clock,
        lambda: described,
        parts.upkeep,
        parts.bookings.health.alarms,
    )
    operations = operations_of(parts, health)
    described.update(openapi.document(operations, parts.version))
    register(app, operations, parts.gate)
    house = ServerHouse(
        ledger=parts.ledger,
        live=parts.live,
        hub=parts.hub,
        gate=parts.gate,
        accounts=parts.accounts,
        enrolment=parts.enrolment,
        new_id=parts.new_id,
        address=parts.public_url,
        healthy=health.state,
        contacts=parts.contacts,
        loud_ms=parts.help_loud_ms,
        spoken=parts.sounds,
        booking_room=parts.bookings.health,
    )
    if pages is not None:
        app.register_blueprint(pages.blueprint(house))

    def page(status: int, code: str, params: Mapping[str, object]) -> Response | None:
        if pages is None or request.path.startswith(API_PATHS):
            return None
        return pages.error_page(house, status, code, **params)

    problems.install(app, parts.live.now_ms, lambda: parts.live.truth.hall.mall.timezone, page)
    return app


def operations_of(parts: Parts, health: HealthApi) -> list[Operation]:
    """Every operation of the API, in the order of the description."""
    reports = ReportApi(parts.ledger, parts.live, parts.bookings.health)
    return [*health.operations(), *working_operations(parts), *reports.operations()]


def working_operations(parts: Parts) -> list[Operation]:
    """What kiosks, displays and counters work with."""
    devices = DeviceApi(
        parts.ledger,
        parts.live,
        parts.hub,
        parts.enrolment,
        parts.public_url,
        parts.incarnation,
        parts.term,
        Timekeeper(parts.clock, parts.live, parts.new_id),
        parts.contacts,
        parts.bookings,
        parts.upkeep,
    )
    hall = HallApi(parts.live, parts.hub, parts.new_id, f"{parts.incarnation}.{parts.term}")
    sounds = SoundApi(parts.live, parts.contacts, parts.sounds)
    bookings = BookingsApi(parts.bookings)
    hooks = BookingHooks(parts.bookings, parts.live.now_ms)
    return [
        *devices.operations(),
        *bookings.operations(),
        *hooks.operations(),
        *hall.operations(),
        *sounds.operations(),
    ]
