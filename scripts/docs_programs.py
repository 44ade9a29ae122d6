"""What the pages say about the programs: their command lines, their settings, the server's routes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from importlib.metadata import entry_points
from pathlib import Path
from unittest.mock import patch

from antrean.domain.settings import Setting, settings_help
from display import settings as display
from kiosk import config as kiosk
from printers import settings as printers
from queue_server import settings as server
from queue_server.site import settings as booking
from scripts.docs_domain import row

PROGRAMS = (
    "antrean-server",
    "antrean-admin",
    "antrean-booking",
    "antrean-kiosk",
    "antrean-display",
    "antrean-printer",
)
WIDE = {"COLUMNS": "100"}
# A line of the help's list of commands: indented by four (or two, bare), a name, then at least two spaces.
_COMMAND = re.compile(r"^ {2,4}([a-z][a-z-]+)(?: {2,}|$)", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def help_text(*words: str) -> str:
    """Return what a program prints for `--help`; RuntimeError when it does not end well.

    The program itself is started as a process; the commands below it are asked in this one, which is far quicker.
    """
    if len(words) == 1:
        command = [str(Path(sys.executable).parent / words[0]), "--help"]
        told = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **WIDE}
        )
        code, text, trouble = told.returncode, told.stdout, told.stderr
    else:
        code, text = _asked(words)
        trouble = text
    if code:
        raise RuntimeError(f"{' '.join(words)} --help ended with {code}: {trouble}")
    return text


def _asked(words: Sequence[str]) -> tuple[int, str]:
    """Exit code and text of `--help` for a command of a program, asked without a new process."""
    (script,) = entry_points(group="console_scripts", name=words[0])
    out = io.StringIO()
    with patch.dict(os.environ, WIDE), redirect_stdout(out):
        try:
            code = script.load()([*words[1:], "--help"])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue()


def helps(*words: str) -> Iterator[tuple[str, str]]:
    """Yield (command line, help) of a program and of every command below it, outermost first."""
    text = help_text(*words)
    yield " ".join(words), text
    head, _, listed = text.partition("positional arguments:")
    if "..." in head:
        for name in _COMMAND.findall(listed.split("\noptions:")[0]):
            yield from helps(*words, name)


def command_lines() -> str:
    """Render the help of every command of every program."""
    blocks = [
        f"### `{line}`\n\n```text\n{text.rstrip()}\n```" for name in PROGRAMS for line, text in helps(name)
    ]
    return "\n\n".join(blocks)


def options_of(text: str) -> set[str]:
    """Find every long option a help text names."""
    return set(_OPTION.findall(text)) - {"--help"}


def settings_table(schema: Sequence[Setting], prefix: str) -> str:
    """Render a program's settings: name, environment variable, default, sentence."""
    lines = [row("setting", "environment", "default", "means"), "|---|---|---|---|"]
    for name, variable, default, about in settings_help(schema, prefix):
        lines.append(row(f"`{name}`", f"`{variable}`", _shown(default), about))
    return "\n".join(lines)


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default not in ("", None) else "–"


def server_settings() -> str:
    """Render the server's settings."""
    return settings_table(server.SCHEMA, server.PREFIX)


def booking_settings() -> str:
    """Render the booking site's settings."""
    return settings_table(booking.SCHEMA, booking.PREFIX)


def kiosk_settings() -> str:
    """Render the kiosk's settings."""
    return settings_table(kiosk.SCHEMA, kiosk.PREFIX)


def display_settings() -> str:
    """Render the displays' settings."""
    return settings_table(display.SCHEMA, display.PREFIX)


def printer_settings() -> str:
    """Render the printer program's settings."""
    return settings_table(printers.SCHEMA, printers.PREFIX)
