"""Design tokens: every colour and radius of the product, in three themes.

Text on its ground is at least 7:1, edges that carry meaning at least 3:1 (a test measures both). `line`, `sunken`,
`d_surface` and `d_line` only decorate. `call` means "called now" and nothing else.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #RRGGBB. Names with `d_` are the dark grounds of boards, the same in every theme."""

    name: str
    ground: str = "#FAF6EF"
    surface: str = "#FFFFFF"
    sunken: str = "#F1EADF"
    line: str = "#D9CFBF"
    ink: str = "#16222E"
    ink_soft: str = "#3F4A55"
    accent: str = "#0B4F4A"
    accent_ink: str = "#FFFFFF"
    accent_wash: str = "#DDEDEA"
    accent_deep: str = "#06332F"
    call: str = "#FFC02E"
    call_ink: str = "#16222E"
    good: str = "#115835"
    warn: str = "#6B4000"
    warn_wash: str = "#FFF0CC"
    bad: str = "#8F1D16"
    bad_wash: str = "#FBE3E0"
    edge: str = "#5F7673"
    d_ground: str = "#0D1821"
    d_surface: str = "#16242F"
    d_line: str = "#2C3E4B"
    d_ink: str = "#F7F2E8"
    d_ink_soft: str = "#C3CDD3"
    d_edge: str = "#C3CDD3"


LIGHT = Theme("light")
CONTRAST = replace(
    LIGHT,
    name="contrast",
    ground="#000000",
    surface="#000000",
    sunken="#000000",
    line="#FFFFFF",
    ink="#FFFFFF",
    ink_soft="#FFFFFF",
    accent="#FFFFFF",
    accent_ink="#000000",
    accent_wash="#1F1F1F",
    accent_deep="#FFFFFF",
    good="#8CF0B4",
    warn="#FFE08A",
    warn_wash="#1F1F1F",
    bad="#FFB4AC",
    bad_wash="#1F1F1F",
    edge="#FFFFFF",
)
DARK = replace(
    LIGHT,
    name="dark",
    ground="#0D1821",
    surface="#16242F",
    sunken="#0A131A",
    line="#2C3E4B",
    ink="#F7F2E8",
    ink_soft="#C3CDD3",
    accent="#8FD6CC",
    accent_ink="#06221F",
    accent_wash="#173A3A",
    accent_deep="#C9F0EA",
    good="#8CE0B0",
    warn="#FFD88A",
    warn_wash="#33280F",
    bad="#FFB4AC",
    bad_wash="#3A1A18",
    edge="#8FA5A3",
)
THEMES = {theme.name: theme for theme in (LIGHT, CONTRAST, DARK)}

RADIUS_S, RADIUS, RADIUS_L, RADIUS_XL = 10, 16, 24, 32
"""Corner radii in CSS pixels on a desk screen; the kiosk scales them with its screen."""

TEXT_FAMILY = "Atkinson Hyperlegible Next"
NUMBER_FAMILY = "Plus Jakarta Sans"
"""Ticket numbers and clocks: its zero is plain, and no label holds the letter O."""

HEAT = ("#EEF3EC", "#CFE3DF", "#9CC3BD", "#215E58", "#0B3B37")
"""The five steps of a heat map, lightest first."""


def css() -> str:
    """All themes as CSS custom properties (`--accent-wash` …): light on `:root`, the others by `data-theme`."""
    blocks = [_block(":root", LIGHT)]
    blocks += [_block(f':root[data-theme="{theme.name}"]', theme) for theme in (CONTRAST, DARK)]
    return "\n".join(blocks) + "\n"


def _block(selector: str, theme: Theme) -> str:
    colours = (field.name for field in fields(theme) if field.name != "name")
    lines = [f"  --{name.replace('_', '-')}: {getattr(theme, name)};" for name in colours]
    if theme is LIGHT:
        radii = {"radius-s": RADIUS_S, "radius": RADIUS, "radius-l": RADIUS_L, "radius-xl": RADIUS_XL}
        lines += [f"  --{name}: {size}px;" for name, size in radii.items()]
    return "\n".join((f"{selector} {{", *lines, "}"))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2: 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
