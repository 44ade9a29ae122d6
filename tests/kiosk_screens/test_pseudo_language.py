"""Every screen in a language that marks what comes from the catalogue: whatever is unmarked was written elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.domain.catalogue import Mall
from antrean.domain.words import Words as MallWords
from antrean.look.tokens import LIGHT
from antrean.texts import LANGUAGES, OWN_NAMES, Texts, keys_of
from antrean.texts.formats import day_names, month_names
from antrean.texts.readers import is_for_visitors
from kiosk import gallery
from kiosk.assist.sheet import TONGUES, AssistSheet
from kiosk.desk import Paper
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.screen import Scene
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk, issued

OPEN, SHUT = "⟦", "⟧"
STAFF = ("helper", "pairing", "pin", "staff")


class Marked(Texts):
    """The Indonesian texts, each between marks."""

    def __call__(self, key: str, **params: object) -> str:
        room, _, name = key.partition(".")
        assert is_for_visitors(room, name), f"{key} is for staff only, yet a visitor's screen shows it"
        return f"{OPEN}{super().__call__(key, **params)}{SHUT}"


@pytest.fixture
def scene(desk: FakeDesk) -> Scene:
    return replace(gallery.scene_for(desk, gallery.View(True, LANGUAGES[0], LIGHT)), t=Marked(LANGUAGES[0]))


def own_words(found: object) -> Iterator[str]:
    """Every text that the mall wrote itself."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, MallWords):
        yield found.get(LANGUAGES[0])
    elif isinstance(found, dict):
        for value in found.values():
            yield from own_words(value)
    elif isinstance(found, tuple):
        for value in found:
            yield from own_words(value)
    elif is_dataclass(found):
        for field in fields(found):
            yield from own_words(getattr(found, field.name))


@cache
def pattern_of(texts: frozenset[str]) -> re.Pattern[str]:
    """Finds any of some texts, the longest first."""
    known = sorted((text for text in texts if len(text) > 2), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)))


def unmarked(text: str, texts: frozenset[str]) -> str:
    """What is left of a text without marked texts, the mall's words, dates, waits, numbers and own names."""
    while (less := re.sub(rf"{OPEN}[^{OPEN}{SHUT}]*{SHUT}", " ", text)) != text:
        text = less
    text = pattern_of(texts).sub(" ", text)
    known_words = {*day_names(LANGUAGES[0]), *month_names(LANGUAGES[0]), "menit"}
    known_words |= {word for name in OWN_NAMES.values() for word in name.split()}
    text = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", " ", text)  # a booking's code
    text = re.sub(r"\b[A-Z]{1,2}\d[-\d]*\b", " ", text)  # a label
    return " ".join(word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in known_words)


def said(screen: QWidget) -> Iterator[str]:
    """All that a screen shows or tells a screen reader."""
    for widget in (screen, *screen.findChildren(QWidget)):
        text = getattr(widget, "text", None)
        if callable(text):
            yield str(text())
        yield widget.accessibleName()
        yield widget.accessibleDescription()


def complaints(screen: QWidget, mall: Mall) -> list[str]:
    texts = frozenset(own_words(mall)) | {mall.name.removesuffix(mall.city).strip(), *gallery.TYPED.values()}
    return sorted({text for text in said(screen) if unmarked(text, texts)})


def test_every_visitor_screen_says_only_what_the_catalogue_or_the_mall_says(
    qtbot: QtBot, desk: FakeDesk, scene: Scene
) -> None:
    service = gallery.longest_service(desk.the_mall)
    for name, make in gallery.screens(scene, service, issued(service)).items():
        if name.startswith(STAFF):
            continue
        screen = make()
        qtbot.addWidget(screen)
        assert complaints(screen, desk.the_mall) == [], name


def test_every_sheet_says_only_what_the_catalogue_says(qtbot: QtBot, desk: FakeDesk, scene: Scene) -> None:
    for name in gallery.SHEETS:
        below = Needs(scene)
        qtbot.addWidget(below)
        assert complaints(gallery.lay(name, scene, below), desk.the_mall) == [], name
    below = Needs(scene)
    qtbot.addWidget(below)
    assert complaints(AssistSheet(scene, below, TONGUES), desk.the_mall) == []


def test_closed_full_and_every_outcome_of_the_paper_say_only_what_the_catalogue_says(
    qtbot: QtBot, desk: FakeDesk, scene: Scene
) -> None:
    service = desk.the_mall.services["ktp-hilang"]
    shown: list[QWidget] = []
    for hours in (-9, 3, 8, 5 * 24):
        desk.now = MONDAY_0942 + hours * 3_600_000
        shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    desk.full, desk.now = set(desk.the_mall.services), MONDAY_0942
    shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    for paper in Paper:
        number = Number(scene, replace(issued("ktp-hilang"), ahead=None, wait=None))
        number.show_paper(paper)
        shown.append(number)
    for screen in shown:
        qtbot.addWidget(screen)
        assert complaints(screen, desk.the_mall) == []


def test_a_text_from_elsewhere_would_be_found(sample_mall: Mall) -> None:
    texts = frozenset(own_words(sample_mall))
    assert unmarked("Sentuh untuk mulai", texts) == "Sentuh untuk mulai"
    assert unmarked(f"{OPEN}Nomor {OPEN}antrean{SHUT}{SHUT}, tombol", texts) == "tombol"
    assert unmarked("10–25 menit · Senin, 23 November, A1-012 · Loket 3", texts) == ""


def test_the_marks_stand_in_no_catalogue() -> None:
    for language in LANGUAGES:
        texts = " ".join(form for forms in keys_of(language, "kiosk").values() for form in forms)
        assert OPEN not in texts
        assert SHUT not in texts
