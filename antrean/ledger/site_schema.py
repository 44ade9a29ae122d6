"""The tables of a booking site's ledger."""

from antrean.ledger.schema import Migration, Schema

_SITE = (
    """CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE malls (
        key TEXT PRIMARY KEY,
        secret TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        withdrawn_ms INTEGER,
        heard_ms INTEGER,
        catalogue_rev INTEGER,
        catalogue INTEGER,
        crowd TEXT NOT NULL DEFAULT '[]',
        crowd_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    # A mall's newest is sold by; older ones stay while a booking was made by them. Numbered here, because a restored
    # mall gives a revision a second time.
    """CREATE TABLE catalogues (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        mall TEXT NOT NULL REFERENCES malls (key),
        file TEXT NOT NULL
    ) STRICT""",
    # `change` orders what a mall has to hear; `place` is the booking's own of its slot's places, and NULL once it was
    # cancelled. Contacts are kept as keyed hashes, and only for a while.
    """CREATE TABLE bookings (
        code TEXT PRIMARY KEY,
        mall TEXT NOT NULL REFERENCES malls (key),
        service TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL CHECK (end_ms > start_ms),
        place INTEGER,
        status TEXT NOT NULL CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')),
        cancelled INTEGER NOT NULL DEFAULT 0,
        label TEXT NOT NULL DEFAULT '',
        secret_hash TEXT NOT NULL UNIQUE,
        contact_hash TEXT,
        language TEXT NOT NULL,
        catalogue INTEGER NOT NULL REFERENCES catalogues (number),
        change INTEGER NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        created_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Whatever the code above it may miss: no place of a slot is ever sold twice.
    """CREATE UNIQUE INDEX places ON bookings (mall, service, start_ms, place) WHERE place IS NOT NULL""",
    "CREATE INDEX bookings_by_contact ON bookings (contact_hash, service) WHERE contact_hash IS NOT NULL",
    "CREATE INDEX bookings_by_change ON bookings (mall, change)",
    "CREATE INDEX bookings_by_end ON bookings (end_ms)",
    "CREATE INDEX bookings_by_catalogue ON bookings (catalogue)",
    """CREATE TABLE outcomes (
        mall TEXT NOT NULL REFERENCES malls (key),
        key TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        status TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        PRIMARY KEY (mall, key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX outcomes_by_age ON outcomes (created_ms)",
)

SITE_SCHEMA = Schema(
    name="site",
    application_id=0x414E5342,  # "ANSB"
    migrations=(Migration("1-malls-bookings", _SITE),),
)
