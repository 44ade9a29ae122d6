"""Announcements by a supervisor: seen before they are told, refused in words, withdrawn."""

from typing import Any

from tests.pages_b.desk import MINUTE, Desk


def notices(desk: Desk) -> list[dict[str, object]]:
    """What the boards are told now."""
    answer = desk.house.client.get("/v1/state?topics=board").json()
    found: list[dict[str, object]] = answer["topics"]["board"]["notices"]
    return found


def test_a_ready_announcement_is_seen_first_then_told_then_withdrawn(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    draft: dict[str, Any] = {"kind": "counter_closed", "about": "2", "zone": "1A", "minutes": "30"}
    seen = supervisor.client.get("/manage/announce/preview", params=draft).text
    assert "Loket 2 tutup sementara" in seen
    assert "sampai 09.30" in seen
    assert notices(mall_desk) == []
    for _ in (1, 2):  # a double press tells once
        page = supervisor.send("/manage/announce", **draft, key="closed-for-lunch")
        assert "Pengumuman tampil di papan." in page.words
    [notice] = notices(mall_desk)
    assert (notice["kind"], notice["about"], notice["zone"]) == ("counter_closed", "2", "1A")
    assert "Lantai 1 · dari 09.00 sampai 09.30" in page.words
    for _ in (1, 2):
        page = supervisor.send("/manage/announce/withdraw", announcement=notice["id"])
        assert "Pengumuman ditarik." in page.words
    assert notices(mall_desk) == []
    assert "Tidak ada pengumuman yang berlaku." in page.words


def test_an_own_text_is_told_in_every_zone_and_ends_by_itself(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    text = "Mobil putih di depan pintu mohon dipindahkan"
    supervisor.send("/manage/announce", kind="free", text=text, zone="", minutes="5", key="a-white-car")
    assert [(one["text"], one["zone"], one["about"]) for one in notices(mall_desk)] == [(text, "", "")]
    mall_desk.world.now_ms += 6 * MINUTE
    assert text not in supervisor.page("/manage/announce/running").words


def test_what_cannot_be_told_is_refused_in_the_readers_words_and_the_draft_stays(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    refused: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"kind": "counter_open", "about": ""}, 422, "Pilih loket yang dimaksud."),
        ({"kind": "free", "text": "   "}, 422, "Tulis dulu pengumumannya."),
        (
            {"kind": "free", "text": "a" * 161},
            422,
            "Pengumuman terlalu panjang: 161 tanda, paling banyak 160.",
        ),
        ({"kind": "counter_open", "about": "1", "zone": "9Z"}, 404, "Zona 9Z tidak ada."),
    )
    for number, (fields, status, words) in enumerate(refused):
        page = supervisor.send("/manage/announce", status, **fields, minutes="5", key=f"refused-{number}")
        assert words in page.words
    assert (
        "a" * 161
        in supervisor.send(
            "/manage/announce", 422, kind="free", text="a" * 161, minutes="5", key="kept-draft"
        ).answer.text
    )
    assert notices(mall_desk) == []
    english = mall_desk.signed_in("supervisor", "manager", language="en")
    page = english.send("/manage/announce", 422, kind="free", text="", minutes="5", key="in-english")
    assert "Write the announcement first." in page.words


def test_managers_see_what_runs_and_announce_nothing(mall_desk: Desk) -> None:
    manager = mall_desk.signed_in("manager")
    page = manager.page("/manage/announce")
    assert "Hanya penyelia dan administrator" in page.words
    manager.send("/manage/announce", 403, kind="free", text="x", minutes="5", key="not-a-manager")
    manager.send("/manage/announce/withdraw", 403, announcement="x")
    assert notices(mall_desk) == []


def test_people_without_scripts_look_at_a_draft_by_its_address(mall_desk: Desk) -> None:
    supervisor = mall_desk.signed_in("supervisor")
    page = supervisor.page("/manage/announce?kind=free&text=Salat+Jumat+pukul+12&minutes=60")
    assert "Salat Jumat pukul 12" in page.words
    assert supervisor.page("/manage/announce?kind=colour&minutes=soon").h1 == "Pengumuman di papan"
