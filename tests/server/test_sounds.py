"""What boards in browsers play, and what displays tell of their loudspeakers."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from antrean.voice.pack import packs_for
from antrean.voice.sound import call_in_all, length_ms
from queue_server.contacts import SOUND_MS, Contacts
from queue_server.settings import read_settings
from queue_server.sounds import HallSounds, sounds_of
from tests.server.house_of_tests import FakeWorld, House, fill, served


@pytest.fixture
def house(tmp_path: Path, world: FakeWorld) -> Iterator[House]:
    fill(tmp_path)
    with served(tmp_path, world, voice=True) as house:
        yield house


def call(house: House) -> dict[str, Any]:
    kiosk = house.pair()
    kiosk.hello()
    kiosk.issue()
    assert kiosk.push().status_code == 200
    house.command("open_counter")
    assert house.command("call_next").status_code == 200
    (board,) = house.client.get("/v1/state", params={"topics": "board"}).json()["topics"].values()
    told: dict[str, Any] = board["calls"][0]
    return told


def announce(house: House, **fields: Any) -> str:
    answer = house.command("announce", role="supervisor", counter="", minutes=5, **fields)
    assert answer.status_code == 200, answer.text
    (board,) = house.client.get("/v1/state", params={"topics": "board"}).json()["topics"].values()
    name: str = board["notices"][-1]["id"]
    return name


def sound(house: House, kind: str, name: str) -> bytes:
    answer = house.client.get(f"/v1/{kind}-sound/{name}.wav")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "audio/wav"
    return answer.content


def test_a_call_sounds_in_the_languages_of_the_settings(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world, voice=True, voice_languages=["id", "en"]) as house:
        told = call(house)
        said = sound(house, "call", told["call_id"])
    assert said == call_in_all(told["label"], told["counter"], packs_for(("id", "en"), None))


def test_a_call_that_was_called_again_still_has_its_sound(house: House) -> None:
    first = call(house)
    assert house.command("recall").status_code == 200
    sound(house, "call", first["call_id"])


def test_an_announcement_sounds_while_it_holds(house: House) -> None:
    name = announce(house, kind="counter_closed", about="2")
    assert 3_000 < length_ms(sound(house, "announcement", name)) < 9_000
    assert (
        house.command("withdraw_announcement", role="supervisor", counter="", announcement=name).status_code
        == 200
    )
    assert house.client.get(f"/v1/announcement-sound/{name}.wav").status_code == 404
    assert house.client.get("/v1/announcement-sound/nobody.wav").status_code == 404


def test_a_typed_text_is_spoken_only_where_there_is_a_synthesizer(house: House) -> None:
    name = announce(house, kind="free", about="", text="Ada kunci ditemukan di lantai satu")
    live, packs = house.running.parts.live, packs_for(("id",), None)
    silent = HallSounds(live, packs, None)
    assert not silent.says_texts
    chime = silent.announcement(name)
    spoken = HallSounds(live, packs, lambda text, language: call_in_all("A1-012", "3", packs)).announcement(
        name
    )
    assert chime is not None
    assert spoken is not None
    assert length_ms(chime) < 3_000 < length_ms(spoken)


def test_a_bad_pack_is_logged_and_the_shipped_voice_speaks(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "queue_server.sounds"):
        sounds = sounds_of(house.running.parts.live, ["jv"], "")
    assert "no pack speaks jv" in caplog.text
    assert sounds.call("nobody") is None


def test_a_display_tells_whether_it_is_heard(house: House) -> None:
    display = house.pair("display", "Papan lobi")
    told = {"sound": "missing", "says_texts": True}
    assert house.client.post("/v1/sound", json=told, headers=display.headers).status_code == 200
    (heard,) = house.running.parts.contacts.sounds(house.running.parts.live.now_ms()).items()
    assert heard[0] == display.paired["device_id"]
    assert (heard[1].state, heard[1].says_texts) == ("missing", True)


@pytest.mark.parametrize(
    "told", [{"sound": "loud", "says_texts": True}, {"sound": "ok"}, [], {"sound": None}]
)
def test_nonsense_about_sound_is_refused(told: object, house: House) -> None:
    display = house.pair("display", "Papan lobi")
    answer = house.client.post("/v1/sound", json=told, headers=display.headers)
    assert answer.status_code == 422
    assert house.running.parts.contacts.sounds(house.running.parts.live.now_ms()) == {}


def test_strangers_cannot_tell_of_a_sound(house: House) -> None:
    answer = house.client.post("/v1/sound", json={"sound": "ok", "says_texts": True})
    assert answer.status_code == 401


def test_after_minutes_of_silence_nobody_knows_about_a_sound() -> None:
    contacts = Contacts()
    contacts.sounded("d", "ok", False, 1_000)
    assert contacts.sounds(1_000 + SOUND_MS - 1).keys() == {"d"}
    assert contacts.sounds(1_000 + SOUND_MS) == {}


@pytest.mark.parametrize("languages", ["[]", '["xx"]', '"id"'])
def test_a_wrong_language_is_named(languages: str, tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text(f"voice_languages = {languages}\n")
    with pytest.raises(Exception, match="voice_languages"):
        read_settings(None, tmp_path, {}, {})
