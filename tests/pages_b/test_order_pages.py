"""Everything out of order, as supervisors and managers read it."""

import csv
import io

from tests.pages_b.desk import LAST_TUESDAY, Desk
from tests.pages_b.floor_of_desk import come, does, ticket_id


def unruly(desk: Desk) -> None:
    """Officers who take people out of turn, for a reason or by mistake."""
    come(desk, "ktp-baru", "ktp-baru", "ktp-baru", "ktp-hilang")
    does(desk, "open_counter", role="officer")
    does(desk, "call_ticket", role="officer", ticket="A1-003", reason="Ibu hamil, diminta penyelia")
    does(desk, "undo_call", role="officer")
    does(desk, "call_next", role="officer")
    does(desk, "start", role="officer")
    does(desk, "transfer", role="officer", service="kk", place="front")
    cancelled = ticket_id(desk, "A1-002")
    does(desk, "cancel", ticket=cancelled, reason="=Salah layanan")


def test_who_took_whom_when_and_why_and_how_many_were_passed_over(mall_desk: Desk) -> None:
    unruly(mall_desk)
    page = mall_desk.signed_in("supervisor").page("/manage/out-of-order")
    assert page.h1.startswith("4 kejadian di luar urutan. 2 kali orang dilewati.")
    assert "09.00 Dipilih petugas A1-003" in page.words
    assert "Ibu hamil, diminta penyelia 2 orang dilewati" in page.words
    assert "Panggilan ditarik A1-003" in page.words
    assert "Ke paling depan A1-001" in page.words
    assert "Dibatalkan A1-002" in page.words


def test_the_list_narrows_to_a_kind_and_a_person(mall_desk: Desk) -> None:
    unruly(mall_desk)
    manager = mall_desk.signed_in("manager", language="en")
    chosen = manager.page("/manage/out-of-order?kind=chosen")
    assert chosen.h1 == "1 event out of order. Somebody was passed over 2 times."
    assert "A1-002" not in chosen.words
    nobody = manager.page("/manage/out-of-order?officer=nobody-like-that")
    assert nobody.h1 == "Everything went in order"
    assert manager.page(f"/manage/out-of-order?day={LAST_TUESDAY}").h1 == "Everything went in order"
    for wrong in ("kind=colour", "day=yesterday"):
        assert "Traceback" not in manager.page(f"/manage/out-of-order?{wrong}", 422).words


def test_the_file_holds_the_same_rows_and_no_formula(mall_desk: Desk) -> None:
    unruly(mall_desk)
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.page("/manage/out-of-order")
    answer = supervisor.client.get(page.links["CSV"])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["what"] for row in rows] == ["chosen", "undone", "front", "cancelled"]
    assert (rows[0]["label"], rows[0]["passed_over"], rows[0]["time"]) == ("A1-003", "2", "09:00")
    assert rows[3]["reason"] == "'=Salah layanan"
    kept = supervisor.client.get(f"{page.links['CSV']}&kind=front")
    assert len(kept.text.splitlines()) == 2


def test_only_those_who_read_reports_read_this_one(mall_desk: Desk) -> None:
    for address in ("/manage/out-of-order", "/manage/out-of-order.csv"):
        assert mall_desk.house.client.get(address).status_code == 303
    mall_desk.signed_in("officer").page("/manage/out-of-order", 403)
