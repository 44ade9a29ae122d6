"""A kiosk that its server does not know any more: restored from a backup older than the pairing, or withdrawn."""

from dataclasses import replace
from pathlib import Path

from antrean.ledger.device_memory import Heard
from tests.ledger.device_rooms import PAIRING, STAMP, new_id, opened, take


def test_a_kiosk_that_is_paired_again_tells_its_tickets_again_though_they_were_acknowledged(
    tmp_path: Path,
) -> None:
    ledger = opened(tmp_path)
    ledger.memory.pair(PAIRING, new_id=new_id)
    ledger.memory.hear(Heard("2026-11-23", 1, {}, {}), new_id=new_id, stamp=STAMP)
    labels = take(ledger, 3)
    old = ledger.own()
    ledger.outbox.acknowledge(old.log_id, old.last_seq, 1)
    ledger.memory.pair(replace(PAIRING, device_id="somebody-else", token="new"), new_id=new_id)
    told = ledger.outbox.unsent(100)
    issued = [event for event in told if event.type == "TicketIssued"]
    assert [f"{e.body['series']}{e.body['issuer']}-{e.body['number']:03d}" for e in issued] == labels
    assert {event.device_id for event in told} == {"somebody-else"}
    assert ledger.outbox.logs() == [ledger.own().log_id] != [old.log_id]
    ledger.check_chain()
    assert not set(take(ledger, 2)) & set(labels)
    ledger.close()
