"""The helper's page without scripts: the same commands as plain forms."""

import re

from antrean.domain import events as e
from tests.pages_b.desk import TODAY, Desk
from tests.server.house_of_tests import MORNING_MS

VISITOR = "0190a000-0000-7000-8000-000000000001"


def key_of(html: str) -> str:
    found = re.search(r'action="/helper/issue".*?name="key" value="(\w+)"', html, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_number_for_somebody_else_needs_no_script(mall_desk: Desk) -> None:
    helper = mall_desk.signed_in("helper")
    key = key_of(helper.page("/helper").answer.text)
    taken = helper.send("/helper/issue", service="kk", priority="yes", reason="reading", key=key)
    assert "Nomor sudah diambil" in taken.words
    (ticket,) = mall_desk.house.hall().tickets.values()
    assert str(ticket.label) in taken.words
    assert (ticket.priority, ticket.step.service) == (True, "kk")
    assert "<svg" in taken.answer.text.split('class="qr"')[1]


def test_sending_the_form_twice_takes_one_number(mall_desk: Desk) -> None:
    helper = mall_desk.signed_in("helper")
    key = key_of(helper.page("/helper").answer.text)
    first = helper.send("/helper/issue", service="kk", reason="phone", key=key)
    again = helper.send("/helper/issue", service="kk", reason="phone", key=key)
    assert first.h1 == again.h1
    assert len(mall_desk.house.hall().tickets) == 1


def test_a_closed_service_gives_no_number_and_a_reason(mall_desk: Desk) -> None:
    helper = mall_desk.signed_in("helper")
    key = key_of(helper.page("/helper").answer.text)
    refused = helper.send("/helper/issue", status=409, service="tutup", reason="phone", key=key)
    assert "sedang tidak dibuka" in refused.words
    assert len(mall_desk.house.hall().tickets) == 0


def test_whoever_comes_says_so_with_one_press(mall_desk: Desk) -> None:
    mall_desk.write([(MORNING_MS, e.HelpRequested("Kios pintu"))], TODAY)
    helper = mall_desk.signed_in("helper")
    form = helper.page("/helper").answer.text
    key = re.search(r'value="(coming-[^"]+)"', form)
    assert key is not None
    helper.send("/helper/coming", place="Kios pintu", key=key[1])
    assert mall_desk.house.hall().help[0].accepted_by == "helper"
    key = re.search(r'value="(done-[^"]+)"', helper.page("/helper").answer.text)
    assert key is not None
    helper.send("/helper/done", place="Kios pintu", key=key[1])
    assert mall_desk.house.hall().help == ()


def test_a_number_needs_a_reason_that_nobody_chose_beforehand(mall_desk: Desk) -> None:
    helper = mall_desk.signed_in("helper")
    html = helper.page("/helper").answer.text
    assert not re.search(r'name="reason"[^>]*(checked|selected)', html)
    helper.send("/helper/issue", status=422, service="kk", key=key_of(html))
    helper.send("/helper/issue", status=422, service="kk", reason="poor", key=key_of(html))
    assert len(mall_desk.house.hall().tickets) == 0


def test_priority_from_a_kiosk_is_withdrawn_with_one_press(mall_desk: Desk) -> None:
    ticket = e.TicketIssued(VISITOR, "kk", "B", "1", 1, 1, TODAY, True, "id", "kiosk", False)
    mall_desk.write([(MORNING_MS, ticket)], TODAY)
    helper = mall_desk.signed_in("helper")
    key = re.search(r'value="(falls-[^"]+)"', helper.page("/helper").answer.text)
    assert key is not None
    helper.send("/helper/priority", ticket=VISITOR, priority="no", key=key[1])
    known = mall_desk.house.hall().tickets[VISITOR]
    assert (known.priority, known.priority_checked, known.step.why) == (False, True, "arrival")
    assert "falls-" not in helper.page("/helper").answer.text


def test_only_helpers_and_supervisors_take_numbers_for_others(mall_desk: Desk) -> None:
    officer = mall_desk.signed_in("officer")
    officer.page("/helper", status=403)
    officer.send("/helper/issue", status=403, service="kk", key="12345678")
    assert len(mall_desk.house.hall().tickets) == 0
