"""What we remember: append-only logs, outbox, devices and people, in SQLite files; the only SQL we have.

Imports `antrean.domain` and nothing else of ours; never the standard library's `sqlite3`: it may be too old.
"""
