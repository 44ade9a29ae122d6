from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.booking_code import shown_code
from queue_server.bookings.connector import Outcome
from queue_server.bookings.connectors.caldav.reading import Booked, code_of_uid, read_entry, rules_of
from queue_server.bookings.connectors.caldav.writing import with_code, with_outcome
from tests.bookings_caldav.radicale_house import ms

# An entry as other programs leave it: own properties, folds in the middle of a letter's bytes, an alarm, odd spelling.
ENTRY = (
    "BEGIN:VCALENDAR\r\nPRODID:-//contoh//ID\r\nX-WR-CALNAME:Pemesanan\r\nBEGIN:VTIMEZONE\r\nTZID:Kantor\r\n"
    "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\ndtstart:20261123T020000Z\r\nDTEND:20261123T023000Z\r\n"
    "SUMMARY;LANGUAGE=id:Pak Contoh\\, KTP — membawa berkas asli dan\r\n"
    '  salinannya\r\nDESCRIPTION;ALTREP="http://x.example/a:b":Bawa KK\\nLoket 3\r\nX-KOTA-NOMOR;X-A=1:00-77\r\n'
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT30M\r\nDESCRIPTION:Jangan lupa\r\nEND:VALARM\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()
FOLDED = ENTRY.replace("—".encode(), "—".encode()[:1] + b"\r\n " + "—".encode()[1:])
AT = ms("2026-11-23 01:52")


def outcome(what: str = "arrived", *, after_cancel: bool = False, label: str = "A1-012") -> Outcome:
    assert what in ("arrived", "fulfilled", "noshow")
    return Outcome("a", what, AT, after_cancel, label, '"1"')  # type: ignore[arg-type]


def ours(data: bytes) -> list[str]:
    return [line for line in data.decode("utf-8", "replace").split("\r\n") if line.startswith("X-ANTREAN")]


@pytest.mark.parametrize("entry", [ENTRY, FOLDED, ENTRY.replace(b"\r\n", b"\n")])
def test_an_outcome_adds_our_lines_and_leaves_every_other_byte(entry: bytes) -> None:
    written = with_outcome(entry, outcome())
    end = b"\r\n" if b"\r\n" in entry else b"\n"
    added = [
        b"X-ANTREAN-OUTCOME:ARRIVED",
        b"X-ANTREAN-ARRIVED-AT:20261123T015200Z",
        b"X-ANTREAN-NUMBER:A1-012",
    ]
    lines = end.join(added) + end
    assert written.replace(lines, b"", 1) == entry
    assert lines + b"BEGIN:VALARM" in written


def test_told_twice_is_written_once() -> None:
    once = with_outcome(ENTRY, outcome())
    assert with_outcome(once, outcome()) == once


def test_being_served_takes_the_place_of_having_arrived() -> None:
    written = with_outcome(with_outcome(ENTRY, outcome()), outcome("fulfilled"))
    assert ours(written) == [
        "X-ANTREAN-OUTCOME:FULFILLED",
        "X-ANTREAN-ARRIVED-AT:20261123T015200Z",
        "X-ANTREAN-NUMBER:A1-012",
    ]


def test_an_arrival_that_is_told_late_does_not_undo_that_somebody_was_served() -> None:
    served = with_outcome(ENTRY, outcome("fulfilled"))
    written = ours(with_outcome(served, outcome(after_cancel=True)))
    assert "X-ANTREAN-OUTCOME:FULFILLED" in written
    assert "X-ANTREAN-AFTER-CANCEL:TRUE" in written


def test_presence_never_takes_back_a_cancellation() -> None:
    cancelled = ENTRY.replace(b"UID:a\r\n", b"UID:a\r\nSTATUS:CANCELLED\r\n")
    written = with_outcome(cancelled, outcome(after_cancel=True))
    assert b"STATUS:CANCELLED\r\n" in written
    assert ours(written)[-1] == "X-ANTREAN-AFTER-CANCEL:TRUE"


def test_who_did_not_come_has_no_number() -> None:
    assert ours(with_outcome(ENTRY, outcome("noshow", label=""))) == ["X-ANTREAN-OUTCOME:NOSHOW"]


def test_a_code_becomes_the_first_line_people_read() -> None:
    code = code_of_uid("a")
    written = with_code(ENTRY, code)
    assert ours(written) == [f"X-ANTREAN-CODE:{code}", "X-ANTREAN-CODE-BY:MALL"]
    assert f'DESCRIPTION;ALTREP="http://x.example/a:b":{shown_code(code)}\\nBawa' in written.decode()
    assert b"DESCRIPTION:Jangan lupa\r\n" in written
    assert with_code(written, code) == written


def test_an_entry_without_a_description_gets_one_of_the_code_alone() -> None:
    bare = b"".join(line for line in ENTRY.splitlines(keepends=True) if not line.startswith(b"DESCRIPTION;"))
    code = code_of_uid("a")
    written = with_code(bare, code)
    assert f"DESCRIPTION:{shown_code(code)}\r\nBEGIN:VALARM".encode() in written
    assert with_code(written, code) == written


@pytest.mark.parametrize("words", ["", "Bawa KK\\n"])
def test_a_copied_entry_gets_a_code_of_its_own_and_no_outcome(words: str) -> None:
    plain = ENTRY.replace(b"Bawa KK\\nLoket 3", words.encode())
    copied = with_outcome(with_code(plain, code_of_uid("a")), outcome(after_cancel=True))
    other = copied.replace(b"UID:a\r\n", b"UID:b\r\n")
    found = read_entry(other, "", rules_of(UTC, ("ktp",), "ktp"))
    assert isinstance(found, Booked)
    assert (found.seen.code, found.has_code) == (code_of_uid("b"), False)
    assert with_code(other, code_of_uid("b")) == with_code(plain, code_of_uid("b")).replace(
        b"UID:a\r\n", b"UID:b\r\n"
    )


@pytest.mark.parametrize("damaged", [b"Bawa \xff", b'Bawa "', b"KK"])
def test_a_damaged_description_is_left_as_it_is(damaged: bytes) -> None:
    broken = b'DESCRIPTION;X="a:' + damaged if damaged == b"KK" else b"DESCRIPTION:" + damaged
    entry = ENTRY.replace(b'DESCRIPTION;ALTREP="http://x.example/a:b":Bawa KK\\nLoket 3', broken)
    written = with_code(entry, code_of_uid("a"))
    assert with_code(written, code_of_uid("a")) == written
    assert (broken + b"\r\n" in written) is (damaged != b'Bawa "')


def test_long_lines_are_folded_between_letters() -> None:
    long = ENTRY.replace(b"Bawa KK", "é".encode() * 200)
    for line in with_code(long, code_of_uid("a")).split(b"\r\n"):
        assert len(line) <= 75 or line in long.split(b"\r\n")
        line.decode()


@given(st.text(max_size=60), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_what_is_written_can_be_told_again_whatever_the_label(label: str, at: int) -> None:
    text = ENTRY[: len(ENTRY) - at] if at < 30 else ENTRY
    written = with_outcome(text, outcome(label=label))
    assert with_outcome(written, outcome(label=label)) == written
