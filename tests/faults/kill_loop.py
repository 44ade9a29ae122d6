"""kill -9 over real programs while numbers are issued and called: `python -m tests.faults.kill_loop --kills 1000`."""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.ledger.device import DeviceLedger
from kiosk.__main__ import new_id
from kiosk.boot import machine_stamps
from tests.faults.actors import Helper, KilledKiosk, KilledServer, Officer, Told, kiosk_with_paper
from tests.faults.oracles import kiosk_faults, server_faults
from tests.journey.outside import Mall

SERVICES = ("ktp-hilang", "kk-baru", "akta-lahir")
COUNTERS = ("1", "2")
SETTLE_TRIES = 20
LONGEST_S = 600.0
"""How long a run may go on, when there were kills enough, for what else must have happened."""


@dataclass
class Report:
    """What a run did and which promises it found broken."""

    seed: int
    seconds: float
    kills: dict[str, int]
    printed: int
    answered: dict[str, dict[str, Any]]
    tries: int
    slowest_start_s: float
    problems: list[str]

    def text(self) -> str:
        """The run in a few lines."""
        killed = sum(self.kills.values())
        did = [event["type"] for answer in self.answered.values() for event in answer["events"]]
        kinds = ", ".join(f"{count} × {name}" for name, count in self.kills.items())
        lines = [
            f"kill loop, seed {self.seed}: {killed} kills -9 ({kinds}) in {self.seconds:.0f} s",
            f"  {self.printed} numbers printed by kiosks, {did.count('TicketIssued')} given by the helper, "
            f"{did.count('TicketCalled')} calls; {len(self.answered)} commands answered in {self.tries} tries; "
            f"slowest start of the server {self.slowest_start_s:.1f} s",
            *(f"  BROKEN: {problem}" for problem in self.problems),
        ]
        found = len(self.problems)
        lines.append(f"  {found} promises broken" if found else "  0 lost, 0 doubled, files sound")
        return "\n".join(lines)


class Crew:
    """A mall, those who work in it and those who are killed, each with a chance of its own."""

    def __init__(self, folder: Path, seed: int, kiosks: int) -> None:
        self.mall, self.stop, self.told = Mall(folder), threading.Event(), Told()
        self.troubles: list[str] = []
        self.mall.open()
        self.machines = [self._machine(seed, number) for number in range(1, kiosks + 1)]
        mall, told, stop = self.mall, self.told, self.stop
        self._officers = [Officer(mall, code, dice(seed, f"officer-{code}"), told, stop) for code in COUNTERS]
        self._helper = Helper(mall, SERVICES, dice(seed, "helper"), told, stop)
        self._server = KilledServer(mall, dice(seed, "server"), told, stop)
        self.mall.close()

    def _machine(self, seed: int, number: int) -> KilledKiosk:
        kiosk = kiosk_with_paper(self.mall, f"kiosk-{number}", self.mall.folder)
        return KilledKiosk(kiosk, SERVICES, dice(seed, f"kiosk-{number}"), Told())

    def everything(self) -> list[Told]:
        """What all of them were told."""
        return [self.told, *(machine.told for machine in self.machines)]

    def printed(self) -> list[dict[str, Any]]:
        """The lines of all kiosks."""
        return [line for told in self.everything() for line in told.printed]

    def did(self) -> Counter[str]:
        """How much happened so far: kills of each kind, numbers printed, and calls."""
        done = Counter(printed=len(self.printed()))
        for told in self.everything():
            with told.lock:
                done += told.kills
                events = [event["type"] for said in told.answered.values() for event in said["events"]]
            done["called"] += events.count("TicketCalled")
        return done

    def work_until(self, kills: int, least: Mapping[str, int]) -> None:
        """Work and die until so many were killed and so much happened, then let all heal.

        In the end every press is answered and every kiosk has told its tickets.
        """
        dying = [self._thread(step) for step in (self._server.life, *(each.burst for each in self.machines))]
        pressing = [
            self._thread(step) for step in (self._helper.work, *(each.work for each in self._officers))
        ]
        for thread in dying + pressing:
            thread.start()
        while not self.stop.is_set() and sum(told.killed() for told in self.everything()) < kills:
            self.stop.wait(0.1)
        longest = time.monotonic() + LONGEST_S
        while not self.stop.is_set() and time.monotonic() < longest and self._lacks(least):
            self.stop.wait(0.1)
        self.stop.set()
        for thread in dying:
            thread.join()
        self.mall.open()
        try:
            for thread in pressing:
                thread.join()
            for machine in self.machines:
                settle(machine)
        finally:
            self.mall.close()

    def _lacks(self, least: Mapping[str, int]) -> bool:
        did = self.did()
        return any(did[name] < number for name, number in least.items())

    def _thread(self, step: Callable[[], None]) -> threading.Thread:
        def loop() -> None:
            try:
                while not self.stop.is_set():
                    step()
            except BaseException as error:
                self.troubles.append(f"the loop itself: {type(error).__name__}: {error}")
                self.stop.set()
                raise

        return threading.Thread(target=loop)


def kill_loop(folder: Path, kills: int, seed: int, kiosks: int = 2, **least: int) -> Report:
    """Kill kiosks and server of a mall in `folder` at least `kills` times, let all heal, and check every promise.

    `least` asks for more of what `Crew.did` counts: `kiosk` and `server` kills, numbers `printed`, people `called`.
    """
    began = time.monotonic()
    crew = Crew(folder, seed, kiosks)
    crew.work_until(kills, least)
    told, printed = crew.told, crew.printed()
    problems = crew.troubles + [refusal for each in crew.everything() for refusal in each.refused]
    problems += server_faults(crew.mall.data, printed, told.answered)
    for machine in crew.machines:
        problems += kiosk_faults(machine.kiosk.data, machine.told.printed, crew.mall.data)
    return Report(
        seed=seed,
        seconds=time.monotonic() - began,
        kills={name: sum(each.kills[name] for each in crew.everything()) for name in ("kiosk", "server")},
        printed=len(printed),
        answered=told.answered,
        tries=told.tries,
        slowest_start_s=told.slowest_start_s,
        problems=problems,
    )


def settle(machine: KilledKiosk) -> None:
    """Let a kiosk issue and end politely until nothing of it waits."""
    ledger = DeviceLedger.open(machine.kiosk.data, new_id=new_id, stamp=machine_stamps()(), check=False)
    try:
        for _ in range(SETTLE_TRIES):
            machine.settle()
            if ledger.outbox.count() == 0:
                return
    finally:
        ledger.close()


def dice(seed: int, name: str) -> random.Random:
    """The chance of one actor, its own so that threads do not disturb each other's."""
    return random.Random(f"{seed}/{name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the loop as told; 0 when every promise held, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill_loop", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="at least this many (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the moments (default 1)")
    parser.add_argument("--kiosks", type=int, default=2, help="how many kiosks (default 2)")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="antrean-kills-") as folder:
        report = kill_loop(Path(folder), asked.kills, asked.seed, asked.kiosks)
    print(report.text())
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
