"""What the hall looks like this minute: who waits longest against what was promised, counters, help, devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.texts import Texts, texts_for
from queue_server.pages.context import House
from queue_server.pages.floor_view import Remedy, minutes, remedies_of
from queue_server.pages.health_view import Notice, device_notices, devices_said, help_notices, server_notices
from queue_server.pages.report_view import whole

MINUTE_MS = 60_000
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
    """One counter's tile: `lasted` since when its state holds, `look` when somebody should look there."""

    code: str
    name: str
    state: str
    label: str | None
    lasted: str
    look: bool


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
    remedies: tuple[Remedy, ...]
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
    floor = house.state("floor")
    counters = [_counter(one, floor["server_ms"], lang) for one in floor["counters"]]
    states = [counter.state for counter in counters]
    reach = max([row.waited for row in services] + [row.promise for row in services], default=10)
    step = next((step for step in STEPS if step * 4 >= reach), STEPS[-1])
    end = step * -(-reach // step)
    notices = [*help_notices(house, lang), *device_notices(house, lang), *server_notices(house, t)]
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
        remedies=remedies_of(floor, lang),
        notices=tuple(sorted(notices, key=lambda notice: ("bad", "warn", "good").index(notice.kind))),
        devices_said=devices_said(house, t),
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
            staffed=state["services"][code]["counters"],
        )
        for code, service in mall.services.items()
        if code in oldest
    ]


def _counter(one: Mapping[str, Any], now_ms: int, lang: str) -> CounterNow:
    current, timed = one["current"], one["state"] != "closed" and one["since"] is not None
    return CounterNow(
        code=one["code"],
        name=one["name"][lang],
        state=one["state"],
        label=current["label"] if current else None,
        lasted=minutes(now_ms - one["since"], lang) if timed else "",
        look=one["look"] is not None,
    )
