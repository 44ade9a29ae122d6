"""Signing in and out, first passwords by one-time link, and the waits after wrong guesses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_people import Session, User
from antrean.ledger.writer import Transaction
from queue_server.auth.callers import ROLES
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import (
    MAX_PASSWORD,
    MIN_PASSWORD,
    Passwords,
    RandomBytes,
    fingerprint,
    new_token,
)

SESSION_MS = 12 * 3_600_000
LINK_MS = 24 * 3_600_000
FIRST_PASSWORD = "first-password"
FIRST_ADMINISTRATOR = "admin"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True)
class SignedIn:
    """A new session; `secret` goes into the cookie and is kept nowhere else."""

    secret: str
    session: Session
    user: User


class Accounts:
    """People's accounts. Refusals are RuleViolation; one that makes wait names the end in `until_ms`."""

    def __init__(
        self,
        ledger: HallLedger,
        now_ms: Callable[[], int],
        random_bytes: RandomBytes,
        passwords: Passwords,
        lockout: Lockout,
    ) -> None:
        self._ledger = ledger
        self._now_ms = now_ms
        self._random = random_bytes
        self._passwords = passwords
        self._lockout = lockout

    def sign_in(self, name: str, password: str, address: str, counter: str | None = None) -> SignedIn:
        """Opens a session, or raises RuleViolation `wrong_password` or `locked_out` (param `until_ms`)."""
        name = name.strip().lower()[:64]
        keys = (f"name:{name}", f"address:{address}")
        now = self._now_ms()
        self._refuse_waiting(now, keys)
        with self._ledger.reading() as r:
            user = hall_people.user(r, name)
        able = user if user and not user.disabled else None
        if not self._passwords.matches(able.password_hash if able else None, password[:MAX_PASSWORD]):
            self._failed(name, able, keys)
            raise RuleViolation("wrong_password")
        assert able is not None
        self._lockout.succeeded(*keys)
        return self._open(able, counter if counter is not None else able.counter)

    def sign_out(self, session: Session) -> None:
        """Ends a session."""
        self._ledger.writer.run(lambda tx: hall_people.end_session(tx, session.session_hash))

    def take_counter(self, session: Session, counter: str | None) -> None:
        """Notes at which counter the session's officer sits."""
        now = self._now_ms()
        self._ledger.writer.run(lambda tx: hall_people.touch_session(tx, session.session_hash, now, counter))

    def first_user(self, token: str) -> str:
        """Whose first-password link this is, without using it up; raises RuleViolation link_*."""
        with self._ledger.reading() as r:
            return hall_people.peek_link(r, fingerprint(token), purpose=FIRST_PASSWORD, now_ms=self._now_ms())

    def set_first_password(self, token: str, password: str, shown_name: str = "") -> SignedIn:
        """Uses a link up, stores the password (and a shown name, if any), ends older sessions and signs the person in.

        Raises RuleViolation link_unknown, link_used, link_expired, password_short or password_long.
        """
        check_password(password)
        hashed = self._passwords.hash(password)
        now = self._now_ms()

        def job(tx: Transaction) -> str:
            name = hall_people.redeem_link(tx, fingerprint(token), purpose=FIRST_PASSWORD, now_ms=now)
            hall_people.set_password(tx, name, hashed)
            if shown_name.strip():
                hall_people.set_shown_name(tx, name, shown_name.strip()[:80])
            hall_people.end_sessions_of(tx, name)
            hall_people.audit(tx, at_ms=now, actor=name, action="password_set", subject=name)
            return name

        name = self._ledger.writer.run(job)
        with self._ledger.reading() as r:
            user = hall_people.user(r, name)
        assert user is not None
        return self._open(user, user.counter)

    def first_link(self) -> str | None:
        """The token of a new link for the first administrator while none has a password yet; else None."""
        token, now = new_token(self._random), self._now_ms()

        def job(tx: Transaction) -> str | None:
            bosses = [user for user in hall_people.users(tx) if "administrator" in user.roles]
            if any(user.password_hash and not user.disabled for user in bosses):
                return None
            if not bosses:
                add = hall_people.add_user
                add(tx, FIRST_ADMINISTRATOR, shown_name="Administrator", roles=["administrator"], now_ms=now)
            name = bosses[0].name if bosses else FIRST_ADMINISTRATOR
            add_first_link(tx, token, name, now)
            return token

        return self._ledger.writer.run(job)

    def add_user(
        self, name: str, shown_name: str, roles: Sequence[str], counter: str | None, actor: str
    ) -> str:
        """Makes an account without a password and returns the token of its first-password link.

        Raises RuleViolation user_exists, unknown_role or bad_field.
        """
        token, now = new_token(self._random), self._now_ms()
        self._ledger.writer.run(
            lambda tx: add_account(tx, name, shown_name, roles, counter, actor, now, token)
        )
        return token

    def set_roles(self, name: str, roles: Sequence[str], actor: str) -> None:
        """Replaces the roles of an account; raises RuleViolation unknown_user, unknown_role or last_administrator."""
        check_roles(roles)

        def job(tx: Transaction) -> None:
            hall_people.set_roles(tx, name, roles)
            _keep_one_administrator(tx)
            hall_people.audit(
                tx,
                at_ms=self._now_ms(),
                actor=actor,
                action="roles_set",
                subject=name,
                detail={"roles": list(roles)},
            )

        self._ledger.writer.run(job)

    def set_disabled(self, name: str, disabled: bool, actor: str) -> None:
        """Locks an account out, ending its sessions, or lets it in again; raises RuleViolation."""

        def job(tx: Transaction) -> None:
            hall_people.set_disabled(tx, name, disabled)
            _keep_one_administrator(tx)
            if disabled:
                hall_people.end_sessions_of(tx, name)
            action = "user_disabled" if disabled else "user_enabled"
            hall_people.audit(tx, at_ms=self._now_ms(), actor=actor, action=action, subject=name)

        self._ledger.writer.run(job)

    def new_link(self, name: str, actor: str) -> str:
        """The token of a new first-password link; raises RuleViolation unknown_user."""
        token, now = new_token(self._random), self._now_ms()

        def job(tx: Transaction) -> None:
            if hall_people.user(tx, name) is None:
                raise RuleViolation("unknown_user", name=name)
            add_first_link(tx, token, name, now)
            hall_people.audit(tx, at_ms=now, actor=actor, action="link_made", subject=name)

        self._ledger.writer.run(job)
        return token

    def _open(self, user: User, counter: str | None) -> SignedIn:
        secret, now = new_token(self._random), self._now_ms()
        session = Session(
            session_hash=fingerprint(secret),
            user=user.name,
            created_ms=now,
            seen_ms=now,
            expires_ms=now + SESSION_MS,
            counter=counter,
            csrf=new_token(self._random),
        )

        def job(tx: Transaction) -> None:
            hall_people.add_session(tx, session)
            hall_people.sign_in_succeeded(tx, user.name)
            hall_people.audit(tx, at_ms=now, actor=user.name, action="signed_in", subject=user.name)

        self._ledger.writer.run(job)
        return SignedIn(secret, session, user)

    def _refuse_waiting(self, now: int, keys: tuple[str, ...]) -> None:
        until = self._lockout.waits_until(now, *keys)
        if until is not None:
            raise RuleViolation("locked_out", until_ms=until)

    def _failed(self, name: str, user: User | None, keys: tuple[str, ...]) -> None:
        now = self._now_ms()
        until = self._lockout.failed(now, *keys)

        def job(tx: Transaction) -> None:
            if user is not None:
                hall_people.sign_in_failed(tx, name, failed=user.failed + 1, locked_until_ms=until)
            if until is not None:
                hall_people.audit(tx, at_ms=now, actor=name, action="locked_out", subject=name)

        self._ledger.writer.run(job)
        if until is not None:
            raise RuleViolation("locked_out", until_ms=until)


def add_account(
    tx: Transaction,
    name: str,
    shown_name: str,
    roles: Sequence[str],
    counter: str | None,
    actor: str,
    now_ms: int,
    token: str | None,
    password_hash: str | None = None,
) -> None:
    """Stores a new account and, unless `token` is None, its first-password link."""
    check_roles(roles)
    if not NAME.fullmatch(name):
        raise RuleViolation("bad_field", field="name")
    hall_people.add_user(
        tx,
        name,
        shown_name=shown_name.strip()[:80] or name,
        roles=roles,
        now_ms=now_ms,
        counter=counter,
        password_hash=password_hash,
    )
    if token is not None:
        add_first_link(tx, token, name, now_ms)
    detail = {"roles": list(roles)}
    hall_people.audit(tx, at_ms=now_ms, actor=actor, action="user_added", subject=name, detail=detail)


def check_roles(roles: Sequence[str]) -> None:
    """Raises RuleViolation unknown_role (param role), or bad_field when there is none."""
    if not roles:
        raise RuleViolation("bad_field", field="roles")
    for role in roles:
        if role not in ROLES:
            raise RuleViolation("unknown_role", role=role)


def _keep_one_administrator(tx: Transaction) -> None:
    if not any("administrator" in user.roles and not user.disabled for user in hall_people.users(tx)):
        raise RuleViolation("last_administrator")


def add_first_link(tx: Transaction, token: str, name: str, now_ms: int) -> None:
    """Lets `name` choose a password once within a day."""
    hall_people.add_link(
        tx, fingerprint(token), user=name, purpose=FIRST_PASSWORD, now_ms=now_ms, expires_ms=now_ms + LINK_MS
    )


def check_password(password: str) -> None:
    """Raises RuleViolation password_short or password_long (param `n`, the limit)."""
    if len(password) < MIN_PASSWORD:
        raise RuleViolation("password_short", n=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise RuleViolation("password_long", n=MAX_PASSWORD)
