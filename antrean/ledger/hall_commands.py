"""Answers to commands by their idempotency key: the same key gets the same answer."""

from dataclasses import dataclass

from antrean.ledger.writer import Transaction


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered under a key; `answer` is JSON text, `body_hash` tells another body under one key."""

    key: str
    body_hash: str
    status: int
    answer: str
    created_ms: int


def stored_answer(r: Transaction, key: str) -> StoredAnswer | None:
    """The answer given under `key`, or None."""
    row = r.execute(
        "SELECT key, body_hash, status, answer, created_ms FROM commands WHERE key = ?", (key,)
    ).fetchone()
    return None if row is None else StoredAnswer(*row)


def store_answer(tx: Transaction, key: str, body_hash: str, status: int, answer: str, now_ms: int) -> None:
    """Keep an answer; in the same transaction as the command's events."""
    tx.execute("INSERT INTO commands VALUES (?, ?, ?, ?, ?)", (key, body_hash, status, answer, now_ms))


def forget_answers(tx: Transaction, before_ms: int) -> int:
    """Drop answers older than `before_ms` and return how many."""
    return tx.execute("DELETE FROM commands WHERE created_ms < ?", (before_ms,)).rowcount
