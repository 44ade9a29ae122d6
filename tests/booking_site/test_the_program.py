"""`antrean-booking` as a process: its commands, its end, and what it promised before it was killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.domain.settings import BadSettings
from antrean.ledger import site_bookings, site_malls
from antrean.ledger.connection import connect
from antrean.ledger.hall_schema import HALL_SCHEMA
from antrean.ledger.schema import check_version
from antrean.ledger.site import SiteLedger
from antrean.ledger.site_backup import backup_site, restore_site, verify_site
from queue_server.site.__main__ import main
from queue_server.site.running import start
from queue_server.site.settings import LIMITS, SCHEMA, SiteSettings, read_settings
from tests.booking_site.site_of_tests import HOUR, MONDAY, World, catalogue, made, site_in
from tests.domain.malls import ALWAYS
from tests.ledger.tiny_disk import run_on_tiny_disk


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def always_open(**rule: Any) -> dict[str, Any]:
    data = catalogue(**rule)
    data["mall"]["hours"] = ALWAYS
    return data


@contextmanager
def program(data: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running site and its address; killed in the end if it still runs."""
    command = [sys.executable, "-m", "queue_server.site", "--data", str(data), "--port", "0"]
    environment: Mapping[str, str] = {**os.environ, **more}
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    try:
        assert child.stdout is not None
        said = ""
        for line in child.stdout:
            said += line
            if found := re.match(r"listening on (http://\S+)", line):
                yield child, found[1]
                break
        else:
            pytest.fail(f"the site did not start: {said}")
    finally:
        child.kill()
        child.wait(30)
        if child.stdout is not None:
            child.stdout.close()


def test_a_killed_site_keeps_every_booking_it_confirmed(tmp_path: Path) -> None:
    world = World(now_ms())
    ready = made(tmp_path, world)
    file = always_open(per_hour=60, walk_in_percent=1)
    ready.ledger.writer.run(lambda tx: site_malls.set_catalogue(tx, "uji", 2, file))
    tomorrow = ready.desk.days("uji", "ktp-baru")[1].date
    starts = [slot.start_ms for slot in ready.desk.slots("uji", "ktp-baru", tomorrow)][:4]
    capacity = ready.desk.slots("uji", "ktp-baru", tomorrow)[0].free
    ready.ledger.close()
    confirmed: list[str] = []
    enough, dead = threading.Event(), threading.Event()

    def visitors(number: int, url: str) -> None:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            for turn in range(1000):
                form = {"contact": f"v{number}-{turn}@example.org", "start": str(starts[turn % len(starts)])}
                try:
                    answer = client.post("/m/uji/ktp-baru/book", data=form)
                except httpx.HTTPError:
                    assert dead.wait(30)
                    return
                if answer.status_code == 303:
                    confirmed.append(re.split(r"[/?]", answer.headers["Location"])[2])
                if len(confirmed) >= 30:
                    enough.set()

    with program(tmp_path, ANTREAN_BOOKING_TRIES_PER_HOUR="100000") as (child, url):
        threads = [threading.Thread(target=visitors, args=(number, url)) for number in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(30)
        child.send_signal(signal.SIGKILL)
        child.wait(30)
        dead.set()
        for thread in threads:
            thread.join(30)
    again = made(tmp_path, world)
    try:
        assert len(confirmed) >= 30
        assert {again.desk.booking(secret).status for secret in confirmed} == {"booked"}
        with again.ledger.reading() as r:
            held = site_bookings.taken(r, "uji", "ktp-baru", starts[0], starts[-1] + 1)
        assert sum(held.values()) >= len(confirmed)
        assert max(held.values()) <= capacity
    finally:
        again.ledger.close()


def test_the_site_ends_well_when_it_is_told_to_and_is_alone_in_its_folder(tmp_path: Path) -> None:
    with program(tmp_path) as (child, url):
        assert httpx.get(f"{url}/healthz", trust_env=False, timeout=30).json()["status"] == "ok"
        with pytest.raises(Unavailable, match="another booking site"):
            start(tmp_path, SiteSettings(port=0), World(), lambda error: None)
        with pytest.raises(Unavailable, match="stop it first"):
            restore_site(tmp_path / "any.db", tmp_path, "new-life")
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0


def test_malls_are_let_in_listed_and_removed_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "site")
    assert main(["--data", data, "mall", "list"]) == 1
    assert "mall add NAME" in capsys.readouterr().err
    assert main(["--data", data, "mall", "add", "Sleman!"]) == 1
    assert main(["--data", data, "mall", "add", "sleman"]) == 0
    said = capsys.readouterr()
    assert re.fullmatch(r"[0-9a-f]{64}\n", said.out)
    assert main(["--data", data, "mall", "add", "sleman"]) == 1
    assert "on this site already" in capsys.readouterr().err
    assert main(["--data", data, "mall", "list"]) == 0
    listed = capsys.readouterr().out
    assert re.match(r"sleman +heard never +catalogue -", listed)
    assert said.out.strip() not in listed
    assert main(["--data", data, "mall", "remove", "sleman"]) == 0
    assert main(["--data", data, "mall", "remove", "sleman"]) == 1
    assert main(["--data", data, "mall", "add", "sleman"]) == 0, (
        "a removed mall may come back with a new secret"
    )
    assert capsys.readouterr().out != said.out


def test_a_backup_comes_back_as_a_new_life_and_tells_nothing_of_contacts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file = tmp_path / "site", tmp_path / "kept.db"
    with site_in(data) as site:
        booked = site.book(MONDAY + HOUR)
        found = backup_site(data, file)
        assert (found.malls, found.bookings, found.last_change) == (1, 1, 1)
        lost = site.book(MONDAY + HOUR)
        with site.ledger.reading() as r:
            (row, _) = site_bookings.after_change(r, "uji", 0, 2)
    assert (data / "contacts.secret").read_bytes().strip() not in file.read_bytes()
    assert row.contact_hash is not None
    (data / "booking.db").write_bytes(b"not a database")
    assert main(["--data", str(data), "restore", str(file)]) == 0
    assert "1 malls, 1 bookings" in capsys.readouterr().out
    assert verify_site(data).bookings == 1
    again = made(data, World())
    try:
        assert again.desk.booking(booked.secret) == booked
        with pytest.raises(RuleViolation, match="unknown_booking"):
            again.desk.booking(lost.secret)
    finally:
        again.ledger.close()
    assert main(["--data", str(data), "backup"]) == 0
    assert len(list((data / "backups").glob("antrean-*.db"))) == 1


def test_wrong_settings_end_the_program_at_once_with_every_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "booking.toml").write_text("forget_days = 30\nnoshow_limt = 2\n", encoding="utf-8")
    assert main(["--data", str(tmp_path)]) == 2
    assert "noshow_limt" in capsys.readouterr().err
    (tmp_path / "booking.toml").write_text("forget_days = 30\nproxies = 9\n", encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        read_settings(None, tmp_path, {}, {})
    assert len(caught.value.problems) == 2
    (tmp_path / "booking.toml").write_text(
        'forget_days = 3\nsite_name = "Booking Sleman"\n', encoding="utf-8"
    )
    read = read_settings(None, tmp_path, {"ANTREAN_BOOKING_PROXIES": "1"}, {"port": 0})
    assert (read.forget_days, read.site_name, read.proxies, read.port) == (3, "Booking Sleman", 1, 0)


def test_every_number_among_the_settings_has_its_limits() -> None:
    assert set(LIMITS) == {one.name for one in SCHEMA if one.kind is int}
    assert {one.name: one.default for one in SCHEMA} == {
        name: getattr(SiteSettings(), name) for name in (one.name for one in SCHEMA)
    }


def test_a_mall_s_ledger_is_never_taken_for_a_site_s(tmp_path: Path) -> None:
    with site_in(tmp_path):
        pass
    connection = connect(tmp_path / "booking.db", read_only=True)
    try:
        with pytest.raises(Unavailable, match="schema version"):
            check_version(connection, tmp_path / "booking.db", HALL_SCHEMA)
    finally:
        connection.close()
    assert SiteLedger.open_reading(tmp_path).path.name == "booking.db"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a disk of its own")
def test_a_full_disk_refuses_new_bookings_keeps_the_confirmed_ones_and_heals(tmp_path: Path) -> None:
    run_on_tiny_disk("tests.booking_site.full_disk", tmp_path / "disk", 24)
