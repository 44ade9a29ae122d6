"""Which character a log's tickets carry: a device's second log (restored or cloned disk) gets another one.

Two copies of one disk would count on under one character. The first log keeps the device's own; any later log of the
device gets the next character nobody ever used, so both go on and nothing they print collides.
"""

from __future__ import annotations

from antrean.ledger import hall_issuers
from antrean.ledger.hall_devices import Device
from queue_server.live import Turn


def issuer_of_log(turn: Turn, device: Device, log_id: str) -> str | None:
    """The issuer character of one log, given once and kept; None for devices that issue nothing."""
    if device.issuer is None:
        return None
    given = hall_issuers.of_logs(turn.tx, device.device_id)
    if log_id not in given:
        given[log_id] = hall_issuers.unused(turn.tx) if given else device.issuer
        hall_issuers.give(turn.tx, device.device_id, log_id, given[log_id])
    return given[log_id]
