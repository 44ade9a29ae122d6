"""Take the pictures of the README anew: a morning in the sample mall, photographed with the real programs.

Kiosk and displays draw themselves, pages are opened in the system's Chromium, and the ticket comes out of the
virtual printer. The hour is always the same, so a picture changes only when what it shows does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from antrean.domain.errors import AntreanError
from antrean.domain.label import status_token
from antrean.ledger.errors import LedgerBroken
from antrean.service.tidying import tidied_by_hand
from queue_server.hub import FRAME_GOOD_FOR_S
from queue_server.running import Running
from scripts import run
from scripts.pictures_camera import Camera, chromium, keep
from scripts.pictures_stage import Cast, StageClock, StagedKiosk, make_mall, open_server, play
from scripts.processes import Children, Trouble, free_port, listens

DOORS_OPEN_MS = 1_795_393_800_000
"""Monday 23 November 2026, 07.30 in Jakarta."""
MINUTES, VISITORS, KIOSKS, SEED = 131.0, 300, 3, 7
COUNTER, NEXT_ERRAND = "3", "ktp-hilang"
SERVED_S = 312.0
PAPER_SECONDS, SCREENS_SECONDS = 30.0, 300.0
DISPLAY_SECONDS, STREAMS = 10, 4
"""A display draws itself so long after its start; who listens then: console, page of the board, two displays."""
NOTE = "Fotokopi KK menyusul, minta saat ambil KTP."
FOLLOWS = "bpjs"
"""What the officer notes, and the words that find what the visitor also needs."""
OFFERED = "document.getElementById('go').dataset.act === '{}'"
"""Whether the console's main button offers an action."""


def session(running: Running, name: str, shown: str, role: str, counter: str | None = None) -> str:
    """Make a member of staff and sign them in; returns the session's secret."""
    accounts = running.parts.accounts
    link = accounts.add_user(name, shown, [role], counter, "pictures")
    return accounts.set_first_password(link, os.urandom(12).hex()).secret


def photograph_kiosk(kiosk: StagedKiosk, folder: Path) -> str:
    """Draw four screens of a visit and print its ticket; returns the ticket's id."""
    from PySide6.QtWidgets import QApplication

    from antrean.look.tokens import LIGHT
    from kiosk import gallery
    from kiosk.boot import machine_stamps
    from kiosk.desk import Choice, Paper
    from kiosk.desk_live import LiveDesk
    from kiosk.paper import worker_for
    from kiosk.printing import Outcomes, Printing
    from kiosk.sync import SyncStatus

    app = QApplication.instance() or QApplication([])
    hands, done, ended = kiosk.hands, Event(), list[Paper]()

    def on_paper(_: str, paper: Paper) -> None:
        ended.append(paper)
        done.set()

    outcomes = Outcomes(hands.ledger.sibling(), hands.new_id, hands.clock.stamp)
    worker = worker_for(
        kiosk.config, folder / "spool", outcomes.take, machine_stamps()
    )  # files have the real time
    desk = LiveDesk(kiosk.config, hands, Printing(worker, outcomes), _fail)
    outcomes.told = desk.take_outcome
    listener = desk.listener()
    listener.news(kiosk.exchange())
    listener.status(SyncStatus("online", 0, hands.clock.now().ms))
    desk.on_paper(on_paper)
    issued = desk.issue(Choice(NEXT_ERRAND, priority=False, language="id"))
    if worker is not None:
        worker.start()
        desk.print_ticket(issued, "id")
        if not done.wait(PAPER_SECONDS) or ended != [Paper.PRINTED]:
            raise Trouble(f"The ticket did not come out of the virtual printer: {ended}")
        worker.stop()
    scene = gallery.scene_for(desk, gallery.View(portrait=True, language="id", theme=LIGHT))
    screens = gallery.screens(scene, NEXT_ERRAND, issued)
    for name in ("welcome", "needs", "card", "number"):
        shot = folder / f"kiosk-{name}.png"
        screens[name]().grab().save(str(shot))
        keep(shot, f"kiosk-{name}", 540)
    app.processEvents()
    kiosk.exchange()
    return issued.ticket_id


def _fail(broken: LedgerBroken) -> None:
    raise Trouble(f"The kiosk's disk failed: {broken}")


def photograph_ticket(folder: Path) -> None:
    """Keep the paper that came out last."""
    papers = sorted(folder.glob("*.png"))
    if not papers:
        raise Trouble(f"There is no paper in {folder}.")
    keep(papers[-1], "ticket", 440, margin=24)


def display(url: str, shot: Path, what: str, size: str, *more: str) -> list[str]:
    """The command of a display that draws itself into `shot` after some seconds."""
    drawn = ("--size", size, "--picture", shot, "--after", DISPLAY_SECONDS)
    return run.program("display", what, "--server", url, *more, *drawn)


def work(camera: Camera, action: str, key: str) -> None:
    """Press a key of the console when its main button offers this action, until it offers another."""
    offered = OFFERED.format(action)
    camera.until(f"return {offered}")
    camera.press_until(key, f"return !({offered})")


def photograph_hall(
    children: Children, running: Running, kiosks: tuple[StagedKiosk, ...], token: str, folder: Path
) -> None:
    """Board, counter, phone, console and reports, while an officer calls and serves the next visitor."""
    url = f"http://127.0.0.1:{running.port}"
    officer = session(running, "sari", "Sari", "officer", COUNTER)
    manager = session(running, "budi", "Budi", "manager")
    hall, counter = folder / "hall.png", folder / "counter.png"
    with ThreadPoolExecutor() as screens, chromium(url, folder) as camera:
        camera.be(officer)
        camera.go("/counter", 1366, 860)
        work(camera, "open_counter", "o")
        camera.second_window()
        camera.go("/board", 1920, 1080)
        at_hall = screens.submit(children.run, display(url, hall, "hall", "1920x1080"))
        over = display(url, counter, "counter", "1280x720", "--counter", COUNTER)
        at_counter = screens.submit(children.run, over)
        children.wait_until(lambda: running.parts.hub.streams() >= STREAMS, "The displays")
        camera.first_window()
        work(camera, "call_next", "p")
        camera.second_window()
        camera.take("board", 1280)
        camera.first_window()
        at_hall.result(), at_counter.result()
        keep(hall, "display-hall", 1280)
        keep(counter, "display-counter", 960)
        camera.go(f"/t/{token}", 390, 844, sharpness=2.0)
        camera.take("phone", 390)
        camera.go("/counter", 1366, 860)
        work(camera, "start", "s")
        camera.answer("n", NOTE, "return document.querySelector('#current .facts') !== null")
        camera.answer("j", FOLLOWS, "return document.querySelector('#current .steps .next') !== null")
        kiosks[0].clock.turn_on(SERVED_S)
        for kiosk in kiosks:
            kiosk.exchange()
        Event().wait(FRAME_GOOD_FOR_S)  # older states may still be told for so long
        camera.go("/counter", 1366, 860)
        camera.take("console", 1366)
        camera.be(manager)
        camera.go("/manage", 1366, 1100)
        camera.take("manage", 1366)


def photograph(children: Children, folder: Path) -> None:
    """Play the morning, then take every picture."""
    clock = StageClock(DOORS_OPEN_MS)
    port, tickets = free_port(0), folder / "tickets"
    children.start("printer", run.program("printer", "virtual", "--port", port, "--out", tickets))
    children.wait_until(lambda: listens(port), "The virtual printer")
    tokens = make_mall(folder / "server", clock)
    with open_server(folder / "server", clock) as running:
        url = f"http://127.0.0.1:{running.port}"
        codes = [
            running.parts.enrolment.make_code("kiosk", f"Kiosk {n + 1}", "pictures") for n in range(KIOSKS)
        ]
        kiosks = tuple(
            StagedKiosk(folder / f"kiosk-{at}", url, f"tcp://127.0.0.1:{port}", code, clock)
            for at, code in enumerate(codes)
        )
        print(f"{VISITORS} visitors come within {MINUTES:g} minutes …", flush=True)
        play(Cast(kiosks[0].mall, url, kiosks, tokens), clock, VISITORS, MINUTES, SEED, leaves=COUNTER)
        ticket_id = photograph_kiosk(kiosks[0], folder)
        photograph_ticket(tickets)
        photograph_hall(children, running, kiosks, status_token(ticket_id), folder)
        for kiosk in kiosks:
            kiosk.close()


def main(arguments: list[str] | None = None) -> int:
    """Take every picture; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.pictures", description=__doc__)
    parser.parse_args(arguments)
    os.environ.update(run.qt_environment({}))
    with tempfile.TemporaryDirectory(prefix="antrean-pictures-") as place:
        folder = Path(place)
        try:
            with tidied_by_hand(), Children(folder / "logs") as children:
                photograph(children, folder)
                # a process of its own: Qt's application comes once in a process's life
                children.run([sys.executable, "-m", "scripts.pictures_screens"], timeout=SCREENS_SECONDS)
                children.run([sys.executable, "-m", "scripts.pictures_boards"], timeout=SCREENS_SECONDS)
                children.run([sys.executable, "-m", "scripts.pictures_booking"], timeout=SCREENS_SECONDS)
        except (Trouble, AntreanError) as trouble:
            print(f"\n{trouble}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
