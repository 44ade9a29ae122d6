"""The lists of pages in the docs are the lists of pages: of a mall's server, and of the booking site."""

import re
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask

from queue_server.pages import House, pages_blueprint
from queue_server.site.desk import BookingDesk
from queue_server.site.pages import blueprint
from queue_server.site.settings import SiteSettings

DOCS = Path(__file__).parent.parent.parent / "docs" / "pages.md"
SITE = "## The booking site"


def rules_of(pages: Blueprint) -> set[str]:
    """The addresses a blueprint answers."""
    app = Flask("pages", static_folder=None)
    app.register_blueprint(pages)
    return {rule.rule for rule in app.url_map.iter_rules()}


def written() -> tuple[set[str], set[str]]:
    """The addresses in the tables before and under the booking site's heading."""
    before, _, under = DOCS.read_text(encoding="utf-8").partition(SITE)
    lists = (set(re.findall(r"^\| `(/[^`]*)`", part, re.MULTILINE)) for part in (before, under))
    return next(lists), next(lists)


def test_every_page_is_in_the_docs_and_no_other() -> None:
    pages = pages_blueprint(cast(House, object()))  # no page is opened, so nothing is asked
    assert written()[0] == rules_of(pages)


def test_every_page_of_the_booking_site_is_in_the_docs_and_no_other() -> None:
    pages = blueprint(cast(BookingDesk, object()), SiteSettings())
    assert written()[1] == rules_of(pages)
