"""What somebody gets who wants to record the kiosk's sentences."""

import tomllib
from pathlib import Path

import pytest

from antrean.domain.catalogue_file import mall_from_dict
from antrean.look.tokens import LIGHT
from antrean.voice.sentences import load_recorded
from kiosk.desk import Paper
from kiosk.gallery import View, scene_for
from kiosk.picture_desk import PictureDesk
from kiosk.screens.aloud_ticket import number_aloud
from scripts.kiosk_sentences import main, table
from tests.speech.fake_voice import short_wav

SAMPLE = Path(__file__).parents[2] / "queue_server" / "samples" / "tiny.toml"


@pytest.mark.usefixtures("qapp")
def test_the_table_serves_as_a_voice_pack_once_its_files_are_there(tmp_path: Path) -> None:
    mall = mall_from_dict(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
    text = table(mall, "su")
    clips = tomllib.loads(text)["clips"]
    assert len(clips) > 50
    (tmp_path / "su" / "kiosk").mkdir(parents=True)
    (tmp_path / "su" / "sentences.toml").write_text(text, encoding="utf-8")
    for name in clips.values():
        (tmp_path / "su" / name).write_bytes(short_wav(20))
    recorded = load_recorded(tmp_path, "su")
    desk = PictureDesk(mall)
    scene = scene_for(desk, View(True, "su", LIGHT))
    said = number_aloud(scene, desk.sample_ticket(next(iter(mall.services))), Paper.PRINTED)
    silent = [sentence for sentence in said if recorded.wav(sentence) is None]
    assert len(silent) == 2, "only people ahead and minutes are computed"


def test_wrong_use_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["xx"]) == 2
    assert "usage" in capsys.readouterr().err
