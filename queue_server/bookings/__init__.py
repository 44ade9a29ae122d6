"""Knows the bookings of others: fetches them ahead, so that check-in needs no internet, and tells what came of them.

The only room of the server that asks the outside world (`antrean.link`). It must never import pages, kiosk, display or
printers.
"""
