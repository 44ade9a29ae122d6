"""Every screen and sheet has something good to say, in every language, in every mode."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.look.tokens import LIGHT
from antrean.texts import LANGUAGES
from antrean.voice.speech import spoken
from kiosk.desk import Paper
from kiosk.gallery import MODES, SHEETS, View, lay, longest_service, scene_for, screens
from kiosk.picture_desk import PictureDesk
from kiosk.screens.aloud_ticket import card_aloud, number_aloud, welcome_aloud
from kiosk.screens.card import Card
from kiosk.screens.needs import Needs
from kiosk.screens.screen import Scene
from kiosk.visit import Aloud

SAMPLE = Path(__file__).parents[2] / "queue_server" / "samples" / "mpp.toml"
SPEAKABLE = re.compile(r"[^\W\d_]+(?:[ ,.?!'-]+[^\W\d_]+)*[.?!]?")
LONGEST = 700
"""Letters: about three quarters of a minute."""


@pytest.fixture(scope="module")
def desk() -> PictureDesk:
    return PictureDesk(mall_from_dict(tomllib.loads(SAMPLE.read_text(encoding="utf-8"))))


def scene_of(desk: PictureDesk, language: str = "id", mode: str = "", portrait: bool = True) -> Scene:
    return scene_for(desk, View(portrait, language, LIGHT, mode=mode))


def everything_said(scene: Scene, desk: PictureDesk) -> Iterator[tuple[str, tuple[str, ...]]]:
    service = longest_service(desk.mall())
    for name, make in screens(scene, service, desk.sample_ticket(service)).items():
        yield name, make().spoken()
    for name in SHEETS:
        below = Needs(scene)
        yield f"sheet-{name}", lay(name, scene, below).spoken()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("portrait", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.usefixtures("qapp")
def test_every_screen_says_something_that_can_be_spoken(
    desk: PictureDesk, language: str, portrait: bool, mode: str
) -> None:
    scene = scene_of(desk, language, mode, portrait)
    if mode:  # without a mode the usual header is around the screen, and the key "listen" reads it
        scene = replace(scene, assist=replace(scene.assist, aloud=Aloud.READ))
    for name, sentences in everything_said(scene, desk):
        assert len(sentences) >= 2, name
        assert sum(len(sentence) for sentence in sentences) < LONGEST, name
        for sentence in sentences:
            said = spoken(sentence, language)
            assert SPEAKABLE.fullmatch(said), (name, sentence, said)


@pytest.mark.parametrize("portrait", [True, False])
@pytest.mark.usefixtures("qapp")
def test_a_screen_begins_with_its_heading(desk: PictureDesk, portrait: bool) -> None:
    scene = scene_of(desk, portrait=portrait)
    said = {name: sentences[0] for name, sentences in everything_said(scene, desk)}
    assert said["needs"] == scene.t("kiosk.what_do_you_need")
    assert said["priority"] == scene.t("kiosk.priority_question")
    assert said["finder"] == scene.t("kiosk.find_service")
    assert said["services"] in {need.name.id for need in desk.mall().needs.values()}
    assert said["sheet-still-here"] == scene.t("kiosk.still_here")


@pytest.mark.usefixtures("qapp")
def test_tiles_are_counted_and_the_frame_around_them_is_not_read(desk: PictureDesk) -> None:
    scene = scene_of(desk)
    said = Needs(scene).spoken()
    assert said[2].startswith("1. ")
    assert said[3].startswith("2. ")
    for key in ("back", "display", "help"):
        assert scene.t(f"kiosk.{key}") not in said
    assert desk.mall().city not in said


@pytest.mark.usefixtures("qapp")
def test_the_letters_of_a_pad_are_not_read(desk: PictureDesk) -> None:
    said = dict(everything_said(scene_of(desk), desk))
    for name in ("finder", "finder-empty", "pin", "pairing"):
        assert all(len(sentence) > 1 for sentence in said[name]), name


@pytest.mark.usefixtures("qapp")
def test_the_number_and_its_place_are_said_twice_before_anything_else(desk: PictureDesk) -> None:
    scene = scene_of(desk)
    ticket = desk.sample_ticket("ktp-hilang")
    said = number_aloud(scene, ticket, Paper.PRINTED)
    place = f"Tunggu di {desk.mall().zone_of(desk.mall().services['ktp-hilang']).name.id}"
    assert said[:3] == ("Nomor antrean Anda", "A1-012", place)
    assert said[4:6] == ("A1-012", place)
    assert said[6:] == (
        "7 orang di depan Anda", "Perkiraan tunggu: 10–25 menit", scene.t("kiosk.paper_printed"),
    )  # fmt: skip


@pytest.mark.usefixtures("qapp")
def test_what_is_not_known_of_the_queue_is_not_said(desk: PictureDesk) -> None:
    scene = scene_of(desk)
    ticket = replace(desk.sample_ticket("ktp-hilang"), ahead=None, wait=None)
    assert len(number_aloud(scene, ticket, Paper.WAITING)) == 7
    nobody = number_aloud(scene, replace(ticket, ahead=0), Paper.WAITING)
    assert "Tidak ada di depan Anda" in nobody


@pytest.mark.parametrize("paper", [Paper.FAILED, Paper.UNKNOWN, Paper.NONE])
@pytest.mark.usefixtures("qapp")
def test_without_paper_a_voice_says_what_stays_true_and_what_to_do(desk: PictureDesk, paper: Paper) -> None:
    scene = scene_of(desk)
    said = number_aloud(scene, desk.sample_ticket("ktp-hilang"), paper)
    assert scene.t(f"kiosk.paper_{paper.value}") in said
    assert scene.t("kiosk.number_valid") in said
    assert said[-1] in (scene.t("kiosk.paper_step_staff"), scene.t("kiosk.paper_step_code"))


@pytest.mark.usefixtures("qapp")
def test_the_card_reads_the_whole_standard(desk: PictureDesk) -> None:
    service = desk.mall().services["ktp-hilang"]
    said = card_aloud(scene_of(desk), service)
    assert said[0] == service.name.id
    for needed in service.requirements:
        assert any(needed.text.id in sentence for sentence in said)
    assert f"Biaya: {service.cost.id}" in said
    assert f"Selesai dalam: {service.time.id}" in said
    assert said[-2:] == ("Berkas lengkap, ambil nomor", "Cetak daftar syarat")


@pytest.mark.usefixtures("qapp")
def test_a_closed_service_says_why_instead_of_offering_a_number(desk: PictureDesk) -> None:
    night = PictureDesk(desk.mall(), desk.now_ms() + 12 * 3_600_000)
    scene = scene_of(night)
    said = Card(scene, night.mall().services["ktp-hilang"]).spoken()
    assert scene.t("kiosk.take") not in said
    assert any(sentence.startswith("Sudah tutup") for sentence in said)


@pytest.mark.usefixtures("qapp")
def test_the_first_screen_says_where_one_is_and_who_is_called(desk: PictureDesk) -> None:
    said = welcome_aloud(scene_of(desk), ())
    assert said[:2] == (desk.mall().name, "Sentuh untuk mulai")
    assert said[2:4] == ("Sedang dipanggil", "A1-012")


def test_every_sample_mall_service_can_be_read(desk: PictureDesk, qapp: object) -> None:
    mall: Mall = desk.mall()
    for language in LANGUAGES:
        scene = scene_of(desk, language)
        for service in mall.services.values():
            for sentence in card_aloud(scene, service):
                assert SPEAKABLE.fullmatch(spoken(sentence, language)), sentence
