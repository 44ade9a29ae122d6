"""Accounts: first link, password, waits, sessions and their CSRF token."""

import itertools

import pytest
from argon2 import PasswordHasher

from antrean.domain.errors import RuleViolation
from queue_server.auth.accounts import Accounts
from queue_server.auth.callers import COOKIE
from queue_server.auth.lockout import Lockout
from queue_server.auth.secrets import CODE_LETTERS, Passwords, new_code, plain_code
from tests.server.house_of_tests import House

GOOD = "kata sandi panjang"


@pytest.fixture
def accounts(house: House) -> Accounts:
    parts = house.running.parts
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return Accounts(parts.ledger, parts.live.now_ms, house.world.random_bytes, quick, Lockout())


def make_user(accounts: Accounts, name: str = "sari", role: str = "officer") -> None:
    accounts.set_first_password(accounts.add_user(name, "Sari", [role], None, "test"), GOOD)


def test_the_first_start_offers_one_link_until_there_is_an_administrator(accounts: Accounts) -> None:
    token = accounts.first_link()
    assert token is not None
    with pytest.raises(RuleViolation, match="password_short"):
        accounts.set_first_password(token, "short")
    assert accounts.set_first_password(token, GOOD).user.name == "admin"
    assert accounts.first_link() is None
    with pytest.raises(RuleViolation, match="link_used"):
        accounts.set_first_password(token, GOOD)


def test_five_wrong_passwords_make_the_account_and_the_address_wait_longer_each_time(
    house: House, accounts: Accounts
) -> None:
    make_user(accounts)
    codes = []
    for _ in range(5):
        with pytest.raises(RuleViolation) as refused:
            accounts.sign_in("sari", "wrong", "10.0.0.5")
        codes.append(refused.value.code)
    assert codes == ["wrong_password"] * 4 + ["locked_out"]
    with pytest.raises(RuleViolation, match="locked_out"):
        accounts.sign_in("sari", GOOD, "10.0.0.6")
    with pytest.raises(RuleViolation, match="locked_out"):
        accounts.sign_in("nobody", "x", "10.0.0.5")
    house.world.now_ms += 31_000
    assert accounts.sign_in("SARI ", GOOD, "10.0.0.6").user.shown_name == "Sari"


def test_waits_double_up_to_half_an_hour() -> None:
    lockout = Lockout()
    waits = []
    now = 0
    for _ in range(14):
        until = lockout.failed(now, "name:x")
        waits.append(0 if until is None else (until - now) // 1000)
        now = until or now
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]


def test_a_session_needs_its_own_token_to_change_anything(house: House, accounts: Accounts) -> None:
    make_user(accounts)
    signed = accounts.sign_in("sari", GOOD, "10.0.0.5")
    house.client.cookies.set(COOKIE, signed.secret)
    keys = (f"session-key-{n}" for n in itertools.count())

    def command(name: str, csrf: str | None, counter: str = "2") -> int:
        headers = {"Idempotency-Key": next(keys)} | ({"X-CSRF-Token": csrf} if csrf else {})
        body = {"command": name, "counter": counter}
        return house.client.post("/v1/commands", json=body, headers=headers).status_code

    assert command("open_counter", None) == 403
    assert command("open_counter", "another-token") == 403
    assert command("call_next", signed.session.csrf) == 403
    assert command("open_counter", signed.session.csrf) == 200
    assert command("call_next", signed.session.csrf) == 200
    assert command("call_next", signed.session.csrf, counter="1") == 403
    assert house.hall().desk("2").officer == "sari"
    accounts.sign_out(signed.session)
    assert command("call_next", signed.session.csrf) == 401


def test_a_locked_out_account_loses_its_sessions_and_one_administrator_stays(
    house: House, accounts: Accounts
) -> None:
    make_user(accounts)
    make_user(accounts, "rini", "administrator")
    signed = accounts.sign_in("sari", GOOD, "10.0.0.5")
    accounts.set_disabled("sari", True, "rini")
    house.client.cookies.set(COOKIE, signed.secret)
    assert house.client.get("/v1/state?topics=console:1").status_code == 401
    with pytest.raises(RuleViolation, match="wrong_password"):
        accounts.sign_in("sari", GOOD, "10.0.0.5")
    with pytest.raises(RuleViolation, match="last_administrator"):
        accounts.set_disabled("rini", True, "rini")
    with pytest.raises(RuleViolation, match="unknown_role"):
        accounts.set_roles("sari", ["king"], "rini")


def test_pairing_codes_have_no_letters_that_look_alike() -> None:
    counter = itertools.count()
    code = new_code(lambda count: bytes(next(counter) % 256 for _ in range(count)))
    assert len(code) == 9
    assert set(code) <= {*CODE_LETTERS, "-"}
    assert not set("0O1IL2Z5S8B") & set(CODE_LETTERS)
    assert plain_code(code.lower().replace("-", " ")) == code
