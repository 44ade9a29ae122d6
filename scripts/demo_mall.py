"""The demonstration's own mall: a copy of a sample that never closes, with kiosks and officers let in."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import AntreanError
from queue_server.admin.__main__ import main as antrean_admin
from queue_server.admin.mall import read_mall
from queue_server.samples import open_all_day
from scripts import run
from scripts.demo_kiosks import NAME, SimulatedKiosk
from scripts.demo_pace import Pace, Tally
from scripts.processes import Children, Trouble

NOTICE = {
    "id": "Peragaan: pengunjung dan petugas di sini disimulasikan.",
    "en": "Demonstration: the visitors and officers here are simulated.",
}


def mall_to_show(data: Mapping[str, Any], *, real_hours: bool) -> dict[str, Any]:
    """A copy of a mall's file that says it is a demonstration, and is open at all hours unless real ones are wished."""
    copy = dict(data) if real_hours else open_all_day(data)
    return {
        **copy,
        "mall": {**copy["mall"], "announcements": [NOTICE, *copy["mall"].get("announcements", [])]},
    }


def prepare(children: Children, wish: run.Wish) -> tuple[Path, Mall]:
    """Write the demonstration's copy of the sample mall; an existing mall of an earlier run takes it over."""
    file, server_data = wish.data / "mall.json", wish.data / "server"
    try:
        data = mall_to_show(read_mall(wish.sample), real_hours=wish.real_hours)
    except AntreanError as error:
        raise Trouble(f"{wish.sample} is not a mall to demonstrate with: {error}") from error
    wish.data.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    if server_data.exists() and any(server_data.iterdir()):
        children.run(run.program("admin", "--data", server_data, "import", file))
    return file, mall_from_dict(data)


def admin(*arguments: str | Path) -> str:
    """What `antrean-admin` prints, run in this process: thirty starts of Python would keep everybody waiting."""
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


def enrolled_kiosks(mall: run.Mall, data: Path, count: int, pace: Pace, tally: Tally) -> list[SimulatedKiosk]:
    """The simulated kiosks, paired with the server unless an earlier run did that."""
    kiosks = []
    for at in range(count):
        number = at + 2  # the kiosk with a screen is number 1
        folder = data / f"kiosk-{number}"
        kiosk = SimulatedKiosk(folder, mall.url, mall.printer, pace, tally)
        if not kiosk.is_paired():
            add = ("device", "add", "--kind", "kiosk", "--name", NAME.format(number))
            kiosk.pair(admin("--data", mall.server_data, *add))
        kiosks.append(kiosk)
    return kiosks
