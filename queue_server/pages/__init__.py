"""The web pages: sign-in, console, board, phone, manager, helper and administrator.

Knows how pages look and what they ask; reaches the queue only through `House`, never a ledger or the live hall.
"""

from queue_server.pages.context import House, Person, ReportQuery, Storage
from queue_server.pages.site import pages_blueprint

__all__ = ["House", "Person", "ReportQuery", "Storage", "pages_blueprint"]
