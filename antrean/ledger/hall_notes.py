"""The texts of officers' notes: outside of the log, so that they can be erased when their time is over.

The event in the log holds a salted commitment to the text. Erasing removes text and salt; the log stays whole, and
what is left in it can no longer be tied to any text.
"""

from antrean.domain.visit_notes import commitment
from antrean.ledger.writer import Transaction


def keep_note(
    tx: Transaction, note_id: str, *, ticket_id: str, day: str, written_ms: int, salt: bytes, text: str
) -> None:
    """Keep a note's text; in the same transaction as its event."""
    tx.execute(
        "INSERT INTO notes (note_id, ticket_id, day, written_ms, salt, text) VALUES (?, ?, ?, ?, ?, ?)",
        (note_id, ticket_id, day, written_ms, salt, text),
    )


def texts_of_day(r: Transaction, day: str) -> dict[str, str]:
    """The texts of a local date's notes by their ids, without the erased ones."""
    return dict(r.execute("SELECT note_id, text FROM notes WHERE day = ?", (day,)).fetchall())


def erase_notes(tx: Transaction, before_ms: int) -> int:
    """Erase the texts written before `before_ms` and return how many; their bytes in the file are overwritten."""
    tx.execute("PRAGMA secure_delete = ON")
    return tx.execute("DELETE FROM notes WHERE written_ms < ?", (before_ms,)).rowcount


def changed_notes(r: Transaction) -> list[str]:
    """The ids of kept notes that are not what their event in the log commits to; [] for a file without notes."""
    if r.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes'").fetchone() is None:
        return []  # a backup from before there were any
    rows = r.execute(
        "SELECT n.note_id, n.salt, n.text, json_extract(e.body, '$.commitment') FROM notes n LEFT JOIN events e "
        "ON e.day = n.day AND e.type = 'NoteWritten' AND json_extract(e.body, '$.note_id') = n.note_id"
    )
    return [row[0] for row in rows if commitment(row[1], row[2]) != row[3]]
