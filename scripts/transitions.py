"""Draw the table and the picture of a ticket's life into `docs/architecture.md`, from the domain's own table.

`python -m scripts.transitions` writes; `--check` only tells (exit code 1) whether the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from antrean.domain.ticket import OPEN_STATES, TRANSITIONS, State

PAGE = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- transitions:begin -->", "<!-- transitions:end -->"


def table() -> str:
    """Render every allowed move as one Markdown row, in the order of the domain's table."""
    rows = ["| from | move | to |", "|---|---|---|", f"| – | issue | {State.WAITING.value} |"]
    rows += [f"| {old.value} | {move.value} | {new.value} |" for (old, move), new in TRANSITIONS.items()]
    return "\n".join(rows)


def picture() -> str:
    """Render the moves as a Mermaid state diagram; moves between the same two states share an arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for (old, move), new in TRANSITIONS.items():
        arrows.setdefault((old, new), []).append(move.value)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.WAITING.value}: issue"]
    lines += [f"    {old.value} --> {new.value}: {', '.join(moves)}" for (old, new), moves in arrows.items()]
    lines += [f"    {state.value} --> [*]" for state in State if state not in OPEN_STATES]
    return "\n".join([*lines, "```"])


def drawn(page: str) -> str:
    """Return the page with everything between its two markers drawn anew."""
    head, rest = page.split(BEGIN, 1)
    _, tail = rest.split(END, 1)
    return f"{head}{BEGIN}\n\n{table()}\n\n{picture()}\n\n{END}{tail}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` report whether it is current."""
    parser = argparse.ArgumentParser(prog="python -m scripts.transitions", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when out of date")
    page = PAGE.read_text(encoding="utf-8")
    wanted = drawn(page)
    if parser.parse_args(arguments).check:
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
