"""The staff code at the foot of a ticket: small enough for a thermal head, apart from the visitor's code, readable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ImageFilter

from antrean.domain.claim import EPOCH_MS, Claim
from antrean.domain.errors import BadInput
from antrean.seal.keys import SigningKey
from antrean.texts import LANGUAGES
from printers.archive import Archive, read_codes
from printers.face import DOTS_PER_MM, PAPER_58, PAPER_80, Paper, TicketFace
from printers.qr import DOTS_A_MODULE, LARGEST_VERSION
from printers.staff_code import MODULES, SIDE, VERSION, staff_code
from printers.ticket import ticket_bytes, ticket_height_mm
from tests.printers.test_ticket_page import long_named, picture_of, print_on

PAPERS = [pytest.param(PAPER_80, id="80mm"), pytest.param(PAPER_58, id="58mm")]
# The largest values the form can hold.
LARGEST = Claim(EPOCH_MS + 2**40 - 1, True, "ZZ", "X", 2**14 - 1, 2**17 - 1, True, "en", True, 2**13 - 1)
TOKEN = SigningKey(b"k" * 32).seal(LARGEST, "ktp-hilang").token


@pytest.fixture
def signed(face: TicketFace) -> TicketFace:
    return replace(face, paper_token=TOKEN)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_both_codes_read_back_from_the_paper(
    signed: TicketFace, paper: Paper, language: str, long: bool
) -> None:
    ticket = replace(long_named(signed) if long else signed, language=language)
    page = picture_of(ticket, paper)
    assert sorted(read_codes(page)) == sorted([ticket.status_url, TOKEN])
    assert abs(page.height / DOTS_PER_MM - ticket_height_mm(ticket, paper)) < 2
    assert page.height <= (145 if paper is PAPER_80 else 165) * DOTS_PER_MM


def test_the_largest_code_is_of_version_4_at_6_dots_a_module() -> None:
    assert LARGEST_VERSION >= VERSION
    assert DOTS_A_MODULE == 6
    assert staff_code(TOKEN).size == (SIDE, SIDE) == (6 * (MODULES + 8),) * 2


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("blur", [1.0, 2.0])
def test_a_worn_staff_code_still_reads(signed: TicketFace, paper: Paper, blur: float) -> None:
    worn = picture_of(signed, paper).convert("L").filter(ImageFilter.GaussianBlur(blur))
    for ink in (108, 148):  # a faded and a swollen print
        assert TOKEN in read_codes(worn.point([0 if level < ink else 255 for level in range(256)]))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_staff_code_stands_below_the_visitors_part(signed: TicketFace, paper: Paper) -> None:
    plain = picture_of(replace(signed, paper_token=""), paper)
    whole = picture_of(signed, paper)
    foot = round(plain.height - 30)
    assert whole.crop((0, 0, paper.dots, foot)).tobytes() == plain.crop((0, 0, paper.dots, foot)).tobytes()
    assert read_codes(whole.crop((0, foot, paper.dots, whole.height))) == [TOKEN]


def test_only_a_staff_code_is_drawn_as_one() -> None:
    with pytest.raises(BadInput, match="bad_paper"):
        staff_code(TOKEN[:-1])


def test_the_virtual_printer_tells_both_codes_apart(signed: TicketFace, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    facts = archive.keep(print_on(PAPER_80, ticket_bytes(signed)), 0)
    assert (facts["qr"], facts["staff_code"]) == ([signed.status_url], TOKEN)
    without = archive.keep(print_on(PAPER_80, ticket_bytes(replace(signed, paper_token=""))), 0)
    assert (without["qr"], without["staff_code"]) == ([signed.status_url], None)
