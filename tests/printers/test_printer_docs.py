"""docs/printers.md names every command, fault and kind of target."""

from __future__ import annotations

from pathlib import Path

import pytest

from printers.faults import NAMES
from printers.targets import READERS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "printers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*NAMES, "cut-after=N", "--config", "--host", "--paper", "--out", "--port"])
def test_the_guide_names_it(word: str) -> None:
    assert f"`{word}`" in PAGE or f" {word} " in PAGE or f"`{word} " in PAGE


@pytest.mark.parametrize("command", ["virtual", "test", "status", "fault"])
def test_the_guide_shows_every_command(command: str) -> None:
    assert f"antrean-printer {command} " in PAGE


@pytest.mark.parametrize("kind", sorted(READERS))
def test_the_guide_names_every_kind_of_target(kind: str) -> None:
    assert f"| `{kind}:" in PAGE
