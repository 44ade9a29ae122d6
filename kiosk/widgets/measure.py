"""Millimetres: how large the drawing is on the panel it fills, and what that means for eyes and fingers.

The drawing is 1080 × 1920 (or 1920 × 1080) and was made for a 21.5-inch panel. On a smaller one its smallest text and
keys fall below what people can read and hit, and the kiosk serves everybody in easy mode; on a much larger one it
stops growing and sits at the lower edge, within reach.
"""

from dataclasses import dataclass
from math import hypot

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)

DRAWN_MM = 0.248
"""Millimetres of one drawn pixel on the 21.5-inch full-HD panel the sizes were chosen for."""
CAPITAL = 0.668
"""Height of a capital of the text face, in units of the font size."""
LEAST_CAPITAL_MM, LEAST_KEY_MM = 7.3, 20.0
"""Capitals for reading at 600 mm (EN 301 549, 5.1.4); targets below 20 mm are missed (docs/kiosk.md)."""
SMALLEST_TEXT, SMALLEST_KEY = 46, 85
EASY_TEXT, EASY_KEY = 62, 112
"""Drawn pixels: the smallest text, the smaller side of the smallest key."""
MOST_GROWTH = 1.4
"""Of the 21.5-inch drawing: beyond it the far corner of the drawing leaves an arm's reach."""

USUAL_INCH = 21.5
PLAUSIBLE_INCHES = (7.0, 100.0)
SQUARE = 0.12
"""By how much pixels may be taller than wide before the panel is thought to lie about its size."""
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Panel:
    """The glass: its size in real pixels and in millimetres; `assumed` when it did not say or was not believed."""

    width: int
    height: int
    width_mm: float
    height_mm: float
    assumed: bool = False

    @property
    def inches(self) -> float:
        """The diagonal."""
        return hypot(self.width_mm, self.height_mm) / MM_PER_INCH


def panel_of(size: tuple[int, int], told_mm: tuple[float, float]) -> Panel:
    """The panel of `size` pixels that was said to have `told_mm`, either way round; a lie makes it a 21.5-inch one."""
    width, height = size
    short, long = sorted(told_mm)
    across, down = (short, long) if height >= width else (long, short)
    if across > 0 and width > 0 and height > 0:
        panel = Panel(width, height, across, down)
        ratio = (across / width) / (down / height)
        if PLAUSIBLE_INCHES[0] <= panel.inches <= PLAUSIBLE_INCHES[1] and abs(ratio - 1) <= SQUARE:
            return panel
    wide, high = PORTRAIT if height >= width else LANDSCAPE
    mm = DRAWN_MM * max(wide / max(width, 1), high / max(height, 1))
    return Panel(width, height, width * mm, height * mm, assumed=True)


@dataclass(frozen=True)
class Fit:
    """How the drawing lies on a panel: `scale` real pixels a drawn pixel, `mm` millimetres a drawn pixel."""

    portrait: bool
    scale: float
    mm: float

    @property
    def width(self) -> int:
        """The drawing's width in real pixels."""
        return round((PORTRAIT if self.portrait else LANDSCAPE)[0] * self.scale)

    @property
    def height(self) -> int:
        """The drawing's height in real pixels."""
        return round((PORTRAIT if self.portrait else LANDSCAPE)[1] * self.scale)

    @property
    def easy_only(self) -> bool:
        """Whether the normal drawing is too small here, so that everybody is served in easy mode."""
        return not _serves(self.mm, SMALLEST_TEXT, SMALLEST_KEY)

    @property
    def too_small(self) -> bool:
        """Whether even easy mode is too small."""
        return not _serves(self.mm, EASY_TEXT, EASY_KEY)

    def smallest_mm(self, easy: bool) -> tuple[float, float]:
        """Millimetres of the smallest capital and of the smallest key."""
        text, key = (EASY_TEXT, EASY_KEY) if easy else (SMALLEST_TEXT, SMALLEST_KEY)
        return text * CAPITAL * self.mm, key * self.mm


def fit(panel: Panel) -> Fit:
    """The largest drawing on `panel` that does not outgrow people."""
    portrait = panel.height >= panel.width
    wide, high = PORTRAIT if portrait else LANDSCAPE
    scale = min(panel.width / wide, panel.height / high)
    per_px = (panel.width_mm / max(panel.width, 1), panel.height_mm / max(panel.height, 1))
    scale = min(scale, DRAWN_MM * MOST_GROWTH / max(per_px))
    return Fit(portrait, scale, min(per_px) * scale)


def _serves(mm: float, text: float, key: float) -> bool:
    # half a per cent: panels round their own size to whole millimetres
    return text * CAPITAL * mm >= LEAST_CAPITAL_MM * 0.995 and key * mm >= LEAST_KEY_MM * 0.995
