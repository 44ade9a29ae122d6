"""What the administrator is told and asked, all without scripts."""

import re

from antrean.ledger import hall_devices, hall_log
from antrean.ledger.hall_log import Quarantined
from antrean.ledger.writer import Transaction
from tests.pages_b.desk import Desk
from tests.server.house_of_tests import MORNING_MS


def test_the_code_page_says_what_to_type_where(mall_desk: Desk) -> None:
    person = mall_desk.signed_in("administrator")
    page = person.send("/admin/devices", kind="kiosk", name="Kios pintu")
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.words)
    assert code is not None
    assert page.h1 == "Kode untuk Kios pintu"
    assert f"antrean-kiosk pair --server {mall_desk.url} {code[0]}" in page.words
    display = mall_desk.signed_in("administrator", "helper").send(
        "/admin/devices", kind="display", name="Papan", counter="1"
    )
    assert "antrean-display pair" in display.words


def test_withdrawing_a_device_asks_first_and_says_what_stays(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    person = mall_desk.signed_in("administrator")
    devices = person.page("/admin/devices")
    ask = person.page(devices.links["Cabut Kios pintu"])
    assert ask.h1 == "Cabut Kios pintu?"
    assert "tetap sah" in ask.words
    assert "Tersambung" not in person.page("/admin/devices").words
    address = f"/admin/devices/{kiosk.paired['device_id']}/withdraw"
    assert "Dicabut" in person.send(address).words
    assert kiosk.hello().status_code == 403
    person.page("/admin/devices/nobody/withdraw", status=404)


def test_a_device_that_speaks_is_connected_and_one_that_stopped_is_not(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    person = mall_desk.signed_in("administrator")
    assert "Belum pernah tersambung" in person.page("/admin/devices").words
    assert kiosk.hello().status_code == 200
    assert "Tersambung" in person.page("/admin/devices").words

    def long_ago(tx: Transaction) -> None:
        hall_devices.device_seen(tx, str(kiosk.paired["device_id"]), MORNING_MS - 8 * 60_000, "0.1")

    mall_desk.parts.ledger.writer.run(long_ago)
    assert "Tidak terdengar 8 mnt" in person.page("/admin/devices").words
    assert "Kios pintu Tidak terdengar" in person.page("/admin/health").words


def test_what_was_wrong_with_a_form_is_said_and_nothing_typed_is_lost(mall_desk: Desk) -> None:
    person = mall_desk.signed_in("administrator")
    page = person.send(
        "/admin/users", status=422, name="dewi lestari", shown_name="Dewi Lestari", roles="officer"
    )
    assert 'value="Dewi Lestari"' in page.answer.text
    assert 'role="alert"' in page.answer.text
    assert person.send("/admin/users", status=422, name="dewi", shown_name="Dewi").answer.status_code == 422
    person.send("/admin/users", status=404, name="rina", shown_name="Rina", roles="officer", counter="99")
    assert "rina" not in person.page("/admin/users").words


def test_health_raises_the_alarm_for_what_a_device_sent_and_nobody_could_take(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    raw = '{"type":"TicketPainted"}'
    held = Quarantined(str(kiosk.paired["device_id"]), kiosk.log_id, 1, "h", "", "unknown_event_type", raw)
    mall_desk.parts.ledger.writer.run(
        lambda tx: hall_log.accept(tx, [], received_ms=MORNING_MS, quarantined=[held])
    )
    page = mall_desk.signed_in("administrator").page("/admin/health")
    assert "1 kejadian ditahan" in page.words
    assert "TicketPainted Kios pintu 09.00 Program kiosk lebih baru dari server" in page.words
    assert "Belum ada cadangan dalam 24 jam terakhir" in page.words


def test_an_administrator_reads_a_held_event_in_plain_words_and_settles_it(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    kiosk.issue(service="pindah-alamat", number=12)
    assert kiosk.push().status_code == 200
    person = mall_desk.signed_in("administrator")
    page = person.page("/admin/held/1")
    assert "A1-012 · pindah-alamat" in page.words
    assert "Tiket untuk layanan yang tidak ada di daftar layanan mal" in page.words
    again = person.send("/admin/held/1/retry", status=409)
    assert "Masih belum dapat diterima. Tiket untuk layanan" in again.words
    assert 'role="alert"' in person.send("/admin/held/1/dismiss", status=422, note=" ").answer.text
    person.send("/admin/held/1/dismiss", note="salah mal")
    assert "Disisihkan oleh" in person.page("/admin/held/1").words
    assert "salah mal" in person.page("/admin/held/1").words
    assert "Kejadian yang ditahan" not in person.page("/admin/health").words
    assert mall_desk.house.client.get("/healthz").json()["status"] == "ok"
    person.page("/admin/held/77", status=404)
    mall_desk.signed_in("manager").page("/admin/held/1", status=403)


def test_a_server_that_is_an_older_life_says_so_where_people_look(mall_desk: Desk) -> None:
    kiosk = mall_desk.house.pair(name="Kios pintu")
    assert kiosk.hello(term=4).status_code == 409
    assert (
        "Server ini versi lama. Matikan." in mall_desk.signed_in("administrator").page("/admin/health").words
    )
    words = mall_desk.signed_in("supervisor").page("/manage/now").words
    assert "Server ini versi lama dan tidak boleh memanggil" in words


def test_only_administrators_administer(mall_desk: Desk) -> None:
    for address in ("/admin", "/admin/devices", "/admin/users", "/admin/health", "/admin/health/part"):
        assert mall_desk.house.client.get(address).status_code == 303
        mall_desk.signed_in("manager").page(address, status=403) if address == "/admin" else None
