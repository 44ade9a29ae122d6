"""Shares of a quota that kiosks may spend while they cannot ask: together with staff's tickets never above the quota.

A share is the total a kiosk may issue of a service today, so hearing it twice changes nothing. A share once given is
never lowered, because a kiosk out of contact may already have spent it. The *base share* is what a kiosk may issue on
a day on which it has not heard from the server yet: from the start of a day it counts as spoken for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from antrean.domain.errors import RuleViolation
from antrean.domain.hall import EVERY_DEVICE, Hall
from antrean.ledger import hall_devices, hall_meta
from queue_server.live import Turn

Table = Mapping[str, Mapping[str, int]]
"""A number per service and device."""


@dataclass(frozen=True)
class Escrow:
    """What kiosks hold: `granted` today, `base` from the start of `day`, `told` (base shares for the next days)."""

    day: str
    granted: Table = field(default_factory=dict)
    base: Table = field(default_factory=dict)
    told: Table = field(default_factory=dict)


def base_share(quota: int, kiosks: int) -> int:
    """What each kiosk may issue on a day without contact: half an even share, an only kiosk everything."""
    return quota if kiosks <= 1 else quota // (2 * kiosks)


def spoken_for(
    issued: Mapping[str, int], granted: Mapping[str, int], base: Mapping[str, int]
) -> dict[str, int]:
    """What each device has issued or may already have issued out of contact."""
    return {
        device: max(issued.get(device, 0), granted.get(device, 0), base.get(device, 0))
        for device in {*issued, *granted, *base}
    }


def share(quota: int, kiosk: str, kiosks: int, issued: Mapping[str, int], spoken: Mapping[str, int]) -> int:
    """What `kiosk` may issue today in total of a service with `quota`.

    `issued` and `spoken` (see `spoken_for`) are per device; the server's own tickets count in both. One of several
    kiosks is topped up by half of an even share at a time, so that a quiet one does not lock numbers away; the only
    kiosk may spend everything.
    """
    free = max(0, quota - sum(spoken.values()))
    mine = spoken.get(kiosk, 0)
    wanted = issued.get(kiosk, 0) + max(1, base_share(quota, kiosks))
    return max(mine, min(wanted, mine + free))


def issued_by_service(hall: Hall) -> dict[str, dict[str, int]]:
    """Today's tickets per service and issuing device."""
    table: dict[str, dict[str, int]] = {}
    for (service, device), count in hall.issued.items():
        if device == EVERY_DEVICE:
            continue
        table.setdefault(service, {})[device] = count
    return table


def grant(turn: Turn, kiosk: str) -> dict[str, dict[str, int]]:
    """What an answer tells a kiosk of its `shares`, `base_shares` and `issued`, remembered before it hears of them."""
    hall, before = turn.truth.hall, escrow(turn)
    kiosks = len(_kiosks(turn))
    issued = issued_by_service(hall)
    quotas = {one.code: one.quota for one in hall.mall.services.values() if one.quota is not None}
    shares = {
        code: share(quota, kiosk, kiosks, issued.get(code, {}), _spoken(before, issued, code))
        for code, quota in quotas.items()
    }
    told = {code: base_share(quota, kiosks) for code, quota in quotas.items()}
    after = Escrow(
        before.day, _with(before.granted, kiosk, shares), before.base, _with(before.told, kiosk, told)
    )
    if after != before:
        _keep(turn, after)
    mine = {code: issued.get(code, {}).get(kiosk, 0) for code in quotas}
    return {"shares": shares, "base_shares": told, "issued": mine}


def check_free(turn: Turn, service: str) -> None:
    """Raises RuleViolation `quota_at_kiosks` when no number is left beside those issued and those kiosks hold."""
    quota = turn.truth.hall.mall.services[service].quota
    if quota is None:
        return
    if sum(_spoken(escrow(turn), issued_by_service(turn.truth.hall), service).values()) >= quota:
        raise RuleViolation("quota_at_kiosks", service=service, quota=quota)


def escrow(turn: Turn) -> Escrow:
    """What kiosks hold today; on a new day, what they were told they may issue without contact."""
    kept = json.loads(hall_meta.setting(turn.tx, "shares") or "{}")
    day = turn.truth.hall.day
    if kept.get("day") == day:
        return Escrow(**kept)
    told: Table = kept.get("told", {})
    active = _kiosks(turn)
    base = {code: {one: n for one, n in row.items() if one in active} for code, row in told.items()}
    fresh = Escrow(day, {}, base, base)
    _keep(turn, fresh)
    return fresh


def _spoken(held: Escrow, issued: Table, service: str) -> dict[str, int]:
    return spoken_for(issued.get(service, {}), held.granted.get(service, {}), held.base.get(service, {}))


def _with(table: Table, kiosk: str, numbers: Mapping[str, int]) -> Table:
    return {**table, **{code: {**table.get(code, {}), kiosk: number} for code, number in numbers.items()}}


def _keep(turn: Turn, held: Escrow) -> None:
    hall_meta.set_setting(turn.tx, "shares", json.dumps(vars(held)))


def _kiosks(turn: Turn) -> frozenset[str]:
    """The active kiosks."""
    known = hall_devices.devices(turn.tx)
    return frozenset(one.device_id for one in known if one.kind == "kiosk" and one.withdrawn_ms is None)
