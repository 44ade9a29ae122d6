"""`antrean-booking`: the public booking site, from one folder, until it is told to stop; and its malls."""

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
from queue_server.machine import Machine, wall_ms
from queue_server.serving import serve_until
from queue_server.site.commands import SiteAdmin
from queue_server.site.running import start
from queue_server.site.settings import PREFIX, SCHEMA, SiteSettings, read_settings
from queue_server.version import program_version

EXIT_OK, EXIT_TROUBLE, EXIT_USAGE, EXIT_BROKEN = 0, 1, 2, 3


class _World(Machine):
    """The machine with its wall clock: the site stands where clocks are set by the network."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch."""
        return wall_ms()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the site or one command.

    0 after a stop or when done, 1 when it cannot start or a command is refused, 2 for wrong settings, 3 when the disk
    failed.
    """
    options = parser().parse_args(argv)
    if options.command is not None:
        return _command(options)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    flags = {"host": options.host, "port": options.port, "public_url": options.public_url}
    try:
        settings = read_settings(options.config, options.data, os.environ, flags)
    except RuleViolation as error:
        return _refuse(_sentence(error), EXIT_USAGE)
    return _run(options.data, settings)


def _run(data: Path, settings: SiteSettings) -> int:
    broken: list[AntreanError] = []
    stopping = threading.Event()

    def on_broken(error: AntreanError) -> None:
        broken.append(error)
        stopping.set()

    try:
        running = start(data, settings, _World(), on_broken)
    except (Unavailable, OSError) as error:
        return _refuse(str(error), EXIT_TROUBLE)
    except LedgerBroken as error:
        return _refuse(
            f"{error}\nput the newest backup back: antrean-booking --data {data} restore FILE", EXIT_BROKEN
        )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    print(f"antrean-booking {program_version()}\nlistening on {running.url}", flush=True)
    with closing(notifier_from(os.environ)) as notifier:
        serve_until(running, stopping, notifier)
    if broken:
        return _refuse(str(broken[0]), EXIT_BROKEN)
    return EXIT_OK


def _command(options: argparse.Namespace) -> int:
    admin = SiteAdmin(options.data, _World(), sys.stdout)
    try:
        options.run(admin, options)
    except RuleViolation as error:
        return _refuse(_sentence(error), EXIT_TROUBLE)
    except LedgerBroken as error:
        return _refuse(str(error), EXIT_BROKEN)
    except (AntreanError, OSError) as error:
        return _refuse(str(error), EXIT_TROUBLE)
    return EXIT_OK


def _sentence(error: RuleViolation) -> str:
    return texts_for("en")(f"error.{error.code}", **error.params)


def _refuse(sentence: str, code: int) -> int:
    print(f"antrean-booking: {sentence}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    lines = [
        f"  {name:16} {about} (default {default!r}, {env})"
        for name, env, default, about in settings_help(SCHEMA, PREFIX)
    ]
    top = argparse.ArgumentParser(
        prog="antrean-booking",
        description="Serve the public booking site; with a COMMAND, look after its malls and its data.",
        epilog="settings in DATA/booking.toml:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the site's data")
    top.add_argument("--host", help="address to listen on (default 127.0.0.1: this machine only)")
    top.add_argument("--port", type=int, help="port to listen on (default 8090)")
    top.add_argument("--public-url", help="address of the site as visitors reach it")
    top.add_argument("--config", type=Path, metavar="FILE", help="settings file instead of DATA/booking.toml")
    top.add_argument("--version", action="version", version=program_version())
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    malls = commands.add_parser("mall", help="the malls the site sells for").add_subparsers(
        required=True, metavar="ACTION"
    )
    add = malls.add_parser("add", help="let a mall in; prints the secret it shares with the site, once")
    add.add_argument("key", metavar="KEY", help="name in addresses: small letters, digits and hyphens")
    add.set_defaults(run=SiteAdmin.mall_add)
    malls.add_parser("list", help="list the malls and when each was last heard").set_defaults(
        run=SiteAdmin.mall_list
    )
    remove = malls.add_parser("remove", help="sell for a mall no more and hear it no more; its bookings stay")
    remove.add_argument("key", metavar="KEY")
    remove.set_defaults(run=SiteAdmin.mall_remove)
    backup = commands.add_parser("backup", help="write a verified copy, also beside a running site")
    backup.add_argument(
        "target",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="default: a dated file in the data's folder backups",
    )
    backup.set_defaults(run=SiteAdmin.backup)
    restore = commands.add_parser("restore", help="put a backup back (stop the site first)")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(run=SiteAdmin.restore)
    verify = commands.add_parser("verify", help="read the data, or a backup, through")
    verify.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="a backup instead of the data folder"
    )
    verify.set_defaults(run=SiteAdmin.verify)
    return top


if __name__ == "__main__":
    sys.exit(main())
