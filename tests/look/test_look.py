from itertools import product

import pytest

from antrean.look import all_fonts, font_path, icon_names, icon_svg, tinted_svg
from antrean.look.tokens import THEMES, Theme, contrast, css

TEXT_ON_GROUND = [
    *product(("ink", "ink_soft"), ("ground", "surface", "sunken", "accent_wash")),
    *product(("accent", "good", "bad"), ("ground", "surface")),
    ("accent", "accent_wash"),
    ("accent_ink", "accent"),
    ("call_ink", "call"),
    ("warn", "warn_wash"),
    ("bad", "bad_wash"),
    ("ink", "warn_wash"),
    ("ink", "bad_wash"),
    *product(("d_ink", "d_ink_soft"), ("d_ground", "d_surface")),
    ("call", "d_ground"),
]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("pair", TEXT_ON_GROUND, ids="-on-".join)
def test_text_stands_out_seven_to_one_in_every_theme(theme: Theme, pair: tuple[str, str]) -> None:
    assert contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) >= 7


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_edges_of_controls_stand_out_three_to_one(theme: Theme) -> None:
    for ground in (theme.ground, theme.surface, theme.sunken):
        assert contrast(theme.edge, ground) >= 3


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48


def test_the_css_holds_every_token_of_every_theme() -> None:
    sheet = css()
    assert sheet.count("--accent-wash:") == len(THEMES)
    assert "--radius-xl: 32px" in sheet


def test_every_pictogram_is_a_small_svg_that_takes_its_colours() -> None:
    for name in icon_names():
        svg = tinted_svg(name, "#0B4F4A", "#DDEDEA")
        assert svg.startswith("<svg")
        assert 'viewBox="0 0 24 24"' in svg
        assert "currentColor" not in svg


def test_an_unknown_pictogram_or_face_is_a_bug_and_loud() -> None:
    with pytest.raises(KeyError):
        icon_svg("no-such-thing")
    with pytest.raises(KeyError):
        icon_svg("../fonts/x")
    with pytest.raises(KeyError):
        font_path("ComicSans-400")


def test_fonts_come_with_their_licences() -> None:
    families = {path.name.partition("-")[0] for path in all_fonts()}
    assert families == {"AtkinsonHyperlegibleNext", "PlusJakartaSans"}
    for path in all_fonts():
        licence = path.with_name(f"OFL-{path.name.partition('-')[0]}.txt")
        assert "SIL OPEN FONT LICENSE" in licence.read_text().upper()
