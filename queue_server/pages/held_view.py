"""What the administrator's pages say of events that were put aside: which, why in plain words, what may be done."""

import json
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.domain.label import Label
from antrean.ledger.hall_quarantine import HELD, QuarantinedRow
from antrean.texts import texts_for
from antrean.texts.formats import clock, day_short
from queue_server.pages.context import House

SHOWN = 50


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An event that waits for a person: when it came, from which device, what it seems to be, and why it is held."""

    number: int
    at: str
    device: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class HeldView:
    """One such event in full; `settled` says by whom and when it was closed, "" while it is held."""

    row: HeldRow
    code: str
    seq: int
    cure: str
    raw: str
    settled: str
    note: str


def held_rows(house: House, lang: str) -> tuple[HeldRow, ...]:
    """What waits for a person, newest first."""
    names = {device.device_id: device.name for device in house.devices()}
    waiting = [row for row in house.quarantine() if row.status == HELD]
    return tuple(_row(house, row, names, lang) for row in reversed(waiting[-SHOWN:]))


def held_view(house: House, number: int, lang: str) -> HeldView:
    """One event; raises RuleViolation `unknown_entry`."""
    t = texts_for(lang)
    row = next((one for one in house.quarantine() if one.id == number), None)
    if row is None:
        raise RuleViolation("unknown_entry", entry=number)
    names = {device.device_id: device.name for device in house.devices()}
    settled = ""
    if row.status != HELD and row.settled_ms is not None:
        said = {"who": row.settled_by or "", "when": when(house, row.settled_ms, lang)}
        settled = t(f"admin.held_{row.status}", **said)
    return HeldView(
        _row(house, row, names, lang),
        row.code,
        row.seq,
        _known(row.code, "cure", lang),
        json.dumps(_parsed(row.raw), ensure_ascii=False, indent=2),
        settled,
        row.note,
    )


def still_refused(error: RuleViolation, lang: str) -> str:
    """Why trying again did not help, in plain words; "" for another refusal."""
    if error.code != "still_refused":
        return ""
    return texts_for(lang)("admin.held_again", why=_known(str(error.params["why"]), "why", lang))


def _row(house: House, row: QuarantinedRow, names: dict[str, str], lang: str) -> HeldRow:
    device = names.get(row.device_id, row.device_id)
    why = _known(row.code, "why", lang)
    return HeldRow(row.id, when(house, row.received_ms, lang), device, _what(_parsed(row.raw), lang), why)


def _what(raw: Any, lang: str) -> str:
    """The ticket's label, the event's kind, or that nobody can tell."""
    body = raw.get("body") if isinstance(raw, dict) else None
    if isinstance(body, dict):
        try:
            label = str(Label(body["series"], body["issuer"], body["number"]))
            return f"{label} · {body.get('service', '')}"
        except (RuleViolation, KeyError, TypeError, ValueError):
            pass
    kind = raw.get("type") if isinstance(raw, dict) else None
    return kind[:60] if isinstance(kind, str) else texts_for(lang)("admin.held_unreadable")


def _parsed(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _known(code: str, kind: str, lang: str) -> str:
    t = texts_for(lang)
    try:
        return t(f"admin.{kind}_{code}")
    except KeyError:
        return t(f"admin.{kind}_other")


def when(house: House, ms: int, lang: str) -> str:
    """The clock today, with the date before today."""
    zone = house.mall().timezone
    today = day_short(ms, zone, lang) == day_short(house.now_ms(), zone, lang)
    return clock(ms, zone, lang) if today else f"{day_short(ms, zone, lang)}, {clock(ms, zone, lang)}"
