"""What goes wrong in a run: each seed mixes its own faults, so that some runs know only one and some know all."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from antrean.ledger.device import FILE_NAME as KIOSK_FILE
from tests.simulation.network import Weather
from tests.simulation.world import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from tests.simulation.run import Run

Fault = Callable[["Run"], None]


def schedule(run: "Run", span_ms: float) -> None:
    """Put this run's faults into its time; how many and which is up to the dice."""
    dice = run.world.dice
    names = dice.sample(sorted(FAULTS), dice.randint(1, len(FAULTS) // 2))
    for _ in range(dice.randint(2, 9)):
        name = dice.choice(names)
        run.world.at(dice.uniform(0.05, 0.9) * span_ms, lambda name=name: _happen(run, name))  # type: ignore[misc]


def _happen(run: "Run", name: str) -> None:
    if run.repaired:
        return
    run.world.done[f"fault: {name}"] += 1
    run.world.tell(name)
    FAULTS[name](run)


def _weather(run: "Run") -> None:
    dice = run.world.dice
    run.network.weather = Weather(
        loss=dice.choice((0, 0.05, 0.3)),
        doubling=dice.choice((0, 0.2)),
        delay=dice.choice((0, 0.2)),
        late=dice.choice((0, 0.1)),
    )
    run.world.at(dice.uniform(1, 10) * MINUTE_MS, lambda: setattr(run.network, "weather", Weather()))


def _partition(run: "Run") -> None:
    dice = run.world.dice
    machine = dice.choice([kiosk.machine for kiosk in run.kiosks] + [one.machine for one in run.consoles])
    run.network.cut[machine.name] = run.world.now + dice.uniform(0.5, 20) * MINUTE_MS


def _server_killed(run: "Run") -> None:
    _stop_server(run, power=False)


def _server_power(run: "Run") -> None:
    _stop_server(run, power=True)


def _stop_server(run: "Run", *, power: bool) -> None:
    run.server.kill(power=power)
    run.world.at(run.world.dice.uniform(1_000, 8 * MINUTE_MS), run.server.start)


def _server_in_mid_write(run: "Run") -> None:
    run.server.machine.disk.fuse = run.world.dice.randint(1, 60)


def _kiosk_killed(run: "Run") -> None:
    _stop_kiosk(run, power=False)


def _kiosk_power(run: "Run") -> None:
    _stop_kiosk(run, power=True)


def _stop_kiosk(run: "Run", *, power: bool) -> None:
    kiosk = run.any_kiosk()
    kiosk.kill(power=power)
    if power and run.world.dice.random() < 0.4:
        kiosk.machine.wall_error_ms = -kiosk.world.now  # a flat battery: 1970 at every boot
    run.world.at(run.world.dice.uniform(1_000, 4 * MINUTE_MS), kiosk.start)


def _kiosk_in_mid_write(run: "Run") -> None:
    run.any_kiosk().machine.disk.fuse = run.world.dice.randint(1, 60)


def _kiosk_clock_jumps(run: "Run") -> None:
    dice = run.world.dice
    errors = (-run.world.now, dice.uniform(-1, 1) * HOUR_MS, dice.uniform(-400, 400) * 24 * HOUR_MS)
    run.any_kiosk().machine.wall_error_ms = dice.choice(errors)


def _kiosk_file_damaged(run: "Run") -> None:
    """Sectors of a kiosk's database turn to rubbish while it is off."""
    kiosk = run.any_kiosk()
    run.lost_with(kiosk, since_ms=0)
    kiosk.kill(power=True)
    kiosk.machine.disk.damage(f"data/{KIOSK_FILE}", run.world.dice)
    run.world.at(run.world.dice.uniform(1_000, 2 * MINUTE_MS), kiosk.start)


def _server_clock_jumps(run: "Run") -> None:
    """Somebody sets the server's wall clock while it runs."""
    dice = run.world.dice
    run.server.machine.wall_error_ms = dice.choice(
        (0, dice.uniform(-1, 1) * HOUR_MS, dice.uniform(-9, 9) * MINUTE_MS)
    )


def _server_battery(run: "Run") -> None:
    """The server loses power and comes up in 1970; some time later the network tells it the time."""
    machine = run.server.machine
    run.server.kill(power=True)
    machine.wall_error_ms = -run.world.now
    run.world.at(run.world.dice.uniform(1_000, 5 * MINUTE_MS), run.server.start)
    run.world.at(run.world.dice.uniform(6, 30) * MINUTE_MS, lambda: setattr(machine, "wall_error_ms", 0))


def _server_paused(run: "Run") -> None:
    run.server.machine.paused_until = run.world.now + run.world.dice.uniform(2_000, 90_000)


def _kiosk_paused(run: "Run") -> None:
    run.any_kiosk().machine.paused_until = run.world.now + run.world.dice.uniform(2_000, 300_000)


def _disk_full(run: "Run") -> None:
    machine = run.world.dice.choice([run.server.machine, *(kiosk.machine for kiosk in run.kiosks)])
    machine.disk.fill()
    run.world.at(run.world.dice.uniform(10_000, 6 * MINUTE_MS), lambda: machine.disk.empty())


def _sync_fails(run: "Run") -> None:
    machine = run.world.dice.choice([run.server.machine, *(kiosk.machine for kiosk in run.kiosks)])
    machine.disk.sync_fails = True


def _kiosk_restored(run: "Run") -> None:
    """Staff put an older image of a kiosk's disk back."""
    kiosk = run.any_kiosk()
    image, taken_ms = kiosk.machine.disk.cached(), run.world.now

    def restore() -> None:
        if kiosk.gone or run.repaired:
            return
        run.world.tell(f"{kiosk.machine.name} gets its older disk image back")
        run.lost_with(kiosk, since_ms=taken_ms)
        kiosk.kill(power=True)
        kiosk.machine.replace_disk(image)
        kiosk.machine.boot()
        run.world.at(run.world.dice.uniform(5_000, MINUTE_MS), kiosk.start)

    run.world.at(run.world.dice.uniform(1, 10) * MINUTE_MS, restore)


def _kiosk_cloned(run: "Run") -> None:
    """A copy of a kiosk's disk runs in a second kiosk at the same time."""
    run.clone(run.any_kiosk())


def _kiosk_disk_dies(run: "Run") -> None:
    run.replace(run.any_kiosk())


def _server_disk_dies(run: "Run") -> None:
    run.server.copy_offsite()
    if run.server.offsite is None:
        return
    run.world.at(run.world.dice.uniform(1, 15) * MINUTE_MS, run.restore_server)


FAULTS: dict[str, Fault] = {
    "bad network": _weather,
    "a machine is cut off": _partition,
    "server killed": _server_killed,
    "server loses power": _server_power,
    "server dies in the middle of a write": _server_in_mid_write,
    "server freezes": _server_paused,
    "server's wall clock jumps": _server_clock_jumps,
    "server loses power and starts in 1970": _server_battery,
    "server's disk dies, a backup is restored": _server_disk_dies,
    "kiosk killed": _kiosk_killed,
    "kiosk loses power": _kiosk_power,
    "kiosk dies in the middle of a write": _kiosk_in_mid_write,
    "kiosk freezes": _kiosk_paused,
    "kiosk's wall clock jumps": _kiosk_clock_jumps,
    "kiosk gets an older disk image": _kiosk_restored,
    "kiosk's database is damaged": _kiosk_file_damaged,
    "kiosk cloned": _kiosk_cloned,
    "kiosk's disk dies": _kiosk_disk_dies,
    "a disk is full": _disk_full,
    "a disk cannot sync": _sync_fails,
}
