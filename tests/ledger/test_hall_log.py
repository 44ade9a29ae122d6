from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope
from antrean.ledger import hall_commands, hall_devices, hall_log, hall_people, hall_quarantine
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_log import Accepted, NewEvent, Quarantined

FRESH = FreshIds("incarnation", "server-device", "server-log")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[HallLedger]:
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    yield ledger
    ledger.close()


def body(number: int, ticket_id: str) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "service": "ktp-baru",
        "series": "A",
        "issuer": "1",
        "generation": 3,
        "number": number,
        "day": "2025-11-24",
        "priority": False,
        "language": "id",
        "channel": "kiosk",
        "assisted": False,
    }


def chain(
    count: int, *, device: str = "kiosk", first: int = 1, prev: str = "", day: str = "2025-11-24"
) -> list[NewEvent]:
    made = []
    for seq in range(first, first + count):
        e = Envelope(
            f"{device}-{seq}",
            device,
            "log",
            seq,
            "TicketIssued",
            1,
            "boot",
            seq,
            seq,
            body(seq, f"{device}-t{seq}"),
            prev,
        )
        prev = e.hash()
        made.append(NewEvent(e, prev, 1000 + seq, day))
    return made


def accept(ledger: HallLedger, events: list[NewEvent], aside: tuple[Quarantined, ...] = ()) -> Accepted:
    return ledger.writer.run(lambda tx: hall_log.accept(tx, events, received_ms=9, quarantined=aside))


def test_accepted_events_come_back_as_they_were(ledger: HallLedger) -> None:
    events = chain(5)
    done = accept(ledger, events)
    assert list(done.positions) == [1, 2, 3, 4, 5]
    with ledger.reading() as r:
        stored = hall_log.since(r, 0)
        assert [s.envelope for s in stored] == [e.envelope for e in events]
        assert [s.envelope.hash() for s in stored] == [e.hash for e in events]
        assert hall_log.head(r, "kiosk", "log") == done.head
        assert [s.position for s in hall_log.since(r, 3)] == [4, 5]
        assert hall_log.highest_generation(r, "1") == 3
        found = hall_log.ticket(r, "kiosk-t2")
        assert found is not None
        assert (found.number, found.twin) == (2, False)


def test_a_gap_and_a_fork_are_refused_and_change_nothing(ledger: HallLedger) -> None:
    events = chain(4)
    accept(ledger, events[:2])
    with pytest.raises(RuleViolation) as gap:
        accept(ledger, events[3:])
    assert (gap.value.code, gap.value.params["ack_seq"]) == ("gap", 2)
    with pytest.raises(RuleViolation) as fork:
        accept(ledger, chain(1, first=3, prev="another history"))
    assert (fork.value.code, fork.value.params["seq"]) == ("fork", 3)
    with ledger.reading() as r, pytest.raises(RuleViolation, match="fork"):
        hall_log.compare(r, "kiosk", "log", {1: events[0].hash, 2: "other"})
    accept(ledger, events[2:])


def test_a_poison_event_is_kept_aside_and_blocks_nothing(ledger: HallLedger) -> None:
    events = chain(3)
    poison = events[1]
    aside = Quarantined("kiosk", "log", 2, poison.hash, poison.envelope.prev_hash, "unknown_event_type", "{}")
    done = accept(ledger, [events[0], events[2]], (aside,))
    assert done.head.ack_seq == 3
    with ledger.reading() as r:
        assert hall_quarantine.held(r) == 1
        assert hall_log.quarantine(r)[0].code == "unknown_event_type"
        hall_log.compare(r, "kiosk", "log", {2: poison.hash})


def test_a_number_of_a_cloned_kiosk_becomes_a_twin(ledger: HallLedger) -> None:
    accept(ledger, chain(2))
    done = accept(ledger, chain(2, device="clone"))
    assert done.twins == {"clone-t1", "clone-t2"}


def test_an_id_used_twice_is_named_by_its_place(ledger: HallLedger) -> None:
    accept(ledger, chain(1))
    again = chain(1, device="other")[0]
    e = again.envelope
    stolen = Envelope("kiosk-1", "other", "log", 1, e.type, 1, "boot", 1, 1, e.body, "")
    with pytest.raises(RuleViolation, match="duplicate_event"):
        accept(ledger, [NewEvent(stolen, stolen.hash(), 1, "2025-11-24")])
    copied = Envelope("fresh", "other", "log", 1, e.type, 1, "boot", 1, 1, body(9, "kiosk-t1"), "")
    with pytest.raises(RuleViolation, match="duplicate_ticket"):
        accept(ledger, [NewEvent(copied, copied.hash(), 1, "2025-11-24")])
    assert accept(ledger, [again]).head.ack_seq == 1


def test_days_are_read_one_by_one_or_as_a_range(ledger: HallLedger) -> None:
    accept(ledger, chain(2, day="2025-11-24"))
    accept(ledger, chain(3, device="second", day="2025-11-25"))
    with ledger.reading() as r:
        assert hall_log.days(r) == ["2025-11-24", "2025-11-25"]
        assert len(list(hall_log.of_day(r, "2025-11-25"))) == 3
        assert len(list(hall_log.between(r, "2025-11-24", "2025-11-25"))) == 5


def test_an_answer_is_kept_under_its_key(ledger: HallLedger) -> None:
    ledger.writer.run(lambda tx: hall_commands.store_answer(tx, "key-1", "hash", 200, "{}", 5))
    with ledger.reading() as r:
        found = hall_commands.stored_answer(r, "key-1")
        assert found is not None
        assert (found.body_hash, found.status, found.answer) == ("hash", 200, "{}")
    assert ledger.writer.run(lambda tx: hall_commands.forget_answers(tx, 6)) == 1


def test_a_pairing_code_lets_one_device_in_once(ledger: HallLedger) -> None:
    def redeem(code: str, device: str, now_ms: int = 5) -> hall_devices.Device:
        return ledger.writer.run(
            lambda tx: hall_devices.redeem_pairing_code(
                tx, code, device_id=device, token_hash=f"token-{device}", now_ms=now_ms
            )
        )

    for code in ("a", "b", "old"):
        ledger.writer.run(
            partial(
                hall_devices.add_pairing_code,
                code_hash=code,
                kind="kiosk",
                name=f"Kios {code}",
                now_ms=1,
                expires_ms=10 if code != "old" else 2,
            )
        )
    assert [redeem("a", "d1").issuer, redeem("b", "d2").issuer] == ["1", "2"]
    for code, refusal in (
        ("a", "pairing_used"),
        ("x", "pairing_unknown"),
        ("old", "pairing_expired"),
    ):
        with pytest.raises(RuleViolation, match=refusal):
            redeem(code, "d9")
    with ledger.reading() as r:
        known = hall_devices.device_of_token(r, "token-d2")
        assert known is not None
        assert known.device_id == "d2"


def test_people_sign_in_and_links_work_once(ledger: HallLedger) -> None:
    def setup(tx: Any) -> None:
        hall_people.add_user(tx, "rina", shown_name="Rina", roles=("officer", "helper"), now_ms=1)
        hall_people.set_password(tx, "rina", "argon")
        hall_people.sign_in_failed(tx, "rina", failed=5, locked_until_ms=99)
        hall_people.add_link(tx, "link", user="rina", purpose="password", now_ms=1, expires_ms=10)
        hall_people.add_session(tx, hall_people.Session("s", "rina", 1, 1, 50, None, "csrf"))
        hall_people.touch_session(tx, "s", 2, "3")
        hall_people.audit(tx, at_ms=1, actor="rina", action="sign_in", subject="rina")

    ledger.writer.run(setup)
    with ledger.reading() as r:
        user, session = hall_people.user(r, "rina"), hall_people.session(r, "s")
        assert user is not None
        assert (user.roles, user.failed, user.locked_until_ms) == (("officer", "helper"), 5, 99)
        assert session is not None
        assert session.counter == "3"
        assert hall_people.audit_trail(r)[0].action == "sign_in"
    assert (
        ledger.writer.run(lambda tx: hall_people.redeem_link(tx, "link", purpose="password", now_ms=5))
        == "rina"
    )
    with pytest.raises(RuleViolation, match="link_used"):
        ledger.writer.run(lambda tx: hall_people.redeem_link(tx, "link", purpose="password", now_ms=5))
    with pytest.raises(RuleViolation, match="user_exists"):
        ledger.writer.run(lambda tx: hall_people.add_user(tx, "rina", shown_name="R", roles=(), now_ms=1))
