"""Boot clocks that lie too, not only wall clocks: nothing is refused, each kiosk's own order holds, time goes on."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.journey.outside import Kiosk, Mall, Program, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(180)]
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
EVERY_CLOCK: dict[str, str] = {}
WALL_ALONE = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def faked(when: str, which: dict[str, str]) -> dict[str, str]:
    """An environment in which the wall clock says `when`; for EVERY_CLOCK the boot clock says so as well."""
    if not FAKETIME:
        pytest.fail("libfaketime is missing; `make setup` installs it")
    return {"LD_PRELOAD": str(FAKETIME[0]), "FAKETIME": when, **which}


def bent(kiosk: Kiosk, rate: float, ahead_ms: int, count: int = 1) -> list[dict[str, Any]]:
    """Tickets of a kiosk whose boot clock is bent, with when they were truly made (`true_ms`)."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.skewed_kiosk", "issue", "ktp-hilang", "--count", str(count)]
        + [str(word) for word in kiosk.arguments()],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "SKEW_RATE": str(rate), "SKEW_MS": str(ahead_ms)},
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) | {"true_ms": time.time_ns() // 1_000_000} for line in done.stdout.splitlines()]


def hall_order(mall: Mall, count: int) -> list[str]:
    """The waiting tickets of the service in calling order, once there are so many."""

    def waiting() -> list[str]:
        return [ticket["ticket_id"] for ticket in mall.tickets() if ticket["service"] == "ktp-hilang"]

    wait_until(lambda: len(waiting()) == count, f"{count} tickets are in the hall")
    return waiting()


def ids(tickets: list[dict[str, Any]]) -> list[str]:
    return [ticket["ticket_id"] for ticket in tickets]


def test_a_kiosk_whose_every_clock_jumps_loses_no_place_in_its_own_line(mall: Mall) -> None:
    """libfaketime without its exception for monotonic clocks: the boot clock leaps by decades and back again."""
    kiosk = Kiosk(mall, "kiosk-1")
    arrived = kiosk.issue("ktp-hilang")
    mall.kill()
    arrived += kiosk.issue("ktp-hilang", "--count", "2", env=faked("-3h", EVERY_CLOCK))
    arrived += kiosk.issue("ktp-hilang")
    arrived += kiosk.issue("ktp-hilang", env=faked("+2h", EVERY_CLOCK))
    mall.open()
    arrived += kiosk.issue("ktp-hilang")
    assert hall_order(mall, 6) == ids(arrived)
    assert len({ticket["label"] for ticket in arrived}) == 6
    assert "no problems" in mall.admin("verify")


@pytest.mark.parametrize("rate, ahead_ms", [(2.0, 0), (1.0, -600_000)])
def test_a_boot_clock_at_the_wrong_speed_or_place_disturbs_nobody_else(
    mall: Mall, rate: float, ahead_ms: int
) -> None:
    good, bad = Kiosk(mall, "kiosk-1"), Kiosk(mall, "kiosk-2")
    first = good.issue("ktp-hilang")
    known = bad.issue("ktp-hilang")  # an anchor from before the clock went wrong
    mall.kill()
    broken: list[dict[str, Any]] = []
    fine: list[dict[str, Any]] = []
    for _ in range(2):
        broken += bent(bad, rate, ahead_ms)
        fine += good.issue("ktp-hilang")
    mall.open()
    good.issue("akta-lahir")
    bent(bad, rate, ahead_ms)
    order = hall_order(mall, 7)
    assert [one for one in order if one in ids(first + fine)] == ids(first + fine)
    assert [one for one in order if one in ids(known + broken)] == ids(known + broken)
    now_ms = mall.state("board")["server_ms"]
    assert all(ticket["arrived_at"] <= now_ms for ticket in mall.tickets())
    assert "no problems" in mall.admin("verify")


@pytest.mark.parametrize("which", [WALL_ALONE, EVERY_CLOCK], ids=["wall", "wall-and-boot"])
def test_a_server_that_wakes_in_1970_goes_on_from_where_it_was(mall: Mall, which: dict[str, str]) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    first = kiosk.issue("ktp-hilang")
    before_ms, day = mall.state("board")["server_ms"], mall.state("board")["day"]
    mall.kill()
    where = ("--data", mall.data, "--port", mall.port)
    asleep = faked("@1970-01-01 00:01:00", which)
    mall.server = Program(mall.folder, "antrean-server", *where, env=asleep)
    wait_until(mall.answers, "the server answers")
    assert mall.state("board")["server_ms"] >= before_ms
    assert mall.state("board")["day"] == day
    second = kiosk.issue("ktp-hilang")
    assert hall_order(mall, 2) == ids(first + second)
    in_1970_ms = mall.state("board")["server_ms"]
    mall.kill()
    # A boot clock may not go from 1970 to this machine's hours of uptime within one boot: it is believed.
    later = {} if which is WALL_ALONE else faked("@1970-01-01 00:03:00", which)
    mall.server = Program(mall.folder, "antrean-server", *where, env=later)
    wait_until(mall.answers, "the server answers")
    assert mall.state("board")["server_ms"] >= in_1970_ms
    third = kiosk.issue("ktp-hilang")
    assert hall_order(mall, 3) == ids(first + second + third)
