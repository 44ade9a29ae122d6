"""`user`, `device`, `token`: who is let in."""

from __future__ import annotations

from argparse import Namespace

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_devices, hall_meta, hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_people import ApiToken
from queue_server.admin.tools import ACTOR, Desk, mall_in, warn
from queue_server.auth.accounts import add_account, check_password
from queue_server.auth.enrolment import add_code
from queue_server.auth.secrets import Passwords, fingerprint, new_code, new_token


def user_add(desk: Desk, options: Namespace) -> None:
    """Makes an account; prints a one-time link for its first password unless one comes on standard input."""
    hashed, token = None, None
    if options.password_stdin:
        password = desk.read_secret()
        check_password(password)
        hashed = Passwords().hash(password)
    else:
        token = new_token(desk.random_bytes)
    with desk.writing() as ledger:
        _check_counter(ledger, options.counter)
        ledger.writer.run(
            lambda tx: add_account(
                tx,
                options.name.strip().lower(),
                options.shown_name or options.name,
                options.role,
                options.counter,
                ACTOR,
                desk.now_ms(),
                token,
                hashed,
            )
        )
        if token is not None:
            with ledger.reading() as r:
                url = hall_meta.meta(r).public_url or "http://127.0.0.1:8080"
            desk.say(f"{url}/first/{token}")


def user_list(desk: Desk, options: Namespace) -> None:
    """Lists the accounts."""
    with desk.reading() as ledger, ledger.reading() as r:
        for user in hall_people.users(r):
            state = "disabled" if user.disabled else "active" if user.password_hash else "no password yet"
            desk.say(f"{user.name:20} {', '.join(user.roles):28} {user.counter or '-':5} {state}")


def device_add(desk: Desk, options: Namespace) -> None:
    """Prints a pairing code, good once and for 30 minutes."""
    code = new_code(desk.random_bytes)
    with desk.writing() as ledger:
        _check_counter(ledger, options.counter)
        now = desk.now_ms()
        ledger.writer.run(
            lambda tx: add_code(tx, code, options.kind, options.name, options.counter, ACTOR, now)
        )
    desk.say(code)


def device_list(desk: Desk, options: Namespace) -> None:
    """Lists the devices."""
    with desk.reading() as ledger, ledger.reading() as r:
        for device in hall_devices.devices(r):
            state = "withdrawn" if device.withdrawn_ms is not None else "paired"
            desk.say(f"{device.device_id} {device.kind:8} {device.issuer or '-':2} {state:10} {device.name}")


def device_withdraw(desk: Desk, options: Namespace) -> None:
    """Refuses a device from now on; named by id or by its only name."""
    with desk.writing() as ledger:
        with ledger.reading() as r:
            found = [
                device.device_id
                for device in hall_devices.devices(r)
                if options.device in (device.device_id, device.name) and device.withdrawn_ms is None
            ]
        if len(found) != 1:
            raise RuleViolation("unknown_device", device=options.device)
        now = desk.now_ms()
        ledger.writer.run(lambda tx: hall_devices.withdraw_device(tx, found[0], now))
    warn(f"{options.device} is withdrawn")


def token_add(desk: Desk, options: Namespace) -> None:
    """Prints a bearer token for a script, in one role; an officer's token needs a counter."""
    if options.role == "officer" and not options.counter:
        raise RuleViolation("missing_counter")
    token = new_token(desk.random_bytes)
    name = options.name or f"{options.role}-{options.counter or 'script'}"
    row = ApiToken(fingerprint(token), name, options.role, options.counter, desk.now_ms(), None)
    with desk.writing() as ledger:
        _check_counter(ledger, options.counter)
        ledger.writer.run(lambda tx: hall_people.add_token(tx, row))
    desk.say(token)


def _check_counter(ledger: HallLedger, counter: str | None) -> None:
    if counter is not None and counter not in mall_in(ledger).counters:
        raise RuleViolation("unknown_counter", counter=counter)
