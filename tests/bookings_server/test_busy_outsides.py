"""An outside that asks to be left in peace for a while is."""

from antrean.link.errors import Busy
from tests.bookings_server.booked_mall import MINUTE_MS, BookedMall
from tests.bookings_server.fake_outside import FakeOutside


def test_an_outside_that_says_when_to_come_back_is_not_asked_before(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()

    def busy() -> None:
        raise Busy("outside.example is busy or in trouble (503)", 8 * MINUTE_MS)

    outside.before["changes"] = busy
    mall.look()
    del outside.before["changes"]
    since, asked = mall.world.now_ms, len(outside.asked)
    mall.at(since + 7 * MINUTE_MS)
    mall.worker.look()
    assert len(outside.asked) == asked
    mall.at(since + 9 * MINUTE_MS)
    mall.worker.look()
    assert len(outside.asked) == asked + 1
