"""A busy morning in the sample mall: the programs of `make run`, with simulated visitors and officers.

Visitors take tickets at simulated kiosks and officers call them, all by the ways real ones use. The mall of the
demonstration is a copy that is open day and night, in a data folder of its own. It ends by itself when the morning
is over, or by Ctrl-C (exit code 0); when a program dies, the others are stopped too (exit code 1).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from dataclasses import dataclass, replace
from random import Random

from antrean.domain.catalogue import Mall
from antrean.domain.errors import AntreanError
from antrean.link.wire import Wire
from scripts import run
from scripts.demo_crowd import MINUTE_S, crowd, expected_visitors
from scripts.demo_mall import enrolled_kiosks, officer_tokens, prepare
from scripts.demo_officers import Team, staff, waiting_now, watch_lobby
from scripts.demo_pace import Figures, Lobby, Pace, Tally, in_words
from scripts.processes import PROBE_SECONDS, Children, Trouble

LINE_MINUTES, LINE_SECONDS = 5.0, 2.0
"""A line is printed every so many minutes of mall time, but never faster than by this many real seconds."""
LOBBY_SECONDS = 0.5
GOING_HOME_SECONDS = 15.0


@dataclass(frozen=True)
class Wish:
    """What the person asked for on the command line."""

    mall: run.Wish
    speed: float
    minutes: float
    visitors: int
    kiosks: int
    seed: int
    free: str
    stay: bool


class Morning:
    """The simulated people of one morning, from the doors' opening until everybody has gone home."""

    def __init__(self, wish: Wish, catalogue: Mall, running: run.Mall) -> None:
        """Enrol kiosks and officers; nobody moves yet."""
        self._wish = wish
        self._tally, self._lobby = Tally(), Lobby()
        counters = tuple(code for code in catalogue.counters if code != wish.free)
        tokens = officer_tokens(running.server_data, wish.mall.data / "tokens.json", counters)
        self._pace = Pace(wish.speed)
        self._kiosks = enrolled_kiosks(running, wish.mall.data, wish.kiosks, self._pace, self._tally)
        self._catalogue, self._url, self._tokens = catalogue, running.url, tokens
        self._teams: list[Team] = []

    def live(self, children: Children) -> None:
        """Let the morning pass, with a line now and then; raises `Trouble` when a program or a kiosk dies."""
        wish, chance = self._wish, Random(self._wish.seed)
        visitors = crowd(self._catalogue, wish.visitors, wish.minutes, wish.kiosks, chance)
        self._pace.open_doors()
        watch_lobby(self._url, self._lobby, self._pace, LOBBY_SECONDS)
        self._teams += staff(
            self._catalogue, self._url, self._tokens, self._pace, self._lobby, self._tally, chance
        )
        for at, kiosk in enumerate(self._kiosks):
            kiosk.start([visitor for visitor in visitors if visitor.kiosk == at])
        every_s = max(LINE_MINUTES * MINUTE_S, LINE_SECONDS * wish.speed)
        line_s = every_s
        while (now_s := self._pace.now_s()) < wish.minutes * MINUTE_S:
            children.check()
            self._check_kiosks()
            if now_s >= line_s:
                line_s += every_s
                print(self.line(now_s), flush=True)
            self._pace.rest(PROBE_SECONDS)

    def end(self) -> None:
        """Everybody goes home: counters are closed, the last tickets reach the server."""
        self._pace.stop()
        for team in self._teams:
            team.join(GOING_HOME_SECONDS)
        for kiosk in self._kiosks:
            kiosk.join(GOING_HOME_SECONDS)

    def line(self, now_s: float) -> str:
        """How it stands, in one line."""
        return in_words(self.figures(), self._lobby.total, now_s / MINUTE_S, self._wish.minutes)

    def figures(self) -> Figures:
        """The tally of this run."""
        return self._tally.figures()

    def _check_kiosks(self) -> None:
        for kiosk in self._kiosks:
            if kiosk.failure is not None:
                raise Trouble(f"A simulated kiosk ended: {kiosk.failure}")


def left_over(url: str) -> int:
    """How many visitors of an earlier demonstration of the same day still wait."""
    wire = Wire((url,))
    try:
        return sum(waiting_now(wire).values())
    finally:
        wire.close()


def explanation(wish: Wish, catalogue: Mall, left: int) -> str:
    """What the person at the terminal should know about this demonstration."""
    lines = [
        "",
        f"  Demonstration: {wish.visitors} visitors in {wish.minutes:g} minutes at {wish.kiosks} simulated kiosks,",
        f"  time runs {wish.speed:g} times as fast: a minute on the screens stands for {wish.speed:g}.",
    ]
    if not wish.mall.real_hours:
        lines.append("  This copy of the mall is open day and night, on holidays too.")
    if wish.free in catalogue.counters:
        free = catalogue.counters[wish.free].name.get("en")
        lines.append(f"  {free} has no simulated officer: sign in as officer and open it yourself.")
    if left:
        lines.append(f"  {left} visitors of an earlier demonstration today still wait and are called first.")
        lines.append(f"  Remove {wish.mall.data} before the next one to begin with an empty mall.")
    return "\n".join([*lines, ""])


def farewell(figures: Figures, wish: Wish, url: str) -> str:
    """The last words of the morning."""
    said = (
        f"The morning is over: {figures.came} visitors came, {figures.completed} were served, "
        f"{figures.no_show} did not answer their call, {figures.transferred} were sent on, "
        f"{figures.turned_away} found their service full or closed."
    )
    late = wish.visitors - figures.came - figures.turned_away
    if late > 0:
        said += f"\n{late} still stood at a kiosk: this machine is too slow for --speed {wish.speed:g}."
    if wish.stay:
        said += f"\nThe mall stays open: {url}/manage has the report. Ctrl-C stops everything."
    return said


def parser() -> argparse.ArgumentParser:
    """Describe the command line: the options of `make run`, and the morning's."""
    make = run.parser()
    make.prog, make.description = "python -m scripts.demo", __doc__
    make.add_argument(
        "--speed", type=_positive, default=10.0, help="how many times faster than life (default: 10)"
    )
    make.add_argument(
        "--minutes", type=_positive, default=30.0, help="length of the morning, in its own time"
    )
    make.add_argument("--visitors", type=int, help="how many come (default: 300 in the first 30 minutes)")
    make.add_argument(
        "--kiosks", type=int, choices=range(1, 7), default=3, help="simulated kiosks (default: 3)"
    )
    make.add_argument("--seed", type=int, default=1, help="another seed, another morning (default: 1)")
    make.add_argument("--free", default="3", metavar="COUNTER", help="counter left to you (default: 3)")
    make.add_argument(
        "--stay", action="store_true", help="keep the mall open after the morning, until Ctrl-C"
    )
    return make


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= 10_000:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 10000")
    return number


def wish_of(options: argparse.Namespace) -> Wish:
    """Read the parsed command line; the demonstration keeps its data apart in `DATA/demo`."""
    options.data = options.data / "demo"
    visitors = expected_visitors(options.minutes) if options.visitors is None else max(0, options.visitors)
    return Wish(
        mall=run.wish_of(options),
        speed=options.speed,
        minutes=options.minutes,
        visitors=visitors,
        kiosks=options.kiosks,
        seed=options.seed,
        free=options.free,
        stay=options.stay,
    )


def demonstrate(children: Children, wish: Wish, offscreen: bool) -> None:
    """Open the mall, let the morning pass and send everybody home. Raises `Trouble`, also for our own errors."""
    file, catalogue = prepare(children, wish.mall)
    running = run.open_mall(children, replace(wish.mall, sample=str(file), booking=False))
    try:
        morning = Morning(wish, catalogue, running)
        left = left_over(running.url)
    except AntreanError as error:
        raise Trouble(f"The demonstration cannot be prepared: {error}") from error
    print(run.announcement(running, offscreen), flush=True)
    print(explanation(wish, catalogue, left), flush=True)
    try:
        morning.live(children)
    except KeyboardInterrupt:
        run.ignore_further_signals()
        raise
    finally:
        morning.end()
    print(farewell(morning.figures(), wish, running.url), flush=True)
    if wish.stay:
        children.watch()


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration; return the exit code."""
    wish = wish_of(parser().parse_args(arguments))
    # A shell that starts it in the background has SIGINT ignored for it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    offscreen = run.qt_environment(os.environ)
    logs = wish.mall.data / "logs"
    try:
        with Children(logs, offscreen) as children:
            try:
                demonstrate(children, wish, bool(offscreen) and wish.mall.screens)
            finally:
                run.ignore_further_signals()
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        return 0
    except Trouble as trouble:
        print(f"\n{trouble}\n\nEverything was stopped. Full output: {logs}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
