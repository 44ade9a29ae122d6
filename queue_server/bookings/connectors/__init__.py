"""The kinds of outsides a mall can speak with, one folder each; copying a folder is how to add another.

A folder knows the language of its outside and `queue_server.bookings.connector`; it must never import the ledger or the
hall.
"""

from collections.abc import Mapping

from queue_server.bookings.connector import Kind
from queue_server.bookings.connectors import caldav, json

KINDS: Mapping[str, Kind] = {
    "json": json.KIND,
    "caldav": caldav.KIND,
}
"""By the word that stands after `kind =` in `bookings.toml`."""
