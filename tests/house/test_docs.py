"""The pages say what the code does."""

import pytest

from scripts import docs


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
