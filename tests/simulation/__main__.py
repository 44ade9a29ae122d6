"""Runs seeds: `python -m tests.simulation --seeds 500 [--seed FIRST] [--workers 2] [--story]`."""

import argparse
import gc
import logging
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.simulation import seams
from tests.simulation.run import Outcome, simulate

CHUNK = 10


def main(arguments: list[str] | None = None) -> int:
    """Simulate the seeds asked for, print what happened, and return 1 when any promise was broken."""
    options = _options(arguments)
    if os.environ.get("PYTHONHASHSEED") != "0":
        # A seed must give the same run everywhere, so the order of sets has to be the same everywhere too.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *(arguments or sys.argv[1:])])
    if options.gently and hasattr(os, "nice"):
        os.nice(10)
    began = time.monotonic()
    done: Counter[str] = Counter()
    bad: list[Outcome] = []
    finished = 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for outcome in _until_interrupted(_outcomes(options)):
        finished += 1
        done.update(outcome.done)
        if outcome.wrong:
            bad.append(outcome)
            print(
                f"seed {outcome.seed}: {outcome.wrong[0][-600:]} (and {len(outcome.wrong) - 1} more)",
                flush=True,
            )
        if finished % 500 == 0:
            print(
                f"… {finished} seeds, {time.monotonic() - began:.0f} s, {len(bad)} with broken promises",
                flush=True,
            )
        if options.story or (options.seeds == 1 and outcome.wrong):
            print("\n".join(outcome.story))
        if len(bad) >= options.most_failures:
            break
    _report(finished, done, bad, time.monotonic() - began)
    return 1 if bad else 0


def _until_interrupted(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """What was run so far is told also when somebody stops a long run."""
    try:
        yield from outcomes
    except KeyboardInterrupt:
        print("stopped", flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--workers", type=int, default=max(1, os.cpu_count() or 1))
    parser.add_argument("--gently", action="store_true", help="leave the processor to others")
    parser.add_argument("--story", action="store_true", help="tell what happened in each run")
    parser.add_argument("--most-failures", type=int, default=20, help="stop after so many bad seeds")
    return parser.parse_args(arguments)


def _outcomes(options: argparse.Namespace) -> Iterator[Outcome]:
    seeds = list(range(options.seed, options.seed + options.seeds))
    chunks = [seeds[at : at + CHUNK] for at in range(0, len(seeds), CHUNK)]
    if options.workers == 1 or len(seeds) == 1:
        for chunk in chunks:
            yield from _chunk(chunk)
        return
    with ProcessPoolExecutor(options.workers) as pool:
        running = [pool.submit(_chunk, chunk) for chunk in chunks]
        try:
            for ended in as_completed(running):
                yield from ended.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _chunk(seeds: list[int]) -> list[Outcome]:
    seams.install()
    logging.disable(logging.CRITICAL)  # the programs rightly complain all the time
    sys.unraisablehook = lambda failure: None  # APSW tells here of failures that SQLite takes in its stride
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as root:
        gc.disable()  # runs are short and keep what they make: collecting once after some takes a tenth off their time
        try:
            return [simulate(seed, Path(root)) for seed in seeds]
        finally:
            gc.enable()
            gc.collect()


def _report(seeds: int, done: Counter[str], bad: list[Outcome], seconds: float) -> None:
    print(f"\n{seeds} seeds in {seconds:.0f} s")
    for name, count in sorted(done.items()):
        print(f"  {count:>10,}  {name}")
    kinds = Counter(_kind(wrong) for outcome in bad for wrong in outcome.wrong)
    print(f"broken promises: {sum(kinds.values())}")
    for name, count in kinds.most_common():
        print(f"  {count:>10,}  {name}")
    for outcome in bad[:10]:
        print(f"replay: make soak SEED={outcome.seed}")


def _kind(wrong: str) -> str:
    return " ".join(word for word in wrong.split() if not any(char.isdigit() for char in word))[:80]


def end(code: int) -> None:
    """Leave at once: an interpreter that takes APSW's objects apart in its own order may crash after the last word."""
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    end(main())
