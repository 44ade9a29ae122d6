"""The administrator's pages: devices, accounts, health."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from queue_server.auth.callers import ROLES as ALL_ROLES
from queue_server.auth.enrolment import KINDS
from queue_server.pages.admin_view import device_rows, health_view, other_way, steps_for
from queue_server.pages.context import House
from queue_server.pages.errors import refusal
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.pages.held_view import held_view, still_refused
from queue_server.problems import RULE_STATUS

ROLES = frozenset({"administrator"})


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
            code = house.add_device(kind, name, _counter(house))
        except RuleViolation as error:
            return _devices(house, problem=refusal(house, error), status=RULE_STATUS.get(error.code, 422))
        lang, server = language(), request.host_url.rstrip("/")
        steps, other = steps_for(kind, server, code, lang), other_way(kind, server, code, lang)
        return page(house, "admin_code.html", code=code, name=name, kind=kind, steps=steps, other=other)

    @site.get("/admin/devices/<device_id>/withdraw")
    @guard(ROLES)
    def ask_withdraw(device_id: str) -> AnyResponse:
        device = next((one for one in house.devices() if one.device_id == device_id), None)
        if device is None:
            raise RuleViolation("unknown_device", device=device_id[:40])
        return page(house, "admin_withdraw.html", device=device)

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
            token = house.add_user(name, shown, _roles(), _counter(house))
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
        return page(house, "admin_health.html", view=health_view(house, language()))

    @site.get("/admin/health/part")
    @guard(ROLES)
    def health_part() -> AnyResponse:
        return page(house, "admin_health_part.html", view=health_view(house, language()))

    @site.get("/admin/held/<int:number>")
    @guard(ROLES)
    def held(number: int) -> AnyResponse:
        return _held(house, number)

    @site.post("/admin/held/<int:number>/retry")
    @guard(ROLES)
    def retry(number: int) -> AnyResponse:
        return _settled(house, number, lambda: house.retry_event(number))

    @site.post("/admin/held/<int:number>/dismiss")
    @guard(ROLES)
    def dismiss(number: int) -> AnyResponse:
        return _settled(house, number, lambda: house.dismiss_event(number, request.form.get("note", "")))


def _held(house: House, number: int, status: int = 200, problem: str | None = None) -> AnyResponse:
    view = held_view(house, number, language())
    return page(house, "admin_held.html", status=status, view=view, problem=problem, form=request.form)


def _settled(house: House, number: int, settle: Callable[[], None]) -> AnyResponse:
    try:
        settle()
    except RuleViolation as error:
        said = still_refused(error, language()) or refusal(house, error)
        return _held(house, number, problem=said, status=RULE_STATUS.get(error.code, 422))
    return redirect("/admin/health#held", 303)


def _devices(house: House, status: int = 200, problem: str | None = None) -> AnyResponse:
    lang = language()
    return page(
        house,
        "admin_devices.html",
        status=status,
        rows=device_rows(house, lang),
        kinds=KINDS,
        problem=problem,
        form=request.form,
    )


def _users(house: House, status: int = 200, **more: Any) -> AnyResponse:
    users = sorted(house.users(), key=lambda user: (user.disabled, user.name))
    shown = {"link": None, "link_name": "", "problem": None} | more
    form = request.form if shown["problem"] else {}
    return page(house, "admin_users.html", status=status, users=users, roles=ALL_ROLES, form=form, **shown)


def _changed(house: House, change: Callable[[], None]) -> AnyResponse:
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


def _counter(house: House) -> str | None:
    """The chosen counter, None for none; raises RuleViolation unknown_counter."""
    counter = request.form.get("counter") or None
    if counter is not None and counter not in house.mall().counters:
        raise RuleViolation("unknown_counter", counter=counter[:20])
    return counter


def _link(token: str) -> str:
    return f"{request.host_url}first/{token}"
