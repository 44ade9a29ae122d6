"""Copy the fonts and pictograms a release ships from unpacked npm packages into `antrean/look`.

Usage: python -m scripts.vendor_look FOLDER NAME…

FOLDER holds the packages as `npm pack` and `tar` leave them, each in a folder whose name starts with the package's
(`tabler-icons-…/package`). Icons become two-tone: every closed shape of the outline is repeated underneath as
`class="wash"`, which a theme fills with its soft accent.
"""

import re
import shutil
import sys
from pathlib import Path

LOOK = Path(__file__).parent.parent / "antrean" / "look"
TEXT_WEIGHTS = ("400Regular", "500Medium", "600SemiBold", "700Bold", "800ExtraBold")
NUMBER_WEIGHTS = ("700Bold", "800ExtraBold")
DRAWN = ("id-lost", "passport", "police-letter")
"""Pictograms of our own, drawn in the manner of the set."""


def main() -> int:
    """Vendor everything; exit 1 naming the icons the set does not have."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    _fonts(folder, "expo-google-fonts-atkinson-hyperlegible-next", "AtkinsonHyperlegibleNext", TEXT_WEIGHTS)
    _fonts(folder, "expo-google-fonts-plus-jakarta-sans", "PlusJakartaSans", NUMBER_WEIGHTS)
    _web_font(folder, "atkinson-hyperlegible-next")
    _web_font(folder, "plus-jakarta-sans")
    outline = _package(folder, "tabler-icons") / "icons" / "outline"
    shutil.copy(_package(folder, "tabler-icons") / "LICENSE", LOOK / "icons" / "LICENSE")
    missing = [name for name in names if name not in DRAWN and not (outline / f"{name}.svg").exists()]
    for name in set(names) - set(missing) - set(DRAWN):
        (LOOK / "icons" / f"{name}.svg").write_text(two_tone((outline / f"{name}.svg").read_text()))
    if missing:
        print("not in the set:", *missing, file=sys.stderr)
    return 1 if missing else 0


def two_tone(svg: str) -> str:
    """The outline icon as one compact SVG with its closed shapes repeated underneath as washes."""
    paths = [
        data for data in re.findall(r'<path[^>]*? d="([^"]+)"', svg) if not data.startswith("M0 0h24v24H0z")
    ]
    washes = [data for data in paths if _is_closed(data)]
    body = "".join(f'<path class="wash" stroke="none" fill="none" d="{data}"/>' for data in washes)
    body += "".join(f'<path d="{data}"/>' for data in paths)
    head = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"'
    return f'<svg {head} stroke-linecap="round" stroke-linejoin="round">{body}</svg>\n'


def _is_closed(data: str) -> bool:
    """A shape with an inside: it ends where it began, or is drawn as two half circles."""
    return (
        data.rstrip().lower().endswith("z")
        or re.search(r"a([\d.]+) \1 0 1 0 .*a\1 \1 0 1 0 ", data) is not None
        or (data.count("a") >= 3 and data.count("m") == 0)
    )


def _package(folder: Path, prefix: str) -> Path:
    return (
        next(path for path in sorted(folder.iterdir()) if path.name.startswith(prefix) and path.is_dir())
        / "package"
    )


def _fonts(folder: Path, prefix: str, family: str, weights: tuple[str, ...]) -> None:
    package = _package(folder, prefix)
    for weight in weights:
        shutil.copy(
            package / weight / f"{family}_{weight}.ttf", LOOK / "fonts" / f"{family}-{weight[:3]}.ttf"
        )
    shutil.copy(package / "LICENSE_FONT", LOOK / "fonts" / f"OFL-{family}.txt")


def _web_font(folder: Path, name: str) -> None:
    files = _package(folder, f"fontsource-variable-{name}") / "files"
    shutil.copy(files / f"{name}-latin-wght-normal.woff2", LOOK / "fonts" / f"{name}.woff2")


if __name__ == "__main__":
    sys.exit(main())
