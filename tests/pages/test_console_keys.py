"""Every action of the console has a key of its own, and the list of keys in the docs is the one in the script."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "queue_server" / "static" / "js" / "console.js"
OPPOSITES = [
    {"start_break", "end_break"},
    {"open_counter", "close_counter"},
    {"accept_help", "finish_help"},
    {"check_in", "retry_now"},
]
"""Never possible at the same time: one key does whichever makes sense."""
NO_KEY = {"take_over", "leave_taken", "seen"}


def keys() -> dict[str, str]:
    """The key of each action, "" where it has none."""
    table = SCRIPT.read_text().partition("const ACTIONS = {")[2].partition("\n};")[0]
    rows = re.findall(r"^  (\w+): \{(?: key: \"(.)\")?", table, re.M)
    return dict(rows)


def test_no_two_actions_share_a_key_but_those_that_are_opposites() -> None:
    by_key: dict[str, set[str]] = {}
    for name, key in keys().items():
        by_key.setdefault(key, set()).add(name)
    assert by_key.pop("") == NO_KEY
    assert [names for names in by_key.values() if len(names) > 1] == OPPOSITES
    assert not set(by_key) & set("0123456789"), "a scanner begins with a digit"


def test_the_docs_list_the_keys_of_the_script() -> None:
    table = (
        (ROOT / "docs" / "pages.md")
        .read_text()
        .partition("## The console's keys")[2]
        .partition("\n\nA scanner")[0]
    )
    listed = re.findall(r"\| ([A-Z?=-]) \|", table)
    assert sorted(listed) == sorted(set(keys().values()) - {""})
