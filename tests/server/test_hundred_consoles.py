"""A hundred consoles call at once; `make soak CONSOLES=100` plays the whole morning of 10,000 tickets."""

from pathlib import Path

import pytest

from tests.server.hundred_consoles import morning


@pytest.mark.slow
def test_a_hundred_consoles_call_nobody_twice_forget_nobody_and_can_explain_every_call(
    tmp_path: Path,
) -> None:
    report = morning(tmp_path, consoles=100, tickets=1_500, seed=5)
    assert report.problems == [], report.text()
    assert report.calls > 1_500, "some came back or were sent on"
    assert report.refused["already_calling"] > 0, "a second tab was refused"
    assert report.why.keys() >= {"arrival", "priority", "helping", "chosen"}
