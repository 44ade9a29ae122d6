"""Where the bundled fonts and pictograms are."""

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_WASH = re.compile(r'(class="wash" stroke="none" fill=)"none"')
FONTS = _HERE / "fonts"
ICONS = _HERE / "icons"


def font_path(name: str) -> Path:
    """The TTF of a face and weight, such as `AtkinsonHyperlegibleNext-500` or `PlusJakartaSans-800`.

    Raises KeyError for a face or weight that is not bundled.
    """
    path = FONTS / f"{name}.ttf"
    if not path.exists():
        raise KeyError(name)
    return path


def all_fonts() -> tuple[Path, ...]:
    """Every bundled TTF."""
    return tuple(sorted(FONTS.glob("*.ttf")))


@cache
def icon_svg(name: str) -> str:
    """The pictogram as SVG text: strokes in `currentColor`, shapes of class `wash` unfilled. Raises KeyError."""
    path = ICONS / f"{name}.svg"
    if "/" in name or not path.exists():
        raise KeyError(name)
    return path.read_text()


def tinted_svg(name: str, stroke: str, wash: str, width: float | None = None) -> str:
    """The pictogram in two colours, for painters that know no CSS; `width` is the stroke in units of 1/24."""
    svg = _WASH.sub(rf'\1"{wash}"', icon_svg(name)).replace("currentColor", stroke)
    return svg if width is None else svg.replace('stroke-width="1.8"', f'stroke-width="{width}"', 1)


def icon_names() -> tuple[str, ...]:
    """The names of all bundled pictograms."""
    return tuple(sorted(path.stem for path in ICONS.glob("*.svg")))
