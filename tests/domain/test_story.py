"""The story of a visit: what happened, by whom, in order."""

from dataclasses import fields

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.events import PAYLOADS
from antrean.domain.story import story, what_of
from antrean.texts import STAFF_LANGUAGES, texts_for
from tests.domain.floor_of_tests import Floor

OF_A_TICKET = [
    name for name, kind in PAYLOADS.items() if any(field.name == "ticket_id" for field in fields(kind))
]


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
@pytest.mark.parametrize("name", OF_A_TICKET)
def test_every_event_of_a_ticket_has_its_sentence(name: str, language: str) -> None:
    assert texts_for(language).has(f"manage.story_{what_of(name)}")


def test_a_story_tells_moments_places_people_and_reasons() -> None:
    floor = Floor()
    ticket = floor.comes()
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 4
    floor.does(c.CallTicket(counter="1", ticket=ticket, reason="ibu hamil"))
    mine = [one for one in floor.log if getattr(one.payload, "ticket_id", "") == ticket]
    told = story(mine)
    assert [one.what for one in told] == ["ticket_issued", "ticket_called"]
    assert (told[1].counter, told[1].officer, told[1].facts["reason"]) == ("1", "sari", "ibu hamil")
    assert told[1].at_ms - told[0].at_ms == 240_000


def test_who_stood_in_is_who_did_it_and_nobody_before_or_after() -> None:
    floor = Floor()
    ticket = floor.comes()
    floor.does(c.CallNext(counter="1", officer="sari"))
    floor.at = 1
    floor.does(c.Start(counter="1", officer="sari"))
    floor.at = 2
    floor.accept(e.StoodIn("1", "sari", "ratna"))
    floor.does(c.Finish(counter="1"))
    log = [
        one
        for one in floor.log
        if isinstance(one.payload, e.StoodIn) or getattr(one.payload, "ticket_id", "") == ticket
    ]
    assert [(one.what, one.officer) for one in story(log)][1:] == [
        ("ticket_called", "sari"),
        ("service_started", "sari"),
        ("service_finished", "ratna"),
    ]
