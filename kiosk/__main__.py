"""The command `antrean-kiosk`: wires the kiosk's parts together with the real clock, ids and chance."""

import argparse
import logging
import os
import random
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

import uuid6

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.ledger.errors import LedgerBroken
from antrean.link.server import ServerLink
from antrean.link.wire import ANSWER_SECONDS
from antrean.texts import texts_for
from kiosk import script
from kiosk.arguments import parse
from kiosk.boot import machine_stamps
from kiosk.complaints import EXIT_LEDGER, EXIT_OK, complaint, exit_code
from kiosk.config import FILE_NAME, LANGUAGES, Config, load_config
from kiosk.desk_live import LiveDesk
from kiosk.mall_clock import MallClock
from kiosk.paper import DirectPaper, worker_for
from kiosk.printing import Outcomes, Printing
from kiosk.sync import SyncWorker
from printers.targets import transport_for


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code (see --help)."""
    options = parse(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    language = _language(options)
    try:
        config = _config(options)
        language = config.language
        if options.command == "pair":
            return _pair(options, config)
        if options.command == "issue":
            return _issue(options, config)
        return _run(options, config)
    except AntreanError as error:
        print(f"antrean-kiosk: {complaint(error, language)}", file=sys.stderr)
        return exit_code(error)


def _config(options: argparse.Namespace) -> Config:
    given = {
        "server": options.server,
        "language": options.language,
        "printer.target": getattr(options, "printer", None),
        "windowed": getattr(options, "windowed", None) or None,
    }
    return load_config(options.config or options.data / FILE_NAME, os.environ, given)


def _language(options: argparse.Namespace) -> str:
    for wish in (options.language, os.environ.get("ANTREAN_KIOSK_LANGUAGE")):
        if wish in LANGUAGES:
            return str(wish)
    return LANGUAGES[0]


def _pair(options: argparse.Namespace, config: Config) -> int:
    if not config.servers:
        raise RuleViolation("no_server")
    ledger, hands = _hands(options.data, config, check=True)
    try:
        pairing = script.pair(options.code, config, hands)
        t = texts_for(config.language)
        print(t("cli.paired", name=pairing.name, issuer=pairing.issuer))
        if ledger.memory.catalogue() is None:
            print(f"antrean-kiosk: {t('cli.paired_without_services')}", file=sys.stderr)
    finally:
        ledger.close()
    return EXIT_OK


def _issue(options: argparse.Namespace, config: Config) -> int:
    if config.printer:
        transport_for(config.printer)  # a misspelt printer is said before a number is taken
    # The structure is read through when the kiosk itself starts; a script's visitor must not wait for that.
    ledger, hands = _hands(options.data, config, check=False)
    try:
        script.issue(
            options.service,
            options.count,
            priority=options.priority,
            language=config.language,
            hands=hands,
            out=sys.stdout,
        )
    finally:
        ledger.close()
    return EXIT_OK


def _run(options: argparse.Namespace, config: Config) -> int:
    # Imported only here: scripts issue tickets on machines without any of Qt's libraries.
    from kiosk.showing import show_kiosk

    _die_with_the_ledger()
    with open_desk(options.data, config) as desk:
        return show_kiosk(
            desk, language=config.language, windowed=config.windowed, screenshot=options.screenshot
        )


@contextmanager
def open_desk(folder: Path, config: Config) -> Iterator[LiveDesk]:
    """Everything behind the screens of the kiosk in `folder`, running until the block ends."""
    ledger, hands = _hands(folder, config, check=True)
    outcomes = Outcomes(ledger.sibling(), new_id, hands.clock.stamp)
    worker = worker_for(config, folder / "spool", outcomes.take, hands.clock.stamp)
    desk = LiveDesk(config, hands, Printing(worker, outcomes), _end_at_once)
    outcomes.told = desk.take_outcome
    sync = SyncWorker(
        ledger.sibling(checkpoints=True),
        lambda pairing: hands.link(pairing, ANSWER_SECONDS),
        hands.clock,
        new_id,
        random.random,
        desk.listener(),
        version=hands.version,
    )
    desk.use(sync)
    if worker is not None:
        worker.start()
        desk.warm_paper()
    sync.start()
    try:
        yield desk
    finally:
        sync.stop()
        if worker is not None:
            worker.stop()
        ledger.close()


def _die_with_the_ledger() -> None:
    """A damaged ledger ends the process wherever it shows: Qt would only log it and let the next visitor tap."""
    loud = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        loud(kind, error, trace)
        if isinstance(error, LedgerBroken):
            _end_at_once(error)

    sys.excepthook = hook
    threading.excepthook = lambda told: hook(told.exc_type, told.exc_value or Exception(), told.exc_traceback)


def _end_at_once(broken: LedgerBroken) -> None:
    print(f"antrean-kiosk: {complaint(broken, LANGUAGES[0])}", file=sys.stderr, flush=True)
    os._exit(EXIT_LEDGER)


def _hands(folder: Path, config: Config, *, check: bool) -> tuple[DeviceLedger, script.Hands]:
    stamps = machine_stamps()
    ledger = DeviceLedger.open(folder, new_id=new_id, stamp=stamps(), check=check)
    memory = ledger.memory
    clock = MallClock(stamps, memory.anchor(stamps().boot_id), memory.met_ms())

    def link(pairing: Pairing, seconds: float) -> ServerLink:
        addresses = config.servers or pairing.servers
        return ServerLink(addresses, pairing.token, language=config.language, answer_seconds=seconds)

    paper = DirectPaper(config, ledger, clock, new_id)
    return ledger, script.Hands(ledger, clock, new_id, link, paper, program_version())


def new_id() -> str:
    """A fresh time-ordered UUID."""
    return str(uuid6.uuid7())


def program_version() -> str:
    """The installed version, "0" when run from a folder that was never installed."""
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "0"


if __name__ == "__main__":
    sys.exit(main())
