"""`antrean-admin`: one command line for everything an administrator does outside the pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.texts import STAFF_LANGUAGES, texts_for
from antrean.voice.phrase import LANGUAGES
from queue_server.admin import aside, bookings, keeping, mall, people, voice
from queue_server.admin.tools import Desk
from queue_server.auth.callers import ROLES
from queue_server.auth.enrolment import KINDS as DEVICE_KINDS
from queue_server.bookings.connectors import KINDS
from queue_server.machine import Machine, wall_ms
from queue_server.samples import sample_names
from queue_server.version import program_version

EXIT_OK, EXIT_REFUSED = 0, 1


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when done, 1 when refused with a sentence on standard error, 2 for a wrong command line."""
    top = parser()
    options = top.parse_args(argv)
    if options.data is None and not options.without_data:
        top.error("the following arguments are required: --data")
    machine = Machine()
    desk = Desk(options.data or Path(), wall_ms, machine.new_id, machine.random_bytes, sys.stdin, sys.stdout)
    try:
        options.run(desk, options)
    except voice.NotDone as error:
        return _refuse(str(error))
    except RuleViolation as error:
        return _refuse(texts_for("en")(f"error.{error.code}", **error.params))
    except AntreanError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        sys.stderr.close()
    return EXIT_OK


def _refuse(sentence: str) -> int:
    print(f"antrean-admin: {sentence}", file=sys.stderr)
    return EXIT_REFUSED


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="antrean-admin", description="Look after one mall's data.")
    top.set_defaults(without_data=False)
    top.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of the mall's data; every command but voice needs it"
    )
    top.add_argument("--version", action="version", version=program_version())
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _mall_commands(commands)
    _people_commands(commands)
    _keeping_commands(commands)
    _booking_commands(commands)
    _voice_commands(commands)
    return top


Subparsers = argparse._SubParsersAction  # the type argparse gives back has no public name


def _mall_commands(commands: Subparsers[argparse.ArgumentParser]) -> None:
    init = commands.add_parser("init", help="make the data folder with a mall")
    known = ", ".join(sample_names())
    init.add_argument(
        "--sample", required=True, metavar="NAME|FILE", help=f"{known}, or a mall's file (TOML, JSON)"
    )
    init.add_argument(
        "--real-hours",
        action="store_true",
        help="keep a shipped sample's hours (default: open day and night)",
    )
    init.set_defaults(run=mall.init)
    change = commands.add_parser("import", help="replace the mall's file; a running server follows")
    change.add_argument("file", metavar="FILE")
    change.set_defaults(run=mall.import_file)
    export = commands.add_parser("export", help="print the whole configuration as one TOML file, or the data")
    export.add_argument("what", nargs="?", choices=("mall", "tickets", "events"), default="mall")
    export.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="first day (tickets, events)")
    export.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="last day (tickets, events)")
    export.set_defaults(run=mall.export)
    services = commands.add_parser("services", help="list the services")
    services.add_argument("--json", action="store_true", help="one line of JSON each")
    services.set_defaults(run=mall.services)


def _people_commands(commands: Subparsers[argparse.ArgumentParser]) -> None:
    users = commands.add_parser("user", help="people who sign in").add_subparsers(
        required=True, metavar="ACTION"
    )
    add = users.add_parser("add", help="make an account; prints a one-time link for the first password")
    add.add_argument("name")
    add.add_argument(
        "--role", action="append", required=True, choices=ROLES, help="may be given more than once"
    )
    add.add_argument("--shown-name", help="how the person is called on screens")
    add.add_argument("--counter", help="the only counter an officer may open")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.set_defaults(run=people.user_add)
    users.add_parser("list", help="list the accounts").set_defaults(run=people.user_list)
    devices = commands.add_parser("device", help="kiosks and displays").add_subparsers(
        required=True, metavar="ACTION"
    )
    pair = devices.add_parser("add", help="print a pairing code, good once and for 30 minutes")
    pair.add_argument("--kind", required=True, choices=DEVICE_KINDS)
    pair.add_argument("--name", required=True)
    pair.add_argument("--counter", help="the counter a counter display stands at")
    pair.set_defaults(run=people.device_add)
    devices.add_parser("list", help="list the devices").set_defaults(run=people.device_list)
    withdraw = devices.add_parser("withdraw", help="refuse a device from now on")
    withdraw.add_argument("device", metavar="ID|NAME")
    withdraw.set_defaults(run=people.device_withdraw)
    tokens = commands.add_parser("token", help="access for scripts").add_subparsers(
        required=True, metavar="ACTION"
    )
    token = tokens.add_parser("add", help="print a bearer token")
    token.add_argument("--role", required=True, choices=ROLES)
    token.add_argument("--counter", help="needed for an officer's token")
    token.add_argument("--name", help="what the token is for")
    token.set_defaults(run=people.token_add)


def _keeping_commands(commands: Subparsers[argparse.ArgumentParser]) -> None:
    tickets = commands.add_parser("tickets", help="list the tickets of a day in calling order")
    tickets.add_argument("--json", action="store_true", help="one line of JSON each")
    tickets.add_argument(
        "--steps", action="store_true", help="with --json: every service of each visit, and what is planned"
    )
    tickets.add_argument("--day", metavar="YYYY-MM-DD", help="another day than the current one")
    tickets.set_defaults(run=keeping.tickets)
    backup = commands.add_parser("backup", help="write a verified copy, also beside a running server")
    backup.add_argument(
        "target",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="default: a dated file in the data's folder backups",
    )
    backup.set_defaults(run=keeping.backup)
    restore = commands.add_parser("restore", help="put a backup back (stop the server first)")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--force", action="store_true", help="also over a newer log")
    restore.set_defaults(run=keeping.restore)
    held = commands.add_parser(
        "quarantine", help="events that devices sent and nobody could take"
    ).add_subparsers(required=True, metavar="ACTION")
    listed = held.add_parser("list", help="list what is held and why")
    listed.add_argument("--all", action="store_true", help="the settled ones too")
    listed.add_argument("--json", action="store_true", help="one line of JSON each")
    listed.set_defaults(run=aside.quarantine_list)
    again = held.add_parser("retry", help="accept an event after an update of the program or the mall's file")
    again.add_argument("entry", type=int, metavar="NUMBER")
    again.set_defaults(run=aside.quarantine_retry)
    close = held.add_parser("dismiss", help="set an event aside for good; it stays in the ledger")
    close.add_argument("entry", type=int, metavar="NUMBER")
    close.add_argument("--note", required=True, help="why, for those who ask later")
    close.set_defaults(run=aside.quarantine_dismiss)
    take_over = commands.add_parser(
        "take-over",
        help="make this the mall's server again after an older_server alarm (stop it first, and stop the other one)",
    )
    take_over.set_defaults(run=keeping.take_over)
    verify = commands.add_parser("verify", help="check the file and the chain of every log")
    verify.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="a backup instead of the data folder"
    )
    verify.set_defaults(run=keeping.verify)


def _booking_commands(commands: Subparsers[argparse.ArgumentParser]) -> None:
    sources = commands.add_parser("bookings", help="the outsides that sell this mall's slots").add_subparsers(
        required=True, metavar="ACTION"
    )
    listed = sources.add_parser("list", help="list the sources, and how each is")
    listed.add_argument("--json", action="store_true", help="one line of JSON each")
    listed.set_defaults(run=bookings.bookings_list)
    add = sources.add_parser("add", help="add a source; a running server follows within seconds")
    add.add_argument("name", help="small letters, digits and hyphens")
    add.add_argument("--kind", required=True, choices=sorted(KINDS))
    add.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the kind, such as url=https://…; may be given more than once",
    )
    add.add_argument(
        "--secret-stdin", action="store_true", help="read the secret or password from standard input"
    )
    add.set_defaults(run=bookings.bookings_add)
    remove = sources.add_parser("remove", help="take a source out; its bookings stay promised")
    remove.add_argument("name")
    remove.set_defaults(run=bookings.bookings_remove)
    tried = sources.add_parser("try", help="ask a source for all it has, and keep nothing")
    tried.add_argument("name")
    tried.set_defaults(run=bookings.bookings_try)


def _voice_commands(commands: Subparsers[argparse.ArgumentParser]) -> None:
    tools = commands.add_parser(
        "voice", help="record and check a voice pack of the mall's own"
    ).add_subparsers(required=True, metavar="ACTION")

    def tool(
        name: str, about: str, run: Callable[[Desk, argparse.Namespace], None]
    ) -> argparse.ArgumentParser:
        made = tools.add_parser(name, help=about, description=about)
        made.add_argument(
            "--words", choices=STAFF_LANGUAGES, default="id", help="language of what is printed"
        )
        made.set_defaults(run=run, without_data=True)
        return made

    script = tool("script", "print what to read out, a line a clip", voice.script)
    take = tool("cut", "cut one long reading of the script at its pauses into a new pack", voice.cut_take)
    take.add_argument("take", type=Path, metavar="TAKE.wav")
    take.add_argument("folder", type=Path, metavar="FOLDER")
    take.add_argument("--name", default="", help="whose voice it is")
    for made in (script, take):
        made.add_argument("--language", choices=LANGUAGES, default="id", help="language that is read")
    tool("check", "say what is wrong or odd in a pack", voice.check_pack).add_argument(
        "folder", type=Path, metavar="FOLDER"
    )
    even = tool("normalise", "write the pack anew at one rate, trimmed and equally loud", voice.normalise)
    even.add_argument("folder", type=Path, metavar="FOLDER")
    even.add_argument("out", type=Path, metavar="NEWFOLDER")
    heard = tool("preview", "write a WAV file with sample calls and announcements", voice.preview)
    heard.add_argument("folder", type=Path, metavar="FOLDER")
    heard.add_argument("file", type=Path, metavar="FILE.wav")


if __name__ == "__main__":
    sys.exit(main())
