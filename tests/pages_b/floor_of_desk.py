"""A floor at work for page tests: kiosk tickets, and officers who press their keys."""

import re
from typing import Any

from tests.pages_b.desk import Desk, Person
from tests.server.house_of_tests import FakeKiosk

SERIES = {"ktp-baru": "A", "ktp-hilang": "A", "kk": "B", "npwp": "P"}


def come(desk: Desk, *services: str, kiosk: FakeKiosk | None = None) -> FakeKiosk:
    """Visitors take numbers at a kiosk, one after another."""
    kiosk = kiosk or desk.house.pair()
    for service in services:
        kiosk.issue(service, SERIES[service])
    assert kiosk.push().status_code == 200
    return kiosk


def does(desk: Desk, name: str, counter: str = "1", role: str = "supervisor", **more: Any) -> dict[str, Any]:
    """A command given by a script; gives the answer."""
    answer = desk.house.command(name, role=role, counter=counter, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ticket_id(desk: Desk, label: str) -> str:
    """The id of the ticket with this number."""
    hall = desk.house.hall()
    return str(next(one.ticket_id for one in hall.tickets.values() if str(one.label) == label))


def key_of(person: Person, address: str, command: str) -> str:
    """The key the page gave this command, as its form would send it."""
    text = person.client.get(address).text
    found = re.search(rf'name="key" value="([0-9a-f]+-{command})"', text)
    assert found, text
    return found[1]
