from collections.abc import Callable
from functools import partial

import pytest

from antrean.domain.errors import BadInput, RuleViolation
from antrean.seal.requests import (
    KEY,
    NONCE,
    SIGNATURE,
    TIME,
    WINDOW_MS,
    Asked,
    Signer,
    Verifier,
)

SECRET = "a shared secret of the tests, long enough"
NOW = 1_763_949_600_000
YEAR = 365 * 24 * 3_600_000
CHANGES = Asked("GET", "/v1/changes?cursor=12&limit=500", b"")
SECRETS = {"mpp-contoh": SECRET, "mpp-lain": "another secret, also long enough to be one"}


def verifier(since_ms: int = 0, most_nonces: int = 1000) -> Verifier:
    return Verifier(SECRETS.get, since_ms, most_nonces=most_nonces)


def refusal(check: Callable[[], object]) -> RuleViolation:
    with pytest.raises(RuleViolation) as refused:
        check()
    return refused.value


def nonce(number: int = 0) -> str:
    return f"nonce-{number:012d}"


def test_a_signed_request_names_its_signer() -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce())
    assert verifier().check(CHANGES, headers, NOW) == "mpp-contoh"


@pytest.mark.parametrize(
    "changed",
    [
        Asked("POST", CHANGES.target, b""),
        Asked("GET", "/v1/changes?cursor=13&limit=500", b""),
        Asked("GET", "/v1/changes?limit=500&cursor=12", b""),
        Asked("GET", CHANGES.target, b"{}"),
    ],
)
def test_whatever_is_changed_on_the_way_is_noticed(changed: Asked) -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce())
    assert refusal(lambda: verifier().check(changed, headers, NOW)).code == "bad_signature"


@pytest.mark.parametrize("header, value", [(TIME, str(NOW + 1)), (NONCE, nonce(1)), (KEY, "mpp-lain")])
def test_no_header_can_be_exchanged(header: str, value: str) -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce()) | {header: value}
    assert refusal(lambda: verifier().check(CHANGES, headers, NOW)).code == "bad_signature"


def test_another_secret_is_a_bad_signature_whatever_the_clocks() -> None:
    headers = Signer("mpp-contoh", SECRET + "!").headers(CHANGES, NOW - YEAR, nonce())
    refused = refusal(lambda: verifier().check(CHANGES, headers, NOW))
    assert (refused.code, refused.params) == ("bad_signature", {"signer": "mpp-contoh"})


def test_a_key_nobody_knows_is_named() -> None:
    headers = Signer("mpp-hilang", SECRET).headers(CHANGES, NOW, nonce())
    assert refusal(lambda: verifier().check(CHANGES, headers, NOW)).code == "unknown_key"


@pytest.mark.parametrize(
    "spoil",
    [
        {KEY: ""},
        {KEY: "MPP Contoh"},
        {TIME: "soon"},
        {TIME: "-1"},
        {TIME: "٣٣"},
        {TIME: "9" * 5000},
        {NONCE: "short"},
        {NONCE: "x" * 65},
        {NONCE: "sixteen letters\nwith a line"},
    ],
)
def test_headers_of_another_form_are_as_good_as_none(spoil: dict[str, str]) -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce()) | spoil
    assert refusal(lambda: verifier().check(CHANGES, headers, NOW)).code == "signature_missing"
    assert refusal(lambda: verifier().check(CHANGES, {}, NOW)).code == "signature_missing"


@pytest.mark.parametrize("given", ["", "zz", "ä" * 64])
def test_a_signature_of_nonsense_is_a_bad_one(given: str) -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce()) | {SIGNATURE: given}
    assert refusal(lambda: verifier().check(CHANGES, headers, NOW)).code == "bad_signature"


def test_a_request_is_good_once() -> None:
    checker, headers = verifier(), Signer("mpp-contoh", SECRET).headers(CHANGES, NOW, nonce())
    checker.check(CHANGES, headers, NOW)
    for later_ms in (0, 1, WINDOW_MS):
        assert refusal(partial(checker.check, CHANGES, headers, NOW + later_ms)).code == "replayed_request"
    assert refusal(lambda: checker.check(CHANGES, headers, NOW + WINDOW_MS + 1)).code == "stale_signature"


def test_a_nonce_of_one_mall_does_not_disturb_another() -> None:
    checker = verifier()
    for key, secret in SECRETS.items():
        checker.check(CHANGES, Signer(key, secret).headers(CHANGES, NOW, nonce()), NOW)


@pytest.mark.parametrize("wrong_by", [-20 * YEAR, -WINDOW_MS - 1, WINDOW_MS + 1, 20 * YEAR])
def test_a_clock_that_is_far_off_is_told_the_time_and_then_signs_by_it(wrong_by: int) -> None:
    checker, signer, own = verifier(), Signer("mpp-contoh", SECRET), NOW + wrong_by
    refused = refusal(lambda: checker.check(CHANGES, signer.headers(CHANGES, own, nonce(1)), NOW))
    assert (refused.code, refused.params) == ("stale_signature", {"server_ms": NOW})
    signer.learn(NOW, own)
    assert checker.check(CHANGES, signer.headers(CHANGES, own, nonce(2)), NOW) == "mpp-contoh"
    hour = 3_600_000
    later = signer.headers(CHANGES, own + hour, nonce(3))
    assert checker.check(CHANGES, later, NOW + hour) == "mpp-contoh"


def test_after_a_start_nothing_older_is_taken_because_it_may_be_a_replay() -> None:
    headers = Signer("mpp-contoh", SECRET).headers(CHANGES, NOW - 1, nonce())
    assert refusal(lambda: verifier(since_ms=NOW).check(CHANGES, headers, NOW + 5)).code == "stale_signature"


def test_a_checker_whose_clock_was_set_back_still_takes_requests_and_no_replay() -> None:
    checker, signer = verifier(since_ms=NOW), Signer("mpp-contoh", SECRET)
    back = NOW - YEAR
    refused = refusal(lambda: checker.check(CHANGES, signer.headers(CHANGES, back, nonce(1)), back))
    signer.learn(int(str(refused.params["server_ms"])), back)
    headers = signer.headers(CHANGES, back, nonce(2))
    assert checker.check(CHANGES, headers, back) == "mpp-contoh"
    assert refusal(lambda: checker.check(CHANGES, headers, back + 1)).code == "replayed_request"


def test_what_no_longer_fits_into_memory_is_refused_and_the_newest_goes_on() -> None:
    checker, signer = verifier(most_nonces=10), Signer("mpp-contoh", SECRET)
    sent = [signer.headers(CHANGES, NOW + number, nonce(number)) for number in range(50)]
    for headers in sent:
        checker.check(CHANGES, headers, NOW + 50)
    codes = {refusal(partial(checker.check, CHANGES, one, NOW + 50)).code for one in sent}
    assert codes == {"replayed_request", "stale_signature"}
    assert checker.check(CHANGES, signer.headers(CHANGES, NOW + 51, nonce(51)), NOW + 51)


def test_a_secret_anyone_could_guess_is_refused() -> None:
    with pytest.raises(BadInput, match="weak_secret"):
        Signer("mpp-contoh", "rahasia")
    with pytest.raises(BadInput, match="bad_request_key"):
        Signer("MPP Contoh", SECRET)
