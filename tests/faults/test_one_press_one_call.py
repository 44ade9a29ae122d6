"""One press is one call on the real server: pressed twice, from two tabs, retried after silence, across a kill -9."""

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from typing import Any

import pytest

from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_log import days, of_day
from tests.faults.oracles import server_faults
from tests.faults.proxy import FaultProxy
from tests.journey.outside import Answer, Mall, ask, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(240)]

SERVICE, NEXT = "ktp-hilang", "kk-baru"
TABS = 6
IMPATIENT_S = 1.0


class Desk:
    """Counter 1 of a tiny mall with people in front of it; keeps what was answered."""

    def __init__(self, mall: Mall, waiting: int) -> None:
        self.mall = mall
        self.officer = mall.admin("token", "add", "--role", "officer", "--counter", "1")
        self.helper = mall.admin("token", "add", "--role", "helper")
        self.answered: dict[str, dict[str, Any]] = {}
        for number in range(waiting):
            given = self.press(f"number-{number:04d}", token=self.helper, command="issue", service=SERVICE)
            assert given.status == 200, given.body

    def press(self, key: str, /, *, url: str = "", token: str = "", **body: Any) -> Answer:
        """One command at the counter; an answer that does is kept."""
        body = body if token else {"counter": "1", **body}
        answer = ask(f"{url or self.mall.url}/v1/commands", body, token=token or self.officer, key=key)
        if answer.status == 200:
            self.answered[key] = answer.json()
        return answer

    def told(self) -> Counter[str]:
        """How many events of each type the log holds."""
        ledger = HallLedger.open_reading(self.mall.data)
        try:
            with ledger.reading() as r:
                return Counter(one.envelope.type for day in days(r) for one in of_day(r, day))
        finally:
            ledger.close()


def unanswered(work: Callable[[], Any]) -> None:
    """The press whose answer never comes."""
    with pytest.raises((OSError, HTTPException)):
        work()


def test_a_server_killed_between_a_command_and_its_answer_has_done_it_once(
    mall: Mall, proxy: FaultProxy
) -> None:
    desk = Desk(mall, waiting=3)
    presses: list[tuple[dict[str, Any], dict[str, int]]] = [
        ({"command": "call_next"}, {"TicketCalled": 1}),
        ({"command": "start"}, {}),
        ({"command": "add_service", "service": NEXT}, {}),
        ({"command": "note", "text": "map biru di meja dua"}, {"NoteWritten": 1}),
        ({"command": "call_next"}, {"ServiceFinished": 1, "VisitContinued": 1, "TicketCalled": 2}),
        ({"command": "start"}, {}),
        (
            {"command": "transfer", "service": SERVICE, "to_counter": "1"},
            {"TicketTransferred": 1, "TicketPinned": 1},
        ),
    ]
    for at, (body, after) in enumerate(presses):
        key = f"press-{at:04d}"
        if after:
            proxy.drop_answers(1)  # nothing else goes through the proxy
            unanswered(partial(desk.press, key, url=proxy.url, **body))
            mall.kill()
            mall.open()
        first, again = desk.press(key, **body), desk.press(key, **body)
        assert first.status == 200, first.body
        assert first.body == again.body
        told = desk.told()
        assert {kind: told[kind] for kind in after} == after
    assert proxy.dropped == 4
    assert server_faults(mall.data, [], desk.answered) == []


def test_two_tabs_that_press_at_once_call_one_visitor(mall: Mall) -> None:
    desk = Desk(mall, waiting=3 * TABS)

    def all_at_once(what: str) -> list[Answer]:
        with ThreadPoolExecutor(TABS) as pool:
            keys = [f"tab-{tab}-{what}" for tab in range(TABS)]
            return list(pool.map(lambda key: desk.press(key, command="call_next"), keys))

    for turn, what in enumerate(("an idle counter", "a visitor being served"), start=1):
        answers = all_at_once(what)
        assert Counter(answer.status for answer in answers) == {200: 1, 409: TABS - 1}
        assert {a.json()["error"]["code"] for a in answers if a.status == 409} == {"already_calling"}
        assert desk.told()["TicketCalled"] == turn
        assert desk.press(f"start-{turn:04d}", command="start").status == 200
    assert desk.told()["ServiceFinished"] == 1


def test_a_retry_after_silence_and_the_late_first_press_are_one_call(mall: Mall, proxy: FaultProxy) -> None:
    desk = Desk(mall, waiting=3)
    proxy.stall()
    request = urllib.request.Request(
        f"{proxy.url}/v1/commands",
        json.dumps({"command": "call_next", "counter": "1"}).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {desk.officer}",
            "Idempotency-Key": "pressed-into-silence",
        },
    )
    with pytest.raises((TimeoutError, urllib.error.URLError)):
        urllib.request.urlopen(request, timeout=IMPATIENT_S)
    retried = desk.press("pressed-into-silence", command="call_next")
    assert retried.status == 200
    proxy.fair()  # what the first press sent was only held up, and reaches the server now
    wait_until(
        lambda: desk.press("pressed-into-silence", command="call_next").body == retried.body,
        "the same answer",
    )
    assert desk.press("is-it-still-one", command="recall").status == 200
    assert desk.told()["TicketCalled"] == 1
    assert server_faults(mall.data, [], desk.answered) == []
