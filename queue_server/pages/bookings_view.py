"""What the administrator's page of bookings says: each source in words, what is held, what was decided and why."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from antrean.domain.booking_code import shown_code
from antrean.domain.opening import local_day
from antrean.ledger.hall_booking_outbox import QUARANTINED, OutboxRow
from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, day_words, weekday_of
from queue_server.bookings.health import Conflict, SourceHealth
from queue_server.pages.context import House
from queue_server.pages.held_view import when
from queue_server.pages.report_view import how_long

ADD = "antrean-admin bookings add"
MINUTE_MS = 60_000
HELD_SHOWN = 50
UNREADABLE_SHOWN = 20
LOST = "plug-connected-x"


TROUBLES = (
    ("certificate", "certificate"),
    ("signature", "key"),
    ("refuses this mall", "key"),
    ("secret", "key"),
    ("unknown_mall", "key"),
    ("may not", "key"),
    ("in time", "slow"),
    ("slowly", "slow"),
    ("answer", "answer"),
    ("reach", "away"),
    ("connect", "away"),
    ("address", "address"),
)
"""Signs in what a connector says of its trouble, and the kind of trouble each means; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An outcome that waits for a person."""

    key: str
    what: str
    booking: str
    at: str
    why: str
    tries: str


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """An entry nobody could read."""

    what: str
    why: str
    detail: str
    at: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source: `state` is good, warn or bad; `said` when it last answered, `trouble` why the last try failed."""

    name: str
    kind: str
    url: str
    state: str
    icon: str
    said: str
    trouble: str
    detail: str
    waiting: str
    held: tuple[HeldRow, ...]
    unreadable: tuple[UnreadableRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One thing that happened on both sides: what, what was decided, and why."""

    at: str
    what: str
    decided: str
    why: str
    code: str
    source: str
    detail: str


@dataclass(frozen=True, slots=True)
class BookingsView:
    """The whole page; `verdict` is the finding, its `state` good, warn or bad."""

    set_up: bool
    broken: str
    kiosks: str
    state: str
    verdict: str
    sources: tuple[SourceView, ...]
    day: str
    today: str
    day_said: str
    conflicts: tuple[ConflictRow, ...]
    add: str = ADD


def bookings_view(house: House, day: datetime.date, lang: str) -> BookingsView:
    """How the sources are now, and the decisions of one local date."""
    t, room, now = texts_for(lang), house.bookings(), house.now_ms()
    health, waiting = (room.health(), room.outbox()) if room else ((), ())
    held = [row for row in waiting if row.state == QUARANTINED]
    sources = tuple(_source(house, one, held, lang) for one in health)
    broken = room.settings_error() if room else ""
    states = ["bad"] if broken else []
    states += [one.state for one in sources]
    state = next((one for one in ("bad", "warn") if one in states), "good")
    today = local_day(house.mall().timezone, now)
    return BookingsView(
        set_up=room is not None,
        broken=broken,
        kiosks=", ".join(room.waits_for_kiosks()) if room else "",
        state=state,
        verdict=t("admin.bookings_broken") if broken else _verdict(sources, t),
        sources=sources,
        day=day.isoformat(),
        today=today.isoformat(),
        day_said=f"{weekday_of(day, lang)}, {day_words(day, lang)}",
        conflicts=tuple(_conflict(one, house, lang) for one in (room.conflicts(day) if room else ())),
    )


def error_words(error: str, lang: str) -> str:
    """What kind of trouble an error tells of, in words for who may mend it; "" when there is none."""
    kind = next((kind for sign, kind in TROUBLES if sign in error.lower()), "other")
    return texts_for(lang)(f"admin.trouble_{kind}") if error else ""


def _known(kind: str, name: str, lang: str) -> str:
    t, key = texts_for(lang), f"admin.{kind}_{name}"
    return t(key) if name and t.has(key) else ""


def _verdict(sources: tuple[SourceView, ...], t: Texts) -> str:
    held = sum(len(one.held) for one in sources)
    lost = [one for one in sources if one.state == "bad" and one.icon == LOST]
    if lost:
        return t("admin.bookings_lost", n=len(lost), name=lost[0].name)
    if held:
        return t("admin.bookings_held", n=held)
    if failed := [one for one in sources if one.trouble]:
        return t("admin.bookings_trouble", name=failed[0].name)
    unreadable = sum(len(one.unreadable) + one.more for one in sources)
    return t("admin.bookings_unreadable", n=unreadable) if unreadable else t("admin.bookings_fine")


def _source(house: House, one: SourceHealth, held: Sequence[OutboxRow], lang: str) -> SourceView:
    t, now_ms = texts_for(lang), house.now_ms()
    refused = [row for row in held if row.source == one.name]
    if not one.configured:
        state, icon, said = "warn", "info-circle", t("admin.source_gone")
    elif one.last_contact_ms is None:
        state, icon, said = "bad" if one.silent else "warn", LOST, t("admin.source_never")
    elif one.silent:
        ago = how_long((now_ms - one.last_contact_ms) // MINUTE_MS, lang)
        said = t("admin.source_silent", when=when(house, one.last_contact_ms, lang), ago=ago)
        state, icon = "bad", LOST
    elif one.last_error:
        said = t("admin.source_tried", when=when(house, one.last_contact_ms, lang))
        state, icon = "warn", "alert-triangle"
    else:
        said = t("admin.source_heard", when=when(house, one.last_contact_ms, lang))
        state, icon = "good", "circle-check"
    return SourceView(
        name=one.name,
        kind=_known("source_kind", one.kind, lang) or one.kind,
        url=one.url,
        state="bad" if refused else "warn" if state == "good" and one.problems else state,
        icon=icon,
        said=said,
        trouble=error_words(one.last_error, lang),
        detail=one.last_error,
        waiting=_waiting(one, bool(refused), t),
        held=tuple(_held(house, row, lang) for row in refused[:HELD_SHOWN]),
        unreadable=tuple(
            UnreadableRow(
                row.booking_id or t("admin.unreadable_nameless"),
                _known("unreadable", row.code, lang) or t("admin.unreadable_other"),
                row.detail,
                when(house, row.last_ms, lang),
            )
            for row in one.problems[:UNREADABLE_SHOWN]
        ),
        more=max(0, len(one.problems) - UNREADABLE_SHOWN),
    )


def _waiting(one: SourceHealth, refused: bool, t: Texts) -> str:
    if one.waiting:
        return t("admin.source_waiting", n=one.waiting)
    return t("admin.source_nothing_else" if refused else "admin.source_nothing_waits")


def _held(house: House, row: OutboxRow, lang: str) -> HeldRow:
    t = texts_for(lang)
    what = t(f"admin.outcome_{row.what}")
    return HeldRow(
        row.key,
        f"{row.label} {what}" if row.label else what.capitalize(),
        row.booking_id,
        when(house, row.at_ms, lang),
        row.last_error,
        t("admin.outcome_tries", n=row.attempts),
    )


def _conflict(one: Conflict, house: House, lang: str) -> ConflictRow:
    said = _known("booking", one.case, lang) or one.case
    return ConflictRow(
        clock(one.at_ms, house.mall().timezone, lang),
        said,
        _known("booking", one.decision, lang) or one.decision,
        _known("booking_why", one.decision, lang),
        shown_code(one.code),
        one.source,
        one.detail,
    )
