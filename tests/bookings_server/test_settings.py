"""`bookings.toml`: read strictly, followed while the server runs, and kept by `antrean-admin bookings`."""

import io
import json
import stat
from argparse import Namespace
from pathlib import Path

import pytest

from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import new_code
from antrean.domain.errors import RuleViolation
from antrean.domain.settings import BadSettings
from antrean.seal.bookings import BookingSigner
from queue_server.admin import bookings as admin
from queue_server.admin.tools import Desk
from queue_server.bookings.settings import FILE_NAME, read_sources
from tests.bookings_server.booked_mall import HOUR_MS, MINUTE_MS, TEN, BookedMall
from tests.bookings_server.fake_outside import FakeOutside

KIND = {"fake": FakeOutside().kind()}


def read(folder: Path, text: str) -> tuple[object, ...]:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return read_sources(folder, KIND)


def test_a_source_has_its_defaults_and_its_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "kota.secret").write_text("rahasia\n", encoding="utf-8")
    assert read_sources(tmp_path, KIND) == ()
    (one,) = read(
        tmp_path, '[[source]]\nname = "kota"\nkind = "fake"\nsecret_file = "kota.secret"\nstrict = true\n'
    )
    assert (one.name, one.every_seconds, one.url, one.mall) == ("kota", 60, "http://outside.example", "mal")  # type: ignore[attr-defined]
    assert (one.settings["secret"], one.settings["strict"]) == ("rahasia", True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text, said",
    [
        ("[[sorce]]\n", "did you mean source"),
        ('[[source]]\nname = "kota"\nkind = "fak"\n', "did you mean fake"),
        ('[[source]]\nname = "kota"\nkind = "fake"\nulr = "x"\n', "did you mean url"),
        ('[[source]]\nname = "Kota Kita"\nkind = "fake"\n', "small letters"),
        ('[[source]]\nname = "kota"\nkind = "fake"\nevery_seconds = 3600\n', "from 5 to 900"),
        ('[[source]]\nname = "kota"\nkind = "fake"\npages = "many"\n', "a whole number"),
        ('[[source]]\nname = "kota"\nkind = "fake"\nstrict = 1\n', "true or false"),
        ('[[source]]\nname = "kota"\nkind = "fake"\nsecret_file = "gone"\n', "gone"),
        ('[[source]]\nname = "a"\nkind = "fake"\n' * 2, "two sources are named a"),
        ("source = 3\n", "list of tables"),
        ("not toml", FILE_NAME),
    ],
)
def test_every_mistake_names_its_cure(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as told:
        read(tmp_path, '[[source]]\nname = "A"\nkind = "fake"\nulr = "x"\nevery_seconds = 1\n')
    assert len(told.value.problems) == 3


def test_a_running_server_follows_the_file_and_goes_on_with_what_it_had_when_it_is_wrong(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    path = mall.folder / FILE_NAME
    path.write_text(path.read_text(encoding="utf-8") + "oops", encoding="utf-8")
    mall.look()
    health = mall.parts.bookings.health
    assert health.alarms() == ["bookings_settings"]
    assert FILE_NAME in health.settings_error()
    assert [one.name for one in health.health()] == ["situs"]
    outside.cancel("AAAA")
    mall.look()
    assert mall.status("AAAA") == "cancelled"
    path.write_text('[[source]]\nname = "lain"\nkind = "fake"\nmall = "m2"\n', encoding="utf-8")
    mall.look()
    assert health.settings_error() == ""
    assert [one.name for one in health.health()] == ["lain"]
    assert outside.made == 2
    assert len(caplog.records) == 1


def test_a_source_taken_out_is_shown_while_it_has_something_to_hear(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    outside.down = "no route"
    mall.check_in("AAAA")
    mall.look()
    (mall.folder / FILE_NAME).unlink()
    mall.look()
    (one,) = mall.parts.bookings.health.health()
    assert (one.name, one.configured, one.waiting) == ("situs", False, 1)
    assert mall.check_in("AAAA").json()["error"]["code"] == "booking_arrived"


def test_another_outside_under_the_same_name_is_read_anew(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    path = mall.folder / FILE_NAME
    path.write_text(path.read_text(encoding="utf-8") + 'url = "http://moved.example"\n', encoding="utf-8")
    outside.bookings.clear()
    outside.book("BBBB", TEN)
    mall.look()
    assert [cursor for cursor, _, _ in outside.asked] == ["", ""]
    assert (mall.status("AAAA"), mall.status("BBBB")) == ("cancelled", "booked")
    path.write_text(path.read_text(encoding="utf-8") + 'secret = "another"\n', encoding="utf-8")
    mall.look()
    assert outside.asked[-1][0] != "", "a new secret is no other outside"


def test_a_source_that_was_taken_out_signs_nothing_any_more(mall: BookedMall, outside: FakeOutside) -> None:
    signer = BookingSigner(bytes(32))
    outside.public_keys = (signer.public,)
    mall.look()
    token = signer.seal(BookingClaim(new_code(bytes(range(16))), TEN, 30), "ktp-baru", "mal")
    (mall.folder / FILE_NAME).write_text("", encoding="utf-8")
    mall.look()
    assert mall.check_in(token).json()["error"]["code"] == "unknown_booking"
    kiosk = mall.pair()
    assert mall.client.get("/v1/bookings", headers=kiosk.headers).json()["keys"] == []


def test_the_room_asks_nobody_in_a_mall_without_sources(mall: BookedMall, outside: FakeOutside) -> None:
    (mall.folder / FILE_NAME).unlink()
    mall.look()
    assert mall.parts.bookings.health.health() == []
    assert mall.parts.bookings.health.alarms() == []
    assert outside.made == 0


def _desk(mall: BookedMall, typed: str = "") -> tuple[Desk, io.StringIO]:
    out = io.StringIO()
    world = mall.world
    return Desk(
        mall.folder, lambda: world.now_ms, world.new_id, world.random_bytes, io.StringIO(typed), out
    ), out


def _add(desk: Desk, name: str, *settings: str, secret: bool = False) -> None:
    options = Namespace(name=name, kind="fake", set=list(settings), secret_stdin=secret)
    admin.bookings_add(desk, options)


def test_the_command_line_adds_tries_lists_and_removes_a_source(
    mall: BookedMall,
    outside: FakeOutside,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(admin, "KINDS", {"fake": outside.kind()})
    path = mall.folder / FILE_NAME
    path.write_text("# the city's own\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    desk, out = _desk(mall, "rahasia kota\n")
    _add(desk, "kota", "url=http://kota.example", "pages=7", "strict=true", secret=True)
    (_, added) = read_sources(mall.folder, {"fake": outside.kind()})
    assert added.settings == {
        "url": "http://kota.example",
        "mall": "mal",
        "secret": "rahasia kota",
        "pages": 7,
        "strict": True,
    }
    kept = mall.folder / "bookings-kota.secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    outside.book("AAAABBBB", TEN + 30 * MINUTE_MS)
    outside.book("WRONG", TEN, service="paspor")
    admin.bookings_try(desk, Namespace(name="kota"))
    assert "reached; 1 bookings, 1 unreadable" in out.getvalue()
    assert "2025-11-24 10:30  AAAA-BBBB" in out.getvalue()
    assert "unknown_service" in out.getvalue()
    mall.look()
    outside.down = "no route to the city"
    mall.at(mall.world.now_ms + HOUR_MS)
    mall.look()
    out.truncate(0)
    admin.bookings_list(desk, Namespace(json=True))
    rows = [json.loads(line) for line in out.getvalue().strip("\0").splitlines()]
    assert [(row["name"], row["last_error"], row["problems"]) for row in rows] == [
        ("kota", "no route to the city", 1),
        ("situs", "no route to the city", 1),
    ]
    admin.bookings_list(desk, Namespace(json=False))
    assert "last contact 2025-11-24" in out.getvalue()
    admin.bookings_remove(desk, Namespace(name="kota"))
    assert path.read_text(encoding="utf-8").rstrip() == before.rstrip(), "what else stands in the file stays"
    assert not kept.exists()
    with pytest.raises(RuleViolation, match="unknown_source"):
        admin.bookings_remove(desk, Namespace(name="kota"))
    with pytest.raises(RuleViolation, match="unknown_source"):
        admin.bookings_try(desk, Namespace(name="kota"))


def test_a_source_that_cannot_be_meant_is_not_added(
    mall: BookedMall, outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "KINDS", {"fake": outside.kind()})
    before = (mall.folder / FILE_NAME).read_text(encoding="utf-8")
    desk, _ = _desk(mall, "rahasia\n")
    for name, settings, said in (
        ("kota", ("ulr=x",), "did you mean url"),
        ("kota", ("url",), "NAME=VALUE"),
        ("situs", (), "already"),
    ):
        with pytest.raises(BadSettings, match=said):
            _add(desk, name, *settings, secret=True)
    assert (mall.folder / FILE_NAME).read_text(encoding="utf-8") == before
    assert not list(mall.folder.glob("*.secret"))


def test_one_outside_in_trouble_is_no_trouble_for_the_others(mall: BookedMall, outside: FakeOutside) -> None:
    other = FakeOutside()
    mall.worker.kinds = {"fake": outside.kind(), "other": other.kind()}
    path = mall.folder / FILE_NAME
    path.write_text(
        path.read_text(encoding="utf-8") + '[[source]]\nname = "zzz"\nkind = "other"\n', encoding="utf-8"
    )
    outside.book("AAAA", TEN)
    other.book("AAAA", TEN + HOUR_MS, code="SAMECODE")
    mall.look()
    outside.down, outside.permanent = "a wrong certificate", True
    assert mall.check_in("SAMECODE").status_code == 200
    assert mall.check_in("AAAA").status_code == 200
    mall.look()
    assert (outside.came, other.came) == ({}, {"AAAA": ["arrived"]})
    trouble, fine = mall.parts.bookings.health.health()
    assert (trouble.name, trouble.last_error, trouble.waiting) == ("situs", "a wrong certificate", 1)
    assert (fine.name, fine.last_error, fine.waiting) == ("zzz", "", 0)
