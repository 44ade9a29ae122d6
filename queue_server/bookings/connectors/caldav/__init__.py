"""Bookings that stand in a calendar (iCalendar, CalDAV): one appointment is one booking.

Knows iCalendar and `antrean.link.caldav`; must never import the ledger or the hall.
"""

from __future__ import annotations

from collections.abc import Callable

from antrean.domain.settings import BadSettings
from antrean.link.caldav import Calendar
from antrean.link.dav import Account
from queue_server.bookings.connector import Connector, Kind, SourceSetting, SourceSettings
from queue_server.bookings.connectors.caldav.calendar import CalendarSource

_AUTH = ("basic", "digest")

SETTINGS = (
    SourceSetting("url", "text", "The address of the calendar, of the account or of the server."),
    SourceSetting("calendar", "text", "Which calendar of the account, by its name; empty: its only one.", ""),
    SourceSetting("user", "text", "The account's user name."),
    SourceSetting("password", "secret", "The account's password, best one made for this mall alone."),
    SourceSetting("auth", "text", "How the server wants the password: basic or digest.", "basic"),
    SourceSetting(
        "service", "text", "The service of entries that name none, by its code; empty: a problem.", ""
    ),
    SourceSetting("write_outcomes", "switch", "Write into each entry what became of the booking.", True),
    SourceSetting("write_codes", "switch", "Write a code into each entry that has none.", False),
    SourceSetting("ca_file", "file", "Its certificate authority (PEM); empty: the usual ones.", ""),
    SourceSetting("proxy", "text", "The proxy by which this house reaches the internet; empty: none.", ""),
)


def connector_of(
    settings: SourceSettings, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]
) -> Connector:
    """A connector for one calendar; raises BadSettings, and BadInput `bad_url` or `https_needed`."""
    if settings["auth"] not in _AUTH:
        raise BadSettings([f"auth must be {' or '.join(_AUTH)}, not {settings['auth']!r}"])
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
