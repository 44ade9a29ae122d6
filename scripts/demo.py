"""A busy morning in the sample mall: the programs of `make run`, with simulated visitors and officers.

Visitors take tickets at simulated kiosks and officers call them, all by the ways real ones use. The mall of the
demonstration is a copy that is open day and night, in a data folder of its own. It ends by itself when the morning
is over, or by Ctrl-C (exit code 0); when a program dies, the others are stopped too (exit code 1).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import signal
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from antrean.domain.catalogue import WEEKDAYS, Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import AntreanError
from queue_server.samples import sample_names, sample_path
from scripts import run
from scripts.demo_crowd import MINUTE_S, crowd, expected_visitors
from scripts.demo_kiosks import NAME, SimulatedKiosk
from scripts.demo_officers import Team, staff, watch_lobby
from scripts.demo_pace import Figures, Lobby, Pace, Tally, in_words
from scripts.processes import PROBE_SECONDS, Children, Trouble

ALL_DAY = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
NOTICE = {
    "id": "Peragaan: pengunjung dan petugas di sini disimulasikan.",
    "en": "Demonstration: the visitors and officers here are simulated.",
}
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


def always_open(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a mall's file without closed days and hours, with a notice that it is a demonstration."""

    def without_hours(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{key: value for key, value in row.items() if key != "hours"} for row in rows]

    mall = dict(data["mall"])
    mall |= {"hours": ALL_DAY, "holidays": [], "announcements": [NOTICE, *mall.get("announcements", [])]}
    opened = {"agencies": without_hours(data["agencies"]), "services": without_hours(data["services"])}
    return {**data, "mall": mall, **opened}


def prepare(children: Children, data: Path, sample: str) -> tuple[Path, Mall]:
    """Write the demonstration's copy of the sample mall; an existing mall of an earlier run takes it over."""
    path = sample_path(sample) if sample in sample_names() else Path(sample)
    file = data / "mall.json"
    try:
        opened = always_open(tomllib.loads(path.read_text(encoding="utf-8")))
        mall = mall_from_dict(opened)
    except (OSError, ValueError, KeyError, AntreanError) as error:
        raise Trouble(f"{path} is not a mall to demonstrate with: {error}") from error
    data.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(opened, ensure_ascii=False, indent=1), encoding="utf-8")
    server_data = data / "server"
    if server_data.exists() and any(server_data.iterdir()):
        children.run(run.program("admin", "--data", server_data, "import", file))
    return file, mall


def admin(*arguments: str | Path) -> str:
    """What `antrean-admin` prints, run in this process: thirty starts of Python would keep everybody waiting."""
    from queue_server.admin.__main__ import main as antrean_admin

    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        code = antrean_admin([str(argument) for argument in arguments])
    if code:
        raise Trouble(complained.getvalue().strip())
    return said.getvalue().strip()


def officer_tokens(server_data: Path, kept: Path, counters: tuple[str, ...]) -> dict[str, str]:
    """A bearer token for each counter, made once and remembered beside the data for their owner's eyes."""
    tokens: dict[str, str] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for code in counters:
        if code not in tokens:
            add = ("token", "add", "--role", "officer", "--counter", code, "--name", f"demo-{code}")
            tokens[code] = admin("--data", server_data, *add)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(tokens, file)
    return {code: tokens[code] for code in counters}


def enrolled_kiosks(wish: Wish, mall: run.Mall, pace: Pace, tally: Tally) -> list[SimulatedKiosk]:
    """The simulated kiosks, paired with the server unless an earlier run did that."""
    kiosks = []
    for at in range(wish.kiosks):
        number = at + 2  # the kiosk with a screen is number 1
        folder = wish.mall.data / f"kiosk-{number}"
        kiosk = SimulatedKiosk(folder, mall.url, mall.printer, pace, tally)
        if not kiosk.is_paired():
            add = ("device", "add", "--kind", "kiosk", "--name", NAME.format(number))
            kiosk.pair(admin("--data", mall.server_data, *add))
        kiosks.append(kiosk)
    return kiosks


class Morning:
    """The simulated people of one morning, from the doors' opening until everybody has gone home."""

    def __init__(self, wish: Wish, catalogue: Mall, running: run.Mall) -> None:
        """Enrol kiosks and officers; nobody moves yet."""
        self._wish = wish
        self._tally, self._lobby = Tally(), Lobby()
        counters = tuple(code for code in catalogue.counters if code != wish.free)
        tokens = officer_tokens(running.server_data, wish.mall.data / "tokens.json", counters)
        self._pace = Pace(wish.speed)
        self._kiosks = enrolled_kiosks(wish, running, self._pace, self._tally)
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


def explanation(wish: Wish, catalogue: Mall) -> str:
    """What the person at the terminal should know about this demonstration."""
    lines = [
        "",
        f"  Demonstration: {wish.visitors} visitors in {wish.minutes:g} minutes at {wish.kiosks} simulated kiosks,",
        f"  time runs {wish.speed:g} times as fast: a minute on the screens stands for {wish.speed:g}.",
        "  This copy of the mall is open day and night, on holidays too.",
    ]
    if wish.free in catalogue.counters:
        free = catalogue.counters[wish.free].name.get("en")
        lines.append(f"  {free} has no simulated officer: sign in as officer and open it yourself.")
    return "\n".join([*lines, ""])


def farewell(figures: Figures, stay: bool, url: str) -> str:
    """The last words of the morning."""
    said = (
        f"The morning is over: {figures.came} visitors came, {figures.completed} were served, "
        f"{figures.no_show} did not answer their call, {figures.transferred} were sent on, "
        f"{figures.turned_away} found their service full."
    )
    return (
        f"{said}\nThe mall stays open: {url}/manage has the report. Ctrl-C stops everything."
        if stay
        else said
    )


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
    file, catalogue = prepare(children, wish.mall.data, wish.mall.sample)
    running = run.open_mall(children, replace(wish.mall, sample=str(file)))
    try:
        morning = Morning(wish, catalogue, running)
    except AntreanError as error:
        raise Trouble(f"The simulated kiosks cannot be paired: {error}") from error
    print(run.announcement(running, offscreen), flush=True)
    print(explanation(wish, catalogue), flush=True)
    try:
        morning.live(children)
    except KeyboardInterrupt:
        run.ignore_further_signals()
        raise
    finally:
        morning.end()
    print(farewell(morning.figures(), wish.stay, running.url), flush=True)
    if wish.stay:
        children.watch()


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration; return the exit code."""
    wish = wish_of(parser().parse_args(arguments))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
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
