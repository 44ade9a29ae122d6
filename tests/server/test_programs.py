"""antrean-server and antrean-admin as an outsider runs them: real processes."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from queue_server.admin.toml_text import toml_text
from queue_server.samples import sample_path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def admin(data: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "queue_server.admin", "--data", str(data), *words]
    return subprocess.run(
        command, capture_output=True, text=True, input=stdin, timeout=60, env=ENVIRONMENT, check=False
    )


@contextmanager
def server(data: Path, *words: str) -> Iterator[tuple[str, list[str], "subprocess.Popen[str]"]]:
    """A running antrean-server: its address, its greeting, the process."""
    command = [sys.executable, "-m", "queue_server", "--data", str(data), "--port", "0", *words]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    assert process.stdout is not None
    greeting: list[str] = []
    try:
        while not any(line.startswith("sign in") for line in greeting):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            greeting.append(line.strip())
        yield greeting[1].split()[-1], greeting, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.fixture
def mall(tmp_path: Path) -> Path:
    data = tmp_path / "mall"
    assert admin(data, "init", "--sample", "tiny").returncode == 0
    return data


def test_a_second_init_is_refused_and_changes_nothing(mall: Path) -> None:
    again = admin(mall, "init", "--sample", "mpp")
    assert again.returncode == 1
    assert "set up already" in again.stderr
    assert admin(mall, "verify").returncode == 0


def test_a_script_can_pair_call_and_list_from_outside(mall: Path) -> None:
    counter, service = first_counter(mall)
    token = admin(mall, "token", "add", "--role", "officer", "--counter", counter).stdout.strip()
    with server(mall) as (url, _, process):
        code = admin(mall, "device", "add", "--kind", "kiosk", "--name", "Kios 1").stdout.strip()
        assert len(code) == 9
        paired = httpx.post(f"{url}/v1/pair", json={"code": code}, trust_env=False, timeout=PATIENCE_S).json()
        assert paired["issuer"] == "1"
        headers = {"Authorization": f"Bearer {token}"}

        def command(name: str, **more: str) -> httpx.Response:
            body = {"command": name, "counter": counter, **more}
            own = {**headers, "Idempotency-Key": f"outside-{name}"}
            return httpx.post(
                f"{url}/v1/commands", json=body, headers=own, trust_env=False, timeout=PATIENCE_S
            )

        supervisor = admin(mall, "token", "add", "--role", "supervisor").stdout.strip()
        headers = {"Authorization": f"Bearer {supervisor}"}
        issued = command("issue", service=service)
        assert issued.status_code == 200, issued.text
        headers = {"Authorization": f"Bearer {token}"}
        assert command("call_next").json()["ticket"]["label"] == issued.json()["ticket"]["label"]
        rows = [json.loads(line) for line in admin(mall, "tickets", "--json").stdout.splitlines()]
        assert [(row["state"], row["counter"]) for row in rows] == [("called", counter)]
        assert set(rows[0]) == {"ticket_id", "label", "service", "state", "arrived_at", "counter"}
        (visit,) = [
            json.loads(line) for line in admin(mall, "tickets", "--json", "--steps").stdout.splitlines()
        ]
        assert [(step["service"], step["state"], step["counter"]) for step in visit["steps"]] == [
            (service, "called", counter)
        ]
        assert visit["plan"] == []
        assert "Kios 1" in admin(mall, "device", "list").stdout
        assert admin(mall, "device", "withdraw", "Kios 1").returncode == 0
        refused = httpx.get(
            f"{url}/v1/pull",
            headers={"Authorization": f"Bearer {paired['token']}"},
            trust_env=False,
            timeout=PATIENCE_S,
        )
        assert refused.status_code == 403
        assert admin(mall, "backup", str(mall.parent / "copy.db")).returncode == 0
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    with server(mall) as (url, _, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    again = [json.loads(line) for line in admin(mall, "tickets", "--json").stdout.splitlines()]
    assert again == rows
    assert admin(mall, "verify").returncode == 0
    fresh = mall.parent / "restored"
    assert admin(fresh, "restore", str(mall.parent / "copy.db")).returncode == 0
    assert [json.loads(line)["label"] for line in admin(fresh, "tickets", "--json").stdout.splitlines()] == [
        row["label"] for row in rows
    ]


def first_counter(mall: Path) -> tuple[str, str]:
    """A counter of the sample and a service it serves."""
    data = tomllib.loads(admin(mall, "export").stdout)
    return data["counters"][0]["code"], data["counters"][0]["services"][0]


def test_the_first_start_prints_a_one_time_link_and_no_password(mall: Path) -> None:
    with server(mall) as (_, greeting, process):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "/first/" in line
        assert not any("password" in one.lower() for one in greeting)


def test_a_stream_does_not_delay_the_stop(mall: Path) -> None:
    with (
        server(mall) as (url, _, process),
        httpx.stream("GET", f"{url}/v1/stream?topics=board", trust_env=False, timeout=60) as stream,
    ):
        lines = stream.iter_lines()
        next(lines)
        process.send_signal(signal.SIGTERM)
        list(lines)  # raises when it is cut off, as after the server's whole patience, and not ended
        assert process.wait(30) == 0


def test_an_unknown_setting_is_refused_with_the_right_one(mall: Path) -> None:
    (mall / "server.toml").write_text('publik_url = "http://x"\n', encoding="utf-8")
    command = [sys.executable, "-m", "queue_server", "--data", str(mall), "--port", "0"]
    refused = subprocess.run(
        command, capture_output=True, text=True, timeout=30, env=ENVIRONMENT, check=False
    )
    assert refused.returncode == 2
    assert "public_url" in refused.stderr


def test_without_a_mall_the_server_names_the_command_that_makes_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "queue_server", "--data", str(tmp_path), "--port", "0"]
    refused = subprocess.run(
        command, capture_output=True, text=True, timeout=30, env=ENVIRONMENT, check=False
    )
    assert refused.returncode == 1
    assert "antrean-admin" in refused.stderr


def test_accounts_are_made_without_a_default_password(mall: Path) -> None:
    link = admin(mall, "user", "add", "sari", "--role", "officer").stdout
    assert "/first/" in link
    assert (
        admin(
            mall, "user", "add", "rini", "--role", "manager", "--password-stdin", stdin="pendek\n"
        ).returncode
        == 1
    )
    made = admin(
        mall, "user", "add", "rini", "--role", "manager", "--password-stdin", stdin="kata sandi panjang\n"
    )
    assert made.returncode == 0
    listed = admin(mall, "user", "list").stdout
    assert "no password yet" in listed
    assert "active" in listed
    assert admin(mall, "user", "add", "rini", "--role", "manager").returncode == 1


def test_the_exported_mall_is_the_mall(mall: Path) -> None:
    copy = mall.parent / "copy.toml"
    copy.write_text(admin(mall, "export").stdout, encoding="utf-8")
    assert "revision 2" in admin(mall, "import", str(copy)).stdout
    assert admin(mall, "export").stdout == copy.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["tiny", "mpp"])
def test_toml_that_is_written_reads_back_the_same(name: str) -> None:
    data = tomllib.loads(sample_path(name).read_text(encoding="utf-8"))
    assert tomllib.loads(toml_text(data)) == data
