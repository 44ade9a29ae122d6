"""`antrean-server`: serves one mall from one folder until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from antrean.domain.errors import AntreanError, RuleViolation, Unavailable
from antrean.domain.settings import settings_help
from antrean.ledger.errors import LedgerBroken
from antrean.service.notifier import notifier_from
from antrean.texts import texts_for
from queue_server.app import PageRoom
from queue_server.backups import back_up
from queue_server.machine import Machine
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from queue_server.running import Running, start
from queue_server.serving import serve_until
from queue_server.settings import PREFIX, SCHEMA, read_settings
from queue_server.version import program_version

EXIT_OK, EXIT_TROUBLE, EXIT_USAGE, EXIT_BROKEN = 0, 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the server; 0 after a stop, 1 when it cannot start, 2 for wrong settings, 3 when the disk failed."""
    options = _parser().parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # A line for each request to an outside, with the addresses of calendar entries, which may be anybody's words.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    flags = {"host": options.host, "port": options.port, "public_url": options.public_url}
    try:
        settings = read_settings(options.config, options.data, os.environ, flags)
    except RuleViolation as error:
        return _refuse(error, EXIT_USAGE)
    broken: list[AntreanError] = []
    stopping = threading.Event()

    def on_broken(error: AntreanError) -> None:
        broken.append(error)
        stopping.set()

    try:
        running = start(
            options.data,
            settings,
            Machine(),
            on_broken,
            pages=PageRoom(pages_blueprint, error_page),
            back_up=lambda now_ms: back_up(options.data, now_ms, settings.backups_kept),
        )
    except RuleViolation as error:
        return _refuse(error, EXIT_TROUBLE)
    except (Unavailable, OSError) as error:
        print(f"antrean-server: {error}", file=sys.stderr)
        return EXIT_TROUBLE
    except LedgerBroken as error:
        print(f"antrean-server: {error}", file=sys.stderr)
        print(
            f"put the newest backup back: antrean-admin --data {options.data} restore FILE", file=sys.stderr
        )
        return EXIT_BROKEN
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    _greet(running)
    with closing(notifier_from(os.environ)) as notifier:
        serve_until(running, stopping, notifier)
    if broken:
        print(f"antrean-server: {broken[0]}", file=sys.stderr)
    return EXIT_BROKEN if broken else EXIT_OK


def _greet(running: Running) -> None:
    url = running.parts.public_url()
    print(f"antrean-server {program_version()}")
    print(f"listening on {url}")
    print(f"board        {url}/board")
    print(f"sign in      {url}/")
    token = running.parts.accounts.first_link()
    if token is not None:
        print(f"first administrator (one time, 24 hours): {url}/first/{token}")
    sys.stdout.flush()


def _refuse(error: RuleViolation, code: int) -> int:
    print("antrean-server: " + texts_for("en")(f"error.{error.code}", **error.params), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:16} {about} (default {default!r}, {env})" for name, env, default, about in _helped()]
    parser = argparse.ArgumentParser(
        prog="antrean-server",
        description="Serve one mall: kiosks, consoles, displays, phones and reports.",
        epilog="settings in DATA/server.toml:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the mall's data")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080)")
    parser.add_argument("--public-url", help="address printed on tickets")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file instead of DATA/server.toml"
    )
    parser.add_argument("--version", action="version", version=program_version())
    return parser


def _helped() -> list[tuple[str, str, object, str]]:
    return settings_help(SCHEMA, PREFIX)


if __name__ == "__main__":
    sys.exit(main())
