"""`antrean-display`: wires a display together; the only place that names the real clock and dice."""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from antrean.domain.errors import AntreanError, BadInput, RuleViolation, Unavailable
from antrean.domain.settings import settings_help
from antrean.link.server import ServerLink
from antrean.link.stream import StateStream
from antrean.look.slides import PICTURE, SlideFolder
from antrean.service.notifier import Notifier, notifier_from
from antrean.service.supervisor import supervise
from antrean.service.tidying import EVERY_S, tidied_by_hand, tidy
from antrean.texts import LANGUAGES, texts_for
from antrean.voice.pack import SHIPPED, Pack, language_of, packs_for
from display.device import remember, remembered_token
from display.settings import PREFIX, SCHEMA, Settings, load_settings

OK, FAILED, BAD_USE = 0, 1, 2
log = logging.getLogger("display")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    names = "\n".join(
        f"  {name:<10} {env:<28} {about}" for name, env, _, about in settings_help(SCHEMA, PREFIX)
    )
    top = argparse.ArgumentParser(
        prog="antrean-display",
        description="The hall board, or the display above one counter. Starts without a server.",
        epilog=f"settings (in the --config file, or the environment):\n{names}\n\n"
        "exit codes: 0 ended as asked, 1 the server refused or cannot be reached, 2 wrong use",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="hall|counter|pair")
    for name, about in (
        ("hall", "the board of the waiting hall"),
        ("counter", "the display above one counter"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("--server", metavar="URL", help="the server; give several separated by commas")
        command.add_argument("--data", metavar="DIR", type=Path, help="folder of a paired display")
        command.add_argument("--config", metavar="FILE", type=Path, help="settings (TOML)")
        command.add_argument("--language", choices=LANGUAGES)
        command.add_argument("--windowed", action="store_true", help="a window instead of the full screen")
        command.add_argument("--size", metavar="WxH", type=_size, help="the window's size, for pictures")
        command.add_argument(
            "--picture", metavar="FILE", type=Path, help="save a PNG after the first state, then end"
        )
        command.add_argument(
            "--after", metavar="SECONDS", type=float, help="with --picture: save after this time"
        )
        command.add_argument(
            "--supervised",
            action="store_true",
            help="start again after a crash or when frozen, where no service manager does",
        )
        command.add_argument("--zone" if name == "hall" else "--counter", metavar="CODE")
    pair = commands.add_parser("pair", help="enrol this display with a one-time code")
    pair.add_argument("code")
    pair.add_argument("--server", metavar="URL", required=True)
    pair.add_argument("--data", metavar="DIR", type=Path, required=True)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `antrean-display`; the answer is its exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asked = parser().parse_args(arguments)
    if asked.command == "pair":
        return _pair(asked)
    t = texts_for(asked.language or "id")
    told = {
        name: value
        for name in ("server", "language", "zone", "counter")
        if (value := getattr(asked, name, None))
    }
    try:
        settings = load_settings(asked.config, os.environ, told)
        t = texts_for(settings.language)
        if not settings.server:
            return _complain(t("display.needs_server"))
        if asked.command == "counter" and not settings.counter:
            return _complain(t("display.needs_counter"))
        packs = _packs(settings)
    except BadInput as problem:
        return _complain(t("display.bad_settings", problems=problem.params.get("problems", problem)))
    with closing(notifier_from(os.environ)) as notifier:
        if asked.supervised and not notifier.heard:
            given = sys.argv[1:] if arguments is None else arguments
            return supervise([sys.executable, "-m", "display", *given])
        with tidied_by_hand(), ExitStack() as ending:
            return _show(asked, settings, packs, notifier, ending)


def _packs(settings: Settings) -> tuple[Pack, ...]:
    """The voices of the hall; raises BadPack."""
    own = Path(settings.voice) if settings.voice else None
    usual = settings.language if settings.language in SHIPPED else SHIPPED[0]
    return packs_for(settings.languages or ((own and language_of(own)) or usual,), own)


def _show(
    asked: argparse.Namespace,
    settings: Settings,
    packs: Sequence[Pack],
    notifier: Notifier,
    ending: ExitStack,
) -> int:
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from display.paint import load_fonts
    from display.program import CounterDisplay, HallDisplay, News, ServerClock
    from display.report import SoundReport
    from display.sound import HallLoudspeaker, Silent
    from display.strip import Strip
    from display.voice import HallVoice, synthesizer
    from loudspeaker.link import PlayerProcess, command

    app = QApplication.instance() or QApplication(["antrean-display"])
    assert isinstance(app, QApplication)
    load_fonts()
    clock = ServerClock(lambda: _awake_and_asleep_ns() // 1_000_000, lambda: time.time_ns() // 1_000_000)
    token = remembered_token(asked.data) if asked.data else None
    addresses = settings.server.split(",")
    display: HallDisplay | CounterDisplay
    if asked.command == "hall":
        speaker = HallLoudspeaker(PlayerProcess(command(settings.output))) if settings.sound else Silent()
        if isinstance(speaker, HallLoudspeaker):
            speaker.sound_started.connect(lambda name: log.info("a sound begins: %s", name))
        voice = HallVoice(packs, speaker, settings.volumes, synthesizer())
        ending.callback(voice.close)
        if token is not None:
            report = SoundReport(lambda: ServerLink(addresses, token), speaker.state, voice.says_texts)
            if isinstance(speaker, HallLoudspeaker):
                speaker.state_changed.connect(report.tell)
            report.start()
            ending.callback(report.stop)
        strip = Strip(SlideFolder(Path(settings.slides), frozenset({PICTURE}))) if settings.slides else None
        if strip is not None:
            ending.callback(strip.close)
        shown = dict.fromkeys((settings.language, settings.second_language or settings.language))
        zone = settings.zone or None
        display = HallDisplay(clock, tuple(shown), zone, voice, settings.motion, strip)
        topics = ["board"]
    else:
        display = CounterDisplay(clock, settings.counter, settings.language, settings.motion)
        topics = ["board", f"counter:{settings.counter}"]
    news = News(StateStream(addresses, topics, token, dice=random.Random()))
    news.event_heard.connect(display.take)
    widget = display.widget
    if asked.size or asked.windowed:
        widget.resize(*(asked.size or (1280, 720)))
        widget.show()
    else:
        widget.setGeometry(app.primaryScreen().geometry())  # without a window manager nobody else sets it
        widget.showFullScreen()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: app.quit())  # the display's tick lets Python see it within 100 ms
    saved = [True]

    def save() -> None:
        saved[0] = widget.grab().save(str(asked.picture))
        app.quit()

    if asked.picture and asked.after is not None:
        QTimer.singleShot(int(asked.after * 1000), save)
    elif asked.picture:
        display.first_state_shown.connect(lambda: QTimer.singleShot(200, save))
    beat = QTimer(interval=round((notifier.every_s or 3600) * 1000))
    beat.timeout.connect(notifier.alive)  # from the thread that paints: a frozen board is noticed
    beat.start()
    tidying = QTimer(interval=round(EVERY_S * 1000))
    tidying.timeout.connect(tidy)
    tidying.start()
    QTimer.singleShot(0, lambda: notifier.ready(asked.command))
    news.start()
    app.exec()
    beat.stop()
    tidying.stop()
    notifier.stopping()
    news.stop()
    widget.close()
    return OK if saved[0] else FAILED


def _pair(asked: argparse.Namespace) -> int:
    t = texts_for("id")
    link: ServerLink | None = None
    try:
        link = ServerLink(asked.server.split(","))
        paired = link.pair(asked.code)
    except Unavailable as problem:
        return _complain(t("display.unreachable", detail=problem), FAILED)
    except (RuleViolation, AntreanError):
        return _complain(t("display.refused"), FAILED)
    finally:
        if link is not None:
            link.close()
    if paired.kind != "display":
        return _complain(t("display.not_a_display"), FAILED)
    remember(asked.data, paired)
    print(t("display.paired", name=paired.name))
    return OK


def _awake_and_asleep_ns() -> int:
    """Time since the start of the machine, its sleep included: Linux's monotonic clock leaves that out."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if boottime is None else time.clock_gettime_ns(boottime)


def _size(text: str) -> tuple[int, int]:
    wide, _, high = text.partition("x")
    if not (wide.isdecimal() and high.isdecimal() and int(wide) and int(high)):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 1920x1080")
    return int(wide), int(high)


def _complain(words: str, code: int = BAD_USE) -> int:
    print(words, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
