"""The list of pages in the docs is the list of pages."""

import re
from pathlib import Path
from typing import cast

from flask import Flask

from queue_server.pages import House, pages_blueprint

DOCS = Path(__file__).parent.parent.parent / "docs" / "pages.md"


def test_every_page_is_in_the_docs_and_no_other() -> None:
    app = Flask("pages", static_folder=None)
    app.register_blueprint(pages_blueprint(cast(House, object())))  # no page is opened, so nothing is asked
    written = set(re.findall(r"^\| `(/[^`]*)`", DOCS.read_text(), re.MULTILINE))
    assert written == {rule.rule for rule in app.url_map.iter_rules()}
