"""One visit in the reader's words: where it stands, what happened when and by whom, what may be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.domain.booking import Booked
from antrean.domain.booking_code import shown_code
from antrean.domain.catalogue import Mall
from antrean.domain.label import Label, check_letters
from antrean.domain.story import Told
from antrean.domain.ticket import AT_COUNTER, Move, Ticket, can
from antrean.domain.visit_plan import is_continuation
from antrean.ledger.hall_log import StoredTicket
from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, duration
from queue_server.pages.context import House
from queue_server.pages.floor_view import officers

COMMANDS: Mapping[str, Move] = {
    "reopen": Move.REOPEN,
    "return": Move.RETURN,
    "resume": Move.RESUME,
    "call_back": Move.CALL_BACK,
    "call_ticket": Move.CALL,
    "set_priority": Move.SET_PRIORITY,
    "cancel": Move.CANCEL,
}
"""What may be given from a visit's story, and the move each makes."""
OPEN_COUNTERS = ("available", "break")
"""A counter in one of these states can take a visitor up again: somebody sits there and nobody is at it."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A ticket among several that one number may mean."""

    ticket_id: str
    label: str
    check: str
    service: str
    agency: str
    state: str
    arrived: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story; `after` is how long after the line before."""

    at: str
    after: str
    said: str
    reason: str
    where: str
    who: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the visit."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """The visit; `able` names the commands that are possible now, `counters` where it can be taken up."""

    ticket_id: str
    label: str
    check: str
    twin: bool
    service: str
    agency: str
    state: str
    priority: bool
    today: bool
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    able: frozenset[str]
    counter: str
    counters: tuple[tuple[str, str], ...]


def found_rows(house: House, tickets: Sequence[StoredTicket], lang: str) -> list[FoundRow]:
    """The tickets a search found, in the order they were accepted."""
    return [_found(house, one, lang) for one in tickets]


def _found(house: House, stored: StoredTicket, lang: str) -> FoundRow:
    mall, t = house.mall(), texts_for(lang)
    service, live = mall.services.get(stored.service), house.ticket_today(stored.ticket_id)
    return FoundRow(
        stored.ticket_id,
        label_of(stored),
        check_letters(stored.ticket_id),
        service.short.get(lang) if service else stored.service,
        mall.agencies[service.agency].short if service else "",
        t(f"manage.state_{live.state.value}") if live else "",
        clock(live.arrived_ms, mall.timezone, lang) if live else "",
    )


def label_of(stored: StoredTicket) -> str:
    """The number as printed."""
    return str(Label(stored.series, stored.issuer, stored.number))


def ticket_view(house: House, stored: StoredTicket, told: Sequence[Told], lang: str) -> TicketView:
    """Everything the page says of one visit."""
    mall, t, live = house.mall(), texts_for(lang), house.ticket_today(stored.ticket_id)
    now = live.step.service if live else stored.service
    service = mall.services.get(now)
    names = officers(house, lang)
    return TicketView(
        ticket_id=stored.ticket_id,
        label=label_of(stored),
        check=check_letters(stored.ticket_id),
        twin=live.twin if live else stored.twin,
        service=service.name.get(lang) if service else now,
        agency=mall.agencies[service.agency].short if service else "",
        state=_state(house, live, t),
        priority=live.priority if live else False,
        today=live is not None,
        facts=_facts(live, mall, house.now_ms(), t, lang) if live else (),
        lines=_lines(house, told, house.note_texts(stored.day), names, lang),
        able=_able(live),
        counter=live.step.counter or "" if live and live.state in AT_COUNTER else "",
        counters=_counters(house, lang),
    )


def _state(house: House, live: Ticket | None, t: Texts) -> str:
    if live is None:
        return t("manage.state_past")
    first = house.ticket_today(live.alias_of) if live.alias_of else None
    if first is not None:
        return t("manage.state_alias", label=str(first.label))
    if live.state in AT_COUNTER and live.step.counter:
        return t(f"manage.state_{live.state.value}_at", counter=live.step.counter)
    return t(f"manage.state_{live.state.value}")


def _facts(live: Ticket, mall: Mall, now_ms: int, t: Texts, lang: str) -> tuple[Fact, ...]:
    """How long the visitor waited and was served in this step, and how often others went first."""
    step = live.step
    until = step.called_ms or (step.ended_ms or now_ms)
    found = [Fact(t("manage.fact_waited"), duration(until - step.arrived_ms, lang))]
    if step.started_ms is not None:
        ended = step.ended_ms or now_ms
        found.append(Fact(t("manage.fact_served"), duration(ended - step.started_ms, lang)))
    if step.overtaken:
        found.append(Fact(t("manage.fact_overtaken"), t("manage.times", n=step.overtaken)))
    if step.recalls:
        found.append(Fact(t("manage.fact_recalls"), t("manage.times", n=step.recalls + 1)))
    if live.booking:
        found.append(Fact(t("manage.fact_booking"), _booking(live.booking, mall, t)))
    if live.plan:
        planned = (mall.services[code].short.get(lang) for code in live.plan if code in mall.services)
        found.append(Fact(t("manage.fact_plan"), ", ".join(planned)))
    if live.priority:
        checked = "manage.fact_priority_checked" if live.priority_checked else "manage.fact_priority_open"
        found.append(Fact(t("manage.fact_priority"), t(checked)))
    return tuple(found)


def _booking(booking: Booked, mall: Mall, t: Texts) -> str:
    at = clock(booking.slot_ms, mall.timezone, t.language)
    return t(f"manage.booking_{booking.how}", clock=at, code=shown_code(booking.code))


def _lines(
    house: House, told: Sequence[Told], notes: Mapping[str, str], names: Mapping[str, str], lang: str
) -> tuple[Line, ...]:
    zone, lines, before = house.mall().timezone, list[Line](), 0
    for one in told:
        gap = one.at_ms - before
        after = duration(gap, lang) if before and gap >= 1000 else ""
        who = names.get(one.officer, one.officer)
        where = texts_for(lang)("manage.story_where", counter=one.counter) if one.counter else ""
        said, reason = _said(house, one, lang), reason_words(str(one.facts.get("reason", "")), lang)
        if note := one.facts.get("note_id"):
            reason = notes.get(str(note)) or texts_for(lang)("manage.note_erased")
        lines.append(Line(clock(one.at_ms, zone, lang), after, said, reason, where, who))
        before = one.at_ms
    return tuple(lines)


def _said(house: House, one: Told, lang: str) -> str:
    """The sentence of an event, by its type and the one fact that changes its meaning."""
    t, mall, facts = texts_for(lang), house.mall(), dict(one.facts)
    key = f"manage.story_{one.what}"
    for name in ("why", "place", "channel", "priority", "proof"):
        finer = f"{key}_{str(facts.get(name, '')).lower()}"
        if t.has(finer):
            key = finer
            break
    said = {name: _fact(mall, name, value, lang) for name, value in facts.items()}
    return t(key, **{**said, "officer": one.officer}) if t.has(key) else one.what


def _fact(mall: Mall, name: str, value: Any, lang: str) -> Any:
    """A fact of an event as people read it: services by name, moments as the clock shows them, codes in groups."""
    if name in ("service", "services"):
        codes = str(value).split(",")
        return ", ".join(_service(mall.services.get(code), code, lang) for code in codes)
    if name.endswith("_ms"):
        return clock(value, mall.timezone, lang)
    return shown_code(str(value)) if name == "code" else value


def _service(service: Any, code: str, lang: str) -> str:
    return str(service.short.get(lang)) if service else code


def reason_words(reason: str, lang: str) -> str:
    """A reason as it was written, or the words for one the program gives itself."""
    t, key = texts_for(lang), f"manage.reason_{reason}"
    return t(key) if reason and t.has(key) else reason


def _able(live: Ticket | None) -> frozenset[str]:
    if live is None:
        return frozenset()
    able = {name for name, move in COMMANDS.items() if can(live, move)}
    return frozenset(able | {"reopen"} if is_continuation(live) else able)


def _counters(house: House, lang: str) -> tuple[tuple[str, str], ...]:
    names = officers(house, lang)
    return tuple(
        (one["code"], f"{one['name'][lang]} · {names.get(one['officer'], one['officer'])}")
        for one in house.state("floor")["counters"]
        if one["state"] in OPEN_COUNTERS
    )
