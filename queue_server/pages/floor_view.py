"""Every counter of the hall in the reader's words: who sits there, what it does, what somebody should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, duration
from queue_server.pages.context import House
from queue_server.pages.health_view import Notice, urgent_notices

MINUTE_MS = 60_000
HOUR = 60
KEY_LENGTH = 150
SERVICES_SHOWN = 3
SHOWS = ("all", "look", "available", "serving", "break", "closed")
"""Which counters a page shows, by their name in the address; `serving` includes those that are calling."""
ICONS = {
    "serving": "user-check",
    "calling": "speakerphone",
    "available": "armchair",
    "break": "coffee",
    "closed": "minus",
}


@dataclass(frozen=True, slots=True)
class CounterRow:
    """One counter: `said` what it does since when, `look` what is odd about it ("" when all is well)."""

    code: str
    name: str
    zone: str
    state: str
    icon: str
    said: str
    lasted: str
    label: str
    service: str
    officer: str
    officer_since: str
    look: str
    services: tuple[str, ...]
    more: int
    changed: bool
    waiting: int
    longest: str
    completed: int
    no_show: int
    transferred: int
    median: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """A counter that idles beside a crowded line: what would help, and where to do it."""

    said: str
    why: str
    act: str
    address: str


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A call for help: where, since when, who comes ("" nobody yet); `key` is the call's own, for one answer each."""

    place: str
    since: str
    comes: str
    key: str


@dataclass(frozen=True, slots=True)
class Show:
    """A link that narrows the list of counters, with how many it leaves."""

    name: str
    address: str
    count: int
    shown: bool


@dataclass(frozen=True, slots=True)
class FloorView:
    """The whole floor; `rows` are those that the chosen `show` leaves."""

    heading: str
    troubled: bool
    lead: str
    shows: tuple[Show, ...]
    rows: tuple[CounterRow, ...]
    remedies: tuple[Remedy, ...]
    help: tuple[HelpRow, ...]
    devices: tuple[Notice, ...]
    now_ms: int


def floor_view(house: House, lang: str, show: str = "all") -> FloorView:
    """The counters as they are, those to look at first; an unknown `show` leaves all."""
    t, state = texts_for(lang), house.state("floor")
    names = officers(house, lang)
    show = show if show in SHOWS else "all"
    counters: Sequence[Mapping[str, Any]] = state["counters"]
    kept = sorted((one for one in counters if _fits(one, show)), key=lambda one: one["look"] is None)
    odd = sum(1 for one in counters if one["look"])
    return FloorView(
        heading=t("manage.floor_heading", n=odd) if odd else t("manage.floor_heading_fine"),
        troubled=odd > 0,
        lead=_lead(counters, sum(state["waiting"].values()), t),
        shows=tuple(
            Show(
                t(f"manage.floor_show_{name}"),
                "/manage/floor" if name == "all" else f"/manage/floor?show={name}",
                sum(1 for one in counters if _fits(one, name)),
                name == show,
            )
            for name in SHOWS
        ),
        rows=tuple(counter_row(house, one, state["server_ms"], names, lang) for one in kept),
        remedies=remedies_of(state, lang),
        help=tuple(_help(one, state["server_ms"], names, t, lang) for one in state["help"]),
        devices=tuple(urgent_notices(house, lang)),
        now_ms=state["server_ms"],
    )


def officers(house: House, lang: str) -> Mapping[str, str]:
    """The shown names of all accounts by their sign-in names, and what is said of a program or a visitor."""
    t = texts_for(lang)
    said = {"script": t("manage.by_script"), "visitor": t("manage.by_visitor")}
    return {**said, **{user.name: user.shown_name or user.name for user in house.users()}}


def counter_row(
    house: House, one: Mapping[str, Any], now_ms: int, names: Mapping[str, str], lang: str
) -> CounterRow:
    """One counter of a `floor` state in words."""
    t, mall, current, today = texts_for(lang), house.mall(), one["current"], one["today"]
    since, officer = one["since"], one["officer"]
    return CounterRow(
        code=one["code"],
        name=one["name"][lang],
        zone=mall.zones[one["zone"]].name.get(lang),
        state=one["state"],
        icon=ICONS[one["state"]],
        said=_said(one, mall.timezone, t, lang),
        lasted=minutes(now_ms - since, lang) if since is not None and one["state"] != "closed" else "",
        label=current["label"] if current else "",
        service=mall.services[current["service"]].short.get(lang) if current else "",
        officer=names.get(officer, officer) if officer else "",
        officer_since=clock(one["officer_since"], mall.timezone, lang) if one["officer_since"] else "",
        look=_look(one, now_ms, t, lang),
        services=tuple(mall.services[code].short.get(lang) for code in one["services"][:SERVICES_SHOWN]),
        more=max(len(one["services"]) - SERVICES_SHOWN, 0),
        changed=one["changed"],
        waiting=one["waiting"],
        longest=minutes(now_ms - one["oldest_at"], lang) if one["oldest_at"] is not None else "",
        completed=today["completed"],
        no_show=today["no_show"],
        transferred=today["transferred"],
        median=minutes(today["median_serve_ms"], lang) if today["median_serve_ms"] else "",
    )


def minutes(ms: int, lang: str) -> str:
    """Whole minutes with their unit, so that a page that renews itself changes once a minute: "23 mnt", "1 j 5 mnt"."""
    t, whole = texts_for(lang), max(ms, 0) // MINUTE_MS
    if whole >= HOUR:
        return duration(whole * MINUTE_MS, lang)
    return t("manage.minutes_each", n=whole) if whole else t("manage.under_a_minute")


def _fits(one: Mapping[str, Any], show: str) -> bool:
    match show:
        case "all":
            return True
        case "look":
            return one["look"] is not None
        case "serving":
            return one["state"] in ("serving", "calling")
    return bool(one["state"] == show)


def _lead(counters: Sequence[Mapping[str, Any]], waiting: int, t: Texts) -> str:
    count = {state: sum(1 for one in counters if one["state"] == state) for state in ICONS}
    return t(
        "manage.floor_lead",
        waiting=waiting,
        serving=count["serving"] + count["calling"],
        available=count["available"],
        pausing=count["break"],
        closed=count["closed"],
    )


def _said(one: Mapping[str, Any], zone: str, t: Texts, lang: str) -> str:
    """The state with its moment: "melayani sejak 09.31", "istirahat (makan) sampai 12.30"."""
    since = clock(one["since"], zone, lang) if one["since"] is not None else None
    pause = one["break"]
    if pause and pause["until_ms"]:
        until = clock(pause["until_ms"], zone, lang)
        return t("manage.floor_break_until", reason=pause["reason"], until=until)
    if pause:
        return t("manage.floor_break", reason=pause["reason"], since=since or "–")
    if since is None:
        return t("manage.floor_never")
    return t(f"manage.floor_{one['state']}", since=since)


def _look(one: Mapping[str, Any], now_ms: int, t: Texts, lang: str) -> str:
    if one["look"] is None:
        return ""
    over = now_ms - one["break"]["until_ms"] if one["look"] == "break_over" else 0
    standard = one["current"]["standard_minutes"] if one["current"] else 0
    said = {"over": minutes(over, lang), "standard": standard, "n": one["waiting"]}
    return t(f"manage.look_{one['look']}", **said)


def remedies_of(state: Mapping[str, Any], lang: str) -> tuple[Remedy, ...]:
    """What idle counters could do by a `floor` state, the longest wait first."""
    return tuple(_remedy(one, texts_for(lang), lang) for one in state["remedies"])


def _remedy(one: Mapping[str, Any], t: Texts, lang: str) -> Remedy:
    counter, service = one["counter"], one["service"]
    said = {"counter": counter, "service": one["name"][lang]}
    return Remedy(
        said=t(f"manage.remedy_{one['kind']}", **said),
        why=t("manage.remedy_why", n=one["waiting"], longest=minutes(one["longest_ms"], lang)),
        act=t(f"manage.remedy_{one['kind']}_act", **said),
        address=f"/manage/counter/{counter}?add={service}#services",
    )


def _help(one: Mapping[str, Any], now_ms: int, names: Mapping[str, str], t: Texts, lang: str) -> HelpRow:
    who = one["accepted_by"]
    comes = t("manage.help_comes", name=names.get(who, who)) if who else ""
    key = f"{one['asked_at']}-{one['place']}"[:KEY_LENGTH]
    return HelpRow(one["place"], minutes(now_ms - one["asked_at"], lang), comes, key)
