"""The pages say what the code does."""

from dataclasses import fields
from pathlib import Path

import pytest

from antrean.domain.catalogue import Agency, Counter, Mall, Need, Policy, Requirement, Service, Zone
from printers.settings import PREFIX, Settings
from scripts import docs, docs_programs


def test_what_is_drawn_from_the_code_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, f"{capsys.readouterr().out} Run: python -m scripts.docs"


def test_drawing_replaces_only_what_is_between_the_markers() -> None:
    page = "head\n<!-- x:begin -->old<!-- x:end -->\ntail"
    once = docs.drawn(page, "x", "new")
    assert once == "head\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\ntail"
    assert docs.drawn(once, "x", "new") == once


def test_a_page_without_its_marker_is_an_error() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        docs.drawn("no marker", "x", "new")


@pytest.mark.parametrize("program", docs_programs.PROGRAMS)
def test_every_command_and_option_is_in_the_pages(program: str, root: Path) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    for line, text in docs_programs.helps(program):
        section = page.partition(f"### `{line}`\n")[2].partition("\n### ")[0]
        assert section, f"{line} is not in docs/commands.md. Run: python -m scripts.docs"
        missing = docs_programs.options_of(text) - docs_programs.options_of(section)
        assert not missing, f"{line}: {sorted(missing)}. Run: python -m scripts.docs"


def test_every_setting_of_the_printer_program_is_in_the_pages(root: Path) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    for field in fields(Settings):
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        assert f"| `{field.name}` | `{PREFIX}{field.name.upper()}` | `{default}` |" in page


@pytest.mark.parametrize("kind", [Mall, Policy, Zone, Need, Agency, Service, Requirement, Counter])
def test_every_key_of_the_mall_file_is_in_the_pages(kind: type, root: Path) -> None:
    page = (root / "docs" / "mall-file.md").read_text(encoding="utf-8")
    keys = {field.name for field in fields(kind)}
    missing = {
        key for key in keys if f"`{key}`" not in page and f"`[[{key}]]`" not in page and key != "policy"
    }
    assert not missing


def test_the_defaults_of_the_rules_are_in_the_pages(root: Path) -> None:
    page = (root / "docs" / "mall-file.md").read_text(encoding="utf-8")
    for field in fields(Policy):
        assert f"| `{field.name}` | {field.default} |" in page
