"""The supervisor's floor: every counter live, one counter with what may be done about it, and calls for help."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.texts import texts_for
from antrean.texts.formats import clock
from queue_server.pages.context import House
from queue_server.pages.counter import ROLES as CONSOLE_ROLES
from queue_server.pages.errors import refusal
from queue_server.pages.floor_view import counter_row, floor_view, officers
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.problems import RULE_STATUS

READERS = frozenset({"manager", "supervisor", "administrator"})
GIVERS = frozenset({"supervisor", "administrator"})
"""Who may give commands at every counter; managers only read."""
ACTS = {
    "serving": ("finish",),
    "calling": ("recall", "undo_call", "absent"),
    "available": ("close_counter",),
    "break": ("end_break", "close_counter"),
    "closed": (),
}
"""What a supervisor may do to a counter by its state, beside changing what it serves."""
HELP_ACTS = frozenset({"accept_help", "finish_help"})


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do at a counter: its command, what it is called and what follows from it."""

    command: str
    title: str
    text: str
    button: str


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """One box of the list of services."""

    code: str
    name: str
    served: bool
    added: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """The services of one agency; `near` when the counter belongs to it."""

    agency: str
    near: bool
    services: tuple[ServiceChoice, ...]


def may_command(house: House) -> bool:
    """Whether whoever is signed in may give commands here."""
    person = house.person()
    return person is not None and bool(person.roles & GIVERS)


def done_said(lang: str) -> str:
    """The sentence for what was just done, as the address names it; "" for nothing or something unknown."""
    key = f"manage.done_{request.args.get('done', '')}"
    t = texts_for(lang)
    return t(key) if t.has(key) else ""


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage/floor`, its part that renews itself, `/manage/counter/<code>` and `/manage/help`."""

    @site.get("/manage/floor")
    @guard(READERS)
    def floor() -> AnyResponse:
        return _floor(house, "manage_floor.html")

    @site.get("/manage/floor/part")
    @guard(READERS)
    def floor_part() -> AnyResponse:
        answer = _floor(house, "manage_floor_part.html")
        answer.headers["X-Clock"] = clock(house.now_ms(), house.mall().timezone, language())
        return answer

    @site.get("/manage/counter/<code>")
    @guard(READERS)
    def counter(code: str) -> AnyResponse:
        return _counter(house, code, request.args.get("add", ""))

    @site.get("/manage/counter/<code>/part")
    @guard(READERS)
    def counter_part(code: str) -> AnyResponse:
        return page(house, "manage_counter_part.html", **_now(house, code))

    @site.post("/manage/counter/<code>")
    @guard(GIVERS)
    def at_counter(code: str) -> AnyResponse:
        command = request.form.get("command", "")
        try:
            _give(house, code, command)
        except RuleViolation as error:
            if error.code == "unknown_counter":
                raise
            return _counter(house, code, "", error)
        return redirect(f"/manage/counter/{code}?done={command}", 303)

    @site.post("/manage/help")
    @guard(GIVERS)
    def help_act() -> AnyResponse:
        name = request.form.get("command", "")
        if name not in HELP_ACTS:
            raise RuleViolation("bad_field", field="command")
        wanted = {"command": name, "counter": "", "place": request.form.get("place", "")}
        house.command(wanted, request.form.get("key", ""))
        return redirect(f"/manage/floor?done={name}", 303)


def _floor(house: House, template: str) -> AnyResponse:
    lang, show = language(), request.args.get("show", "all")
    view = floor_view(house, lang, show)
    return page(
        house,
        template,
        floor=view,
        now_ms=view.now_ms,
        show=next((name.address.partition("=")[2] or "all" for name in view.shows if name.shown), "all"),
        may=may_command(house),
        done=done_said(lang),
        problem="",
    )


def _of(house: House, code: str) -> Mapping[str, Any]:
    found = next((one for one in house.state("floor")["counters"] if one["code"] == code), None)
    if found is None:
        raise RuleViolation("unknown_counter", counter=code[:20])
    one: Mapping[str, Any] = found
    return one


def _now(house: House, code: str) -> dict[str, Any]:
    """What the part of a counter's page shows that renews itself: how it is, and what may be done about that."""
    lang, one = language(), _of(house, code)
    row = counter_row(house, one, house.now_ms(), officers(house, lang), lang)
    return {
        "row": row,
        "current": one["current"],
        "seen": one["current"]["ticket_id"] if one["current"] else "",
        "acts": _acts(one["state"], row.label, row.officer, row.name, lang),
        "may": may_command(house),
        "key": secrets.token_hex(16),
    }


def _counter(house: House, code: str, add: str, error: RuleViolation | None = None) -> AnyResponse:
    lang, person, now = language(), house.person(), _now(house, code)
    service = house.mall().services.get(add)
    return page(
        house,
        "manage_counter.html",
        status=RULE_STATUS.get(error.code, 422) if error else 200,
        **now,
        services=_services(house, _of(house, code), add, lang),
        adding=service.short.get(lang) if service else "",
        sits=person is not None and bool(person.roles & CONSOLE_ROLES),
        done=done_said(lang),
        problem=refusal(house, error) if error else "",
    )


def _acts(state: str, label: str, officer: str, name: str, lang: str) -> list[Act]:
    t = texts_for(lang)
    said = {"label": label, "officer": officer, "counter": name}
    return [
        Act(
            command,
            t(f"manage.act_{command}", **said),
            t(f"manage.act_{command}_text", **said),
            t(f"manage.act_{command}_button"),
        )
        for command in ACTS[state]
    ]


def _services(house: House, one: Mapping[str, Any], add: str, lang: str) -> list[ServiceGroup]:
    """Every service of the mall by agency, those of the counter's own agencies first."""
    mall, waiting = house.mall(), house.state("floor")["waiting"]
    served = set(one["services"])
    near = {mall.services[code].agency for code in (*mall.counters[one["code"]].services, *served)}
    if add in mall.services:
        near.add(mall.services[add].agency)
    groups = [
        ServiceGroup(
            agency.short,
            agency.code in near,
            tuple(
                ServiceChoice(
                    service.code,
                    service.short.get(lang),
                    service.code in served or service.code == add,
                    service.code == add and add not in served,
                    waiting.get(service.code, 0),
                )
                for service in mall.services.values()
                if service.agency == agency.code
            ),
        )
        for agency in mall.agencies.values()
    ]
    return sorted((group for group in groups if group.services), key=lambda group: not group.near)


def _give(house: House, code: str, command: str) -> None:
    """Gives one of the commands of the page, once per key; a visitor other than the one shown is left alone."""
    key = request.form.get("key", "")
    if house.was_given(key):
        return
    one = _of(house, code)
    wanted: dict[str, Any] = {"command": command, "counter": code}
    if command == "set_services":
        back = request.form.get("plan") == "catalogue"
        chosen = request.form.getlist("service")
        if not chosen and not back:
            raise RuleViolation("no_service_chosen")
        wanted["services"] = "" if back else ",".join(chosen)
    elif command not in ACTS[one["state"]]:
        raise RuleViolation("counter_changed", counter=code)
    else:
        current = one["current"]["ticket_id"] if one["current"] else ""
        if current != request.form.get("seen", ""):
            raise RuleViolation("counter_changed", counter=code)
    house.command(wanted, key)
