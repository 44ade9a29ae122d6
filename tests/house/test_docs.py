"""The pages say what the code does."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from antrean.domain.catalogue import (
    Agency,
    BookingRule,
    Counter,
    Journey,
    Mall,
    Need,
    Policy,
    Requirement,
    Service,
    Zone,
)
from queue_server.app import PageRoom
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from scripts import docs, docs_programs
from tests.server.house_of_tests import FakeWorld, fill, served


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


@pytest.mark.parametrize(
    "kind", [Mall, Policy, Zone, Need, Agency, Service, BookingRule, Requirement, Counter, Journey]
)
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


def test_every_address_the_server_answers_is_in_the_pages(tmp_path: Path, root: Path) -> None:
    page = (root / "docs" / "http.md").read_text(encoding="utf-8")
    fill(tmp_path)
    with served(tmp_path, FakeWorld(), PageRoom(pages_blueprint, error_page), voice=True) as house:
        rules = {rule.rule for rule in house.running.http.wsgi_app.url_map.iter_rules()}
    assert len(rules) > 20
    assert not {rule for rule in rules if not re.search(rf"(?<=[ `]){re.escape(rule)}(?=[`?])", page)}


def test_every_target_of_make_that_the_pages_name_exists(root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in [root / "README.md", *(root / "docs").rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
        assert named <= targets, f"{path.name}: {sorted(named - targets)}"


def test_every_picture_of_the_readme_is_made_by_the_script(root: Path) -> None:
    shown = set(re.findall(r'src="docs/pictures/([a-z-]+\.png)"', (root / "README.md").read_text("utf-8")))
    kept = {path.name for path in (root / "docs" / "pictures").glob("*.png")}
    assert shown
    assert shown <= kept
    assert sum(path.stat().st_size for path in (root / "docs" / "pictures").iterdir()) < 3_000_000


def test_the_settings_of_every_program_are_drawn_into_the_pages() -> None:
    drawn = {name for name in docs.SECTIONS["commands.md"] if name.endswith("-settings")}
    programs = ("server", "booking", "kiosk", "display", "printer")
    assert drawn == {f"{program}-settings" for program in programs}
