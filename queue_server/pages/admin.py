"""The administrator's pages: devices, accounts, health."""

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.texts.formats import duration
from queue_server.auth.callers import ROLES as ALL_ROLES
from queue_server.auth.enrolment import KINDS
from queue_server.pages.context import House
from queue_server.pages.errors import refusal
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.problems import RULE_STATUS

ROLES = frozenset({"administrator"})
HEARD_MS = 5 * 60_000


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/admin` and everything below it."""

    @site.get("/admin")
    @guard(ROLES)
    def admin() -> AnyResponse:
        return redirect("/admin/devices", 303)

    @site.get("/admin/devices")
    @guard(ROLES)
    def devices() -> AnyResponse:
        return _devices(house)

    @site.post("/admin/devices")
    @guard(ROLES)
    def add_device() -> AnyResponse:
        kind, name = request.form.get("kind", ""), request.form.get("name", "").strip()
        try:
            code = house.add_device(kind, name, request.form.get("counter") or None)
        except RuleViolation as error:
            return _devices(house, problem=refusal(house, error), status=RULE_STATUS.get(error.code, 422))
        return _devices(house, code=code, code_name=name)

    @site.post("/admin/devices/<device_id>/withdraw")
    @guard(ROLES)
    def withdraw(device_id: str) -> AnyResponse:
        house.withdraw_device(device_id)
        return redirect("/admin/devices", 303)

    @site.get("/admin/users")
    @guard(ROLES)
    def users() -> AnyResponse:
        return _users(house)

    @site.post("/admin/users")
    @guard(ROLES)
    def add_user() -> AnyResponse:
        name = request.form.get("name", "").strip().lower()
        shown = request.form.get("shown_name", "").strip() or name
        try:
            token = house.add_user(name, shown, _roles(), request.form.get("counter") or None)
        except RuleViolation as error:
            return _users(house, problem=refusal(house, error), status=RULE_STATUS.get(error.code, 422))
        return _users(house, link=_link(token), link_name=name)

    @site.post("/admin/users/<name>/roles")
    @guard(ROLES)
    def set_roles(name: str) -> AnyResponse:
        return _changed(house, lambda: house.set_roles(name, _roles()))

    @site.post("/admin/users/<name>/disabled")
    @guard(ROLES)
    def set_disabled(name: str) -> AnyResponse:
        return _changed(house, lambda: house.set_disabled(name, request.form.get("disabled") == "yes"))

    @site.post("/admin/users/<name>/link")
    @guard(ROLES)
    def new_link(name: str) -> AnyResponse:
        return _users(house, link=_link(house.new_link(name)), link_name=name)

    @site.get("/admin/health")
    @guard(ROLES)
    def health() -> AnyResponse:
        now = house.now_ms()
        able = [device for device in house.devices() if device.withdrawn_ms is None]
        listening = house.listening()
        heard = sum(
            1
            for device in able
            if device.device_id in listening
            or (device.seen_ms is not None and now - device.seen_ms < HEARD_MS)
        )
        return page(
            house,
            "admin_health.html",
            health=house.health(),
            now=now,
            public_url=house.public_url(),
            storage=house.storage(),
            refused=house.quarantine(),
            heard=heard,
            all=len(able),
        )


def _devices(house: House, status: int = 200, **more: Any) -> AnyResponse:
    now, lang = house.now_ms(), language()

    def ago(ms: int) -> str:
        return duration(now - ms, lang)

    devices = sorted(house.devices(), key=lambda device: (device.withdrawn_ms is not None, device.name))
    defaults = {"code": None, "code_name": "", "problem": None}
    return page(
        house,
        "admin_devices.html",
        status=status,
        devices=devices,
        kinds=KINDS,
        ago=ago,
        now=now,
        quiet_ms=HEARD_MS,
        listening=house.listening(),
        **(defaults | more),
    )


def _users(house: House, status: int = 200, **more: Any) -> AnyResponse:
    users = sorted(house.users(), key=lambda user: (user.disabled, user.name))
    defaults = {"link": None, "link_name": "", "problem": None}
    return page(house, "admin_users.html", status=status, users=users, roles=ALL_ROLES, **(defaults | more))


def _changed(house: House, change: Any) -> AnyResponse:
    try:
        change()
    except RuleViolation as error:
        return _users(house, problem=refusal(house, error), status=RULE_STATUS.get(error.code, 422))
    return redirect("/admin/users", 303)


def _roles() -> list[str]:
    """The ticked roles; raises RuleViolation when none or an unknown one is named."""
    chosen = request.form.getlist("roles")
    if not chosen or any(role not in ALL_ROLES for role in chosen):
        raise RuleViolation("bad_field", field="roles")
    return chosen


def _link(token: str) -> str:
    return f"{request.host_url}first/{token}"
