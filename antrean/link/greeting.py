"""What a device tells the server first."""

from dataclasses import dataclass

from antrean.domain.timeline import Anchor


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a device says of itself when it meets the server.

    `paper_key` is the public key that signs its tickets, `paper_keys` how many such keys it has heard of.
    """

    term: int
    program: str
    version: str
    log_id: str
    last_seq: int
    boot_id: str
    boot_ms: int
    wall_ms: int
    catalogue_rev: int | None
    anchors: tuple[Anchor, ...] = ()
    paper_key: str | None = None
    paper_keys: int = 0
