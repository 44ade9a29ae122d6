"""A busy server, many kiosks at once, and a kiosk that was away for a week."""

import itertools
import random
import threading
from collections import Counter

import pytest

from antrean.link.errors import Busy
from kiosk.pace import LONGEST_WAIT_MS, asked_ms, backoff_ms, jittered
from queue_server.api.devices import MOST_WAITING, retry_after_ms
from tests.protocol.whole import DAY_MS, MINUTE_MS, Kiosk, Server


def test_behind_a_blocked_writer_devices_are_told_to_come_back_and_nothing_is_lost(
    server: Server, kiosk: Kiosk
) -> None:
    server.command("open_counter", counter="1")
    kiosk.issue(count=3)
    blocked, free = threading.Event(), threading.Event()

    def block(tx: object) -> None:
        blocked.set()
        assert free.wait(60)

    server.ledger.writer.submit(block)
    assert blocked.wait(60)
    backlog = [server.parts.live.submit(lambda turn: None) for _ in range(MOST_WAITING)]
    with pytest.raises(Busy) as busy:
        kiosk.meet(server)
    assert busy.value.retry_after_ms >= 1_000
    answers: list[int] = []
    officer = threading.Thread(
        target=lambda: answers.append(server.command("start_break", counter="1", reason="x").status_code)
    )
    officer.start()
    free.set()
    officer.join(60)
    for turn in backlog:
        turn.result(60)
    assert answers == [200]
    kiosk.meet(server)
    assert len(server.hall().tickets) == 3


def test_answers_ask_for_longer_pauses_the_more_turns_wait() -> None:
    waits = [retry_after_ms(waiting) for waiting in range(MOST_WAITING)]
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[-1] > 1_000


def test_45_kiosks_do_not_come_back_in_the_same_instant() -> None:
    dice = random.Random(7)
    back_ms = 10 * MINUTE_MS
    arrivals = []
    for _ in range(45):
        at, failures = 0, 0
        while at < back_ms:
            failures += 1
            at += backoff_ms(failures, dice.random())
        arrivals.append(at - back_ms)
    a_second = Counter(at // 1_000 for at in arrivals)
    assert max(a_second.values()) <= 8
    assert max(arrivals) <= 1.5 * LONGEST_WAIT_MS
    rounds = Counter(jittered(2_000, dice.random()) // 100 for _ in range(450))
    assert max(rounds.values()) <= 60
    assert min(asked_ms(5_000, dice.random()) for _ in range(100)) >= 5_000


def test_a_week_without_contact_is_told_in_a_few_exchanges_and_each_ticket_belongs_to_its_day(
    server: Server, kiosk: Kiosk
) -> None:
    first_day = server.hall().day
    issued: list[str] = []
    for day, boot in itertools.product(range(7), range(3)):
        if boot:
            dead = -server.world.now_ms if boot == 2 else 0
            kiosk.stop()
            kiosk.machine.reboot(wall_off_ms=dead)
            kiosk.start()
        issued += [ticket.ticket_id for ticket in kiosk.issue(count=96)]
        server.world.now_ms += 2 * 60 * MINUTE_MS
        if boot == 2:
            server.world.now_ms = server.world.now_ms - 6 * 60 * MINUTE_MS + DAY_MS
        del day
    assert len(issued) == 2016
    server.world.now_ms += MINUTE_MS
    server.asked.clear()
    kiosk.meet(server)
    kiosk.meet(server)
    pushes = [path for path, _ in server.asked if path == "/v1/push"]
    assert kiosk.ledger.outbox.count() == 0
    assert len(pushes) <= 2 + (len(server.events()) // 200 + 1)
    stored = server.tickets()
    assert [one.envelope.body["ticket_id"] for one in stored] == issued
    moments = [one.order_ms for one in stored]
    assert moments == sorted(moments)
    assert min(one.day for one in stored) == first_day
    assert len({one.day for one in stored if one.anchored}) >= 1
    late = [one for one in stored if one.day < server.hall().day]
    assert len(server.events("TicketExpired")) == len(late)
    assert not set(server.hall().tickets) & {one.envelope.body["ticket_id"] for one in late}


def test_an_exchange_that_waited_to_its_end_is_part_of_the_wait() -> None:
    for chance in (0.0, 0.5, 0.99):
        assert backoff_ms(9, chance, waited_ms=10_000) + 10_000 <= 15_000
        assert backoff_ms(9, chance, waited_ms=10_000) >= 500
        assert backoff_ms(9, chance, waited_ms=3) > 3_900
