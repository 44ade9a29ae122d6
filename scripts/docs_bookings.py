"""What the pages say about bookings, read from the code: the settings of each connector, the JSON booking API."""

from __future__ import annotations

import json

from queue_server import openapi
from queue_server.booking_operations import TITLE, booking_operations
from queue_server.bookings.connector import SourceSetting
from queue_server.bookings.connectors import KINDS
from queue_server.operations import Answer, Call
from scripts.docs_domain import row

API_VERSION = "1"


def connector_settings() -> str:
    """Render the settings of every kind of source."""
    parts = []
    for name, kind in KINDS.items():
        rows = [row("setting", "default", "means"), "|---|---|---|"]
        rows += [row(_name(one), _default(one), one.means) for one in kind.settings]
        parts.append("\n".join([f'`kind = "{name}"`', "", *rows]))
    return "\n\n".join(parts)


def _name(setting: SourceSetting) -> str:
    return f"`{setting.name}`" + (f" or `{setting.name}_file`" if setting.shape == "secret" else "")


def _default(setting: SourceSetting) -> str:
    if setting.default is None:
        return "must be given"
    return f"`{json.dumps(setting.default)}`"


def booking_api() -> str:
    """The OpenAPI description of what an outside answers to its malls, as the file's text."""
    operations = booking_operations(_unasked, _unasked, _unasked)
    return json.dumps(openapi.document(operations, API_VERSION, TITLE), indent=1, ensure_ascii=False) + "\n"


def _unasked(call: Call) -> Answer:
    raise AssertionError("the description asks nobody")
