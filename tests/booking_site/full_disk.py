"""Run by test_the_program on a tiny disk: the site books until the last page, refuses, then heals."""

import sys
from pathlib import Path

from antrean.ledger import site_malls
from antrean.ledger.backup import BACKUPS, backups_in
from antrean.ledger.site_backup import verify_site
from antrean.ledger.writer import Transaction
from queue_server.site.running import RunningSite, start
from queue_server.site.settings import SiteSettings
from tests.booking_site.site_of_tests import DAY, MONDAY, SECRET, World, catalogue
from tests.ledger.tiny_disk import stuff


def alarms(running: RunningSite) -> list[str]:
    """What the health page warns of."""
    told: list[str] = running.http.wsgi_app.test_client().get("/healthz").get_json()["alarms"]
    return told


def main(folder: Path) -> None:
    """Runs the story on a site of its own."""
    world = World()
    running = start(folder, SiteSettings(port=0, tries_per_hour=100_000), world, lambda error: None)
    try:
        story(folder, world, running)
    finally:
        running.stop()


def story(folder: Path, world: World, running: RunningSite) -> None:
    """AssertionError where it goes wrong."""
    desk, ledger = running.parts.desk, running.parts.ledger
    running.keeper.close()  # its own thread would look in between
    for hour in range(4):
        assert running.keeper.watch is not None
        running.keeper.watch(MONDAY + hour * 3_600_000)

    def first(tx: Transaction) -> None:
        site_malls.add_mall(tx, "uji", SECRET, MONDAY)
        site_malls.set_catalogue(tx, "uji", 1, catalogue(per_hour=10_000))

    ledger.writer.run(first)
    assert alarms(running) == []
    stuffing = stuff(folder)
    confirmed = []
    client = running.http.wsgi_app.test_client()
    for number in range(20_000):
        form = {"contact": f"v{number}@example.org", "start": str(MONDAY + DAY)}
        answer = client.post("/m/uji/ktp-baru/book", data=form)
        if answer.status_code != 303:
            break
        if "disk_full" in alarms(running):
            stuffing = stuff(folder)  # nor does the ballast's place last
        confirmed.append(answer.headers["Location"].split("/")[2].partition("?")[0])
    assert answer.status_code == 503, answer.status_code
    assert "disk_full" in alarms(running)
    assert len(backups_in(folder / BACKUPS)) == 2
    assert {desk.booking(secret).status for secret in confirmed} == {"booked"}
    stuffing.unlink()
    assert client.post("/m/uji/ktp-baru/book", data=form).status_code == 303
    world.at_ms += 60_000
    running.keeper.look()
    assert alarms(running) == []
    assert verify_site(folder).bookings == len(confirmed) + 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
