"""What a kiosk dropped cannot be offered again; the rest must reach even a server restored from an older backup."""

from pathlib import Path

from antrean.domain.catalogue_file import mall_from_dict
from kiosk.issuing import Issuing
from tests.kiosk_core.fake_hall import FakeHall, catalogue, serving
from tests.kiosk_core.rooms import Kiosk

WEEK_MS = 7 * 24 * 3_600_000


def test_a_server_restored_from_before_what_was_dropped_gets_the_rest_in_a_new_log(tmp_path: Path) -> None:
    with serving(FakeHall()) as hall:
        kiosk = Kiosk(tmp_path, hall)
        issuing = Issuing(kiosk.ledger, kiosk.clock, kiosk.new_id)
        mall = mall_from_dict(catalogue())

        def issue(count: int) -> None:
            for _ in range(count):
                issuing.issue(mall, "ktp-baru", priority=False, language="id")

        issue(20)
        kiosk.talk.exchange()
        first = kiosk.ledger.own()
        kiosk.ledger.outbox.backed_up(first.log_id, 15)
        kiosk.ledger.tidy(hall.server_ms + WEEK_MS)
        assert kiosk.ledger.outbox.purged_seq(first.log_id) == 15

        del hall.logs[first.log_id][5:]
        hall.incarnation = "inc-2"
        issue(2)
        kiosk.talk.exchange()
        assert kiosk.ledger.own().log_id != first.log_id
        assert kiosk.ledger.outbox.count() == 0
        got = {ticket["number"] for ticket in hall.tickets()}
        assert got == {1, 2, 3, 4, *range(15, 23)}  # 5 to 14 were dropped, and are in the newer backups

        for _ in range(3):
            kiosk.talk.exchange()
        again = kiosk.conversation()
        again.exchange()
        again.close()
        assert len(hall.logs) == 2  # the new log stays the only one
        issue(1)
        kiosk.talk.exchange()
        assert 23 in {ticket["number"] for ticket in hall.tickets()}
        kiosk.ledger.check_chain()
        kiosk.close()
