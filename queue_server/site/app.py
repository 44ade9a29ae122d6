"""Puts the site's Flask application together from ready parts: the pages, the JSON booking API, health."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from pydantic import Field
from werkzeug.middleware.proxy_fix import ProxyFix

from antrean.ledger import site_malls
from antrean.ledger.site import SiteLedger
from antrean.seal.requests import Verifier
from queue_server import openapi, problems
from queue_server.auth.callers import Access, Caller, Nobody
from queue_server.auth.signed import SignedGate
from queue_server.booking_operations import MALL_LIMIT, TITLE
from queue_server.operations import Operation, register
from queue_server.problems import Problem
from queue_server.site.api import SiteApi
from queue_server.site.pages import blueprint
from queue_server.site.pages.refusals import error_page
from queue_server.site.settings import SiteSettings
from queue_server.site.site_desk import SiteDesk
from queue_server.upkeep import Upkeep
from queue_server.wire.common import Count, Said

API_PATHS = ("/v1/", "/healthz")


class SiteHealth(Said):
    """`attention` when something waits for a person, named in `alarms`; the site sells all the same.

    `silent`: how many of the malls that told a catalogue are out of contact, so that nothing is sold for today there.
    """

    status: str
    alarms: list[str]
    version: str
    malls: Count
    silent: Count
    server_ms: Count
    backup_failed_since_ms: int | None = Field(default=None)


class OpenApiAnswer(Said):
    """An OpenAPI 3.1 document."""

    openapi: str


@dataclass(frozen=True)
class SiteParts:
    """Everything the application is made of. `since_ms`: when this run began; older signed requests are not taken."""

    ledger: SiteLedger
    desk: SiteDesk
    settings: SiteSettings
    version: str
    since_ms: int
    upkeep: Upkeep | None = None


@dataclass(frozen=True)
class SiteDoor:
    """Lets malls in by the signatures of their requests, and anybody to what is open to anybody."""

    signed: SignedGate

    def admit(self, access: Access) -> Caller:
        """Who is calling; raises Problem 401 or 403."""
        if access is Access.ANYONE:
            return Nobody()
        if access is Access.PARTNER:
            return self.signed.admit()
        raise Problem(403, "not_allowed")


def create_site(parts: SiteParts) -> Flask:
    """The site's application."""
    app = Flask("queue_server.site", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MALL_LIMIT
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    if parts.settings.proxies:
        # Only the addresses that the site's own proxies added are believed; what a caller claims stands before them.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=parts.settings.proxies, x_proto=0, x_host=0
        )
    described: dict[str, Any] = {}
    operations = operations_of(parts, lambda: described)
    described.update(openapi.document(operations, parts.version, TITLE))
    verifier = Verifier(lambda key: _secret(parts.ledger, key), parts.since_ms)
    register(app, operations, SiteDoor(SignedGate(verifier, parts.desk.clock)))
    app.register_blueprint(blueprint(parts.desk, parts.settings))

    def page(status: int, code: str, params: Mapping[str, object]) -> Response | None:
        if request.path.startswith(API_PATHS):
            return None
        named = {name: value for name, value in params.items() if name not in ("status", "code")}
        return error_page(parts.settings, status, code, **named)

    problems.install(app, parts.desk.clock, lambda: "Asia/Jakarta", page)
    return app


def operations_of(parts: SiteParts, describe: Callable[[], Mapping[str, Any]]) -> list[Operation]:
    """Every operation of the site's API, in the order of the description."""
    api = SiteApi(parts.ledger, parts.desk.signer.public, parts.desk.clock)
    return [
        Operation("GET", "/healthz", "How the site is", lambda _: _health(parts), answers={200: SiteHealth}),
        Operation(
            "GET", "/v1/openapi.json", "This description", lambda _: describe(), answers={200: OpenApiAnswer}
        ),
        *api.operations(),
    ]


def _health(parts: SiteParts) -> SiteHealth:
    cards = parts.desk.malls()
    alarms = parts.upkeep.alarms() if parts.upkeep else []
    watch = parts.upkeep.watch if parts.upkeep else None
    return SiteHealth(
        status="attention" if alarms else "ok",
        alarms=alarms,
        version=parts.version,
        malls=len(cards),
        silent=sum(not card.in_contact for card in cards),
        server_ms=parts.desk.now_ms(),
        backup_failed_since_ms=watch.failed_since_ms if watch else None,
    )


def _secret(ledger: SiteLedger, key: str) -> str | None:
    with ledger.reading() as r:
        row = site_malls.mall(r, key)
    return row.secret if row is not None and row.withdrawn_ms is None else None
