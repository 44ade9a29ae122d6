"""The command `antrean-kiosk`: wires the kiosk's parts together with the real clock, ids and chance."""

import argparse
import logging
import os
import random
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import uuid6

from antrean.domain.errors import AntreanError, RuleViolation
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.ledger.errors import LedgerBroken
from antrean.link.patience import ANSWER_SECONDS
from antrean.service.notifier import Notifier, notifier_from
from antrean.service.supervisor import supervise
from antrean.service.tidying import tidied_by_hand
from antrean.texts import LANGUAGES, texts_for
from kiosk import script
from kiosk.arguments import parse
from kiosk.boot import machine_stamps
from kiosk.checking_in import Asked
from kiosk.complaints import EXIT_LEDGER, EXIT_OK, complaint, exit_code
from kiosk.config import FILE_NAME, Config, load_config
from kiosk.defaults import kept_defaults
from kiosk.desk_live import LiveDesk
from kiosk.mall_clock import MallClock
from kiosk.orders import Orders
from kiosk.paper import DirectPaper, worker_for
from kiosk.printing import Outcomes, Printing
from kiosk.room import SPOOL, kiosk_room
from kiosk.sync import SyncWorker
from kiosk.visit import Assist, Settings
from printers.face import PAPERS
from printers.targets import transport_for

if TYPE_CHECKING:  # an HTTP client takes a tenth of a second to load, and the first picture must not wait
    from antrean.link.server import ServerLink


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
        if options.command == "check-in":
            return _check_in(options, config)
        if options.command == "readmit":
            return _readmit(options, config)
        with closing(notifier_from(os.environ)) as notifier:
            if options.supervised and not notifier.heard:
                logging.getLogger("antrean.service").setLevel(logging.INFO)
                given = sys.argv[1:] if arguments is None else arguments
                return supervise([sys.executable, "-m", "kiosk", *given])
            with tidied_by_hand():
                return _run(options, config, notifier)
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
    file = options.config or options.data / FILE_NAME
    return load_config(file, os.environ, given, kept_defaults(options.data))


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


def _check_in(options: argparse.Namespace, config: Config) -> int:
    if config.printer:
        transport_for(config.printer)
    ledger, hands = _hands(options.data, config, check=False)
    try:
        script.check_in(
            options.code,
            Asked(config.language, options.priority),
            service=options.service,
            copy=options.copy,
            told=not options.json,
            hands=hands,
            out=sys.stdout,
        )
    finally:
        ledger.close()
    return EXIT_OK


def _readmit(options: argparse.Namespace, config: Config) -> int:
    ledger, hands = _hands(options.data, config, check=False)
    try:
        script.readmit(options.token, hands=hands, out=sys.stdout)
    finally:
        ledger.close()
    return EXIT_OK


def _run(options: argparse.Namespace, config: Config, notifier: Notifier) -> int:
    # Imported only here: scripts issue tickets on machines without any of Qt's libraries.
    from kiosk.showing import show_kiosk
    from kiosk.speech_qt import speaker_for

    _die_with_the_ledger()
    with open_desk(options.data, config, at_once=False) as desk:
        return show_kiosk(
            desk,
            language=config.language,
            windowed=config.windowed,
            screenshot=options.screenshot,
            settings=_settings(config),
            notifier=notifier,
            painted=desk.begin,
            speaking=lambda: speaker_for(config),
        )


def _settings(config: Config) -> Settings:
    assist = Assist(theme=config.defaults.theme, volume=config.defaults.volume)
    return Settings(
        language=config.language,
        server=next(iter(config.servers), ""),
        assist=assist,
        double_ms=config.double_ms,
        screen_mm=config.glass.size_mm,
        motion=config.glass.motion,
    )


@contextmanager
def open_desk(folder: Path, config: Config, at_once: bool = True) -> Iterator[LiveDesk]:
    """Everything behind the screens of the kiosk in `folder`, until the block ends.

    Printing and talking to the server start now, or else with the desk's `begin`.
    """
    ledger, hands = _hands(folder, config, check=True)
    outcomes = Outcomes(ledger.sibling(), new_id, hands.clock.stamp)
    worker = worker_for(config, folder / SPOOL, outcomes.take, hands.clock.stamp)
    printing = Printing(worker, outcomes, ledger.make_room)
    desk = LiveDesk(config, hands, printing, _end_at_once)
    outcomes.told = desk.take_outcome
    told = ledger.sibling(checkpoints=True)
    sync = SyncWorker(
        told,
        lambda pairing: hands.link(pairing, ANSWER_SECONDS),
        hands.clock,
        new_id,
        random.random,
        desk.listener(),
        version=hands.version,
        orders=Orders(told, printing, PAPERS[config.paper]),
    )

    def begin() -> None:
        sync.start()
        if worker is not None:
            worker.start()
            desk.warm_paper()

    desk.use(sync, begin)
    if at_once:
        desk.begin()
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
    room, second = kiosk_room(folder), config.second_folder
    ledger = DeviceLedger.open(folder, new_id=new_id, stamp=stamps(), check=check, second=second, room=room)
    room.refill()
    memory = ledger.memory
    clock = MallClock(stamps, memory.anchor(stamps().boot_id), memory.met_ms())

    def link(pairing: Pairing, seconds: float) -> "ServerLink":
        from antrean.link.server import ServerLink

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
