"""Who is calling: nobody, a device or a member of staff; and the gate that finds out from a request."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from flask import Request, request

from antrean.ledger import hall_devices, hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_devices import Device
from antrean.ledger.hall_people import Session
from queue_server.auth.secrets import fingerprint
from queue_server.problems import Problem

ROLES = ("officer", "supervisor", "manager", "helper", "administrator")
COOKIE = "antrean_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Enum):
    """Who may use an operation."""

    ANYONE = "anyone"
    DEVICE = "device"
    PARTNER = "partner"
    STAFF = "staff"
    REPORTS = "reports"
    ADMIN = "admin"


ROLES_FOR = {
    Access.STAFF: frozenset(ROLES),
    Access.REPORTS: frozenset({"supervisor", "manager", "administrator"}),
    Access.ADMIN: frozenset({"administrator"}),
}


@dataclass(frozen=True)
class Nobody:
    """A caller without credentials."""


@dataclass(frozen=True)
class Staff:
    """A person in a session (`session` set) or a script with a token (`name` is the token's, `is_script` True)."""

    name: str
    shown_name: str
    roles: frozenset[str]
    counter: str | None
    home_counter: str | None = None
    session: Session | None = None

    @property
    def is_script(self) -> bool:
        """Whether a token, not a person, is calling."""
        return self.session is None


@dataclass(frozen=True)
class Partner:
    """Who signed the request with the secret of `key`: an outside at its mall, a mall at the booking site."""

    key: str


Caller = Nobody | Staff | Device | Partner


class Door(Protocol):
    """Whoever decides who may use an operation."""

    def admit(self, access: Access) -> Caller:
        """The caller of the current request; raises Problem 401 or 403 when `access` does not let them in."""


class Gate:
    """Finds the caller of the current request; raises Problem 401 or 403 when the operation is not for them.

    `signed` admits whoever signed a request; None where nobody may.
    """

    def __init__(
        self,
        ledger: HallLedger,
        now_ms: Callable[[], int],
        signed: Callable[[], Partner] | None = None,
    ) -> None:
        self._ledger = ledger
        self._now_ms = now_ms
        self._signed = signed

    def admit(self, access: Access) -> Caller:
        """The caller, if `access` lets them in."""
        if access is Access.PARTNER:
            if self._signed is None:
                raise Problem(401, "signature_missing")
            return self._signed()
        caller = self.caller()
        if access is Access.ANYONE:
            return caller
        if isinstance(caller, Staff) and caller.session and request.method not in SAFE_METHODS:
            check_csrf(caller.session)
        if isinstance(caller, Nobody):
            raise Problem(401, "sign_in_needed")
        if access is Access.DEVICE:
            if not isinstance(caller, Device):
                raise Problem(403, "not_allowed")
            return caller
        if not isinstance(caller, Staff) or not caller.roles & ROLES_FOR[access]:
            raise Problem(403, "not_allowed")
        return caller

    def caller(self) -> Caller:
        """Who sends this request; a wrong bearer token is refused, an outdated cookie is nobody."""
        given = request.headers.get("Authorization")
        if given is not None:
            return self._bearer(given)
        return self.staff_of_cookie(request) or Nobody()

    def staff_of_cookie(self, asked: Request) -> Staff | None:
        """The person signed in by this request's cookie, or None."""
        secret = asked.cookies.get(COOKIE)
        if not secret or len(secret) > 200:
            return None
        with self._ledger.reading() as r:
            session = hall_people.session(r, fingerprint(secret))
            user = hall_people.user(r, session.user) if session else None
        if session is None or user is None or user.disabled or session.expires_ms <= self._now_ms():
            return None
        return Staff(
            name=user.name,
            shown_name=user.shown_name,
            roles=frozenset(user.roles),
            counter=session.counter,
            home_counter=user.counter,
            session=session,
        )

    def _bearer(self, given: str) -> Caller:
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(secret) <= 200:
            raise Problem(401, "unknown_token")
        own = fingerprint(secret.strip())
        with self._ledger.reading() as r:
            device = hall_devices.device_of_token(r, own)
            token = hall_people.token(r, own) if device is None else None
        if device is not None:
            if device.withdrawn_ms is not None:
                raise Problem(403, "device_withdrawn", name=device.name)
            return device
        if token is None or token.withdrawn_ms is not None:
            raise Problem(401, "unknown_token")
        return Staff(token.name, token.name, frozenset({token.role}), token.counter)


def check_csrf(session: Session) -> None:
    """Refuses a request that does not show the session's own token (header `X-CSRF-Token` or form field `csrf`)."""
    shown = request.headers.get("X-CSRF-Token") or ""
    if not shown and request.mimetype == "application/x-www-form-urlencoded":
        shown = request.form.get("csrf", "")
    if not hmac.compare_digest(shown.encode(), session.csrf.encode()):
        raise Problem(403, "csrf")
