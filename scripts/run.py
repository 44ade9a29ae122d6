"""Start a whole mall on this machine: server, booking site, virtual printer, kiosk and hall board, and say how to
reach them.

The first start makes a sample mall in the data folder. Ctrl-C or SIGTERM stops everything (exit code 0); when one
program ends by itself, the others are stopped too and its last words are printed (exit code 1).
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.processes import Children, Trouble, free_port, listens

BIN = Path(sys.executable).parent
LOOPBACK = "127.0.0.1"
SOURCE, SITE_MALL = "booking-site", "mall"
"""What mall and booking site call each other here."""
WRITTEN_BY_RUN = "# Written anew at each start of `make run`; without this line it is left alone."


@dataclass(frozen=True)
class Wish:
    """What the person asked for on the command line."""

    data: Path
    sample: str
    host: str
    server_port: int
    printer_port: int
    booking_port: int
    booking: bool
    screens: bool
    real_hours: bool


@dataclass(frozen=True)
class SignIn:
    """One demonstration account of the sample mall."""

    role: str
    name: str
    password: str


@dataclass(frozen=True)
class Mall:
    """A running mall: where it answers and who may sign in."""

    url: str
    server_data: Path
    kiosk_data: Path
    tickets: Path
    printer: str
    sign_ins: tuple[SignIn, ...]
    first_link: str | None
    booking_url: str


def program(name: str, *arguments: str | int | Path) -> list[str]:
    """Return the command line of one of our programs, from the environment this runner uses."""
    return [str(BIN / f"antrean-{name}"), *map(str, arguments)]


def has_screen(environment: Mapping[str, str]) -> bool:
    """Tell whether Qt programs can open a window here."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def qt_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what to add so that Qt draws offscreen where there is no screen and nobody chose otherwise."""
    if has_screen(environment) or environment.get("QT_QPA_PLATFORM"):
        return {}
    return {"QT_QPA_PLATFORM": "offscreen"}


def make_mall(children: Children, server_data: Path, wish: Wish) -> None:
    """Make the sample mall unless the folder holds one; open day and night unless real hours are wished."""
    if server_data.exists() and any(server_data.iterdir()):
        return
    hours = ("--real-hours",) if wish.real_hours else ()
    children.run(program("admin", "--data", server_data, "init", "--sample", wish.sample, *hours))


def first_link(log: str) -> str | None:
    """Find the administrator's one-time link in what the server said; None once there is an administrator."""
    found = re.search(r"^first administrator.*?(https?://\S+)$", log, re.MULTILINE)
    return found.group(1) if found else None


def is_healthy(url: str) -> bool:
    """Tell whether the server answers its health check."""
    try:
        return httpx.get(f"{url}/healthz", timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def keep_sign_ins(path: Path, sign_ins: tuple[SignIn, ...]) -> None:
    """Write the demonstration's sign-ins where only their owner can read them."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{one.role} {one.name} {one.password}\n" for one in sign_ins)


def kept_sign_ins(path: Path) -> tuple[SignIn, ...]:
    """Read the sign-ins of an earlier start; none when there was no earlier start."""
    if not path.exists():
        return ()
    return tuple(SignIn(*line.split()) for line in path.read_text(encoding="utf-8").splitlines())


def make_sign_ins(children: Children, server_data: Path, path: Path) -> tuple[SignIn, ...]:
    """Make one account a role with a random password, once, and remember them beside the data."""
    sign_ins = kept_sign_ins(path)
    for role, name in (("officer", "petugas"), ("helper", "pemandu"), ("manager", "pengelola")):
        if any(one.role == role for one in sign_ins):
            continue
        password = secrets.token_urlsafe(12)
        add = program("admin", "--data", server_data, "user", "add", name, "--role", role)
        children.run([*add, "--password-stdin"], text=password + "\n")
        sign_ins = (*sign_ins, SignIn(role, name, password))
        keep_sign_ins(path, sign_ins)
    return sign_ins


def pair_kiosk(children: Children, server_data: Path, kiosk_data: Path, url: str) -> None:
    """Pair the kiosk with the server, unless an earlier start did."""
    done = kiosk_data / "paired-by-run"
    if done.exists():
        return
    add = program("admin", "--data", server_data, "device", "add", "--kind", "kiosk", "--name", "Kiosk 1")
    code = children.run(add).strip()
    children.run(program("kiosk", "pair", code, "--data", kiosk_data, "--server", url))
    done.touch()


def start_printer(children: Children, port: int, tickets: Path) -> str:
    """Start the virtual printer; return its target for the kiosk."""
    tickets.mkdir(parents=True, exist_ok=True)
    children.start("printer", program("printer", "virtual", "--port", port, "--out", tickets))
    children.wait_until(lambda: listens(port), "The virtual printer")
    return f"tcp://{LOOPBACK}:{port}"


def start_booking_site(children: Children, wish: Wish, site_data: Path, server_data: Path) -> str:
    """Start the booking site and introduce it and the mall to each other; return its address on this machine."""
    secret_file = server_data / f"{SOURCE}.secret"
    if not secret_file.exists():
        if (site_data / "booking.db").exists() and SITE_MALL in children.run(
            program("booking", "--data", site_data, "mall", "list")
        ):
            children.run(program("booking", "--data", site_data, "mall", "remove", SITE_MALL))
        secret = children.run(program("booking", "--data", site_data, "mall", "add", SITE_MALL))
        secret_file.touch(mode=0o600)
        secret_file.write_text(secret, encoding="utf-8")
    port = free_port(wish.booking_port, wish.host)
    children.start("booking", program("booking", "--data", site_data, "--host", wish.host, "--port", port))
    url = f"http://{LOOPBACK}:{port}"
    children.wait_until(lambda: is_healthy(url), "The booking site")
    introduce(server_data / "bookings.toml", url)
    return url


def introduce(file: Path, url: str) -> None:
    """Tell the mall's server where the booking site is, unless a person keeps the file."""
    if file.exists() and not file.read_text(encoding="utf-8").startswith(WRITTEN_BY_RUN):
        return
    rows = (
        ("name", SOURCE),
        ("kind", "json"),
        ("url", url),
        ("mall", SITE_MALL),
        ("secret_file", f"{SOURCE}.secret"),
    )
    lines = [WRITTEN_BY_RUN, "[[source]]", *(f'{name} = "{value}"' for name, value in rows)]
    # A newcomer who books must not wait a minute before the kiosk knows.
    file.write_text("\n".join([*lines, "every_seconds = 5", ""]), encoding="utf-8")


def start_server(children: Children, wish: Wish, server_data: Path) -> tuple[str, str | None]:
    """Start the server; return the address this machine reaches it at and the administrator's first link."""
    port = free_port(wish.server_port, wish.host)
    server = children.start(
        "server", program("server", "--data", server_data, "--host", wish.host, "--port", port)
    )
    url = f"http://{LOOPBACK}:{port}"
    children.wait_until(lambda: is_healthy(url), "The server")
    return url, first_link(server.log.read_text(encoding="utf-8"))


def start_screens(children: Children, mall: Mall) -> None:
    """Start the kiosk and the hall board."""
    kiosk = program("kiosk", "--data", mall.kiosk_data, "--server", mall.url, "--printer", mall.printer)
    board = program("display", "hall", "--server", mall.url)
    # Two full screens would hide each other and the terminal with the addresses.
    children.start("kiosk", [*kiosk, "--windowed"])
    children.start("display", [*board, "--windowed"])


def open_mall(children: Children, wish: Wish) -> Mall:
    """Start every program of the mall; return how to reach them. Raises `Trouble` with a reason for a person."""
    server_data, kiosk_data, tickets = (wish.data / name for name in ("server", "kiosk", "tickets"))
    make_mall(children, server_data, wish)
    sign_ins = make_sign_ins(children, server_data, wish.data / "sign-ins.txt")
    booking_url = ""
    if wish.booking:
        booking_url = start_booking_site(children, wish, wish.data / "booking", server_data)
    url, link = start_server(children, wish, server_data)
    printer = start_printer(children, free_port(wish.printer_port), tickets)
    pair_kiosk(children, server_data, kiosk_data, url)
    mall = Mall(url, server_data, kiosk_data, tickets, printer, sign_ins, link, booking_url)
    if wish.screens:
        start_screens(children, mall)
    return mall


def announcement(mall: Mall, offscreen: bool) -> str:
    """Put into words, for the person at the terminal, what is running and how to get in."""
    lines = ["", "Antrean is running.", ""]
    lines += [f"  {what:<16}{mall.url}{path}" for what, path in PAGES]
    if mall.booking_url:
        lines += [
            f"  {'booking site':<16}{mall.booking_url}/  (book here, check in at the kiosk with the code)"
        ]
    lines += [f"  {'tickets':<16}{mall.tickets}  (virtual printer, {mall.printer})", ""]
    lines += [f"  sign in as {one.role}: {one.name} / {one.password}" for one in mall.sign_ins]
    if mall.first_link:
        lines += [f"  first administrator (works once): {mall.first_link}"]
    if offscreen:
        lines += [
            "",
            "  There is no screen here (no DISPLAY, no WAYLAND_DISPLAY): kiosk and board draw offscreen.",
        ]
    return "\n".join([*lines, "", "  Ctrl-C stops everything."])


PAGES = (
    ("sign in", "/"),
    ("counter", "/counter"),
    ("reports", "/manage"),
    ("hall board", "/board"),
)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    make = argparse.ArgumentParser(prog="python -m scripts.run", description=__doc__)
    make.add_argument("--data", type=Path, default=Path("var"), help="where the data lives (default: var)")
    make.add_argument("--sample", default="mpp", help="the sample mall, or a mall file (default: mpp)")
    make.add_argument("--host", default=LOOPBACK, help="address the server listens on (default: 127.0.0.1)")
    make.add_argument("--port", type=int, default=8080, help="port of the server; a free one when taken")
    make.add_argument("--printer-port", type=int, default=9100, help="port of the virtual printer, likewise")
    make.add_argument("--booking-port", type=int, default=8090, help="port of the booking site, likewise")
    make.add_argument("--no-booking", action="store_true", help="leave out the booking site")
    make.add_argument("--no-screens", action="store_true", help="leave out the kiosk and the hall board")
    make.add_argument(
        "--real-hours", action="store_true", help="keep the sample's opening hours (default: always open)"
    )
    return make


def wish_of(options: argparse.Namespace) -> Wish:
    """Read the parsed command line."""
    return Wish(
        data=options.data.resolve(),
        sample=options.sample,
        host=options.host,
        server_port=options.port,
        printer_port=options.printer_port,
        booking_port=options.booking_port,
        booking=not options.no_booking,
        screens=not options.no_screens,
        real_hours=options.real_hours,
    )


def ignore_further_signals() -> None:
    """Let an impatient second Ctrl-C not interrupt the orderly stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def main(arguments: list[str] | None = None) -> int:
    """Run the mall until it is stopped; return the exit code."""
    wish = wish_of(parser().parse_args(arguments))
    # A shell that starts it in the background has SIGINT ignored for it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    offscreen = qt_environment(os.environ)
    try:
        with Children(wish.data / "logs", offscreen) as children:
            try:
                mall = open_mall(children, wish)
                print(announcement(mall, bool(offscreen)), flush=True)
                children.watch()
            finally:
                ignore_further_signals()
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        return 0
    except Trouble as trouble:
        print(f"\n{trouble}\n\nEverything was stopped. Full output: {wish.data / 'logs'}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
