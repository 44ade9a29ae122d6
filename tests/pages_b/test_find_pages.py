"""From a number to the whole story of its visit, and what may be done about it."""

from typing import Any

import pytest

from antrean.ledger import hall_notes
from tests.pages_b.desk import LAST_TUESDAY, LAST_TUESDAY_9, MINUTE, Desk
from tests.pages_b.floor_of_desk import come, does, ticket_id


def later(desk: Desk, minutes: float) -> None:
    """Time passes."""
    desk.world.now_ms += round(minutes * MINUTE)


def served(desk: Desk) -> str:
    """A visitor who waited, was called twice, held, sent on and served; gives the ticket's id."""
    come(desk, "ktp-baru")
    later(desk, 4)
    does(desk, "call_next", role="officer")
    does(desk, "recall", role="officer")
    later(desk, 1)
    does(desk, "start", role="officer")
    does(desk, "hold", role="officer", reason="Fotokopi berkas")
    later(desk, 10)
    found = ticket_id(desk, "A1-001")
    does(desk, "resume", role="officer", ticket=found)
    does(desk, "transfer", role="officer", service="kk", place="front")
    does(desk, "call_next", "2")
    does(desk, "start", "2")
    later(desk, 5)
    does(desk, "finish", "2")
    return found


@pytest.mark.parametrize("asked", ["A1-001", "a1 001", "A1001", " a1-1 ", "1", "001"])
def test_a_number_in_any_spelling_leads_to_its_story(mall_desk: Desk, asked: str) -> None:
    come(mall_desk, "ktp-baru")
    supervisor = mall_desk.signed_in("supervisor")
    answer = supervisor.client.get("/manage/find", params={"q": asked}, follow_redirects=True)
    assert answer.url.path == f"/manage/ticket/{ticket_id(mall_desk, 'A1-001')}"


def test_the_story_tells_steps_times_counters_and_reasons(mall_desk: Desk) -> None:
    found = served(mall_desk)
    page = mall_desk.signed_in("supervisor").page(f"/manage/ticket/{found}")
    told = [
        "Nomor diambil di kiosk: ktp-baru",
        "Dipanggil menurut urutan",
        "Dipanggil lagi",
        "Mulai dilayani",
        "Ditahan Fotokopi berkas",
        "Dilanjutkan",
        "Dialihkan ke kk, paling depan",
        "Dipanggil dari depan antrean",
        "Selesai dilayani",
    ]
    at = [page.words.index(one) for one in told]
    assert at == sorted(at)
    assert "setelah 4 mnt" in page.words
    assert "Loket 2 · Program" in page.words


def test_english_readers_get_english(mall_desk: Desk) -> None:
    found = served(mall_desk)
    page = mall_desk.signed_in("supervisor", language="en").page(f"/manage/ticket/{found}")
    assert "Sent on to kk, to the front" in page.words
    assert "Done" in page.words


def test_a_finished_visit_is_opened_again_at_a_counter_that_is_free(mall_desk: Desk) -> None:
    found = served(mall_desk)
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.page(f"/manage/ticket/{found}")
    assert "Buka lagi kunjungan ini" in page.words
    for _ in (1, 2):
        page = supervisor.send(f"/manage/ticket/{found}", command="reopen", counter="2", key="open-again-1")
        assert "Nomor dilayani lagi." in page.words
    assert "Sedang dilayani di loket 2" in page.words
    assert "Dibuka lagi oleh penyelia" in page.words
    assert [one.type for one in mall_desk.house.events()].count("TicketReopened") == 1


def test_a_waiting_visitor_is_cancelled_with_a_reason_only(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    found = ticket_id(mall_desk, "A1-001")
    supervisor = mall_desk.signed_in("supervisor")
    fields: dict[str, Any] = {"command": "cancel", "counter": ""}
    supervisor.send(f"/manage/ticket/{found}", 422, **fields, reason=" ", key="cancel-without")
    page = supervisor.send(f"/manage/ticket/{found}", **fields, reason="Salah layanan", key="cancel-with-1")
    assert "Dibatalkan Salah layanan" in page.words
    assert "Tidak ada yang bisa diubah pada keadaan ini." in page.words


def test_priority_is_given_and_withdrawn(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    found = ticket_id(mall_desk, "A1-001")
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.send(
        f"/manage/ticket/{found}", command="set_priority", priority="yes", key="prio-yes-1"
    )
    assert "Prioritas dipastikan" in page.words
    page = supervisor.send(f"/manage/ticket/{found}", command="set_priority", priority="no", key="prio-no-1")
    assert "Prioritas dicabut" in page.words


def test_visits_of_other_days_are_told_and_left_alone(mall_desk: Desk) -> None:
    mall_desk.visit("ktp-hilang", LAST_TUESDAY_9, 7, 5, LAST_TUESDAY, 12)
    supervisor = mall_desk.signed_in("supervisor")
    answer = supervisor.client.get(f"/manage/find?q=A1-012&day={LAST_TUESDAY}", follow_redirects=True)
    page = supervisor.page(answer.url.path)
    assert "Nomor diambil di kiosk: ktp-hilang" in page.words
    assert "setelah 7 mnt" in page.words
    assert "Nomor dari hari lain tidak bisa diubah lagi." in page.words
    late = supervisor.send(answer.url.path, 409, command="reopen", counter="1", key="another-day-1")
    assert "Kunjungan hari lain tidak bisa diubah lagi." in late.words


def test_several_numbers_and_none_are_said(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    kiosk = mall_desk.house.pair(name="Kios 2")
    come(mall_desk, "ktp-baru", kiosk=kiosk)
    supervisor = mall_desk.signed_in("supervisor")
    several = supervisor.page("/manage/find?q=1")
    assert "2 nomor yang cocok" in several.words
    assert "Tidak ada nomor B1-999 pada hari itu" in supervisor.page("/manage/find?q=B1-999").words
    for wrong in ("q=!!!", "q=ABCD-1", "q=1&day=yesterday"):
        page = supervisor.page(f"/manage/find?{wrong}", 422)
        assert "Traceback" not in page.words
    supervisor.page("/manage/ticket/no-such-ticket", 404)


def test_managers_read_the_story_and_change_nothing(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    found = ticket_id(mall_desk, "A1-001")
    manager = mall_desk.signed_in("manager")
    assert "Hanya penyelia dan administrator" in manager.page(f"/manage/ticket/{found}").words
    manager.send(f"/manage/ticket/{found}", 403, command="cancel", reason="x", key="not-a-manager")
    mall_desk.signed_in("officer").page("/manage/find", 403)
    mall_desk.signed_in("helper").page(f"/manage/ticket/{found}", 403)


def test_notes_and_who_stood_in_are_told_until_the_note_is_erased(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    does(mall_desk, "call_next", role="officer")
    does(mall_desk, "start", role="officer")
    does(mall_desk, "note", role="officer", text="Akta asli menyusul besok")
    found = ticket_id(mall_desk, "A1-001")
    supervisor = mall_desk.signed_in("supervisor")
    later(mall_desk, 1)
    supervisor.send("/manage/counter/1", command="finish", seen=found, key="left-open-note")
    page = supervisor.page(f"/manage/ticket/{found}")
    assert "Catatan petugas Akta asli menyusul besok" in page.words
    assert "Selesai dilayani Loket 1 · Supervisor" in page.words
    assert "Mulai dilayani Loket 1 · Program" in page.words
    now = mall_desk.house.running.parts.live.now_ms()
    mall_desk.parts.ledger.writer.run(lambda tx: hall_notes.erase_notes(tx, now))
    assert "Catatan petugas Isi catatan sudah dihapus" in supervisor.page(f"/manage/ticket/{found}").words


def test_a_supervisor_calls_a_number_out_of_turn_only_with_a_reason_that_is_kept(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru", "ktp-baru")
    does(mall_desk, "open_counter", role="officer")
    found = ticket_id(mall_desk, "A1-002")
    supervisor = mall_desk.signed_in("supervisor")
    address = f"/manage/ticket/{found}"
    assert "Panggil sekarang, di luar urutan" in supervisor.page(address).words
    fields: dict[str, Any] = {"command": "call_ticket", "counter": "1"}
    supervisor.send(address, 422, **fields, reason="", key="call-without-1")
    page = supervisor.send(address, **fields, reason="Lansia, kelelahan", key="call-with-1")
    assert "Dipanggil ke loket 1" in page.words
    assert "Dipanggil di luar urutan Lansia, kelelahan Loket 1 · Supervisor" in page.words
    listed = supervisor.page("/manage/out-of-order").words
    assert "A1-002 Supervisor Loket 1 Lansia, kelelahan 1 orang dilewati" in listed
    assert "Lihat loket 1" in page.links


def test_a_visit_on_hold_is_taken_up_where_a_counter_is_free(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    for command in ("call_next", "start"):
        does(mall_desk, command)
    does(mall_desk, "hold", reason="Fotokopi")
    found = ticket_id(mall_desk, "A1-001")
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.send(f"/manage/ticket/{found}", command="resume", counter="1", key="take-up-again")
    assert "Sedang dilayani di loket 1" in page.words
