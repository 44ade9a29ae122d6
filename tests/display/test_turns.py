"""Zones, languages that take turns, and supervisors' notices that come, take turns and go by themselves."""

from typing import Any

import pytest

from antrean.domain.zone_choice import covers, zone_title
from antrean.texts import LANGUAGES
from display.calls import CallQueue, call_of, started
from display.scene import STALE_MS, counter_scene, hall_scene
from display.turns import FOOT_MS, LANGUAGE_MS, language_at, notice_at


def notice(wire: Any, name: str = "n", kind: str = "counter_closed", **more: Any) -> dict[str, Any]:
    told = {
        "id": name,
        "kind": kind,
        "about": "5",
        "about_name": {"id": "Loket 5", "en": "Counter 5"},
        "text": "",
        "zone": "",
        "at": wire.noon,
        "until_ms": wire.noon + 600_000,
    }
    return told | more


def board(wire: Any, *notices: dict[str, Any], **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = wire.board(wire.call("a"))
    return made | {"notices": list(notices)} | more


def scene(wire: Any, state: dict[str, Any], after_ms: int = 0, **more: Any) -> Any:
    now = wire.noon + after_ms
    more = {"language": "id"} | more
    return hall_scene(state, CallQueue(seen=()), now, more.pop("news", now), **more)


def test_several_zones_are_one_board_and_their_floor_is_said_once(wire: Any) -> None:
    zones = [
        {"code": code, "name": {"id": name, "en": name}}
        for code, name in (("1A", "Lantai 1 · Zona A"), ("1B", "Lantai 1 · Zona B"), ("2A", "Lantai 2"))
    ]
    calls = [wire.call("a"), wire.call("b", "B1-047", "7", zone="1B"), wire.call("c", "C1-001", zone="2A")]
    state = wire.board(*calls) | {"zones": zones}
    shown = scene(wire, state, zone="1B, 1A")
    assert (shown.label, [row.label for row in shown.history]) == ("A1-012", ["B1-047"])
    assert shown.zone == "Lantai 1 · Zona A, B"
    assert zone_title(state, "1A,2A", "id") == "Lantai 1 · Zona A, Lantai 2"
    assert zone_title(state, None, "id") == ""
    assert [covers("1A,1B", code) for code in ("1B", "2A", "")] == [True, False, True]


def test_a_zone_counts_only_who_waits_there(wire: Any) -> None:
    rows = [
        {"agency": "dukcapil", "short": "Dukcapil", "zone": "1A", "count": 24},
        {"agency": "imigrasi", "short": "Imigrasi", "zone": "2A", "count": 8},
    ]
    state = wire.board() | {"waiting": rows}
    assert scene(wire, state, zone="2A").counts == (("Imigrasi", 8),)
    assert len(scene(wire, state).counts) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["counter_closed", "counter_open", "go_to_counter_area"])
def test_a_notice_names_the_counter_in_every_language(wire: Any, kind: str, language: str) -> None:
    shown = scene(wire, board(wire, notice(wire, kind=kind)), language=language)
    assert ("Counter 5" if language == "en" else "Loket 5") in shown.posted


def test_a_typed_notice_stands_as_it_was_typed(wire: Any) -> None:
    typed = notice(wire, kind="free", about="", about_name=None, text="Lift sedang diperbaiki.")
    assert scene(wire, board(wire, typed), language="en").posted == "Lift sedang diperbaiki."


def test_a_notice_ends_by_itself_and_a_board_without_news_shows_none(wire: Any) -> None:
    state = board(wire, notice(wire, until_ms=wire.noon + 5_000))
    assert scene(wire, state, 4_999).posted == "Loket 5 tutup sementara"
    assert scene(wire, state, 5_000).posts == ()
    stale = scene(wire, board(wire, notice(wire)), STALE_MS + 1, news=wire.noon)
    assert (stale.posted, stale.notice is None) == ("", False)


def test_a_notice_of_another_zone_is_not_shown(wire: Any) -> None:
    state = board(wire, notice(wire, zone="2A"))
    assert scene(wire, state, zone="1A").posts == ()
    assert scene(wire, state, zone="1A,2A").posts != ()


def test_the_newest_notice_comes_first_and_the_counts_get_their_turn() -> None:
    told = [(1_000, "new"), (0, "old")]
    round_ms = 2 * LANGUAGE_MS + FOOT_MS
    turns = [notice_at(told, 1_000 + ms, 1) for ms in (*range(0, round_ms, LANGUAGE_MS // 2), round_ms)]
    assert [one for at, one in enumerate(turns) if at == 0 or one != turns[at - 1]] == [
        "new",
        "old",
        "",
        "new",
    ]
    assert notice_at([], 0, 1) == ""


def test_languages_take_turns_but_never_within_the_sound_of_a_call(wire: Any) -> None:
    quiet = CallQueue(seen=())
    shown = [language_at(("id", "en"), quiet, at * LANGUAGE_MS) for at in range(3)]
    assert shown == ["id", "en", "id"]
    calling = started(CallQueue(seen=(), current=call_of(wire.call("a"))), LANGUAGE_MS - 100, 8_000)
    assert language_at(("id", "en"), calling, LANGUAGE_MS + 7_000) == "id"
    assert language_at(("id", "en"), calling, LANGUAGE_MS + 8_000) == "en"


def resting(wire: Any, counters: list[str], **more: Any) -> Any:
    words = {"id": "KTP elektronik", "en": "Electronic ID"}
    told = [{"code": code, "name": {"id": f"Loket {code}", "en": f"Counter {code}"}} for code in counters]
    state = {
        "counter": "3",
        "name": {"id": "Loket 3", "en": "Counter 3"},
        "state": "break",
        "label": None,
        "call_id": None,
        "service": None,
        "services": [words],
        "reason": "rest",
        "until_ms": wire.noon + 60_000,
        "elsewhere": {"service": words, "counters": told} if told else None,
        "server_ms": wire.noon,
    } | more
    return counter_scene(state, "3", wire.noon, wire.noon, language="id", timezone="Asia/Jakarta")


@pytest.mark.parametrize(
    ("counters", "where"),
    [(["2"], "Loket 2"), (["2", "5"], "Loket 2 dan 5"), (["2", "5", "9"], "Loket 2, 5 dan 9")],
)
def test_a_resting_counter_says_where_its_service_goes_on(wire: Any, counters: list[str], where: str) -> None:
    assert resting(wire, counters).arrow == f"KTP elektronik tetap dilayani di {where}"


def test_a_resting_counter_sends_nobody_to_counters_that_rest_too(wire: Any) -> None:
    assert resting(wire, []).arrow == ""
