"""Labels, tokens, numbers, time, hours, the envelope and the catalogue's file."""

import copy
import datetime
import json
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain import events as e
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.errors import BadCatalogue, BadInput
from antrean.domain.event import Envelope, canonical
from antrean.domain.label import (
    ISSUERS,
    SERIES_LETTERS,
    Label,
    check_letters,
    status_token,
    status_url,
    ticket_id_from_token,
)
from antrean.domain.numbering import next_number, skip_after_unclean_stop
from antrean.domain.opening import day_bounds, openness
from antrean.domain.timeline import Anchor, Stamp, clamp, estimate, interpolate
from tests.domain.malls import mall, mall_data

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ_09", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.text(SERIES_LETTERS, min_size=1, max_size=2), st.sampled_from(ISSUERS), st.integers(1, 20_000))
def test_a_label_reads_back_as_written(series: str, issuer: str, number: int) -> None:
    label = Label(series, issuer, number)
    assert Label.parse(f" {str(label).lower()} ") == label


def test_a_label_has_at_least_three_digits_and_goes_on_after_999() -> None:
    assert str(Label("A", "1", 12)) == "A1-012"
    assert str(Label("KA", "C", 1000)) == "KAC-1000"
    assert Label("A", "1", 12).spoken() == ("A", "1", "0", "1", "2")


@pytest.mark.parametrize("text", ["", "A1-12", "O1-012", "A1012", "A1-0x2", "ABC1-012", "I1-001"])
def test_what_is_not_a_label_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Label.parse(text)


@given(st.uuids())
def test_a_status_token_carries_the_ticket_id_in_either_case(ticket: uuid.UUID) -> None:
    token = status_token(str(ticket))
    assert len(token) == 26
    assert ticket_id_from_token(token.lower()) == str(ticket)


@pytest.mark.parametrize("token", ["", "U" * 26, "Z" * 26, "0" * 25])
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(BadInput):
        ticket_id_from_token(token)


def test_the_status_address_fits_a_small_qr_code() -> None:
    address = status_url("http://192.168.100.100:8080/", str(uuid.uuid4()))
    assert len(address) <= 61  # alphanumeric capacity of version 3 at level M
    assert set(address) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_check_letters_come_from_the_id_alone() -> None:
    ticket = str(uuid.uuid4())
    assert check_letters(ticket) == check_letters(ticket)
    assert len(check_letters(ticket)) == 2


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_number_is_above_both_the_own_and_the_heard_one(own: int, heard: int) -> None:
    assert next_number(own, heard) > max(own, heard)
    assert skip_after_unclean_stop(own) == own + 5


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**13))
def test_boot_anchored_time_ignores_the_wall_clock(boot_ms: int, anchor_ms: int, wall: int) -> None:
    found = estimate(Stamp("b", boot_ms, wall), [Anchor("b", anchor_ms, 5 * 10**12, 20)])
    assert found is not None
    assert found.server_ms == 5 * 10**12 + boot_ms - anchor_ms
    assert found.error_ms == 20 + abs(boot_ms - anchor_ms) * 100 // 1_000_000


def test_a_boot_that_never_met_the_server_has_no_estimate_but_a_guess() -> None:
    assert estimate(Stamp("b", 5, 0), [Anchor("other", 1, 1, 1)]) is None
    guess = interpolate(0, 1, before_ms=100, after_ms=200)
    assert (guess.server_ms, guess.anchored) == (150, False)
    assert clamp(250, not_before_ms=100, not_after_ms=200) == 200
    assert clamp(50, not_before_ms=100, not_after_ms=200) == 100


def at(text: str) -> int:
    """That local time in Jakarta as server milliseconds."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Jakarta"))
    return int(moment.timestamp() * 1000)


OFFICE = {
    **{day: [["07:30", "12:00"], ["13:00", "16:00"]] for day in ("mon", "tue", "wed", "thu")},
    "fri": [["07:30", "11:30"], ["13:00", "16:30"]],
}


@pytest.mark.parametrize(
    ("moment", "reason", "opens"),
    [
        ("2026-11-23T07:29", "before_hours", "2026-11-23T07:30"),
        ("2026-11-23T07:30", "open", None),
        ("2026-11-23T12:30", "break", "2026-11-23T13:00"),
        ("2026-11-27T11:45", "break", "2026-11-27T13:00"),
        ("2026-11-27T16:30", "after_hours", "2026-11-30T07:30"),
        ("2026-11-28T10:00", "closed_today", "2026-11-30T07:30"),
        ("2026-12-25T10:00", "holiday", "2026-12-28T07:30"),
    ],
)
def test_a_closed_service_says_why_and_when_it_opens(moment: str, reason: str, opens: str | None) -> None:
    data = mall_data()
    data["mall"]["hours"] = OFFICE
    data["mall"]["holidays"] = [{"date": "2026-12-25", "name": {"id": "Natal", "en": "Christmas"}}]
    hall = mall_from_dict(data)
    now = openness(hall, hall.services["kk"], at(moment))
    assert (now.reason, now.opens_ms) == (reason, at(opens) if opens else None)
    assert now.open == (reason == "open")


def test_a_service_that_never_opens_says_so() -> None:
    hall = mall()
    now = openness(hall, hall.services["tutup"], at("2026-11-23T10:00"))
    assert (now.open, now.reason, now.opens_ms) == (False, "closed_today", None)


def test_a_day_has_its_bounds_in_the_malls_time_zone() -> None:
    start, end = day_bounds("Asia/Jakarta", datetime.date(2026, 11, 23))
    assert start == at("2026-11-23T00:00")
    assert end - start == 24 * 3600 * 1000


@given(PLAIN)
def test_our_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def envelope(**changes: Any) -> dict[str, Any]:
    """A sound envelope in wire form, with changes."""
    return {
        "event_id": "e1",
        "device_id": "d1",
        "log_id": "l1",
        "seq": 1,
        "type": "HelpRequested",
        "v": 1,
        "boot_id": "b1",
        "boot_ms": 5,
        "wall_ms": 6,
        "body": {"place": "Kiosk 1"},
        "prev_hash": "",
        **changes,
    }


def test_an_envelope_survives_the_wire_with_its_hash() -> None:
    sound = Envelope.from_dict(envelope())
    assert Envelope.from_dict(json.loads(json.dumps(sound.to_dict()))).hash() == sound.hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 0},
        {"seq": True},
        {"seq": "1"},
        {"boot_ms": 2**60},
        {"event_id": ""},
        {"event_id": "x" * 65},
        {"body": [1]},
        {"body": {"x": 1.5}},
        {"body": {"x": "\ud800"}},
        {"body": {"x": "y" * 20_000}},
        {"body": {"é": 1}},
        {"extra": 1},
        {"prev_hash": None},
    ],
)
def test_a_malformed_envelope_is_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        Envelope.from_dict(envelope(**changes))


@given(st.builds(e.TicketAbsent, st.text(), st.text(), st.text()))
def test_an_events_body_reads_back(event: e.TicketAbsent) -> None:
    assert e.payload_of(e.type_of(event), 1, e.body_of(event)) == event


@pytest.mark.parametrize(
    ("kind", "version", "body"),
    [
        ("Nonsense", 1, {}),
        ("HelpRequested", 2, {"place": "x"}),
        ("HelpRequested", 1, {}),
        ("HelpRequested", 1, {"place": 3}),
        ("HelpRequested", 1, {"place": "x", "more": 1}),
        ("TicketPrinted", 1, {"ticket_id": "x", "copy": 1}),
    ],
)
def test_an_unreadable_body_is_refused(kind: str, version: int, body: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        e.payload_of(kind, version, body)


def test_the_catalogue_reads_back_as_written() -> None:
    assert mall_from_dict(mall_to_dict(mall())) == mall()
    assert mall_from_dict(json.loads(json.dumps(mall_to_dict(mall())))) == mall()


def test_a_catalogue_with_mistakes_names_them_all_at_once() -> None:
    data = copy.deepcopy(mall_data())
    data["mall"]["timezone"] = "Mars/Base"
    data["mall"]["nmae"] = "x"
    data["services"][0]["letters"] = "OI"
    data["services"][1]["agency"] = "nobody"
    data["services"][2]["service_minutes"] = 0
    data["counters"][0]["services"] = ["nothing"]
    data["zones"].append(data["zones"][0])
    with pytest.raises(BadCatalogue) as found:
        mall_from_dict(data)
    text = "\n".join(found.value.problems)
    for part in ("Mars/Base", "nmae", "letters", "nobody", "service_minutes", "nothing", "used twice"):
        assert part in text


def test_the_letters_of_one_agency_are_not_lent_to_another() -> None:
    data = mall_data()
    data["services"][3]["letters"] = "A"
    with pytest.raises(BadCatalogue, match="already belong"):
        mall_from_dict(data)
