"""Draw into the pages under `docs/` what the code already knows, so that the two cannot drift apart.

`python -m scripts.docs` writes; `--check` changes nothing and ends with exit code 1 when a page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts import docs_bookings, docs_domain, docs_programs

DOCS = Path(__file__).resolve().parent.parent / "docs"

SECTIONS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "architecture.md": {"transitions": docs_domain.transitions},
    "bookings.md": {"booking-transitions": docs_domain.booking_transitions},
    "connectors.md": {"connector-settings": docs_bookings.connector_settings},
    "reference.md": {"events": docs_domain.events, "commands": docs_domain.commands},
    "commands.md": {
        "server-settings": docs_programs.server_settings,
        "booking-settings": docs_programs.booking_settings,
        "kiosk-settings": docs_programs.kiosk_settings,
        "display-settings": docs_programs.display_settings,
        "printer-settings": docs_programs.printer_settings,
        "command-lines": docs_programs.command_lines,
    },
}
"""Page -> marker -> what stands between `<!-- marker:begin -->` and `<!-- marker:end -->`."""

FILES: Mapping[str, Callable[[], str]] = {"booking-api.openapi.json": docs_bookings.booking_api}
"""Whole files that are written from the code."""

LOOSE = frozenset({"command-lines"})
"""Not compared letter by letter, because Python releases lay help texts out differently; a test looks for every
command and option instead."""


def drawn(page: str, marker: str, content: str) -> str:
    """Return the page with everything between a marker's two lines replaced; ValueError without the marker."""
    begin, end = f"<!-- {marker}:begin -->", f"<!-- {marker}:end -->"
    head, rest = page.split(begin, 1)
    _, tail = rest.split(end, 1)
    return f"{head}{begin}\n\n{content}\n\n{end}{tail}"


def main(arguments: list[str] | None = None) -> int:
    """Write every page, or with `--check` name those that are out of date."""
    parser = argparse.ArgumentParser(prog="python -m scripts.docs", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when a page is out of date"
    )
    check = parser.parse_args(arguments).check
    stale = []
    for name, sections in SECTIONS.items():
        page = wanted = (DOCS / name).read_text(encoding="utf-8")
        for marker, render in sections.items():
            if not (check and marker in LOOSE):
                wanted = drawn(wanted, marker, render())
        if wanted != page:
            stale.append(name)
            if not check:
                (DOCS / name).write_text(wanted, encoding="utf-8")
    for name, content in FILES.items():
        path, text = DOCS / name, content()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check else 'drawn anew'}: {', '.join(stale) or 'nothing'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
