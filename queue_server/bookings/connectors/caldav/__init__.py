"""Bookings that stand in a calendar (iCalendar, CalDAV): one appointment is one booking.

Knows iCalendar and `antrean.link.caldav`; must never import the ledger or the hall.
"""

from __future__ import annotations

from collections.abc import Callable

from antrean.domain.errors import BadInput
from antrean.link.caldav import Calendar
from antrean.link.dav import Account
from queue_server.bookings.connector import Connector, Kind, SourceSetting, SourceSettings
from queue_server.bookings.connectors.caldav.calendar import CalendarSource

_AUTH = ("basic", "digest")

SETTINGS = (
    SourceSetting(
        "url", "text", "the address of the calendar, of the account or of the server, beginning with https"
    ),
    SourceSetting(
        "calendar", "text", "which calendar of the account: its name; not needed when there is one", ""
    ),
    SourceSetting("user", "text", "the account's user name"),
    SourceSetting("password", "secret", "the account's password, best one made for this alone"),
    SourceSetting("auth", "text", "how the server wants the password: basic or digest", "basic"),
    SourceSetting("service", "text", "code of the service of entries that name none", ""),
    SourceSetting("write_outcomes", "switch", "write into each entry what became of the booking", True),
    SourceSetting("write_codes", "switch", "write a code into each entry that has none", False),
    SourceSetting("ca_file", "file", "certificates to trust instead of the usual ones, in PEM form", ""),
    SourceSetting("proxy", "text", 'the proxy by which this house reaches the internet, "" for none', ""),
)


def connector_of(
    settings: SourceSettings, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]
) -> Connector:
    """A connector for one calendar; raises BadInput `bad_setting` or `bad_url`."""
    if settings["auth"] not in _AUTH:
        raise BadInput("bad_setting", name="auth", known=", ".join(_AUTH))
    account = Account(
        url=str(settings["url"]),
        user=str(settings["user"]),
        password=str(settings["password"]),
        digest=settings["auth"] == "digest",
        ca_file=str(settings["ca_file"]),
        proxy=str(settings["proxy"]),
    )
    return CalendarSource(
        Calendar(account, str(settings["calendar"])),
        random_bytes,
        service=str(settings["service"]),
        writes_codes=bool(settings["write_codes"]),
        writes_outcomes=bool(settings["write_outcomes"]),
    )


KIND = Kind(SETTINGS, connector_of)
