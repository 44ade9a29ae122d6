"""The mall's queue server: accepts device logs, decides calls, tells every screen, and answers staff and reports.

It may import antrean.domain, antrean.ledger, antrean.voice, antrean.texts and antrean.look (antrean.link only in the
bookings room); it must never import kiosk, display or printers.
"""
