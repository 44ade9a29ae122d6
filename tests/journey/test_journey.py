"""One visitor end to end, with real processes: tap, ticket, paper, call, board, report; also without a server."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from tests.journey.browser import browser
from tests.journey.console import Console
from tests.journey.outside import BIN, PATIENCE_S, Kiosk, Mall, Program, ask, run, running, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


def wrong_clock(years: str) -> dict[str, str]:
    """An environment in which the wall clock is wrong and the boot clock is right."""
    if not FAKETIME:
        pytest.fail("libfaketime is missing; `make setup` installs it")
    return {"LD_PRELOAD": str(FAKETIME[0]), "FAKETIME": years, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def slips(out: Path) -> list[dict[str, object]]:
    """What the virtual printer decoded, in order."""
    return [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]


def test_a_visitor_is_served_and_the_mall_survives_its_server(mall: Mall, paper: tuple[str, Path]) -> None:
    target, out = paper
    kiosk = Kiosk(mall, "kiosk-1", target)
    officer = mall.admin("token", "add", "--role", "officer", "--counter", "1")

    first = kiosk.issue("ktp-hilang", "--count", "3")
    assert [ticket["label"] for ticket in first] == ["A1-001", "A1-002", "A1-003"]
    assert all(ticket["printed"] for ticket in first)
    assert [slip["qr"] for slip in slips(out)] == [[ticket["status_url"]] for ticket in first]

    called = mall.command(officer, "press-0001", command="call_next", counter="1")
    assert called.json()["ticket"]["label"] == "A1-001"
    assert mall.state("board")["calls"][0]["label"] == "A1-001"

    mall.kill()
    offline = kiosk.issue("ktp-hilang", "--count", "5", env=wrong_clock("-400d"))
    assert [ticket["label"] for ticket in offline] == [f"A1-{number:03d}" for number in range(4, 9)]
    assert all(ticket["printed"] for ticket in offline)

    mall.open()
    kiosk.issue("kk-baru")
    wait_until(lambda: len(mall.tickets()) == 9, "all nine tickets are in the hall")
    waiting = [ticket["ticket_id"] for ticket in mall.tickets() if ticket["service"] == "ktp-hilang"]
    assert waiting == [ticket["ticket_id"] for ticket in first + offline]

    again = mall.command(officer, "press-0001", command="call_next", counter="1")
    assert again.json() == called.json()
    mall.command(officer, "press-0002", command="start", counter="1")
    mall.command(officer, "press-0003", command="finish", counter="1")

    manager, day = mall.admin("token", "add", "--role", "manager"), mall.state("board")["day"]
    report = ask(f"{mall.url}/v1/reports/waits?by=service&from={day}&to={day}", token=manager)
    rows = report.json()["rows"]
    counts = {row["key"]: (row["issued"], row["outcomes"].get("completed", 0)) for row in rows}
    assert counts == {"ktp-hilang": (8, 1), "kk-baru": (1, 0)}


@pytest.mark.browser
def test_an_officer_signs_in_and_calls_by_keyboard_alone(mall: Mall, tmp_path: Path) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    first, second = kiosk.issue("ktp-hilang", "--count", "2")
    mall.admin("user", "add", "sari", "--role", "officer", "--password-stdin", stdin="loket satu buka pagi")
    with browser(tmp_path / "officer") as officer, browser(tmp_path / "board") as board:
        console = Console(mall, officer)
        board.get(f"{mall.url}/board")
        officer.get(f"{mall.url}/")
        officer.find_element(By.NAME, "name").send_keys("sari", Keys.TAB, "loket satu buka pagi", Keys.ENTER)
        wait_until(lambda: "/counter" in officer.current_url, "the officer is signed in")
        choose = (By.CSS_SELECTOR, "[name=counter][value='1'], a[href*='counter=1']")
        wait_until(lambda: officer.find_elements(*choose), "the officer may choose a counter")[0].send_keys(
            Keys.ENTER
        )
        console.sees("Siap memanggil")
        console.press("pp")
        wait_until(lambda: shows(board, first["label"]), "the board shows the call")
        wait_until(
            lambda: [t["state"] for t in mall.tickets()] == ["called", "waiting"], "one press, one call"
        )
        console.sees(first["label"], "#current .ticket")
        console.press("s")
        wait_until(lambda: mall.tickets()[0]["state"] == "serving", "the visitor is being served")
        console.sees("Sedang dilayani")
        console.press("p")
        wait_until(lambda: shows(board, second["label"]), "the board shows the next call")
        console.sees(second["label"], "#current .ticket")

        mall.kill()
        mall.open()
        console.sees("Terhubung", "#head")
        console.press("s")
        wait_until(
            lambda: {t["label"]: t["state"] for t in mall.tickets()}[second["label"]] == "serving",
            "the console works again after the server was killed, without a reload",
        )


def shows(page: Chrome, text: str) -> bool:
    """Whether a page shows a text."""
    return text in str(page.execute_script("return document.body.outerHTML"))


def test_two_kiosks_with_wrong_clocks_keep_the_true_order_of_arrival(mall: Mall) -> None:
    one, two = Kiosk(mall, "kiosk-1"), Kiosk(mall, "kiosk-2")
    mall.kill()
    arrived = []
    for turn in range(3):
        arrived += one.issue("ktp-hilang", env=wrong_clock("-3d"))
        arrived += two.issue("ktp-hilang", env=wrong_clock(f"+{turn + 1}d"))
    mall.open()
    for kiosk in (two, one):
        kiosk.issue("akta-lahir")
    wait_until(lambda: len(mall.tickets()) == 8, "everybody is in the hall")
    waiting = [ticket["ticket_id"] for ticket in mall.tickets() if ticket["service"] == "ktp-hilang"]
    assert waiting == [ticket["ticket_id"] for ticket in arrived]


def test_a_kiosk_killed_in_mid_issue_reuses_no_number(mall: Mall, tmp_path: Path) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    mall.kill()
    seen: list[str] = []
    for _ in range(3):
        with subprocess.Popen(
            [BIN / "antrean-kiosk", "issue", "ktp-hilang", "--count", "1000", *map(str, kiosk.arguments())],
            stdout=subprocess.PIPE,
            text=True,
        ) as issuing:
            assert issuing.stdout is not None
            for _ in range(5):
                seen.append(json.loads(issuing.stdout.readline())["label"])
            issuing.send_signal(signal.SIGKILL)
            seen += [
                json.loads(line)["label"] for line in issuing.stdout.read().splitlines() if line.endswith("}")
            ]
    mall.open()
    seen += [ticket["label"] for ticket in kiosk.issue("ktp-hilang")]
    assert len(set(seen)) == len(seen)
    wait_until(
        lambda: {ticket["label"] for ticket in mall.tickets()} >= set(seen), "all of them are in the hall"
    )
    labels = [ticket["label"] for ticket in mall.tickets()]
    assert len(set(labels)) == len(labels)


def test_the_screens_run_and_stop_on_a_machine_without_a_screen(mall: Mall, tmp_path: Path) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    picture, board = tmp_path / "kiosk.png", tmp_path / "board.png"
    with (
        running(tmp_path, "antrean-kiosk", "run", *kiosk.arguments(), "--screenshot", picture) as window,
        running(tmp_path, "antrean-display", "hall", "--server", mall.url, "--picture", board) as hall,
    ):
        wait_until(picture.exists, f"the kiosk draws\n{window.says()}")
        wait_until(board.exists, f"the board draws\n{hall.says()}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert board.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("no-such-service",), 1),
        (("skck",), 1),
        (("ktp-hilang", "--printer", "bogus:x"), 2),
    ],
)
def test_a_refused_number_has_a_reason_and_an_exit_code(
    mall: Mall, arguments: tuple[str, ...], status: int
) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    done = subprocess.run(
        [BIN / "antrean-kiosk", "issue", *arguments, *map(str, kiosk.arguments())],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == status
    assert done.stdout == ""
    assert len(done.stderr) > 20
    assert "Traceback" not in done.stderr


def test_a_full_quota_is_said_before_a_number_is_taken(mall: Mall) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    assert len(kiosk.issue("sim-c", "--count", "2")) == 2
    done = subprocess.run(
        [BIN / "antrean-kiosk", "issue", "sim-c", *map(str, kiosk.arguments())],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(mall.tickets()) == 2


def test_nonsense_over_http_is_answered_and_nothing_is_lost(mall: Mall) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    kiosk.issue("ktp-hilang")
    nonsense = [
        ask(f"{mall.url}/v1/push", {"events": "x"}, token="wrong"),
        ask(f"{mall.url}/v1/push", raw=b"{", headers={"Content-Type": "application/json"}),
        ask(f"{mall.url}/v1/push", raw=b"x" * 300_000, headers={"Content-Type": "application/json"}),
        ask(f"{mall.url}/v1/commands", {"command": "call_next", "counter": "1"}),
        ask(f"{mall.url}/v1/pair", {"code": "AAAA-AAAA"}),
        ask(f"{mall.url}/t/NOT-A-TOKEN"),
        ask(f"{mall.url}/v1/nowhere"),
    ]
    assert [answer.status for answer in nonsense if not 400 <= answer.status < 500] == []
    assert len(mall.tickets()) == 1
    said = nonsense[0].json()["error"]
    assert said["code"]
    assert said["message"]


def test_an_unknown_setting_is_refused_with_the_right_one(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    run("antrean-admin", "--data", folder, "init", "--sample", "tiny")
    (folder / "server.toml").write_text("prot = 8080\n")
    done = subprocess.run(
        [BIN / "antrean-server", "--data", folder], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "prot" in done.stderr
    assert "port" in done.stderr


def test_a_server_stops_when_told(mall: Mall) -> None:
    assert isinstance(mall.server, Program)
    os.kill(mall.server.process.pid, signal.SIGTERM)
    assert mall.server.process.wait(PATIENCE_S) == 0
