"""The pages of the booking site over a desk of tests, and a visitor who reads them as a plain browser would."""

import datetime
import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.site.pages import blueprint
from queue_server.site.settings import SiteSettings
from tests.site_pages.fake_desk import KEY, FakeDesk

SERVICE = "ktp-hilang"
TUESDAY = datetime.date(2026, 11, 24)
CONTACT = "081200000000"
PATH = f"/m/{KEY}/{SERVICE}"
SETTINGS = SiteSettings(public_url="https://booking.samudra.example", site_name="Booking Samudra")


def site_of(desk: FakeDesk, settings: SiteSettings = SETTINGS) -> Flask:
    """An application of these pages alone; a crash is raised, not shown."""
    app = Flask("site", static_folder=None)
    app.testing = True
    app.register_blueprint(blueprint(desk, settings))
    return app


def starts(desk: FakeDesk, date: datetime.date = TUESDAY, service: str = SERVICE) -> list[int]:
    """The starts of a day's slots that have not begun."""
    return [slot.start_ms for slot in desk.slots(KEY, service, date)]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def book(
    site: FlaskClient, start_ms: int, contact: str = CONTACT, path: str = PATH, query: str = ""
) -> TestResponse:
    """Opens the form of a slot, types the contact and presses the key."""
    page = site.get(f"{path}/at/{start_ms}{query}").text
    sent = {"start": hidden(page, "start"), "form": hidden(page, "form"), "contact": contact}
    return site.post(f"{path}/book{query}", data=sent)


def said(page: str) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(head|svg|style)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))
