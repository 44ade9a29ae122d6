"""What the visitor holds: read back from the bytes as a printer would read them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageFilter

from antrean.domain.errors import BadInput
from antrean.texts import LANGUAGES, texts_for
from antrean.texts.formats import wait_range
from printers.archive import read_codes
from printers.decoder import Decoder, Page
from printers.face import DOTS_PER_MM, PAPER_58, PAPER_80, ChecklistFace, Paper, TicketFace
from printers.ink import Style, fit
from printers.plan import THIN, labelled_line
from printers.sheets import checklist_bytes, trial_page_bytes
from printers.ticket import ticket_bytes, ticket_height_mm, warm

PAPERS = [pytest.param(PAPER_80, id="80mm"), pytest.param(PAPER_58, id="58mm")]


def long_named(face: TicketFace) -> TicketFace:
    """The same ticket with the longest names such a place really has."""
    return replace(
        face,
        service="Penerbitan Persetujuan Bangunan Gedung dan Sertifikat Laik Fungsi bagi bangunan umum",
        agency="Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu Kabupaten Kepulauan Samudra",
        place="Lantai 2 · Zona C, sayap timur dekat musala",
        mall="Mal Pelayanan Publik Kabupaten Kepulauan Samudra Raya",
        label="AB9-1234",
    )


def print_on(paper: Paper, data: bytes) -> Page:
    decoder = Decoder(paper.dots, lambda kind, number: None)
    decoder.hold(data)
    pages = decoder.run()
    assert len(pages) == 1
    assert decoder.waiting == 0
    assert pages[0].error is None
    return pages[0]


def picture_of(face: TicketFace, paper: Paper) -> Image.Image:
    picture = print_on(paper, ticket_bytes(face, paper)).picture
    assert picture is not None
    return picture


def ink_rows(picture: Image.Image) -> list[bool]:
    small = picture.convert("L").resize((1, picture.height), Image.Resampling.BOX)
    return [level < 255 for level in small.tobytes()]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("copy", [False, True], ids=["ticket", "copy"])
def test_the_code_leads_to_the_status_page(face: TicketFace, paper: Paper, language: str, copy: bool) -> None:
    page = picture_of(replace(face, language=language, copy=copy), paper)
    assert read_codes(page) == [face.status_url]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("blur", [1.0, 2.0, 2.6])
def test_a_worn_code_still_reads(face: TicketFace, paper: Paper, blur: float) -> None:
    worn = picture_of(face, paper).convert("L").filter(ImageFilter.GaussianBlur(blur))
    assert read_codes(worn) == [face.status_url]
    for ink in (108, 148):  # a faded and a swollen print
        one_bit = worn.point([0 if level < ink else 255 for level in range(256)])
        assert read_codes(one_bit) == [face.status_url]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_keeps_four_blank_modules_around_it(face: TicketFace, paper: Paper) -> None:
    import zxingcpp

    picture = picture_of(face, paper)
    (code,) = zxingcpp.read_barcodes(
        picture.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    corner = code.position.top_left
    # The module edges lie within a dot or two of what the reader reports.
    left, top, side = corner.x, corner.y, code.position.top_right.x - corner.x
    assert 29 * 6 - 3 <= side <= 29 * 6 + 3
    bands = [
        (left - 22, top - 22, left + side + 22, top - 2),
        (left - 22, top + side + 3, left + side + 22, top + side + 22),
    ]
    for box in bands:
        assert picture.crop(box).getextrema() == (255, 255)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("twin", [False, True], ids=["single", "twin"])
@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_a_ticket_is_one_page_of_at_most_110_mm(
    face: TicketFace, paper: Paper, language: str, twin: bool, long: bool
) -> None:
    ticket = replace(long_named(face) if long else face, language=language, twin_note=twin)
    picture = picture_of(ticket, paper)
    assert picture.height <= 110 * DOTS_PER_MM
    assert abs(picture.height / DOTS_PER_MM - ticket_height_mm(ticket, paper)) < 2


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [True, False], ids=["booked", "claimed"])
def test_what_was_booked_stands_on_the_paper_and_lengthens_it_nowhere_beyond_110_mm(
    face: TicketFace, paper: Paper, language: str, known: bool
) -> None:
    booked = replace(
        face, language=language, booking_code="K7M4-RTXE", booking_ms=face.printed_ms if known else None
    )
    for ticket in (booked, replace(long_named(booked), copy=True, copied_ms=face.printed_ms)):
        page = picture_of(ticket, paper)
        assert page.height <= 110 * DOTS_PER_MM
        assert read_codes(page) == [face.status_url]
        for edge in (0, paper.dots - 4):
            assert page.crop((edge, 0, edge + 4, page.height)).getextrema() == (255, 255)
    one, other = (
        picture_of(replace(booked, booking_code=code), paper) for code in ("K7M4-RTXE", "K7M4-RTXF")
    )
    assert ImageChops.difference(one, other).getbbox() is not None, "the code itself is printed"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("copy", [False, True], ids=["ticket", "copy"])
def test_a_long_name_shows_whole(face: TicketFace, paper: Paper, language: str, copy: bool) -> None:
    """Nothing touches the edge of the paper, and more words mean more ink."""
    ticket = replace(long_named(face), language=language, copy=copy)
    page = picture_of(ticket, paper)
    for edge in (0, paper.dots - 4):
        assert page.crop((edge, 0, edge + 4, page.height)).getextrema() == (255, 255)
    shorter = replace(ticket, service=ticket.service.rpartition(" ")[0])
    assert page.tobytes() != picture_of(shorter, paper).tobytes()


@pytest.mark.parametrize("paper", PAPERS)
def test_an_endless_word_shrinks_instead_of_being_cut(face: TicketFace, paper: Paper) -> None:
    page = picture_of(replace(face, service="W" * 40), paper)
    assert page.crop((paper.dots - 4, 0, paper.dots, page.height)).getextrema() == (255, 255)


@pytest.mark.parametrize(("paper", "least"), [(PAPER_80, 107), (PAPER_58, 71)], ids=["80mm", "58mm"])
def test_the_number_is_the_tallest_thing_on_the_page(face: TicketFace, paper: Paper, least: int) -> None:
    rows = ink_rows(picture_of(face, paper).crop((0, 0, paper.dots, 300 if paper is PAPER_80 else 240)))
    runs, run = [0], 0
    for ink in rows:
        run = run + 1 if ink else 0
        runs.append(run)
    assert max(runs) >= least


@pytest.mark.parametrize("label", ["A1-001", "W9-000", "AB1-012", "MW8-1234", "A1-12345"])
@pytest.mark.parametrize("paper", PAPERS)
def test_every_label_fits_the_page(face: TicketFace, paper: Paper, label: str) -> None:
    page = picture_of(replace(face, label=label), paper)
    assert page.crop((paper.dots - paper.margin + 1, 60, paper.dots, 250)).getextrema() == (255, 255)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_copy_says_so_in_letters_and_hatching(face: TicketFace, paper: Paper) -> None:
    copy = replace(face, copy=True, copied_ms=face.printed_ms + 780_000)
    first, second = print_on(paper, ticket_bytes(face, paper)), print_on(paper, ticket_bytes(copy, paper))
    assert second.text == ["A1-012 KM 25-11-2025 10.31 SALINAN"]
    assert first.text == ["A1-012 KM 25-11-2025 10.31"]
    assert first.picture is not None
    assert second.picture is not None
    left = second.picture.crop((paper.margin, 0, paper.margin + 40, 28)).convert("L")
    share = 1 - sum(left.tobytes()) / 255 / (40 * 28)
    assert 0.15 < share < 0.5


def test_a_copy_without_its_time_says_nothing_odd(face: TicketFace) -> None:
    timed = replace(face, copy=True, copied_ms=face.printed_ms)
    assert ticket_bytes(replace(face, copy=True)) != ticket_bytes(timed)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("ahead", "wait"), [(None, None), (0, (0, 5)), (3, None), (None, (10, 25)), (1, (240, 480))]
)
def test_what_the_kiosk_does_not_know_is_left_out(
    face: TicketFace, paper: Paper, ahead: int | None, wait: tuple[int, int] | None
) -> None:
    picture = picture_of(replace(face, ahead=ahead, wait=wait), paper)
    assert picture.height <= 110 * DOTS_PER_MM
    assert picture.tobytes() != picture_of(face, paper).tobytes()


def test_the_same_ticket_gives_the_same_bytes(face: TicketFace) -> None:
    warm([face])
    assert ticket_bytes(face) == ticket_bytes(face)


def test_an_address_outside_the_small_alphabet_is_refused(face: TicketFace) -> None:
    with pytest.raises(BadInput):
        ticket_bytes(replace(face, status_url="http://mpp/t/abc"))
    with pytest.raises(BadInput):
        ticket_bytes(replace(face, status_url="HTTP://" + "A" * 90))


def test_the_longest_address_still_reads(face: TicketFace) -> None:
    long = replace(
        face, status_url="HTTPS://ANTREAN.MPP.KABUPATEN-SAMUDRA.GO.ID/T/01JDXYZ0123456789ABCDEFGHJ"
    )
    for paper in (PAPER_80, PAPER_58):
        assert read_codes(picture_of(long, paper)) == [long.status_url]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_of_a_ticket_runs_into_what_stands_beside_it(language: str) -> None:
    t, soft = texts_for(language), Style(500, 26)
    people, wait = t("paper.people", n=188), wait_range(100, 125, language)
    first = max(194, soft.width(t("paper.ahead")) + 20, Style(700, 36).width(people) + 20)
    assert first + THIN + 22 + soft.width(t("paper.wait")) <= PAPER_80.dots - 2 * PAPER_80.margin
    for label, value in ((t("paper.ahead"), people), (t("paper.wait_short"), wait)):
        one_line, _ = labelled_line(PAPER_58, label, value)
        assert one_line == Style(700, 31).capital, label
    beside_the_letters = PAPER_58.dots - 2 * PAPER_58.margin - 84 - 12
    assert len(fit(t("paper.keep"), 700, 36, beside_the_letters, 1, 26).lines) == 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checklist_and_a_test_page_print(paper: Paper, language: str) -> None:
    sheet = ChecklistFace(
        mall="Mal Pelayanan Publik Kota Samudra",
        service="Penggantian KTP-el hilang atau rusak",
        agency="Dinas Kependudukan dan Pencatatan Sipil",
        requirements=(
            ("Surat kehilangan dari polisi", "kalau KTP hilang"),
            ("Fotokopi Kartu Keluarga", None),
        ),
        cost="Gratis",
        time="1 hari kerja",
        product="KTP elektronik",
        complaints="Meja pengaduan di Lantai 1, SP4N-LAPOR! di lapor.go.id atau SMS 1708.",
        language=language,
    )
    listed = print_on(paper, checklist_bytes(sheet, paper)).picture
    shorter = print_on(paper, checklist_bytes(replace(sheet, requirements=()), paper)).picture
    assert listed is not None
    assert shorter is not None
    assert listed.height > shorter.height
    silent = print_on(paper, checklist_bytes(replace(sheet, complaints=""), paper)).picture
    assert silent is not None
    assert listed.height > silent.height
    tested = print_on(paper, trial_page_bytes(language, ("tcp://127.0.0.1",), paper)).picture
    assert tested is not None
    assert read_codes(tested) == ["ANTREAN TEST 0123456789"]


def test_paper_without_a_knife_is_fed_past_the_tear_bar(face: TicketFace) -> None:
    bare = ticket_bytes(face, replace(PAPER_58, cutter=False))
    assert b"\x1dV" not in bare[-12:]
    assert bare.endswith(b"\x1bJ\x78")


@pytest.mark.parametrize(
    "odd", [b"\x1b\x7fq", b"\x1dZ", b"\x07", b"\x1dv1\x00\x01\x00\x01\x00\x00", "é".encode(), b"\x1dV\x09"]
)
def test_bytes_a_printer_does_not_know_are_an_error(face: TicketFace, odd: bytes) -> None:
    decoder = Decoder(PAPER_80.dots, lambda kind, number: None)
    decoder.hold(b"\x1b@" + odd + ticket_bytes(face))
    (page,) = decoder.run()
    assert page.error is not None
    assert "unknown" in page.error


def test_a_picture_wider_than_the_head_is_an_error(face: TicketFace) -> None:
    decoder = Decoder(PAPER_58.dots, lambda kind, number: None)
    decoder.hold(ticket_bytes(face, PAPER_80))
    assert "wide" in (decoder.run()[0].error or "")


def test_bytes_may_arrive_one_by_one(face: TicketFace) -> None:
    data, pages = ticket_bytes(face, PAPER_58), []
    decoder = Decoder(PAPER_58.dots, lambda kind, number: None)
    for place in range(0, len(data), 7):
        decoder.hold(data[place : place + 7])
        pages += decoder.run()
    whole = print_on(PAPER_58, data).picture
    assert [page.picture.tobytes() for page in pages if page.picture] == [whole.tobytes() if whole else b""]
