"""The command `antrean-printer`: a virtual printer, and a test page and status for a real one."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

from antrean.domain.errors import BadInput, Unavailable
from antrean.texts import STAFF_LANGUAGES, texts_for
from printers.face import PAPERS
from printers.faults import fault_from, order_fault
from printers.job import Manner, print_job, printer_state
from printers.outcome import Failed, Printed
from printers.settings import Settings, load_settings
from printers.sheets import trial_page_bytes
from printers.targets import FORMS, transport_for
from printers.virtual import VirtualPrinter

EXIT_OK, EXIT_TROUBLE, EXIT_USAGE, EXIT_UNKNOWN = 0, 1, 2, 3

_EPILOG = """\
exit codes: 0 done or ready; 1 not printed or not ready (safe to try again); 2 not understood; 3 nobody knows whether
it printed (look at the printer before trying again)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(options.config, os.environ)
        told = {field.name: getattr(options, field.name, None) for field in fields(Settings)}
        settings = replace(settings, **{key: value for key, value in told.items() if value is not None})
        return int(options.run(options, settings))
    except BadInput as problem:
        known = "problems", "forms", "known"
        cure = next((f": {problem.params[key]}" for key in known if key in problem.params), "")
        print(f"antrean-printer: {problem.code.replace('_', ' ')}{cure}", file=sys.stderr)
        return EXIT_USAGE
    except (Unavailable, OSError) as problem:
        print(f"antrean-printer: {problem}", file=sys.stderr)
        return EXIT_TROUBLE


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help="settings in TOML"
    )
    shared.add_argument(
        "--paper", type=int, choices=sorted(PAPERS), help="width of the roll in mm (default 80)"
    )
    shared.add_argument("--language", choices=STAFF_LANGUAGES, help="language of what is shown (default id)")
    parser = argparse.ArgumentParser(
        prog="antrean-printer",
        description="Ticket printers: try one, ask one, or pretend to be one.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="FILE", default=None, help="settings in TOML")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    virtual = commands.add_parser(
        "virtual", parents=[shared], help="be a network printer that writes PNG and JSON"
    )
    virtual.add_argument("--port", type=int, help="TCP port, 0 for a free one (default 9100)")
    virtual.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    virtual.add_argument("--out", metavar="DIR", help="folder for the pages (default ./printed)")
    virtual.add_argument(
        "--fault",
        help="paper-out, cover-open, offline, silent, slow or cut-after=N from the start (default none)",
    )
    virtual.set_defaults(run=_virtual)

    test = commands.add_parser("test", parents=[shared], help="print a test page")
    test.add_argument("target", metavar="TARGET", help=FORMS)
    test.set_defaults(run=_test)

    status = commands.add_parser("status", parents=[shared], help="say how a printer is")
    status.add_argument("target", metavar="TARGET", help=FORMS)
    status.set_defaults(run=_status)

    fault = commands.add_parser("fault", parents=[shared], help="break or mend a running virtual printer")
    fault.add_argument("directory", type=Path, metavar="DIR", help="the folder it writes to")
    fault.add_argument(
        "words", metavar="FAULT", help="none, paper-out, cover-open, offline, silent, slow, cut-after=N"
    )
    fault.set_defaults(run=_fault)
    return parser


def _virtual(options: argparse.Namespace, settings: Settings) -> int:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    directory = Path(settings.out)
    printer = VirtualPrinter(
        directory,
        PAPERS[settings.paper],
        _now_ms,
        host=settings.host,
        port=settings.port,
        fault=fault_from(settings.fault),
    )
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    printer.start()
    print(
        f"virtual printer on tcp://{settings.host}:{printer.port}, pages in {directory.resolve()}", flush=True
    )
    ended.wait()
    printer.stop()
    return EXIT_OK


def _test(options: argparse.Namespace, settings: Settings) -> int:
    t = texts_for(settings.language)
    transport = transport_for(options.target)
    lines = (options.target, f"{datetime.now().astimezone():%d-%m-%Y %H.%M}")
    page = trial_page_bytes(settings.language, lines, PAPERS[settings.paper])
    outcome = print_job(transport, page, Manner(asks=settings.asks, proves=settings.proves))
    if isinstance(outcome, Printed):
        print(t("paper.outcome_printed") if outcome.confirmed else t("paper.outcome_sent"))
        return EXIT_OK
    failed = isinstance(outcome, Failed)
    said = t("paper.outcome_failed" if failed else "paper.outcome_unknown")
    print(f"{said}: {t(f'paper.reason_{outcome.reason}')}")
    return EXIT_TROUBLE if failed else EXIT_UNKNOWN


def _status(options: argparse.Namespace, settings: Settings) -> int:
    t = texts_for(settings.language)
    transport = transport_for(options.target)
    if not (transport.answers and settings.asks):
        print(t("paper.state_mute"))
        return EXIT_OK
    state = printer_state(transport, Manner(asks=settings.asks, proves=settings.proves))
    if state.trouble is not None:
        print(t(f"paper.reason_{state.trouble}"))
        return EXIT_TROUBLE
    print(t("paper.state_near_end" if state.paper_low else "paper.state_ready"))
    return EXIT_OK


def _fault(options: argparse.Namespace, settings: Settings) -> int:
    order_fault(options.directory, options.words)
    return EXIT_OK


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
