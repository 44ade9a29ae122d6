"""A server's ledger that goes on from an earlier state of itself, or in place of another server."""

from antrean.ledger import hall_issuers, hall_meta
from antrean.ledger.writer import Transaction


def reincarnate(tx: Transaction, *, incarnation: str, log_id: str) -> None:
    """Begin a new life: devices offer again what it lacks, and no new kiosk prints what another life may have given."""
    hall_issuers.leave_out(tx)
    hall_meta.begin_life(tx, incarnation=incarnation, log_id=log_id)
