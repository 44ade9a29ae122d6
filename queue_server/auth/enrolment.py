"""Lets devices in: a one-time pairing code becomes a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_devices, hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_devices import Device
from antrean.ledger.writer import Transaction
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import RandomBytes, fingerprint, new_code, new_token, plain_code

CODE_MS = 30 * 60_000
KINDS = ("kiosk", "display")


@dataclass(frozen=True)
class Enrolled:
    """A device that is in; `token` is told once."""

    device: Device
    token: str


class Enrolment:
    """Makes and redeems pairing codes; after five wrong codes an address has to wait, each time longer."""

    def __init__(
        self,
        ledger: HallLedger,
        now_ms: Callable[[], int],
        random_bytes: RandomBytes,
        new_id: Callable[[], str],
        lockout: Lockout,
    ) -> None:
        self._ledger = ledger
        self._now_ms = now_ms
        self._random = random_bytes
        self._new_id = new_id
        self._lockout = lockout

    def make_code(self, kind: str, name: str, actor: str, counter: str | None = None) -> str:
        """A new pairing code, good for 30 minutes; raises RuleViolation bad_field for an unknown kind or no name."""
        code, now = new_code(self._random), self._now_ms()
        self._ledger.writer.run(lambda tx: add_code(tx, code, kind, name, counter, actor, now))
        return code

    def pair(self, typed: str, address: str) -> Enrolled:
        """Enrols the device that shows a code; raises RuleViolation pairing_* or `locked_out` (param `until_ms`)."""
        key, now = f"pairing:{address}", self._now_ms()
        until = self._lockout.waits_until(now, key)
        if until is not None:
            raise RuleViolation("locked_out", until_ms=until)
        token, device_id = new_token(self._random), self._new_id()

        def job(tx: Transaction) -> Device:
            device = hall_devices.redeem_pairing_code(
                tx,
                fingerprint(plain_code(typed)),
                device_id=device_id,
                token_hash=fingerprint(token),
                now_ms=now,
            )
            hall_people.audit(tx, at_ms=now, actor=address, action="device_paired", subject=device.name)
            return device

        try:
            device = self._ledger.writer.run(job)
        except RuleViolation as error:
            if error.code == "pairing_unknown":
                self._lockout.failed(now, key)
            raise
        self._lockout.succeeded(key)
        return Enrolled(device, token)

    def withdraw(self, device_id: str, actor: str) -> None:
        """Refuses a device from now on; raises RuleViolation unknown_device."""
        now = self._now_ms()

        def job(tx: Transaction) -> None:
            hall_devices.withdraw_device(tx, device_id, now)
            hall_people.audit(tx, at_ms=now, actor=actor, action="device_withdrawn", subject=device_id)

        self._ledger.writer.run(job)


def add_code(
    tx: Transaction, code: str, kind: str, name: str, counter: str | None, actor: str, now_ms: int
) -> None:
    """Stores a pairing code's hash with what it is for."""
    if kind not in KINDS:
        raise RuleViolation("bad_field", field="kind")
    if not 0 < len(name.strip()) <= 80:
        raise RuleViolation("bad_field", field="name")
    hall_devices.add_pairing_code(
        tx,
        fingerprint(code),
        kind=kind,
        name=name.strip(),
        counter=counter,
        now_ms=now_ms,
        expires_ms=now_ms + CODE_MS,
    )
    hall_people.audit(tx, at_ms=now_ms, actor=actor, action="device_code_made", subject=name.strip())
