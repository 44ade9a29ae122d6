"""What supervisors announce: shown while it holds, gone by itself or when withdrawn."""

from typing import Any

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.announcements import ANNOUNCEMENTS, MAX_MINUTES, MAX_RUNNING, MAX_WORDS, running
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, empty_hall
from antrean.domain.views import board_state
from tests.domain.test_floor import MINUTE, T0, Floor


def announce(floor: Floor, name: str = "n1", **changes: Any) -> None:
    fields = {"kind": "counter_closed", "about": "2", "minutes": 10, "officer": "rani", **changes}
    floor.give(c.Announce(announcement_id=name, **fields))


def board(floor: Floor) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = board_state(floor.hall, floor.now)["notices"]
    return shown


def test_an_announcement_is_on_the_board_until_its_time_is_over() -> None:
    floor = Floor()
    announce(floor, zone="1A")
    assert board(floor) == [
        {
            "id": "n1",
            "kind": "counter_closed",
            "about": "2",
            "about_name": {"id": "Loket 2", "en": "Loket 2"},
            "text": "",
            "zone": "1A",
            "at": T0,
            "until_ms": T0 + 10 * MINUTE,
        }
    ]
    floor.now += 10 * MINUTE - 1
    assert len(board(floor)) == 1
    floor.now += 1
    assert board(floor) == []


def test_a_withdrawn_announcement_is_gone_and_withdrawing_it_again_is_no_error() -> None:
    floor = Floor()
    announce(floor)
    announce(floor, "n2", kind="free", about="", text="  Toilet\n lantai 2 diperbaiki ")
    floor.now += MINUTE
    assert [one["text"] for one in board(floor)] == ["", "Toilet lantai 2 diperbaiki"]
    assert floor.give(c.WithdrawAnnouncement(announcement="n1", officer="rani")) == (
        e.AnnouncementWithdrawn("n1", "rani"),
    )
    assert [one["id"] for one in board(floor)] == ["n2"]
    assert floor.give(c.WithdrawAnnouncement(announcement="n1", officer="rani")) == ()
    with pytest.raises(RuleViolation, match="unknown_announcement"):
        floor.give(c.WithdrawAnnouncement(announcement="n7", officer="rani"))


@pytest.mark.parametrize("kind", ANNOUNCEMENTS)
def test_every_kind_can_be_announced(kind: str) -> None:
    floor = Floor()
    announce(floor, kind=kind, text="Selamat pagi" if kind == "free" else "")
    assert board(floor)[0]["kind"] == kind


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "fire"}, "bad_field"),
        ({"minutes": 0}, "bad_field"),
        ({"minutes": MAX_MINUTES + 1}, "bad_field"),
        ({"text": "mine"}, "bad_field"),
        ({"kind": "free", "text": "x" * (MAX_WORDS + 1)}, "bad_field"),
        ({"kind": "free", "text": "right\u202eto left"}, "bad_field"),
        ({"kind": "free", "text": " \n "}, "text_missing"),
        ({"about": ""}, "unknown_counter"),
        ({"about": "77"}, "unknown_counter"),
        ({"kind": "free", "about": "77", "text": "x"}, "unknown_counter"),
        ({"zone": "9Z"}, "unknown_zone"),
    ],
)
def test_what_cannot_be_announced_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        announce(Floor(), **changes)


def test_only_so_many_announcements_hold_at_once() -> None:
    floor = Floor()
    for at in range(MAX_RUNNING):
        announce(floor, f"n{at}")
    with pytest.raises(RuleViolation, match="too_many_announcements"):
        announce(floor, "one-more")
    floor.give(c.WithdrawAnnouncement(announcement="n3", officer="rani"))
    announce(floor, "one-more")
    assert len(board(floor)) == MAX_RUNNING


def test_a_notice_about_a_counter_that_left_the_mall_is_not_shown() -> None:
    floor = Floor()
    announce(floor)
    told = e.Announced("n9", "counter_open", "gone", "", "", "rani", 10)
    hall = evolve(floor.hall, Accepted(9, T0, "s", "e9", told))
    assert [notice.notice_id for notice in running(hall, T0)] == ["n1"]


def test_the_same_announcement_told_twice_is_one_and_a_new_day_has_none() -> None:
    floor = Floor()
    told = e.Announced("n1", "free", "", "Halo", "", "rani", 10)
    floor.tell(told, told)
    assert len(board(floor)) == 1
    assert running(empty_hall(floor.hall.mall, "2025-11-25"), T0) == ()


def test_a_wrong_form_is_bad_input() -> None:
    with pytest.raises(BadInput):
        announce(Floor(), kind="")
