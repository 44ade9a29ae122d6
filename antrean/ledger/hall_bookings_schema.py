"""The tables of the bookings room: copies of what outsides sold, and what has still to be told to them."""

BOOKINGS = (
    """CREATE TABLE booking_sources (
        name TEXT PRIMARY KEY,
        life TEXT NOT NULL,
        cursor TEXT NOT NULL,
        keys TEXT NOT NULL,
        since_ms INTEGER NOT NULL,
        last_contact_ms INTEGER,
        last_error TEXT NOT NULL,
        error_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE bookings (
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        code TEXT NOT NULL,
        service TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        cancelled INTEGER NOT NULL,
        revision TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('', 'arrived', 'fulfilled', 'noshow')),
        outcome_ms INTEGER,
        ticket_id TEXT NOT NULL,
        label TEXT NOT NULL,
        known_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL,
        rev INTEGER NOT NULL UNIQUE,
        PRIMARY KEY (source, booking_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bookings_by_code ON bookings (code)",
    "CREATE INDEX bookings_by_start ON bookings (start_ms)",
    """CREATE TABLE booking_outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('arrived', 'fulfilled', 'noshow')),
        at_ms INTEGER NOT NULL,
        after_cancel INTEGER NOT NULL,
        label TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'done', 'quarantined', 'dismissed')),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_ms INTEGER NOT NULL DEFAULT 0,
        last_error TEXT NOT NULL DEFAULT '',
        made_ms INTEGER NOT NULL,
        settled_ms INTEGER,
        settled_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX outbox_unsettled ON booking_outbox (source, booking_id, id)"
    " WHERE state IN ('waiting', 'quarantined')",
    """CREATE TABLE booking_arrivals (
        ticket_id TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        service TEXT NOT NULL,
        slot_ms INTEGER NOT NULL,
        order_ms INTEGER NOT NULL,
        label TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX arrivals_by_booking ON booking_arrivals (source, booking_id)",
    "CREATE INDEX arrivals_by_slot ON booking_arrivals (slot_ms, service)",
    """CREATE TABLE booking_claims (
        ticket_id TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        service TEXT NOT NULL,
        day TEXT NOT NULL,
        order_ms INTEGER NOT NULL,
        label TEXT NOT NULL,
        settled INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX claims_by_code ON booking_claims (code) WHERE settled = 0",
    """CREATE TABLE booking_conflicts (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        day TEXT NOT NULL,
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        code TEXT NOT NULL,
        what TEXT NOT NULL,
        decision TEXT NOT NULL,
        detail TEXT NOT NULL,
        UNIQUE (what, source, booking_id, detail)
    ) STRICT""",
    "CREATE INDEX conflicts_by_day ON booking_conflicts (day)",
    """CREATE TABLE booking_problems (
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        first_ms INTEGER NOT NULL,
        last_ms INTEGER NOT NULL,
        PRIMARY KEY (source, booking_id, code)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE booking_counts (
        day TEXT NOT NULL,
        service TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        booked INTEGER NOT NULL,
        cancelled INTEGER NOT NULL,
        noshow INTEGER NOT NULL,
        PRIMARY KEY (day, service, start_ms)
    ) STRICT, WITHOUT ROWID""",
    # No event of an older program speaks of bookings: the whole log so far is already told.
    "INSERT INTO meta (name, value) SELECT 'setting.bookings.told', CAST(coalesce(max(seq), 0) AS TEXT)"
    " FROM sqlite_sequence WHERE name = 'events'",
)
