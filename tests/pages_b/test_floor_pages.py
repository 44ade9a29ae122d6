"""The supervisor's floor through the real server: what is seen, what may be done, and by whom."""

from typing import Any

import pytest

from tests.pages_b.desk import MINUTE, Desk
from tests.pages_b.floor_of_desk import come, does, key_of, ticket_id


def later(desk: Desk, minutes: float) -> None:
    """Time passes."""
    desk.world.now_ms += round(minutes * MINUTE)


def test_every_counter_says_who_does_what_since_when(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru", "ktp-hilang", "kk")
    does(mall_desk, "open_counter", role="officer")
    later(mall_desk, 3)
    does(mall_desk, "call_next", role="officer")
    does(mall_desk, "start", role="officer")
    does(mall_desk, "start_break", "3", reason="Makan siang", minutes=30)
    page = mall_desk.signed_in("supervisor").page("/manage/floor")
    assert page.h1 == "Semua loket berjalan baik"
    assert "2 orang menunggu. 1 loket melayani, 0 siap, 1 istirahat, 1 tutup." in page.words
    assert "A1-001 ktp-baru dilayani sejak 09.03" in page.words
    assert "sejak 09.00 ktp-baru, ktp-hilang 1 menunggu terlama 3 mnt" in page.words
    assert "Makan siang, direncanakan sampai 09.33" in page.words
    assert "belum dibuka hari ini" in page.words


def test_what_lasts_too_long_comes_first_and_in_the_heading(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    does(mall_desk, "open_counter", "2")
    does(mall_desk, "start_break", "3", reason="Salat", minutes=10)
    later(mall_desk, 15)
    page = mall_desk.signed_in("supervisor").page("/manage/floor")
    assert page.h1 == "2 loket perlu dilihat"
    assert "Lewat 5 mnt dari rencana kembali" in page.words
    assert "Lama tidak memanggil, 1 orang menunggu" in page.words
    assert page.words.index("Lewat 5 mnt") < page.words.index("Loket 1 Lantai 1")
    narrowed = mall_desk.people[-1].page("/manage/floor?show=look")
    assert "Loket 1 Lantai 1" not in narrowed.words
    assert (
        "Tidak ada loket seperti itu sekarang"
        in mall_desk.people[-1].page("/manage/floor?show=serving").words
    )


def test_an_idle_counter_beside_a_long_line_helps_with_one_press_and_a_plain_yes(mall_desk: Desk) -> None:
    come(mall_desk, "kk", "kk", "kk")
    does(mall_desk, "open_counter")
    later(mall_desk, 40)
    supervisor = mall_desk.signed_in("supervisor")
    floor = supervisor.page("/manage/floor")
    assert "Loket 1 kosong, antrean kk panjang 3 menunggu, terlama 40 mnt" in floor.words
    assert "Minta loket 1 membantu" in supervisor.page("/manage/now").links
    assert "Minta loket 1 membantu" not in mall_desk.signed_in("manager").page("/manage/now").links
    asked = supervisor.page(floor.links["Minta loket 1 membantu"])
    assert "Loket 1 akan ikut memanggil kk. Simpan untuk memulai." in asked.words
    key = key_of(supervisor, "/manage/counter/1?add=kk", "set_services")
    chosen: dict[str, Any] = {
        "command": "set_services",
        "service": ["ktp-baru", "ktp-hilang", "kk"],
        "key": key,
    }
    for _ in (1, 2):  # a double press is one change
        done = supervisor.send("/manage/counter/1", **chosen)
        assert "Layanan loket sudah diubah." in done.words
    assert mall_desk.house.hall().services_of("1") == ("ktp-baru", "ktp-hilang", "kk")
    assert [one.type for one in mall_desk.house.events()].count("ServedChanged") == 1
    assert "Minta loket 1 membantu" not in supervisor.page("/manage/floor").links
    back = supervisor.send(
        "/manage/counter/1", command="set_services", plan="catalogue", key="back-to-the-plan"
    )
    assert "Layanan loket sudah diubah." in back.words
    assert mall_desk.house.hall().services_of("1") == ("ktp-baru", "ktp-hilang")


def test_a_counter_without_any_service_is_refused_in_words(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.send("/manage/counter/1", 422, command="set_services", key="nothing-chosen")
    assert "Pilih paling sedikit satu layanan untuk loket ini." in page.words


def test_a_counter_left_open_is_emptied_and_closed(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru")
    does(mall_desk, "call_next", role="officer")
    does(mall_desk, "start", role="officer")
    supervisor = mall_desk.signed_in("supervisor")
    seen = ticket_id(mall_desk, "A1-001")
    fields: dict[str, Any] = {"seen": seen, "key": "left-open-finish", "command": "finish"}
    assert "Kunjungan sudah ditutup." in supervisor.send("/manage/counter/1", **fields).words
    assert "Kunjungan sudah ditutup." in supervisor.send("/manage/counter/1", **fields).words
    closed = supervisor.send("/manage/counter/1", command="close_counter", key="left-open-close", seen="")
    assert "Loket sudah ditutup." in closed.words
    assert mall_desk.house.hall().desk("1").officer is None
    assert mall_desk.house.hall().desk("1").completed == 1


def test_a_press_on_an_old_page_touches_nobody_else(mall_desk: Desk) -> None:
    come(mall_desk, "ktp-baru", "ktp-baru")
    does(mall_desk, "call_next")
    does(mall_desk, "start")
    old = ticket_id(mall_desk, "A1-001")
    does(mall_desk, "call_next")
    does(mall_desk, "start")
    page = mall_desk.signed_in("supervisor").send(
        "/manage/counter/1", 409, command="finish", seen=old, key="an-old-page-1"
    )
    assert "Keadaan loket 1 sudah berubah." in page.words
    assert "A1-002" in page.words
    assert mall_desk.house.hall().desk("1").ticket_id == ticket_id(mall_desk, "A1-002")


@pytest.mark.parametrize("role", ["manager"])
def test_managers_read_and_give_no_command(mall_desk: Desk, role: str) -> None:
    does(mall_desk, "open_counter")
    reader = mall_desk.signed_in(role)
    page = reader.page("/manage/counter/1")
    assert "Hanya penyelia dan administrator yang bisa mengubah." in page.words
    assert "Tutup loket" not in page.words
    reader.send("/manage/counter/1", 403, command="close_counter", key="not-for-me-1", seen="")
    reader.send("/manage/help", 403, command="accept_help", place="x", key="not-for-me-2")
    assert mall_desk.house.hall().desk("1").officer is not None


def test_officers_and_strangers_see_no_floor(mall_desk: Desk) -> None:
    officer = mall_desk.signed_in("officer")
    for address in ("/manage/floor", "/manage/floor/part", "/manage/counter/1"):
        officer.page(address, 403)
        assert mall_desk.house.client.get(address).status_code == 303
    assert mall_desk.house.client.get("/v1/state?topics=floor").status_code == 401
    for role, status in (("officer", 403), ("helper", 403), ("manager", 200), ("supervisor", 200)):
        token = {"Authorization": f"Bearer {role}-token"}
        assert mall_desk.house.client.get("/v1/state?topics=floor", headers=token).status_code == status


def test_an_unknown_counter_and_nonsense_are_answered_with_a_sentence(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    assert "Loket 99 tidak ada" in supervisor.page("/manage/counter/99", 404).words
    supervisor.send("/manage/counter/99", 404, command="finish", key="nonsense-1", seen="")
    supervisor.send("/manage/counter/1", 409, command="call_next", key="nonsense-2", seen="")
    supervisor.send("/manage/counter/1", 422, command="set_services", service="nosuch", key="short")
    assert supervisor.page("/manage/floor?show=colour").h1


def test_a_call_for_help_is_answered_from_the_floor(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair()
    kiosk.write("HelpRequested", {"place": "Kios pintu"})
    assert kiosk.push().status_code == 200
    supervisor = mall_desk.signed_in("supervisor")
    assert "Kios pintu minta bantuan" in supervisor.page("/manage/floor").words
    fields: dict[str, Any] = {"place": "Kios pintu", "key": "help-at-the-door"}
    came = supervisor.send("/manage/help", command="accept_help", **fields)
    assert "Supervisor menuju ke sana" in came.words
    supervisor.send("/manage/help", command="finish_help", place="Kios pintu", key="help-at-the-door-2")
    assert mall_desk.house.hall().help == ()


def test_a_board_that_cannot_be_heard_is_noticed(mall_desk: Desk) -> None:
    board = mall_desk.house.pair("display", "Papan lantai 1")
    supervisor = mall_desk.signed_in("supervisor")

    def says(sound: str) -> str:
        body = {"sound": sound, "says_texts": False}
        answer = mall_desk.house.client.post("/v1/sound", json=body, headers=board.headers)
        assert answer.status_code == 200, answer.text
        return supervisor.page("/manage/floor").words

    assert "Papan lantai 1 tidak bersuara, periksa pengeras suara" in says("missing")
    assert "Papan lantai 1 tidak bersuara" in supervisor.page("/manage/now").words
    assert "Papan lantai 1" in supervisor.page("/manage/strip").words
    assert "Tidak ada papan yang bersuara" in says("off")
    assert "bersuara" not in says("ok")
    assert "1 papan bersuara" in supervisor.page("/manage/now").words
