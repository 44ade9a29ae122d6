"""What the ledger remembers of the server's clock."""

from antrean.domain.reboots import Break
from antrean.domain.timeline import Anchor, Step
from queue_server import clock_log
from queue_server.clock_log import KEPT, ClockLog
from tests.server.house_of_tests import House

LOG = ClockLog("first", (), ()).corrected(Step(50, 5, epoch="corrected"), sure=True)
REBOOTED = LOG.rebooted(Break(100, 200, epoch="rebooted"), lost=False)


def anchor(epoch: str, server_ms: int = 70) -> Anchor:
    """An exchange in that stretch of the clock."""
    return Anchor("boot", 1, server_ms, 1, epoch)


def test_an_anchor_belongs_to_the_life_in_which_its_stretch_of_the_clock_was() -> None:
    told = [anchor("first"), anchor("corrected"), anchor("rebooted", 210)]
    assert [one.epoch for one in REBOOTED.own(told)] == ["first", "first", "rebooted"]
    assert REBOOTED.before(1, REBOOTED.own(told)) == tuple(REBOOTED.own(told)[:2])


def test_what_another_server_gave_out_is_left_out() -> None:
    assert REBOOTED.own([anchor("of the server that died")]) == ()


def test_an_anchor_without_an_epoch_goes_by_its_time() -> None:
    old, new = REBOOTED.own([anchor("", 70), anchor("", 210)])
    assert REBOOTED.before(1, [old, new]) == (old,)


def test_the_stretch_that_goes_on_is_the_newest() -> None:
    assert [ClockLog("first").epoch, LOG.epoch, REBOOTED.epoch] == ["first", "corrected", "rebooted"]
    assert REBOOTED.corrected(Step(250, 5, epoch="again"), sure=True).epochs == ("rebooted", "again")


def test_doubt_lasts_over_reboots_that_lose_time_and_ends_with_one_that_does_not() -> None:
    lost = LOG.rebooted(Break(100, 100, epoch="a"), lost=True).rebooted(Break(150, 150, epoch="b"), lost=True)
    assert (lost.doubt_ms, lost.doubted, lost.life) == (100, 1, 2)
    assert lost.corrected(Step(160, 9, 150, "c"), sure=False).doubt_ms == 100
    assert lost.corrected(Step(160, 9, 150, "c"), sure=True).doubt_ms == 0
    assert lost.rebooted(Break(200, 900, epoch="d"), lost=False).doubt_ms == 0


def test_the_past_of_a_life_knows_nothing_of_what_came_later() -> None:
    later = REBOOTED.corrected(Step(250, 5, epoch="again"), sure=True)
    assert later.until(0).steps == LOG.steps
    assert later.until(0).breaks == ()
    assert later.until(1) == later


def test_it_is_kept_as_it_was_and_only_the_newest_part_of_it(house: House) -> None:
    log = REBOOTED
    for number in range(KEPT + 5):
        log = log.rebooted(Break(1_000 + number, 2_000 + number, 3, f"life {number}"), lost=False)
    ledger = house.running.parts.ledger
    ledger.writer.run(lambda tx: clock_log.write(tx, log))
    with ledger.reading() as r:
        assert clock_log.read(r) == log
    assert log.life == KEPT
    assert log.own([anchor("rebooted")]) == ()
