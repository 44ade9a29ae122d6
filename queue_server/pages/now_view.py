"""What the hall looks like this minute: who waits longest against what was promised, counters, help, devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.ticket import Paper
from antrean.ledger.hall_devices import Device
from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, duration
from queue_server.pages.context import House
from queue_server.pages.report_view import whole

MINUTE_MS = 60_000
QUIET_MS = 3 * MINUTE_MS
"""A device's last word is noted at least every minute; one that missed three times is called quiet."""
STEPS = (5, 10, 20, 30, 60)


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """A service somebody waits for: how long its oldest visitor has waited against the promise, in minutes."""

    code: str
    name: str
    agency: str
    waiting: int
    waited: int
    promise: int
    counters: int
    staffed: int

    @property
    def late(self) -> int:
        """Minutes beyond the promise, negative while there is time left."""
        return self.waited - self.promise


@dataclass(frozen=True, slots=True)
class CounterNow:
    """One counter's tile."""

    code: str
    name: str
    state: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One line about help or a device: `kind` bad, warn or good; `icon` a pictogram; `aside` a short fact."""

    kind: str
    icon: str
    title: str
    text: str
    aside: str


@dataclass(frozen=True, slots=True)
class NowView:
    """Everything the page says about this minute."""

    heading: str
    worst: str
    late: tuple[ServiceNow, ...]
    waiting: int
    issued: int
    services: tuple[ServiceNow, ...]
    others: int
    ticks: tuple[int, ...]
    end: int
    counters: tuple[CounterNow, ...]
    count: Mapping[str, int]
    open: int
    notices: tuple[Notice, ...]
    devices_said: str
    troubles: int
    now_ms: int

    @property
    def longest(self) -> ServiceNow | None:
        """The service whose oldest visitor has waited longest."""
        return max(self.services, key=lambda row: row.waited, default=None)


def now_view(house: House, lang: str) -> NowView:
    """This minute, worst first."""
    mall, state, t = house.mall(), house.state("services"), texts_for(lang)
    services = sorted(_services(house, mall, state, lang), key=lambda row: (-row.late, row.name))
    counters = [_counter(house, mall, code, lang) for code in mall.counters]
    states = [counter.state for counter in counters]
    reach = max([row.waited for row in services] + [row.promise for row in services], default=10)
    step = next((step for step in STEPS if step * 4 >= reach), STEPS[-1])
    end = step * -(-reach // step)
    notices = [*_help(house, lang), *_devices(house, lang), *_server(house, t)]
    return NowView(
        heading=_heading(services, t),
        worst=_worst(services, t),
        late=tuple(row for row in services if row.late > 0),
        waiting=sum(row.waiting for row in services),
        issued=house.issued_today(),
        services=tuple(services),
        others=len(mall.services) - len(services),
        ticks=tuple(range(0, end + 1, step)),
        end=end,
        counters=tuple(counters),
        count={name: states.count(name) for name in ("serving", "calling", "available", "break", "closed")},
        open=len(states) - states.count("closed"),
        notices=tuple(sorted(notices, key=lambda notice: ("bad", "warn", "good").index(notice.kind))),
        devices_said=_devices_said(house, t),
        troubles=sum(1 for notice in notices if notice.kind != "good"),
        now_ms=house.now_ms(),
    )


def _heading(services: list[ServiceNow], t: Texts) -> str:
    if not services:
        return t("manage.now_heading_empty")
    late = [row for row in services if row.late > 0]
    if not late:
        return t("manage.now_heading_fine")
    return t("manage.now_heading_late", n=len(late))


def _worst(services: list[ServiceNow], t: Texts) -> str:
    late = [row for row in services if row.late > 0]
    if not late:
        return ""
    worst = max(late, key=lambda row: row.waited)
    return t("manage.now_heading_worst", service=worst.name, minutes=t("manage.minutes_n", n=worst.waited))


def _services(house: House, mall: Mall, state: Mapping[str, Any], lang: str) -> list[ServiceNow]:
    oldest, now = house.oldest_waiting(), state["server_ms"]
    return [
        ServiceNow(
            code=code,
            name=service.short.get(lang),
            agency=mall.agencies[service.agency].short,
            waiting=state["services"][code]["waiting"],
            waited=whole(max(now - oldest[code], 0) / MINUTE_MS),
            promise=service.promise_minutes,
            counters=state["services"][code]["counters_open"],
            staffed=len(mall.counters_for(code)),
        )
        for code, service in mall.services.items()
        if code in oldest
    ]


def _counter(house: House, mall: Mall, code: str, lang: str) -> CounterNow:
    state = house.state(f"counter:{code}")
    return CounterNow(code, mall.counters[code].name.get(lang), state["state"], state["label"])


def _help(house: House, lang: str) -> list[Notice]:
    t, now = texts_for(lang), house.now_ms()
    return [
        Notice(
            "warn" if help.accepted_by else "bad",
            "walk" if help.accepted_by else "lifebuoy",
            t("manage.help_asked", place=help.place),
            t("manage.help_accepted") if help.accepted_by else t("manage.help_waiting"),
            duration(now - help.asked_ms, lang),
        )
        for help in house.help()
        if help.accepted_by is None or now - help.asked_ms < 10 * MINUTE_MS
    ]


def able_devices(house: House) -> list[Device]:
    """Devices that were not withdrawn."""
    return [device for device in house.devices() if device.withdrawn_ms is None]


def is_quiet(device: Device, listening: frozenset[str], now_ms: int) -> bool:
    """Whether a device holds no stream and has not spoken for a while, or never spoke."""
    spoke = device.seen_ms is not None and now_ms - device.seen_ms <= QUIET_MS
    return not spoke and device.device_id not in listening


def _devices(house: House, lang: str) -> list[Notice]:
    t, now, zone = texts_for(lang), house.now_ms(), house.mall().timezone
    papers, listening, notices = house.papers(), house.listening(), list[Notice]()
    for device in able_devices(house):
        stays = t("manage.kiosk_goes_on") if device.kind == "kiosk" else t("manage.display_waits")
        quiet = is_quiet(device, listening, now)
        if quiet and device.seen_ms is None:
            notices.append(Notice("warn", "plug", device.name, t("manage.device_never"), ""))
        elif quiet and device.seen_ms is not None:
            since = t("manage.device_quiet", time=clock(device.seen_ms, zone, lang), stays=stays)
            notices.append(
                Notice("bad", "plug-connected-x", device.name, since, duration(now - device.seen_ms, lang))
            )
        paper = papers.get(device.issuer or "")
        if paper in (Paper.FAILED, Paper.UNKNOWN):
            words = t(f"manage.paper_{paper.value}")
            notices.append(
                Notice("bad" if paper is Paper.FAILED else "warn", "printer-off", device.name, words, "")
            )
    return notices


def _devices_said(house: House, t: Texts) -> str:
    devices, listening, now = able_devices(house), house.listening(), house.now_ms()
    if not devices:
        return t("manage.devices_none")
    heard = sum(1 for device in devices if not is_quiet(device, listening, now))
    return t("manage.devices_heard", heard=heard, all=len(devices))


def _server(house: House, t: Texts) -> list[Notice]:
    health, where = house.health(), t("manage.health_where")
    notices = []
    if "older_server" in health["alarms"]:
        notices.append(Notice("bad", "ban", t("manage.older_server"), where, ""))
    if "clock_ahead" in health["alarms"]:
        notices.append(Notice("warn", "clock", t("manage.clock_wrong"), where, ""))
    if held := health["quarantined"]:
        said = t("manage.health_attention", n=held)
        notices.append(Notice("warn", "alert-triangle", said, where, ""))
    return notices or [Notice("good", "circle-check", t("manage.health_ok"), _devices_said(house, t), "")]
