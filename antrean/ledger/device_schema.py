"""The tables of a kiosk's or display's ledger."""

from antrean.ledger.schema import Migration, Schema

_FIRST = (
    """CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE own (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        device_id TEXT NOT NULL,
        issuer TEXT NOT NULL,
        log_id TEXT NOT NULL,
        last_seq INTEGER NOT NULL,
        last_hash TEXT NOT NULL,
        day TEXT NOT NULL,
        generation INTEGER NOT NULL,
        clean INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE events (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL UNIQUE,
        device_id TEXT NOT NULL,
        log_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        v INTEGER NOT NULL,
        boot_id TEXT NOT NULL,
        boot_ms INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        prev_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        UNIQUE (log_id, seq)
    ) STRICT""",
    """CREATE TABLE outbox (
        position INTEGER PRIMARY KEY REFERENCES events (position),
        attempts INTEGER NOT NULL DEFAULT 0,
        acknowledged_ms INTEGER,
        moved INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX outbox_waiting ON outbox (position) WHERE acknowledged_ms IS NULL AND moved = 0",
    """CREATE TABLE tickets (
        issuer TEXT NOT NULL,
        generation INTEGER NOT NULL,
        series TEXT NOT NULL,
        number INTEGER NOT NULL,
        ticket_id TEXT NOT NULL UNIQUE,
        service TEXT NOT NULL,
        position INTEGER NOT NULL REFERENCES events (position),
        printed TEXT NOT NULL CHECK (printed IN ('pending', 'ok', 'failed', 'unknown')),
        PRIMARY KEY (issuer, generation, series, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX tickets_unprinted ON tickets (position) WHERE printed = 'pending'",
    """CREATE TABLE counters (
        series TEXT PRIMARY KEY,
        last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE heard (
        series TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shares (
        service TEXT PRIMARY KEY,
        day TEXT NOT NULL,
        granted INTEGER NOT NULL,
        spent INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE anchors (
        boot_id TEXT PRIMARY KEY,
        boot_ms INTEGER NOT NULL,
        server_ms INTEGER NOT NULL,
        error_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

_PURGE = (
    """CREATE TABLE log_tails (
        log_id TEXT PRIMARY KEY,
        backed_up_seq INTEGER NOT NULL,
        purged_seq INTEGER NOT NULL,
        purged_hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Deleting an event must find its ticket without reading them all.
    "CREATE INDEX tickets_by_position ON tickets (position)",
)

_ORDERS = (
    # Tickets of the server that this kiosk was told to print: each once, whatever is told again.
    """CREATE TABLE print_orders (
        ticket_id TEXT PRIMARY KEY,
        printed TEXT NOT NULL CHECK (printed IN ('pending', 'ok', 'failed', 'unknown'))
    ) STRICT, WITHOUT ROWID""",
)

_BOOKINGS = (
    # What the server last told of the coming bookings; `typed` is the code as people type it, `listing` which full
    # listing told of it last.
    """CREATE TABLE bookings (
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        code TEXT NOT NULL,
        service TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')),
        label TEXT NOT NULL,
        ticket_id TEXT NOT NULL,
        typed TEXT NOT NULL,
        listing INTEGER NOT NULL,
        PRIMARY KEY (source, booking_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bookings_typed ON bookings (typed)",
    "CREATE INDEX bookings_ended ON bookings (end_ms)",
    """CREATE TABLE booking_copy (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        cursor TEXT NOT NULL,
        listing INTEGER NOT NULL,
        listing_ended INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE booking_keys (
        source TEXT NOT NULL,
        mall TEXT NOT NULL,
        key_hex TEXT NOT NULL,
        PRIMARY KEY (source, mall, key_hex)
    ) STRICT, WITHOUT ROWID""",
    # One number for one booking: the key says so, whoever asks twice.
    """CREATE TABLE booking_arrivals (
        source TEXT NOT NULL,
        booking_id TEXT NOT NULL,
        ticket_id TEXT NOT NULL UNIQUE,
        code TEXT NOT NULL,
        service TEXT NOT NULL,
        label TEXT NOT NULL,
        slot_ms INTEGER NOT NULL,
        slot_end_ms INTEGER NOT NULL,
        proof TEXT NOT NULL,
        day TEXT NOT NULL,
        priority INTEGER NOT NULL,
        language TEXT NOT NULL,
        token TEXT NOT NULL,
        taken_ms INTEGER NOT NULL,
        PRIMARY KEY (source, booking_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX booking_arrivals_code ON booking_arrivals (code)",
)

_EPOCHS = ("ALTER TABLE anchors ADD COLUMN epoch TEXT NOT NULL DEFAULT ''",)

DEVICE_SCHEMA = Schema(
    name="device",
    application_id=0x414E5344,  # "ANSD"
    migrations=(
        Migration("1-log-outbox-numbers", _FIRST),
        Migration("2-purge", _PURGE),
        Migration("3-print-orders", _ORDERS),
        Migration("4-bookings", _BOOKINGS),
        Migration("5-epochs", _EPOCHS),
    ),
)
