"""Turns a ticket into paper: layout, ESC/POS bytes, transports, the spool, and a virtual printer.

It knows what a ticket looks like and how a printer answers; it must never import the kiosk, the server,
the display, the ledger or the link.
"""
