from typing import Any

import pytest

from antrean.texts import LANGUAGES, texts_for
from display.calls import CallQueue, call_of
from display.scene import STALE_MS, Row, counter_parts, counter_scene, hall_scene


def test_before_the_first_state_the_board_welcomes(wire: Any) -> None:
    scene = hall_scene(None, CallQueue(), wire.noon, None, language="id")
    assert scene.state == "waiting"
    assert scene.mall
    assert scene.clock == "10.42"


def test_a_call_in_progress_is_shown_and_a_waiting_one_is_not_given_away(wire: Any) -> None:
    now, later = wire.call("a"), wire.call("b", "B1-047", "7")
    queue = CallQueue(seen=("a", "b"), current=call_of(now), waiting=(call_of(later),))
    scene = hall_scene(wire.board(later, now), queue, wire.noon, wire.noon, language="id")
    assert (scene.state, scene.label, scene.counter_word, scene.counter) == (
        "calling",
        "A1-012",
        "Loket",
        "3",
    )
    assert scene.history == ()


def test_history_names_a_recalled_number_once(wire: Any) -> None:
    calls = [wire.call("c", "B1-047", "7"), wire.call("a2"), wire.call("a")]
    scene = hall_scene(wire.board(*calls), CallQueue(seen=()), wire.noon, wire.noon, language="en")
    assert scene.state == "last"
    assert scene.history == (Row("A1-012", "3"),)


def test_a_zone_shows_only_its_own_calls(wire: Any) -> None:
    calls = [wire.call("b", "B1-047", "7", zone="2A"), wire.call("a")]
    scene = hall_scene(wire.board(*calls), CallQueue(seen=()), wire.noon, wire.noon, language="id", zone="1A")
    assert (scene.label, scene.history, scene.zone) == ("A1-012", (), "Lantai 1 · Zona A")


def test_fifteen_seconds_without_news_are_said_with_the_time(wire: Any) -> None:
    board = wire.board(wire.call("a"))
    fresh = hall_scene(board, CallQueue(seen=()), wire.noon + STALE_MS, wire.noon, language="id")
    stale = hall_scene(board, CallQueue(seen=()), wire.noon + STALE_MS + 1, wire.noon, language="id")
    assert fresh.notice is None
    assert stale.notice is not None
    assert stale.notice.title == "Sambungan terputus sejak 10.42"


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Loket 12", ("Loket", "12")), ("Meja depan", ("Meja depan", "")), ("12", ("", "12"))],
)
def test_a_counters_name_is_split_at_its_code(name: str, parts: tuple[str, str]) -> None:
    assert counter_parts(name, "12") == parts


def counter(wire: Any, **more: Any) -> dict[str, Any]:
    state = {
        "counter": "3",
        "name": {"id": "Loket 3", "en": "Counter 3"},
        "state": "serving",
        "label": "A1-012",
        "call_id": "a",
        "service": {"id": "KTP elektronik", "en": "Electronic ID"},
        "services": [{"id": "KTP elektronik", "en": "Electronic ID"}],
        "reason": None,
        "until_ms": None,
        "server_ms": wire.noon,
    }
    return state | more


@pytest.mark.parametrize("state", ["closed", "available", "calling", "serving", "break"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_counter_has_words(wire: Any, state: str, language: str) -> None:
    wired = counter(wire, state=state)
    scene = counter_scene(wired, "3", wire.noon, wire.noon, language=language, timezone="Asia/Jakarta")
    assert scene.heading == texts_for(language)(f"display.state_{state}")
    assert (scene.label == "A1-012") == (state in ("calling", "serving"))


def test_a_break_says_when_it_ends(wire: Any) -> None:
    wired = counter(wire, state="break", label=None, until_ms=wire.noon + 18 * 60_000)
    scene = counter_scene(wired, "3", wire.noon, wire.noon, language="id", timezone="Asia/Jakarta")
    assert (scene.detail, scene.detail_value) == ("Kembali", "11.00")
