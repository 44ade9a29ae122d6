"""People who sign in, their sessions, access tokens, one-time links, and the record of what was done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.ledger.driver import Row
from antrean.ledger.writer import Transaction

_USER = "name, shown_name, roles, password_hash, counter, failed, locked_until_ms, disabled"
_SESSION = "session_hash, user, created_ms, seen_ms, expires_ms, counter, csrf"
_TOKEN = "token_hash, name, role, counter, created_ms, withdrawn_ms"


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in; `password_hash` is None until they chose one."""

    name: str
    shown_name: str
    roles: tuple[str, ...]
    password_hash: str | None
    counter: str | None
    failed: int
    locked_until_ms: int | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; `counter` is where the officer sits."""

    session_hash: str
    user: str
    created_ms: int
    seen_ms: int
    expires_ms: int
    counter: str | None
    csrf: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's access, in one role, perhaps at one counter."""

    token_hash: str
    name: str
    role: str
    counter: str | None
    created_ms: int
    withdrawn_ms: int | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what to what, when."""

    at_ms: int
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


def add_user(
    tx: Transaction,
    name: str,
    *,
    shown_name: str,
    roles: Sequence[str],
    now_ms: int,
    password_hash: str | None = None,
    counter: str | None = None,
) -> User:
    """Let a person in; raises RuleViolation user_exists."""
    if user(tx, name) is not None:
        raise RuleViolation("user_exists", name=name)
    tx.execute(
        "INSERT INTO users (name, shown_name, roles, password_hash, counter, created_ms) VALUES (?, ?, ?, "
        "?, ?, ?)",
        (name, shown_name, " ".join(roles), password_hash, counter, now_ms),
    )
    return User(name, shown_name, tuple(roles), password_hash, counter, 0, None, False)


def user(r: Transaction, name: str) -> User | None:
    """A person by sign-in name."""
    row = r.execute(f"SELECT {_USER} FROM users WHERE name = ?", (name,)).fetchone()
    return None if row is None else _user(row)


def users(r: Transaction) -> list[User]:
    """Everybody, by name."""
    return [_user(row) for row in r.execute(f"SELECT {_USER} FROM users ORDER BY name")]


def set_password(tx: Transaction, name: str, password_hash: str) -> None:
    """Store the hash of a new password and unlock the person."""
    _change(tx, name, "password_hash = ?, failed = 0, locked_until_ms = NULL", password_hash)


def set_shown_name(tx: Transaction, name: str, shown_name: str) -> None:
    """Change how a person is called on screens."""
    _change(tx, name, "shown_name = ?", shown_name)


def set_roles(tx: Transaction, name: str, roles: Sequence[str]) -> None:
    """Replace a person's roles."""
    _change(tx, name, "roles = ?", " ".join(roles))


def set_disabled(tx: Transaction, name: str, disabled: bool) -> None:
    """Shut a person out, or let them in again."""
    _change(tx, name, "disabled = ?", int(disabled))


def sign_in_failed(tx: Transaction, name: str, *, failed: int, locked_until_ms: int | None) -> None:
    """Count a wrong password."""
    _change(tx, name, "failed = ?, locked_until_ms = ?", failed, locked_until_ms)


def sign_in_succeeded(tx: Transaction, name: str) -> None:
    """Forget wrong passwords."""
    _change(tx, name, "failed = 0, locked_until_ms = NULL")


def add_session(tx: Transaction, session: Session) -> None:
    """Keep a signed-in session."""
    tx.execute(f"INSERT INTO sessions ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(session))


def session(r: Transaction, session_hash: str) -> Session | None:
    """A session by the hash of its secret, expired ones too."""
    row = r.execute(f"SELECT {_SESSION} FROM sessions WHERE session_hash = ?", (session_hash,)).fetchone()
    return None if row is None else Session(*row)


def touch_session(tx: Transaction, session_hash: str, seen_ms: int, counter: str | None) -> None:
    """Note when a session was last used and at which counter."""
    tx.execute(
        "UPDATE sessions SET seen_ms = ?, counter = ? WHERE session_hash = ?",
        (seen_ms, counter, session_hash),
    )


def end_session(tx: Transaction, session_hash: str) -> None:
    """Sign one session out."""
    tx.execute("DELETE FROM sessions WHERE session_hash = ?", (session_hash,))


def end_sessions_of(tx: Transaction, name: str) -> None:
    """Sign a person out everywhere."""
    tx.execute("DELETE FROM sessions WHERE user = ?", (name,))


def forget_sessions(tx: Transaction, before_ms: int) -> int:
    """Drop sessions that expired before `before_ms`; returns how many."""
    return tx.execute("DELETE FROM sessions WHERE expires_ms < ?", (before_ms,)).rowcount


def add_token(tx: Transaction, token: ApiToken) -> None:
    """Let a program in."""
    tx.execute(f"INSERT INTO api_tokens ({_TOKEN}) VALUES (?, ?, ?, ?, ?, ?)", astuple(token))


def token(r: Transaction, token_hash: str) -> ApiToken | None:
    """A token by its hash, withdrawn ones too."""
    row = r.execute(f"SELECT {_TOKEN} FROM api_tokens WHERE token_hash = ?", (token_hash,)).fetchone()
    return None if row is None else ApiToken(*row)


def tokens(r: Transaction) -> list[ApiToken]:
    """Every token, oldest first."""
    return [ApiToken(*row) for row in r.execute(f"SELECT {_TOKEN} FROM api_tokens ORDER BY created_ms, name")]


def add_link(
    tx: Transaction, link_hash: str, *, user: str, purpose: str, now_ms: int, expires_ms: int
) -> None:
    """Make a link that works once."""
    tx.execute(
        "INSERT INTO one_time_links (link_hash, user, purpose, created_ms, expires_ms) VALUES (?, ?, ?, "
        "?, ?)",
        (link_hash, user, purpose, now_ms, expires_ms),
    )


def peek_link(r: Transaction, link_hash: str, *, purpose: str, now_ms: int) -> str:
    """Whose link it is, without using it; raises RuleViolation link_unknown, link_used or link_expired."""
    row = r.execute(
        "SELECT user, expires_ms, used_ms FROM one_time_links WHERE link_hash = ? AND purpose = ?",
        (link_hash, purpose),
    ).fetchone()
    if row is None:
        raise RuleViolation("link_unknown")
    name, expires_ms, used_ms = row
    if used_ms is not None:
        raise RuleViolation("link_used")
    if now_ms > expires_ms:
        raise RuleViolation("link_expired")
    return str(name)


def redeem_link(tx: Transaction, link_hash: str, *, purpose: str, now_ms: int) -> str:
    """Use a link up and return whose it is; raises as `peek_link`."""
    name = peek_link(tx, link_hash, purpose=purpose, now_ms=now_ms)
    tx.execute("UPDATE one_time_links SET used_ms = ? WHERE link_hash = ?", (now_ms, link_hash))
    return name


def audit(
    tx: Transaction,
    *,
    at_ms: int,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record who did what."""
    tx.execute(
        "INSERT INTO audit (at_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
        (at_ms, actor, action, subject, json.dumps(detail or {}, ensure_ascii=False, sort_keys=True)),
    )


def audit_trail(r: Transaction, limit: int = 200) -> list[AuditRow]:
    """The newest records first."""
    rows = r.execute(
        "SELECT at_ms, actor, action, subject, detail FROM audit ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [AuditRow(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows]


def _user(row: Row) -> User:
    return User(row[0], row[1], tuple(row[2].split()), row[3], row[4], row[5], row[6], bool(row[7]))


def _change(tx: Transaction, name: str, assignments: str, *values: object) -> None:
    if tx.execute(f"UPDATE users SET {assignments} WHERE name = ?", (*values, name)).rowcount == 0:
        raise RuleViolation("unknown_user", name=name)
