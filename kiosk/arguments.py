"""The command line of `antrean-kiosk`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from antrean.texts import LANGUAGES
from kiosk.config import PREFIX, SCHEMA

_EPILOG = """\
exit codes:
  0  done
  1  a rule said no (unknown or closed service, full, not paired, bad code, a booking that is cancelled, unknown
     or for another day)
  2  wrong arguments or settings
  3  server, disk or printer cannot be used
  4  the ledger is damaged or newer than this program
  75 staff asked for a restart
settings come from kiosk.toml in the data folder, then the environment, then the command line:
"""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; `run` is the command when none is named. Exits with 2 for what is not understood."""
    known = [
        f"  {item.name} ({PREFIX}{item.name.upper().replace('.', '_')}): {item.about}" for item in SCHEMA
    ]
    parser = argparse.ArgumentParser(
        prog="antrean-kiosk",
        description="The touchscreen that gives visitors their number, with or without the server.",
        epilog=_EPILOG + "\n".join(known),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _shared(parser, defaults=True)
    _screen(parser, defaults=True)
    parser.set_defaults(command="run")
    commands = parser.add_subparsers(metavar="[run | pair | issue | check-in | readmit]")
    run = commands.add_parser("run", help="show the kiosk (also without naming a command)")
    _shared(run, defaults=False)
    _screen(run, defaults=False)
    run.set_defaults(command="run")
    pair = commands.add_parser("pair", help="enrol this data folder with a one-time code")
    pair.add_argument("code", metavar="CODE", help="the code shown by `antrean-admin device add`")
    _shared(pair, defaults=False)
    pair.set_defaults(command="pair")
    issue = commands.add_parser("issue", help="issue tickets without a screen, one JSON line each")
    issue.add_argument("service", metavar="SERVICE", help="code of the service, such as ktp-hilang")
    issue.add_argument("--priority", action="store_true", help="for a visitor with priority")
    issue.add_argument("--count", type=_positive, default=1, metavar="N", help="how many tickets (default 1)")
    issue.add_argument("--printer", metavar="TARGET", default=argparse.SUPPRESS, help="where to print")
    _shared(issue, defaults=False)
    issue.set_defaults(command="issue")
    arrive = commands.add_parser("check-in", help="take the number of a booking without a screen")
    arrive.add_argument("code", metavar="CODE", help="its short code, or its QR code as a scanner types it")
    arrive.add_argument(
        "--service", default="", metavar="SERVICE", help="what for, where the code is unknown here"
    )
    arrive.add_argument("--priority", action="store_true", help="for a visitor with priority")
    arrive.add_argument(
        "--copy", action="store_true", help="print a copy (SALINAN) if it has its number already"
    )
    arrive.add_argument("--json", action="store_true", help="say what came of it as one JSON line")
    arrive.add_argument("--printer", metavar="TARGET", default=argparse.SUPPRESS, help="where to print")
    _shared(arrive, defaults=False)
    arrive.set_defaults(command="check-in")
    readmit = commands.add_parser(
        "readmit", help="give a place back by the staff code of a paper, one JSON line"
    )
    readmit.add_argument(
        "token", metavar="TOKEN", help="the code at the foot of the ticket, as a scanner types it"
    )
    _shared(readmit, defaults=False)
    readmit.set_defaults(command="readmit")
    options = parser.parse_args(arguments)
    if options.data is None:
        parser.error("--data DIR is needed: the folder that keeps this kiosk's numbers")
    return options


def _shared(parser: argparse.ArgumentParser, *, defaults: bool) -> None:
    blank = None if defaults else argparse.SUPPRESS
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=blank, help="folder of this kiosk's ledger"
    )
    parser.add_argument("--server", metavar="URL", default=blank, help="address of the mall's server")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", default=blank, help="settings (DIR/kiosk.toml)"
    )
    parser.add_argument("--language", choices=LANGUAGES, default=blank, help="language to start in")


def _screen(parser: argparse.ArgumentParser, *, defaults: bool) -> None:
    blank = None if defaults else argparse.SUPPRESS
    parser.add_argument(
        "--printer", metavar="TARGET", default=blank, help="tcp://HOST:9100, usb:…, file:PATH, …"
    )
    parser.add_argument(
        "--windowed", action="store_true", default=blank, help="a window, not the full screen"
    )
    parser.add_argument(
        "--supervised",
        action="store_true",
        default=blank,
        help="start again after a crash or when frozen, where no service manager does",
    )
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="PNG",
        default=blank,
        help="save the first screen as a picture and end",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
