"""Speaks the JSON booking API (docs/booking-api.md) with the booking site or a city's own portal.

Asks through `antrean.link`; it must never import the ledger, the hall or another connector.
"""

from queue_server.bookings.connector import Kind, SourceSetting
from queue_server.bookings.connectors.json.connector import connector_of

KEYS = (
    SourceSetting("url", "text", "The address of the booking site or portal; what follows is /v1/…"),
    SourceSetting("mall", "text", "What it calls this mall: small letters, digits and hyphens."),
    SourceSetting("secret", "secret", "The secret shared with it, at least 32 characters."),
    SourceSetting("ca_file", "file", "Its certificate authority (PEM); empty: the usual ones.", ""),
    SourceSetting("proxy", "text", "The proxy by which this house reaches the internet; empty: none.", ""),
)

KIND = Kind(KEYS, connector_of)
