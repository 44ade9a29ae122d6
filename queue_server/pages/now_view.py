"""The manager's first look: who waits longest against what was promised, and every counter at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.texts import Texts, texts_for
from queue_server.pages.context import House
from queue_server.pages.report_view import whole

MINUTE_MS = 60_000
STEP = 20


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """A service somebody waits for: how long its oldest visitor has waited against the promise, in minutes."""

    name: str
    agency: str
    waiting: int
    waited: int
    promise: int
    counters: int

    @property
    def late(self) -> int:
        """Minutes beyond the promise, negative while there is time left."""
        return self.waited - self.promise


@dataclass(frozen=True, slots=True)
class CounterNow:
    """One counter's tile."""

    code: str
    state: str
    label: str | None


def now_view(house: House, lang: str) -> dict[str, Any]:
    """What `manage_now.html` shows."""
    mall, state, t = house.mall(), house.state("services"), texts_for(lang)
    services = sorted(_services(house, mall, state, lang), key=lambda row: (-row.late, row.name))
    counters = [_counter(house, code) for code in mall.counters]
    states = [counter.state for counter in counters]
    longest = max((row.waited for row in services), default=0)
    promise = max((row.promise for row in services), default=0)
    end = max(STEP, -(-max(longest, promise) // STEP) * STEP)
    return {
        "heading": _heading(services, t),
        "late": any(row.late > 0 for row in services),
        "waiting": sum(row.waiting for row in services),
        "services": services,
        "others": len(mall.services) - len(services),
        "scale": list(range(0, end + 1, STEP)),
        "end": end,
        "counters": counters,
        "count": {name: states.count(name) for name in ("serving", "calling", "available", "break", "closed")},
        "open": len(states) - states.count("closed"),
        "help": state.get("help", []),
        "health": house.health(),
        "now": state["server_ms"],
    }


def _heading(services: list[ServiceNow], t: Texts) -> str:
    if not services:
        return t("manage.now_heading_empty")
    late = [row for row in services if row.late > 0]
    if not late:
        return t("manage.now_heading_fine")
    worst = max(late, key=lambda row: row.waited)
    minutes = t("manage.minutes_n", n=worst.waited)
    return t("manage.now_heading_late", n=len(late), service=worst.name, minutes=minutes)


def _services(house: House, mall: Mall, state: Mapping[str, Any], lang: str) -> list[ServiceNow]:
    oldest = house.oldest_waiting()
    now = state["server_ms"]
    return [
        ServiceNow(
            name=service.short.get(lang),
            agency=mall.agencies[service.agency].short,
            waiting=state["services"][code]["waiting"],
            waited=whole(max(now - oldest[code], 0) / MINUTE_MS),
            promise=service.promise_minutes,
            counters=state["services"][code]["counters_open"],
        )
        for code, service in mall.services.items()
        if code in oldest
    ]


def _counter(house: House, code: str) -> CounterNow:
    state = house.state(f"counter:{code}")
    return CounterNow(code, state["state"], state["label"])
