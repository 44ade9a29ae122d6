"""Events nobody could take, tickets of closed days, and pushes that are too large."""

import io
import json
import os
from argparse import Namespace
from typing import Any

import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.domain.events import HelpRequested
from antrean.ledger import hall_meta, hall_people, hall_quarantine
from antrean.ledger.backup import verify
from antrean.ledger.folder_lock import FolderLock
from antrean.ledger.hall import LOCK_NAME
from queue_server import quarantine
from queue_server.admin import aside
from queue_server.admin.tools import Desk
from queue_server.reports import wait_report
from tests.domain.malls import mall_data, service
from tests.protocol.whole import DAY_MS, HOUR_MS, Kiosk, Server


def with_service(code: str) -> dict[str, Any]:
    data = mall_data()
    return {**data, "services": [*data["services"], service(code, "Z")]}


def hold_one(server: Server, kiosk: Kiosk) -> int:
    """A ticket of a service that the kiosk's older list still has."""
    known = kiosk.ledger.memory.catalogue()
    assert known is not None
    kiosk.ledger.memory.set_catalogue(known[0], with_service("pindah"))
    kiosk.issue("pindah")
    server.world.now_ms += 5_000
    kiosk.issue("ktp-baru")
    kiosk.meet(server)
    with server.ledger.reading() as r:
        (row,) = hall_quarantine.quarantine(r)
    assert (row.code, row.status) == ("unknown_service", "held")
    return row.id


def import_service(server: Server) -> None:
    server.ledger.writer.run(lambda tx: hall_meta.set_catalogue(tx, with_service("pindah")))
    server.parts.live.refresh()


def test_a_held_ticket_is_accepted_at_its_place_once_the_mall_knows_its_service(
    server: Server, kiosk: Kiosk
) -> None:
    number = hold_one(server, kiosk)
    with pytest.raises(RuleViolation, match="still_refused"):
        quarantine.retry(server.parts.live, number, "rina")
    import_service(server)
    server.world.now_ms += HOUR_MS
    quarantine.retry(server.parts.live, number, "rina")
    first, second = sorted(server.hall().tickets.values(), key=lambda ticket: ticket.arrived_ms)
    assert (first.step.service, second.step.service) == ("pindah", "ktp-baru")
    with pytest.raises(RuleViolation, match="entry_settled"):
        quarantine.retry(server.parts.live, number, "rina")
    with server.ledger.reading() as r:
        assert hall_quarantine.held(r) == 0
        assert hall_people.audit_trail(r)[0].action == "quarantine_retried"
        assert hall_people.audit_trail(r)[0].actor == "rina"
    kiosk.issue("ktp-baru")
    kiosk.meet(server)
    assert len(server.hall().tickets) == 3
    server.stop()
    assert verify(server.folder).problems == ()
    server.start()
    assert len(server.hall().tickets) == 3


def test_a_dismissed_event_stays_in_the_ledger_with_its_note_and_alarms_no_more(
    server: Server, kiosk: Kiosk
) -> None:
    number = hold_one(server, kiosk)
    with pytest.raises(RuleViolation, match="reason_missing"):
        quarantine.dismiss(server.parts.live, number, "rina", "  ")
    quarantine.dismiss(server.parts.live, number, "rina", "layanan uji")
    with server.ledger.reading() as r:
        row = hall_quarantine.entry(r, number)
        assert (row.status, row.note, row.settled_by) == ("dismissed", "layanan uji", "rina")
        assert hall_quarantine.held(r) == 0
        assert hall_people.audit_trail(r)[0].detail == {"note": "layanan uji"}


def test_a_held_ticket_of_a_closed_day_goes_to_its_day_and_expires_there(
    server: Server, kiosk: Kiosk
) -> None:
    number = hold_one(server, kiosk)
    day = server.hall().day
    server.world.now_ms += DAY_MS
    import_service(server)
    quarantine.retry(server.parts.live, number, "rina")
    assert len(server.hall().tickets) == 0
    assert [one.day for one in server.tickets()] == [day, day]


def test_the_command_line_lists_and_settles_while_the_server_is_stopped(server: Server, kiosk: Kiosk) -> None:
    number = hold_one(server, kiosk)
    import_service(server)
    server.stop()
    out = io.StringIO()
    desk = Desk(
        server.folder, lambda: server.world.now_ms, server.world.new_id, os.urandom, io.StringIO(), out
    )
    aside.quarantine_list(desk, Namespace(all=False, json=True))
    assert json.loads(out.getvalue())["code"] == "unknown_service"
    aside.quarantine_retry(desk, Namespace(entry=number))
    out.truncate(0)
    aside.quarantine_list(desk, Namespace(all=False, json=False))
    assert "unknown_service" not in out.getvalue()
    server.start()
    assert len(server.hall().tickets) == 2


def test_the_command_line_refuses_to_settle_beside_a_running_server(server: Server, kiosk: Kiosk) -> None:
    number = hold_one(server, kiosk)
    lock = FolderLock(server.folder / LOCK_NAME)
    assert lock.alone()
    desk = Desk(
        server.folder,
        lambda: server.world.now_ms,
        server.world.new_id,
        os.urandom,
        io.StringIO(),
        io.StringIO(),
    )
    with pytest.raises(Unavailable):
        aside.quarantine_dismiss(desk, Namespace(entry=number, note="x"))
    lock.close()


def test_tickets_of_a_closed_day_expire_in_that_days_log_and_never_touch_today(
    server: Server, kiosk: Kiosk
) -> None:
    yesterday = server.hall().day
    kiosk.issue("ktp-baru", 3)
    server.world.now_ms += DAY_MS
    server.command("issue", service="ktp-baru")
    hall = server.hall()
    kiosk.meet(server)
    assert set(server.hall().tickets) == set(hall.tickets)
    assert server.hall().heard == hall.heard
    expired = server.events("TicketExpired")
    assert [(one.day, one.envelope.body["state"]) for one in expired] == [(yesterday, "came_late")] * 3
    mall = server.hall().mall
    told = wait_report(server.ledger, mall, yesterday, yesterday, "service", server.hall().day).total
    assert (told.issued, told.outcomes, told.came_late) == (3, {"expired": 3}, 3)
    server.stop()
    assert verify(server.folder).problems == ()
    server.start()
    assert set(server.hall().tickets) == set(hall.tickets)


def test_a_ticket_of_today_from_a_boot_with_a_dead_clock_stays_in_today(server: Server, kiosk: Kiosk) -> None:
    server.world.now_ms += DAY_MS
    kiosk.stop()
    kiosk.machine.reboot(wall_off_ms=-server.world.now_ms)
    kiosk.start()
    kiosk.issue("ktp-baru", 2)
    server.world.now_ms += HOUR_MS
    kiosk.meet(server)
    assert len(server.hall().tickets) == 2
    assert server.events("TicketExpired") == []


def test_a_ticket_from_tomorrow_is_put_at_its_receipt(server: Server, kiosk: Kiosk) -> None:
    kiosk.stop()
    kiosk.machine.reboot(wall_off_ms=DAY_MS)
    kiosk.start()
    kiosk.issue("ktp-baru")
    kiosk.meet(server)
    (ticket,) = server.hall().tickets.values()
    assert ticket.arrived_ms <= server.world.now_ms


def test_a_push_of_200_large_events_is_split_until_the_server_takes_it(server: Server, kiosk: Kiosk) -> None:
    for size in (100, 4_000, 60_000):
        for n in range(200 if size == 4_000 else 3):
            kiosk.ledger.append(
                HelpRequested(f"{n}" + "x" * size), event_id=kiosk.new_id(), stamp=kiosk.machine.stamp()
            )
    server.asked.clear()
    kiosk.meet(server)
    assert kiosk.ledger.outbox.count() == 0
    assert ("/v1/push", 413) in server.asked
    assert len(server.events("HelpRequested")) == 203
    with server.ledger.reading() as r:
        assert hall_quarantine.held(r) == 3  # larger than any text of an event may be
