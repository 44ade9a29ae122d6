"""A week after its day nothing of a booking is left that leads to a person; how many there were stays."""

from datetime import timedelta

from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import FILE_NAME
from queue_server.bookings.settings import FILE_NAME as SETTINGS
from tests.bookings_server.booked_mall import DAY_MS, HOUR_MS, TEN, TODAY, BookedMall
from tests.bookings_server.fake_outside import FakeOutside


def test_a_week_later_only_the_counts_are_left(mall: BookedMall, outside: FakeOutside) -> None:
    for code in ("CAME", "MISSED", "CANCELLED", "NEVERSAID"):
        outside.book(f"orang-{code}", TEN, code=f"KODE{code}")
    outside.book("orang-NEXTWEEK", TEN + 8 * DAY_MS, code="KODENEXTWEEK")
    outside.cancel("orang-CANCELLED")
    mall.look()
    mall.check_in("KODECAME")
    mall.look()
    mall.at(TEN + 3 * HOUR_MS)
    mall.look()
    health = mall.parts.bookings.health
    before = health.report(TODAY, TODAY, ())
    assert [(one.booked, one.cancelled, one.noshow, one.arrived) for one in before] == [(3, 1, 2, 1)]
    mall.at(TEN + 7 * DAY_MS)
    mall.parts.live.refresh()
    mall.parts.bookings.forget()
    assert len(health.bookings_of(TODAY)) == 4, (
        "within the week a visitor can still be told what became of it"
    )
    mall.at(TEN + 8 * DAY_MS)
    mall.parts.live.refresh()
    mall.parts.bookings.forget()
    assert health.bookings_of(TODAY) == []
    assert len(health.bookings_of(TODAY + timedelta(days=8))) == 1
    assert health.report(TODAY, TODAY, ()) == before
    with mall.ledger.reading() as r:
        assert copy.between(r, 0, TEN + DAY_MS) == []
        assert outbox.of_booking(r, "situs", "orang-CAME") == []
        assert notes.arrivals_of(r, "situs", "orang-CAME") == []
    mall.stop()
    content = b"".join(path.read_bytes() for path in mall.folder.glob(f"{FILE_NAME}*"))
    assert b"KODECANCELLED" not in content, "not even in the freed pages of the file"
    mall.start()


def test_what_the_outside_has_not_heard_keeps_its_booking(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    outside.down = "no route"
    mall.check_in("AAAA")
    mall.look()
    mall.at(TEN + 20 * DAY_MS)
    mall.parts.live.refresh()
    mall.parts.bookings.forget()
    assert mall.row("AAAA").outcome == "arrived"
    mall.restart()
    mall.parts.bookings.forget()
    assert mall.row("AAAA").outcome == "arrived", (
        "before the settings are read, nobody knows which sources there are"
    )
    outside.down = ""
    mall.look()
    assert outside.came == {"AAAA": ["arrived"]}
    mall.parts.bookings.forget()
    assert mall.parts.bookings.health.bookings_of(TODAY) == []
    with mall.ledger.reading() as r:
        assert len(outbox.of_booking(r, "situs", "AAAA")) == 1, "what was told lately can still be looked up"


def test_a_source_that_was_taken_out_keeps_nothing_here_for_longer_than_a_week(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    outside.down = "no route"
    mall.check_in("AAAA")
    mall.look()
    (mall.folder / SETTINGS).write_text("", encoding="utf-8")
    mall.at(TEN + DAY_MS)
    mall.look()
    mall.parts.bookings.forget()
    assert len(mall.waiting()) == 1
    mall.at(TEN + 9 * DAY_MS)
    mall.parts.live.refresh()
    mall.parts.bookings.forget()
    assert mall.waiting() == []
    assert mall.parts.bookings.health.bookings_of(TODAY) == []
