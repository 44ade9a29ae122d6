"""Which character a kiosk's log gets for its numbers: each is given once, over copies of disks and restored servers.

Two logs under one character would print the same numbers.
"""

import hashlib
import json

from antrean.domain.errors import RuleViolation
from antrean.domain.label import ISSUERS
from antrean.ledger import hall_meta
from antrean.ledger.writer import Transaction

MARGIN = 4
"""Characters left out after a restore: kiosks that joined after the backup may print with the next ones already."""
_LEFT_OUT = "characters.left_out"


def of_logs(r: Transaction, device_id: str) -> dict[str, str]:
    """The characters of a device's logs, by log."""
    found: dict[str, str] = json.loads(hall_meta.setting(r, f"issuers.{device_id}") or "{}")
    return found


def give(tx: Transaction, device_id: str, log_id: str, issuer: str) -> None:
    """Keep the character of one log."""
    given = {**of_logs(tx, device_id), log_id: issuer}
    hall_meta.set_setting(tx, f"issuers.{device_id}", json.dumps(given))


def unused(r: Transaction) -> str:
    """The next character that no log ever had; raises RuleViolation no_issuer_left."""
    free = _free(r)
    if not free:
        raise RuleViolation("no_issuer_left")
    return free[0]


def leave_out(tx: Transaction) -> None:
    """Give the next few only when there are no others: the life that ends may have given them since the backup."""
    left = dict.fromkeys([*_left_out(tx), *_free(tx)[:MARGIN]])
    hall_meta.set_setting(tx, _LEFT_OUT, json.dumps([*left]))


def _free(r: Transaction) -> list[str]:
    """What may be given, the next one first; what was left out comes last."""
    taken = {row[0] for row in r.execute("SELECT issuer FROM devices UNION SELECT issuer FROM generations")}
    for (given,) in r.execute("SELECT value FROM meta WHERE name LIKE 'setting.issuers.%'"):
        taken |= set(json.loads(given).values())
    left = _left_out(r)
    meta = hall_meta.meta(r)
    order = ISSUERS if meta.term == 1 else sorted(ISSUERS, key=lambda one: _lot(meta.incarnation, one))
    new = [issuer for issuer in order if issuer not in taken and issuer not in left]
    return [*new, *(issuer for issuer in left if issuer not in taken)]


def _lot(incarnation: str, issuer: str) -> str:
    # Lives that forked from one backup shall not give the same characters; only the first begins with 1, 2, 3.
    return hashlib.sha256(f"{incarnation} {issuer}".encode()).hexdigest()


def _left_out(r: Transaction) -> list[str]:
    found: list[str] = json.loads(hall_meta.setting(r, _LEFT_OUT) or "[]")
    return found
