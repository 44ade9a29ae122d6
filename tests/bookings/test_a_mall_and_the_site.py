"""The queue server and the booking site, each as it is, over the JSON booking API."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from antrean.ledger import hall_bookings
from antrean.ledger.hall_bookings import BookingRow
from queue_server.serving import http_server, port_of
from tests.booking_site.site_of_tests import HOUR, MINUTE, SECRET, Site, catalogue, site_in
from tests.journey.outside import wait_until
from tests.server.house_of_tests import MORNING_MS, FakeWorld, House, fill, served

YEAR = 365 * 24 * HOUR
TEN = MORNING_MS + HOUR


@contextmanager
def listening(site: Site) -> Iterator[str]:
    """The site's address on loopback while the block runs."""
    server = http_server(site.client.application, "127.0.0.1", 0, 0)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port_of(server)}"
    finally:
        server.stop()
        thread.join(30)


def until(house: House, true: Callable[[], bool]) -> None:
    """Has the site asked until something is true."""

    def asked() -> bool:
        house.running.parts.bookings.worker.try_now("situs")
        return true()

    wait_until(asked, "what the site and the mall tell each other")


def bookings_toml(folder: Path, url: str) -> None:
    (folder / "site.secret").write_text(SECRET, encoding="utf-8")
    (folder / "bookings.toml").write_text(
        f'[[source]]\nname = "situs"\nkind = "json"\nurl = "{url}"\nmall = "uji"\nsecret_file = "site.secret"\n',
        encoding="utf-8",
    )


def test_what_is_booked_is_checked_in_and_both_agree(tmp_path: Path) -> None:
    mall = tmp_path / "mall"
    fill(mall, catalogue(days_ahead=7))
    with site_in(tmp_path / "site") as site, listening(site) as url:
        come, cancelled, moved = (site.book(TEN) for _ in range(3))
        bookings_toml(mall, url)
        with served(mall, FakeWorld()) as house:
            until(house, lambda: days_ahead(site) == 7)
            assert site.desk.crowd("uji", "ktp-baru") is not None
            until(house, lambda: refusal(house, come.code.lower()) == "")
            until(house, lambda: site.desk.booking(come.secret).status == "arrived")
            assert site.desk.booking(come.secret).label == "AY-001"
            site.desk.cancel(cancelled.secret)
            site.desk.reschedule(moved.secret, TEN + HOUR)
            until(house, lambda: copied(house, cancelled.code).cancelled)
            assert refusal(house, cancelled.code) == "booking_cancelled"
            until(house, lambda: copied(house, moved.code).start_ms == TEN + HOUR)
            again = site.book(TEN)  # the place of the one that was cancelled is sold again
            assert refusal(house, again.token) == ""
            until(house, lambda: site.desk.booking(again.secret).status == "arrived")
            assert refusal(house, come.code) == "booking_arrived"


def copied(house: House, code: str) -> BookingRow:
    """A booking as the mall has it."""
    with house.running.parts.ledger.reading() as r:
        row = hall_bookings.booking(r, "situs", code)
    assert row is not None
    return row


def days_ahead(site: Site) -> int:
    """How far ahead the site sells: 14 days until the mall has told its own catalogue."""
    rule = site.desk.mall("uji").services["ktp-baru"].booking
    return rule.days_ahead if rule else 0


def refusal(house: House, code: str) -> str:
    """Why a code is not checked in; "" when it was."""
    answer = house.command("check_in", role="helper", counter="", code=code)
    return "" if answer.status_code == 200 else str(answer.json()["error"]["code"])


def test_a_site_whose_clock_is_years_from_the_malls_is_understood(tmp_path: Path) -> None:
    mall = tmp_path / "mall"
    fill(mall, catalogue())
    with site_in(tmp_path / "site") as site, listening(site) as url:
        site.world.at_ms += 20 * YEAR
        bookings_toml(mall, url)
        with served(mall, FakeWorld()) as house:
            until(house, lambda: site.desk.malls()[0].in_contact)
            site.world.at_ms += 31 * MINUTE
            assert not site.desk.malls()[0].in_contact
            until(house, lambda: site.desk.malls()[0].in_contact)
