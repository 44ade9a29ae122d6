"""Shares of a quota that kiosks may spend while they cannot ask: together they never exceed the quota.

A share is the total a kiosk may issue of a service today, so hearing it twice changes nothing. A share once given is
never lowered, because a kiosk out of contact may already have spent it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from antrean.domain.hall import EVERY_DEVICE, Hall
from antrean.ledger import hall_meta
from queue_server.live import Turn

Granted = Mapping[str, Mapping[str, int]]


def share(quota: int, kiosk: str, kiosks: int, issued: Mapping[str, int], granted: Mapping[str, int]) -> int:
    """What `kiosk` may issue today in total of a service with `quota`.

    `issued` and `granted` are per issuing device; the server's own tickets count in `issued`. One of several kiosks is
    topped up by half of an even share at a time, so that a quiet one does not lock numbers away; the only kiosk may
    spend everything.
    """
    spoken_for = {
        device: max(issued.get(device, 0), granted.get(device, 0)) for device in {*issued, *granted}
    }
    free = max(0, quota - sum(spoken_for.values()))
    mine = spoken_for.get(kiosk, 0)
    step = quota if kiosks <= 1 else max(1, quota // (2 * kiosks))
    wanted = issued.get(kiosk, 0) + step
    return max(mine, min(wanted, mine + free))


def shares_for(hall: Hall, kiosk: str, kiosks: int, granted: Granted) -> dict[str, int]:
    """The shares of one kiosk for every service that has a quota."""
    issued = issued_by_service(hall)
    return {
        service.code: share(
            service.quota, kiosk, kiosks, issued.get(service.code, {}), granted.get(service.code, {})
        )
        for service in hall.mall.services.values()
        if service.quota is not None
    }


def issued_by_service(hall: Hall) -> dict[str, dict[str, int]]:
    """Today's tickets per service and issuing device."""
    table: dict[str, dict[str, int]] = {}
    for (service, device), count in hall.issued.items():
        if device == EVERY_DEVICE:
            continue
        table.setdefault(service, {})[device] = count
    return table


def grant(turn: Turn, kiosk: str, kiosks: int) -> dict[str, int]:
    """Gives a kiosk its shares and remembers them before it hears of them."""
    name, day = "shares", turn.truth.hall.day
    kept = json.loads(hall_meta.setting(turn.tx, name) or "{}")
    granted: dict[str, dict[str, int]] = kept.get("granted", {}) if kept.get("day") == day else {}
    given = shares_for(turn.truth.hall, kiosk, kiosks, granted)
    changed = {code: count for code, count in given.items() if granted.get(code, {}).get(kiosk) != count}
    if changed or kept.get("day") != day:
        for code, count in changed.items():
            granted.setdefault(code, {})[kiosk] = count
        hall_meta.set_setting(turn.tx, name, json.dumps({"day": day, "granted": granted}))
    return given


def kiosks_among(kinds: Iterable[tuple[str, bool]]) -> int:
    """How many kiosks share, given (kind, withdrawn) of every device."""
    return sum(1 for kind, withdrawn in kinds if kind == "kiosk" and not withdrawn)
