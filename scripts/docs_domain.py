"""What the pages say about the domain, read from the domain itself: a ticket's life, events, commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from typing import Any

from antrean.domain.booking import BOOKING_TRANSITIONS, BookingStatus
from antrean.domain.commands import COMMANDS, SERVER_FIELDS, Command
from antrean.domain.events import DEVICE_PAYLOADS, PAYLOADS, Payload
from antrean.domain.ticket import OPEN_STATES, TRANSITIONS, State


def promise(thing: type) -> str:
    """Return a class's docstring as one line that fits a table cell."""
    return " ".join((inspect.getdoc(thing) or "").split()).replace("|", "\\|")


def row(*cells: str) -> str:
    """Render one row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def transitions() -> str:
    """Render every allowed move, in the order of the domain's table, and the picture of them."""
    return f"{_table()}\n\n{_picture()}"


def _table() -> str:
    rows = [row("from", "move", "to"), "|---|---|---|", row("–", "issue", State.WAITING.value)]
    return "\n".join(rows + [row(old, move, new) for (old, move), new in TRANSITIONS.items()])


def _picture() -> str:
    arrows: dict[tuple[State, State], list[str]] = {}
    for (old, move), new in TRANSITIONS.items():
        arrows.setdefault((old, new), []).append(move.value)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.WAITING.value}: issue"]
    lines += [f"    {old.value} --> {new.value}: {', '.join(moves)}" for (old, new), moves in arrows.items()]
    lines += [f"    {state.value} --> [*]" for state in State if state not in OPEN_STATES]
    return "\n".join([*lines, "```"])


def booking_transitions() -> str:
    """Render the life of a booking, in the order of the domain's table."""
    rows = [row("from", "said by", "what", "to"), "|---|---|---|---|"]
    rows.append(row("–", "outside", "booked", BookingStatus.BOOKED.value))
    rows += [row(old, *said.value.split(), new) for (old, said), new in BOOKING_TRANSITIONS.items()]
    return "\n".join(rows)


def _names(parts: Iterable[Field[Any]]) -> str:
    return ", ".join(f"`{part.name}`" for part in parts) or "–"


def _event_row(name: str, kind: type[Payload]) -> str:
    writer = "device" if kind in DEVICE_PAYLOADS else "server"
    return row(f"`{name}`", str(kind.VERSION), writer, promise(kind), _names(fields(kind)))


def events() -> str:
    """Render every event: its version, who writes it, its promise and its fields."""
    head = [row("event", "v", "written by", "says", "fields"), "|---|---|---|---|---|"]
    return "\n".join(head + [_event_row(name, kind) for name, kind in PAYLOADS.items()])


def _command_row(name: str, kind: type[Command]) -> str:
    asked = [part for part in fields(kind) if part.name not in {"counter", *SERVER_FIELDS}]
    needed = [part for part in asked if part.default is MISSING]
    optional = [part for part in asked if part.default is not MISSING]
    return row(f"`{name}`", promise(kind), _names(needed), _names(optional))


def commands() -> str:
    """Render every command of the wire: its promise, the fields it needs and those it may have."""
    head = [row("command", "means", "needs", "may have"), "|---|---|---|---|"]
    return "\n".join(head + [_command_row(name, kind) for name, kind in COMMANDS.items()])
