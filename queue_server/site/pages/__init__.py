"""The pages of the booking site: choose a mall, a service, a day and a time, and keep the booking.

Knows how the pages look and what they ask; reaches bookings only through `BookingDesk`, never a ledger. No page needs
a script or a cookie: a visitor's language, size of letters and colours travel in the address.
"""

from queue_server.site.pages.blueprint import blueprint

__all__ = ["blueprint"]
