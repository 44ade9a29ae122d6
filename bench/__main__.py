"""`make bench`: prints every ratio side by side in one run and fails on nothing."""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from antrean.domain.catalogue_file import mall_from_dict
from bench import kiosk, programs, server
from bench.measure import HEADER, Line
from queue_server.samples import sample_path

Section = Callable[[Path], list[Line]]


def main() -> int:
    """Run the sections asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", help="kiosk ingest calls latency streams starts; all when none is named"
    )
    parser.add_argument(
        "--history", type=int, default=1_000_000, help="tickets in the long history (default 1,000,000)"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and a history of 20,000")
    options = parser.parse_args()
    quick = options.quick
    mall = mall_from_dict(tomllib.loads(sample_path("tiny").read_text()))
    sections: dict[str, Section] = {
        "kiosk": lambda folder: kiosk.tap(folder, mall, 100 if quick else 1000),
        "ingest": lambda folder: server.ingest(folder, 2000 if quick else 20_000),
        "calls": lambda folder: server.calls(folder, 2 if quick else 8),
        "latency": lambda folder: server.latency(
            folder, 20_000 if quick else options.history, 50 if quick else 300
        ),
        "streams": lambda folder: server.streams(folder, 200, 5 if quick else 30),
        "starts": programs.starts,
    }
    wanted = options.sections or list(sections)
    unknown = [name for name in wanted if name not in sections]
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}; known: {' '.join(sections)}")
    print(HEADER, flush=True)
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            for line in sections[name](Path(folder)):
                print(line.text(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
