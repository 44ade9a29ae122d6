"""The small things of bookings: codes that survive typing, a life of few words, signed QR codes, the mall's file."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.booking import BOOKING_TRANSITIONS, Booking, BookingStatus, Said, booking_after, status_of
from antrean.domain.booking_claim import (
    BOOKING_TOKEN_LENGTH,
    BookingClaim,
    BookingKey,
    is_booking_token,
    pack_booking,
    split_booking_token,
    unpack_booking,
)
from antrean.domain.booking_code import (
    ALPHABET,
    LENGTH,
    RANDOM_BYTES,
    is_code,
    is_own_code,
    new_code,
    normal_code,
    shown_code,
)
from antrean.domain.catalogue import BookingRule, Policy
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.claim import EPOCH_MS, is_token
from antrean.domain.errors import BadCatalogue, BadInput, IllegalTransition, RuleViolation
from antrean.seal.bookings import BookingSigner, prove_booking
from tests.domain.malls import mall_data

SIGNER, OTHER = BookingSigner(bytes(32)), BookingSigner(bytes([1]) * 32)
KEYS = (BookingKey("kota", "mpp-a", OTHER.public), BookingKey("situs", "mpp-a", SIGNER.public))
SERVICES = ("ktp-baru", "kk")
CODES = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(new_code)


# --- codes


@given(CODES)
def test_a_new_code_is_one_of_ours_and_reads_back_as_it_is_shown(code: str) -> None:
    assert len(code) == LENGTH
    assert is_own_code(code)
    assert is_code(code)
    assert normal_code(f"  {shown_code(code).lower()} ") == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_letter_is_seen(code: str, at: int, letter: str) -> None:
    wrong = code[:at] + letter + code[at + 1 :]
    assert is_own_code(wrong) == (wrong == code)


@given(CODES, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_seen(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_own_code(swapped) == (swapped == code)


def test_a_code_needs_enough_chance() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        new_code(bytes(RANDOM_BYTES - 1))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("AB12", True),
        ("A" * 24, True),
        ("O0I1", True),
        ("ABC", False),
        ("A" * 25, False),
        ("ÀBCD", False),
        ("AB_CD", False),
    ],
)
def test_a_portal_may_use_codes_of_its_own(text: str, fits: bool) -> None:
    assert is_code(text) is fits


def test_nothing_is_guessed_of_a_code_and_any_dash_is_forgiven() -> None:
    assert normal_code("ab\u2013c0\u00a0o1") == "ABC0O1"
    assert not is_own_code("OOOOOOOO")
    assert shown_code("ABCDEFGHJ") == "ABCD-EFGH-J"


# --- the life of a booking


def test_presence_wins_over_every_word_from_outside() -> None:
    outside = [said for said in Said if said.value.startswith("outside")]
    for said in outside:
        assert booking_after(BookingStatus.ARRIVED, said) is BookingStatus.ARRIVED
        assert booking_after(BookingStatus.FULFILLED, said) is BookingStatus.FULFILLED
    assert booking_after(BookingStatus.CANCELLED, Said.MALL_ARRIVED) is BookingStatus.ARRIVED


def test_the_outside_says_every_word_at_any_time_and_the_mall_only_what_can_be() -> None:
    for status in BookingStatus:
        for said in Said:
            if said.value.startswith("outside") or said is Said.MALL_ARRIVED:
                assert (status, said) in BOOKING_TRANSITIONS
    for status in (BookingStatus.ARRIVED, BookingStatus.FULFILLED, BookingStatus.CANCELLED):
        with pytest.raises(IllegalTransition, match="mall noshow"):
            booking_after(status, Said.MALL_NOSHOW)
    with pytest.raises(IllegalTransition):
        booking_after(BookingStatus.BOOKED, Said.MALL_FULFILLED)


@given(st.lists(st.sampled_from(list(Said)), max_size=12))
def test_the_last_words_of_both_sides_are_the_status_except_that_a_new_slot_begins_anew(
    words: list[Said],
) -> None:
    status, cancelled, outcome = BookingStatus.BOOKED, False, ""
    for said in words:
        if (status, said) not in BOOKING_TRANSITIONS:
            continue
        status = booking_after(status, said)
        who, what = said.value.split()
        if who == "outside":
            cancelled = what == "cancelled"
            outcome = "" if what == "moved" and outcome == "noshow" else outcome
        elif not (outcome == "fulfilled" and what == "arrived"):
            outcome = what
        assert status is status_of(cancelled, outcome)


# --- signed QR codes


@given(CODES, st.integers(0, 2**40 - 1), st.integers(1, 2**12 - 1))
def test_a_claim_comes_back_from_its_thirteen_bytes(code: str, since: int, minutes: int) -> None:
    claim = BookingClaim(code, EPOCH_MS + since, minutes)
    assert unpack_booking(pack_booking(claim)) == claim


def test_a_signed_code_proves_its_booking_at_the_mall_it_is_for() -> None:
    claim = BookingClaim(new_code(bytes(range(16))), EPOCH_MS + 86_400_000, 30)
    token = SIGNER.seal(claim, "kk", "mpp-a")
    assert len(token) == BOOKING_TOKEN_LENGTH
    proven = prove_booking(f" {token.lower()}\n", KEYS, SERVICES)
    assert proven == Booking(
        "situs", claim.code, claim.code, "kk", claim.start_ms, claim.end_ms, False, "signed"
    )


def test_a_signed_code_proves_nothing_elsewhere() -> None:
    claim = BookingClaim(new_code(bytes(range(16))), EPOCH_MS + 86_400_000, 30)
    token = SIGNER.seal(claim, "kk", "mpp-a")
    elsewhere: list[tuple[Any, Any]] = [
        ((BookingKey("situs", "mpp-b", SIGNER.public),), SERVICES),
        (KEYS[:1], SERVICES),
        ((BookingKey("situs", "mpp-a", "nonsense"),), SERVICES),
        (KEYS, ("ktp-baru",)),
        (KEYS, ()),
    ]
    for keys, services in elsewhere:
        with pytest.raises(RuleViolation, match="unknown_booking"):
            prove_booking(token, keys, services)


@given(st.integers(1, BOOKING_TOKEN_LENGTH - 1), st.integers(1, 43))
def test_a_damaged_code_never_proves_anything(at: int, by: int) -> None:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"
    token = SIGNER.seal(BookingClaim(new_code(bytes(range(16))), EPOCH_MS, 30), "kk", "mpp-a")
    letter = alphabet[(alphabet.index(token[at]) + by) % len(alphabet)]
    with pytest.raises(RuleViolation, match=r"bad_booking_code|unknown_booking"):
        prove_booking(token[:at] + letter + token[at + 1 :], KEYS, SERVICES)


def test_a_booking_and_the_foot_of_a_ticket_are_never_taken_for_each_other() -> None:
    token = SIGNER.seal(BookingClaim(new_code(bytes(range(16))), EPOCH_MS, 30), "kk", "mpp-a")
    assert is_booking_token(token)
    assert not is_token(token)
    assert not is_booking_token("1" + token[1:])
    for text in ("", "2", "2" * 115, "\u0662" * 114, "2" + ":" * 113):
        with pytest.raises(BadInput, match="bad_booking_code"):
            split_booking_token(text)


@pytest.mark.parametrize(
    "claim",
    [
        BookingClaim("ABCDEFGH", EPOCH_MS, 30),
        BookingClaim(new_code(bytes(16)), EPOCH_MS - 1, 30),
        BookingClaim(new_code(bytes(16)), EPOCH_MS, 2**12),
    ],
)
def test_what_does_not_fit_the_form_is_not_signed(claim: BookingClaim) -> None:
    with pytest.raises(BadInput, match="bad_booking_code"):
        SIGNER.seal(claim, "kk", "mpp-a")


def test_bytes_nobody_packs_are_no_claim() -> None:
    good = pack_booking(BookingClaim(new_code(bytes(16)), EPOCH_MS, 30))
    no_minutes, spare_bits, no_such_code = (
        (int.from_bytes(good) & ~0xFFF),
        int.from_bytes(good) | 1 << 103,
        (2**35 - 1) << 52 | 30,
    )
    for packed in (no_minutes, spare_bits, no_such_code):
        with pytest.raises(BadInput, match="bad_booking_code"):
            unpack_booking(packed.to_bytes(13))


# --- the mall's file


def with_rule(rule: Any) -> dict[str, Any]:
    data = mall_data()
    data["services"][2]["booking"] = rule
    return data


def test_a_file_without_bookings_means_what_it_meant_and_an_older_kiosk_reads_it() -> None:
    mall = mall_from_dict(mall_data())
    assert all(service.booking is None for service in mall.services.values())
    assert mall.policy == Policy()
    written = mall_to_dict(mall)
    assert not any(key.startswith("booking") for key in written["policy"])
    assert not any("booking" in service for service in written["services"])


def test_a_rule_is_read_and_written_back_the_same() -> None:
    data = with_rule({"per_hour": 12, "late_minutes": 0, "blackouts": ["2026-12-24", "2026-12-31"]})
    data["policy"] = {"booking_head_start_minutes": 0, "booking_grace_minutes": 30}
    mall = mall_from_dict(data)
    rule = mall.services["kk"].booking
    assert rule is not None
    assert (rule.per_hour, rule.late_minutes, rule.early_minutes, rule.days_ahead) == (12, 0, None, 14)
    assert [day.isoformat() for day in rule.blackouts] == ["2026-12-24", "2026-12-31"]
    assert (mall.policy.booking_head_start_minutes, mall.policy.booking_grace_minutes) == (0, 30)
    assert mall_from_dict(mall_to_dict(mall)) == mall


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({}, "per_hour is missing"),
        ({"per_hour": 0}, "per_hour must be at least 1"),
        ({"per_hour": 1}, "sells nobody a slot"),
        ({"per_hour": 9, "walk_in_percent": 100}, "sells nobody a slot"),
        ({"per_hour": 9, "walk_in_percent": -1}, "walk_in_percent must be at least 0"),
        ({"per_hour": 9, "slot_minutes": 4}, "slot_minutes must be 5 to 480"),
        ({"per_hour": 9, "days_ahead": 91}, "days_ahead must be at most 90"),
        ({"per_hour": 9, "early_minutes": -1}, "early_minutes must be at least 0"),
        ({"per_hour": 9, "blackouts": ["24-12-2026"]}, "blackouts '24-12-2026' must be like 2026-12-25"),
        ({"per_hour": 9, "blackout": []}, "blackout is not a known key"),
        ({"per_hour": True}, "per_hour must be int"),
        ("often", "must be a table"),
    ],
)
def test_mistakes_in_a_rule_are_named(rule: Any, problem: str) -> None:
    with pytest.raises(BadCatalogue) as refused:
        mall_from_dict(with_rule(rule))
    assert any("services[3].booking" in line and problem in line for line in refused.value.problems)


def test_a_rule_has_the_usual_figures() -> None:
    assert BookingRule(per_hour=4) == BookingRule(4, 30, 50, None, None, 14, ())
