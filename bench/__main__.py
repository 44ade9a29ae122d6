"""`make bench`: prints every ratio side by side in one run and fails on nothing."""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from bench import (
    boards,
    calls,
    finder,
    first_paint,
    ingest,
    kiosk,
    latency,
    programs,
    ranges,
    silence,
    streams,
    week,
)
from bench.measure import HEADER, Line
from queue_server.samples import sample_path

Section = Callable[[Path], list[Line]]


def main() -> int:
    """Run the sections asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "sections",
        nargs="*",
        help="kiosk silence ingest week calls latency streams boards starts paint finder ranges; else all",
    )
    parser.add_argument(
        "--history", type=int, default=1_000_000, help="tickets in the long history (default 1,000,000)"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and a history of 20,000")
    options = parser.parse_args()
    quick = options.quick
    mall = _sample("tiny")
    sections: dict[str, Section] = {
        "kiosk": lambda folder: kiosk.tap(folder, mall, 100 if quick else 1000),
        "silence": lambda folder: silence.silence(folder, 20 if quick else 100),
        "ingest": lambda folder: ingest.ingest(folder, 4000 if quick else 20_000),
        "week": lambda folder: week.week(folder, 280 if quick else 2_002),
        "calls": lambda folder: calls.calls(folder, 0.5 if quick else 3),
        "latency": lambda folder: latency.latency(
            folder, 20_000 if quick else options.history, 50 if quick else 300
        ),
        "streams": lambda folder: streams.streams(folder, 200, 5 if quick else 30),
        "boards": lambda folder: boards.boards(folder, 200, 3 if quick else 30),
        "starts": programs.starts,
        "paint": lambda folder: first_paint.first_paint(folder, 3 if quick else 9),
        "finder": lambda _: finder.finder(_sample("mpp"), 2 if quick else 20),
        "ranges": lambda _: ranges.ranges(1 if quick else 6),
    }
    wanted = options.sections or list(sections)
    unknown = [name for name in wanted if name not in sections]
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}; known: {' '.join(sections)}")
    print(HEADER, flush=True)
    for name in wanted:
        for line in _measured(name, sections[name]):
            print(line.text(), flush=True)
    return 0


def _sample(name: str) -> Mall:
    """A mall that is shipped as an example."""
    return mall_from_dict(tomllib.loads(sample_path(name).read_text(encoding="utf-8")))


def _measured(name: str, section: Section) -> list[Line]:
    """The lines of one section; one that says why when it cannot run, because a measurement fails nothing."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return section(Path(folder))
    except Exception as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        return [Line(f"{name}: could not be measured", type(error).__name__, aim=reason[0][:120])]


if __name__ == "__main__":
    sys.exit(main())
