"""The thirteen bytes of a claim, its signature, and the ticket's id that comes from both."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.claim import (
    EPOCH_MS,
    LANGUAGES,
    TOKEN_LENGTH,
    Claim,
    PaperKey,
    is_token,
    pack,
    split_token,
    ticket_id_of,
    unpack,
)
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.label import ISSUERS, SERIES_LETTERS
from antrean.seal.keys import SigningKey, prove, seed_from

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
KNOWN = (PaperKey("device-2", "2", OTHER.public), PaperKey("device-1", "1", KEY.public))
LETTERS = st.text(alphabet=SERIES_LETTERS, min_size=1, max_size=2)
CLAIMS = st.builds(
    Claim,
    issued_ms=st.integers(EPOCH_MS, EPOCH_MS + 2**40 - 1),
    anchored=st.booleans(),
    series=LETTERS,
    issuer=st.sampled_from(ISSUERS),
    generation=st.integers(0, 2**14 - 1),
    number=st.integers(1, 2**17 - 1),
    priority=st.booleans(),
    language=st.sampled_from(LANGUAGES),
    assisted=st.booleans(),
    nonce=st.integers(0, 2**13 - 1),
)
A12 = Claim(EPOCH_MS + 1_000, True, "A", "1", 3, 12, False, "id", False, 77)

PRINTED_EARLIER = (
    "1000003L:-WS4SI1K3%JD7NHIHYAO$9P4R1FUG$R6$PT.BC*9PYSI/WK7"
    "X430VXO4:20VU68Q5K-HFEQGXE:S3MRKDB+:DXVH/4ST37G9R%SFTSC1Y"
)
"""A12's code as it was made when a paper knew only Indonesian and English."""


def services(series: str) -> tuple[str, ...]:
    return (f"first-{series.lower()}", "kk")


@given(CLAIMS)
def test_a_claim_comes_back_whole(claim: Claim) -> None:
    assert unpack(pack(claim)) == claim


@given(CLAIMS)
def test_a_token_gives_the_ticket_back_with_its_id_and_its_service(claim: Claim) -> None:
    sealed = KEY.seal(claim, "kk")
    assert len(sealed.token) == TOKEN_LENGTH
    assert " " not in sealed.token
    proven = prove(f" {sealed.token.lower()}\n", KNOWN, services)
    assert (proven.claim, proven.service, proven.device_id) == (claim, "kk", "device-1")
    assert proven.ticket_id == sealed.ticket_id
    assert proven.token == sealed.token


@given(CLAIMS)
def test_the_id_is_a_uuid_of_version_7_with_the_claims_time(claim: Claim) -> None:
    found = uuid.UUID(KEY.seal(claim, "kk").ticket_id)
    assert (found.version, found.variant) == (7, uuid.RFC_4122)
    assert found.int >> 80 == claim.issued_ms


@given(CLAIMS, st.integers(1, TOKEN_LENGTH - 1), st.sampled_from("0123456789ABCXYZ$%*+-./:"))
def test_no_changed_letter_goes_through(claim: Claim, place: int, letter: str) -> None:
    token = KEY.seal(claim, "kk").token
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(RuleViolation):
            prove(changed, KNOWN, services)


@given(st.text(alphabet="0123456789ABCXYZ$%*+-./: ", min_size=113, max_size=113))
def test_an_invented_code_is_refused(text: str) -> None:
    with pytest.raises(RuleViolation):
        prove("1" + text, KNOWN, services)


def test_a_paper_of_before_javanese_and_sundanese_is_read_as_ever() -> None:
    assert KEY.seal(A12, "kk").token == PRINTED_EARLIER
    assert prove(PRINTED_EARLIER, KNOWN, services).claim == A12


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_says_the_language_its_visitor_chose(language: str) -> None:
    sealed = KEY.seal(replace(A12, language=language), "kk")
    assert prove(sealed.token, KNOWN, services).claim.language == language


@pytest.mark.parametrize("cut", [0, 1, 60, 113])
def test_a_piece_of_a_code_is_no_code(cut: int) -> None:
    piece = KEY.seal(A12, "kk").token[:cut]
    assert not is_token(piece)
    with pytest.raises(BadInput, match="bad_paper"):
        split_token(piece)


def test_a_status_address_is_no_staff_code() -> None:
    assert not is_token("HTTP://ANTREAN.EXAMPLE/T/06EEV5W4RJ7H1C9V4Q0Z0B8D4M")


def test_a_code_signed_by_an_unknown_kiosk_is_refused_with_its_label() -> None:
    with pytest.raises(RuleViolation) as refused:
        prove(KEY.seal(A12, "kk").token, KNOWN[:1], services)
    assert (refused.value.code, refused.value.params["label"]) == ("unknown_paper", "A1-012")


def test_a_code_proves_nothing_for_another_service() -> None:
    with pytest.raises(RuleViolation, match="unknown_paper"):
        prove(KEY.seal(A12, "kk").token, KNOWN, lambda series: ("ktp",))


def test_two_cloned_disks_make_two_tickets_of_one_number() -> None:
    later = Claim(A12.issued_ms, True, "A", "1", 3, 12, False, "id", False, 78)
    assert KEY.seal(A12, "kk").ticket_id != KEY.seal(later, "kk").ticket_id


@pytest.mark.parametrize(
    "change",
    [{"number": 2**17}, {"generation": 2**14}, {"series": "ABC"}, {"issuer": "?"}, {"language": "fr"}],
)
def test_what_the_form_cannot_hold_is_refused_before_signing(change: dict[str, object]) -> None:
    values = {name: getattr(A12, name) for name in Claim.__slots__} | change
    with pytest.raises(BadInput, match="claim_too_large"):
        pack(Claim(**values))


def test_a_clock_of_1970_is_packed_as_the_first_moment() -> None:
    dead = Claim(0, False, "A", "1", 3, 12, False, "id", False, 0)
    assert unpack(pack(dead)).issued_ms == EPOCH_MS


def test_the_id_depends_on_the_signature() -> None:
    packed = pack(A12)
    assert ticket_id_of(packed, b"a" * 64) != ticket_id_of(packed, b"b" * 64)


def test_a_seed_is_made_of_many_fresh_ids() -> None:
    assert seed_from(lambda: str(uuid.uuid4())) != seed_from(lambda: str(uuid.uuid4()))
    assert len(seed_from(lambda: str(uuid.uuid4()))) == 32
