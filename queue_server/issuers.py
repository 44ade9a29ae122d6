"""Which character a log's tickets carry: a device's second log (restored or cloned disk) gets another one.

Two copies of one disk would count on under one character. The first log keeps the device's own; any later log of the
device gets the next character nobody ever used, so both go on and nothing they print collides.
"""

from __future__ import annotations

import json

from antrean.domain.errors import RuleViolation
from antrean.domain.label import ISSUERS
from antrean.ledger import hall_devices, hall_log, hall_meta
from antrean.ledger.hall_devices import Device
from queue_server.live import Turn


def issuer_of_log(turn: Turn, device: Device, log_id: str) -> str | None:
    """The issuer character of one log, given once and kept; None for devices that issue nothing."""
    if device.issuer is None:
        return None
    name = f"issuers.{device.device_id}"
    given: dict[str, str] = json.loads(hall_meta.setting(turn.tx, name) or "{}")
    if log_id in given:
        return given[log_id]
    issuer = _unused(turn) if given else device.issuer
    hall_meta.set_setting(turn.tx, name, json.dumps({**given, log_id: issuer}))
    return issuer


def _unused(turn: Turn) -> str:
    taken = {other.issuer for other in hall_devices.devices(turn.tx)}
    for other in hall_devices.devices(turn.tx):
        taken |= set(json.loads(hall_meta.setting(turn.tx, f"issuers.{other.device_id}") or "{}").values())
    for issuer in ISSUERS:
        if issuer not in taken and hall_log.highest_generation(turn.tx, issuer) == 0:
            return issuer
    raise RuleViolation("no_issuer_left")
