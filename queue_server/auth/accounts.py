"""Signing in and out, first passwords by one-time link, and the waits after wrong guesses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_people import Session, User
from antrean.ledger.writer import Transaction
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import MAX_PASSWORD, MIN_PASSWORD, Passwords, RandomBytes, fingerprint, new_token

SESSION_MS = 12 * 3_600_000
LINK_MS = 24 * 3_600_000
FIRST_PASSWORD = "first-password"
FIRST_ADMINISTRATOR = "admin"


@dataclass(frozen=True)
class SignedIn:
    """A new session; `secret` goes into the cookie and is kept nowhere else."""

    secret: str
    session: Session
    user: User


class Accounts:
    """People's accounts. All refusals are RuleViolation with params that name the wait (`until_ms`) where there is one."""

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
            return hall_people.peek_link(
                r, fingerprint(token), purpose=FIRST_PASSWORD, now_ms=self._now_ms()
            )

    def set_first_password(self, token: str, password: str) -> SignedIn:
        """Uses a link up, stores the password, ends older sessions and signs the person in.

        Raises RuleViolation link_unknown, link_used, link_expired, password_short or password_long.
        """
        check_password(password)
        hashed = self._passwords.hash(password)
        now = self._now_ms()

        def job(tx: Transaction) -> str:
            name = hall_people.redeem_link(tx, fingerprint(token), purpose=FIRST_PASSWORD, now_ms=now)
            hall_people.set_password(tx, name, hashed)
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
