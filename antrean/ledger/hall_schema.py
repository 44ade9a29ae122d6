"""The tables of a server's ledger."""

from antrean.ledger.hall_bookings_schema import BOOKINGS
from antrean.ledger.schema import Migration, Schema

_LOG = (
    """CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE device_logs (
        device_id TEXT NOT NULL,
        log_id TEXT NOT NULL,
        ack_seq INTEGER NOT NULL,
        last_hash TEXT NOT NULL,
        last_order_ms INTEGER NOT NULL,
        PRIMARY KEY (device_id, log_id)
    ) STRICT, WITHOUT ROWID""",
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
        order_ms INTEGER NOT NULL,
        anchored INTEGER NOT NULL,
        received_ms INTEGER NOT NULL,
        day TEXT NOT NULL,
        UNIQUE (device_id, log_id, seq)
    ) STRICT""",
    "CREATE INDEX events_by_day ON events (day)",
    """CREATE TABLE tickets (
        ticket_id TEXT PRIMARY KEY,
        issuer TEXT NOT NULL,
        generation INTEGER NOT NULL,
        series TEXT NOT NULL,
        number INTEGER NOT NULL,
        service TEXT NOT NULL,
        day TEXT NOT NULL,
        position INTEGER NOT NULL REFERENCES events (position),
        twin INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Two cloned kiosks can print one number twice. Both papers are in people's hands and stay valid: the later
    # one is kept as a twin, outside the index that otherwise makes a second use impossible.
    "CREATE UNIQUE INDEX ticket_numbers ON tickets (issuer, generation, series, number) WHERE twin = 0",
    """CREATE TABLE generations (
        issuer TEXT PRIMARY KEY,
        generation INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        device_id TEXT NOT NULL,
        log_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        code TEXT NOT NULL,
        raw TEXT NOT NULL,
        received_ms INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'accepted', 'dismissed')),
        note TEXT NOT NULL DEFAULT '',
        settled_by TEXT,
        settled_ms INTEGER,
        UNIQUE (device_id, log_id, seq)
    ) STRICT""",
    """CREATE TABLE commands (
        key TEXT PRIMARY KEY,
        body_hash TEXT NOT NULL,
        status INTEGER NOT NULL,
        answer TEXT NOT NULL,
        created_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX commands_by_age ON commands (created_ms)",
)
_DEVICES = (
    """CREATE TABLE devices (
        device_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        issuer TEXT UNIQUE,
        counter TEXT,
        token_hash TEXT NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL,
        withdrawn_ms INTEGER,
        seen_ms INTEGER,
        version TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE pairing_codes (
        code_hash TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        counter TEXT,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        device_id TEXT REFERENCES devices (device_id)
    ) STRICT, WITHOUT ROWID""",
)
_PEOPLE = (
    """CREATE TABLE users (
        name TEXT PRIMARY KEY,
        shown_name TEXT NOT NULL,
        roles TEXT NOT NULL,
        password_hash TEXT,
        counter TEXT,
        failed INTEGER NOT NULL DEFAULT 0,
        locked_until_ms INTEGER,
        disabled INTEGER NOT NULL DEFAULT 0,
        created_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sessions (
        session_hash TEXT PRIMARY KEY,
        user TEXT NOT NULL REFERENCES users (name),
        created_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        counter TEXT,
        csrf TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX sessions_by_user ON sessions (user)",
    """CREATE TABLE api_tokens (
        token_hash TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        counter TEXT,
        created_ms INTEGER NOT NULL,
        withdrawn_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE one_time_links (
        link_hash TEXT PRIMARY KEY,
        user TEXT NOT NULL REFERENCES users (name),
        purpose TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        used_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT""",
)

_NOTES = (
    """CREATE TABLE notes (
        note_id TEXT PRIMARY KEY,
        ticket_id TEXT NOT NULL,
        day TEXT NOT NULL,
        written_ms INTEGER NOT NULL,
        salt BLOB NOT NULL,
        text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX notes_by_day ON notes (day)",
    "CREATE INDEX notes_by_age ON notes (written_ms)",
)

HALL_SCHEMA = Schema(
    name="hall",
    application_id=0x414E5348,  # "ANSH"
    migrations=(
        Migration("1-log-devices-people", _LOG + _DEVICES + _PEOPLE),
        Migration("2-notes", _NOTES),
        Migration("3-bookings", BOOKINGS),
    ),
)
