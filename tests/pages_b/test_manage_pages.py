"""What a manager sees and asks, through the real server."""

import csv
import io
from dataclasses import replace

from antrean.domain import events as e
from tests.pages_b.desk import DAY, LAST_TUESDAY, LAST_TUESDAY_9, MINUTE, TODAY, Desk, issued
from tests.server.house_of_tests import MORNING_MS


def tuesday(desk: Desk) -> None:
    """Ten people for a lost ID card last Tuesday at nine, waiting 1 to 10 minutes; two at two, waiting 40."""
    for number in range(1, 11):
        desk.visit("ktp-hilang", LAST_TUESDAY_9 + number, number, 5, LAST_TUESDAY, number)
    for number in (11, 12):
        desk.visit("ktp-hilang", LAST_TUESDAY_9 + 300 * MINUTE + number, 40, 5, LAST_TUESDAY, number)
    desk.visit("kk", LAST_TUESDAY_9 + 60 * MINUTE, 2, 5, LAST_TUESDAY, 13)


def test_how_long_people_waited_for_ktp_last_tuesday_morning_is_two_clicks_away(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    manager = mall_desk.signed_in("manager")
    today = manager.page("/manage")
    day = manager.page(today.links["Sel 18"])
    answer = manager.page(day.links["ktp-hilang"])
    assert "Selasa, 18 November 2025 · ktp-hilang" in answer.words
    assert answer.h1 == "Jam 09 paling padat: 8 dari 10 orang menunggu paling lama 8 menit"
    assert "Pagi, sebelum 12.00 10 5 8 10" in answer.words
    assert "Siang, mulai 12.00 2 40 40 40" in answer.words


def test_the_same_answer_stands_in_english(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    manager = mall_desk.signed_in("manager", language="en")
    answer = manager.page(f"/manage?from={LAST_TUESDAY}&service=ktp-hilang&hours=morning")
    assert "Tuesday, 18 November 2025 · ktp-hilang · Morning, before 12:00" in answer.words
    assert answer.h1 == "8 in 10 people waited at most 8 minutes"


def test_who_was_left_out_and_who_came_late_is_said(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    lost = issued(mall_desk.world, "kk", LAST_TUESDAY, 14)
    gone = e.TicketCancelled(lost.ticket_id, "", "visitor", "visitor_left")
    mall_desk.write([(LAST_TUESDAY_9, lost), (LAST_TUESDAY_9 + MINUTE, gone)], LAST_TUESDAY)
    page = mall_desk.signed_in("manager").page(f"/manage?from={LAST_TUESDAY}")
    assert "Dari 14 nomor, 1 tidak atau belum dipanggil" in page.words
    assert "2 orang lewat janji" in page.words
    assert "13 dilayani 0 tidak hadir 1 batal 0 hangus" in page.words


def test_a_number_that_went_to_two_services_is_counted_in_both_and_said_to_be_one(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    both = issued(mall_desk.world, "kk", LAST_TUESDAY, 14)
    moved = (both.ticket_id, "1", "sari")
    steps = [
        both,
        e.TicketCalled(*moved, "arrival", ""),
        e.ServiceStarted(*moved),
        e.ServiceAdded(*moved, "npwp"),
        e.ServiceDelivered(*moved, "kk", 4),
        e.ServiceFinished(*moved),
        e.VisitContinued(*moved, "npwp"),
        e.TicketCalled(both.ticket_id, "3", "budi", "arrival", ""),
        e.ServiceStarted(both.ticket_id, "3", "budi"),
        e.ServiceFinished(both.ticket_id, "3", "budi"),
    ]
    mall_desk.write([(LAST_TUESDAY_9 + MINUTE * at, step) for at, step in enumerate(steps)], LAST_TUESDAY)
    manager = mall_desk.signed_in("manager")
    page = manager.page(f"/manage?from={LAST_TUESDAY}")
    assert "15 layanan dari 14 nomor" in page.words
    sheet = manager.client.get(page.links["CSV"]).content.decode("utf-8-sig")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(sheet))}
    assert {key: (row["issued"], row["tickets"], row["delivered"]) for key, row in rows.items()} == {
        "ktp-hilang": ("12", "12", "12"),
        "kk": ("2", "2", "5"),
        "npwp": ("1", "1", "1"),
    }
    assert (rows["kk"]["wait_max_s"], rows["npwp"]["wait_max_s"]) == ("120", "60")


def test_a_day_without_visits_says_so_and_what_to_do(mall_desk: Desk) -> None:
    page = mall_desk.signed_in("manager").page("/manage")
    assert page.h1 == "Tidak ada nomor untuk pilihan ini"
    assert "Pilih hari lain" in page.words


def test_every_grouping_and_sorting_has_an_address_of_its_own(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    manager = mall_desk.signed_in("manager")
    for tab in ("Layanan", "Jam datang", "Loket", "Instansi", "Hari"):
        first = manager.page(f"/manage?from={LAST_TUESDAY}")
        assert manager.page(first.links[tab]).h1 == first.h1
    by_service = manager.page(f"/manage?from={LAST_TUESDAY}")
    assert by_service.words.index("ktp-hilang Dukcapil") < by_service.words.index("kk Dukcapil")
    fewest = manager.page(f"/manage?from={LAST_TUESDAY}&sort=serve_0")
    assert fewest.words.index("kk Dukcapil") < fewest.words.index("ktp-hilang Dukcapil")


def test_the_csv_of_a_report_holds_seconds_and_the_same_rows(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    manager = mall_desk.signed_in("manager")
    page = manager.page(f"/manage?from={LAST_TUESDAY}")
    answer = manager.client.get(page.links["CSV"])
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["ktp-hilang"]["wait_p80_s"] == "600"
    assert (rows["kk"]["issued"], rows["kk"]["serve_p50_s"]) == ("1", "300")


def test_questions_that_cannot_be_are_answered_with_a_sentence(mall_desk: Desk) -> None:
    manager = mall_desk.signed_in("manager")
    for wrong in (
        "from=yesterday",
        "from=2025-11-20&to=2025-11-01",
        "by=colour",
        "service=no",
        "from=2010-01-01&to=2025-01-01",
    ):
        page = manager.page(f"/manage?{wrong}", status=422)
        assert page.h1
        assert "Traceback" not in page.words


def test_only_managers_supervisors_and_administrators_see_reports(mall_desk: Desk) -> None:
    for address in ("/manage", "/manage/now", "/manage/strip", "/manage/now/part", "/manage/waits.csv"):
        stranger = mall_desk.house.client.get(address)
        assert (stranger.status_code, stranger.headers["location"].startswith("/?to=")) == (303, True)
    mall_desk.signed_in("officer").page("/manage", status=403)
    mall_desk.signed_in("supervisor").page("/manage")
    mall_desk.signed_in("administrator").page("/manage/now")


def test_now_says_who_is_past_the_promise_and_which_kiosk_needs_paper(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    issuer = str(kiosk.paired["issuer"])
    waiting = issued(mall_desk.world, "ktp-hilang", TODAY, 1, issuer)
    failed = e.TicketPrintFailed(waiting.ticket_id, "paper_out", False)
    asked = e.HelpRequested("Kios pintu")
    start = MORNING_MS - 30 * MINUTE
    mall_desk.write([(start, waiting), (start + 1, failed), (start + 2, asked)], TODAY)
    now = mall_desk.signed_in("manager").page("/manage/now")
    assert now.h1 == "1 layanan melewati janji. Terlama: ktp-hilang, 31 menit."
    assert "lewat 6 mnt" in now.words
    assert "Kios pintu minta bantuan belum ada yang datang" in now.words
    assert "Kios pintu tiket terakhir gagal dicetak, periksa kertas" in now.words


def test_the_manager_reads_why_staff_took_numbers_and_how_soon_calls_were_answered(mall_desk: Desk) -> None:
    events: list[tuple[int, e.Payload]] = []
    for number, (reason, minutes) in enumerate([("reading", 4), ("reading", 2), ("phone", 1), ("", 0)], 1):
        ticket = replace(issued(mall_desk.world, "kk", TODAY, number), assisted=True)
        events.append((MORNING_MS + number, ticket))
        if reason:
            events.append((MORNING_MS + number, e.AssistanceGiven(ticket.ticket_id, reason, minutes)))
    events += [
        (MORNING_MS, e.HelpRequested("Kios pintu")),
        (MORNING_MS + 2 * MINUTE, e.HelpAccepted("Kios pintu", "sari")),
        (MORNING_MS + 5 * MINUTE, e.HelpFinished("Kios pintu", "sari", 3)),
    ]
    mall_desk.write(events, TODAY)
    page = mall_desk.signed_in("manager").page("/manage")
    assert "Dibantu: 4 orang, paling sering karena tidak bisa membaca" in page.words
    assert "Tidak bisa membaca 2 2 6" in page.words
    assert "Tidak disebut 1 – 0" in page.words
    assert "1 panggilan bantuan dari kiosk, separuhnya dijawab dalam 2 menit" in page.words
    assert (
        mall_desk.people[-1].client.get(page.links["Unduh setiap nomor rentang ini sebagai CSV"]).status_code
        == 200
    )
    lines = mall_desk.people[-1].client.get("/manage/waits.csv").text.splitlines()
    columns = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert (columns["assisted"], columns["assisted_unsaid"], columns["assist_minutes"]) == ("4", "1", "7")


def test_a_quiet_hall_reads_as_well(mall_desk: Desk) -> None:
    now = mall_desk.signed_in("manager", language="en").page("/manage/now")
    assert now.h1 == "Nobody is waiting"
    assert "The server is well no devices yet" in now.words


def test_seven_days_show_the_weekday_that_waited_longest(mall_desk: Desk) -> None:
    tuesday(mall_desk)
    mall_desk.visit("kk", LAST_TUESDAY_9 + DAY, 1, 5, "2025-11-19", 1)
    page = mall_desk.signed_in("manager").page(f"/manage?from={LAST_TUESDAY}&to={TODAY}")
    assert "Paling lama: Selasa pukul 14.00" in page.words
