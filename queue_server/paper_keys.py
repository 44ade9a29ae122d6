"""The kiosks' public keys: told by each at pairing and greeting, kept for ever, told to all, and papers proven by them.

A withdrawn kiosk's keys stay good: the usual reason to prove a paper is that its kiosk's disk had to be replaced.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from antrean.domain.claim import PaperKey, Proven
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.events import TicketReadmitted
from antrean.domain.readmission import readmitted, services_of
from antrean.ledger import hall_meta
from antrean.ledger.writer import Transaction
from antrean.seal.keys import prove
from queue_server.live import Turn

_NAME = "paper_keys"
MOST_KEYS_A_DEVICE = 16


def known_keys(r: Transaction) -> tuple[PaperKey, ...]:
    """Every key ever told, oldest first; their count grows with each new one."""
    return tuple(PaperKey(*row) for row in json.loads(hall_meta.setting(r, _NAME) or "[]"))


def note_key(tx: Transaction, device_id: str, issuer: str | None, key: str | None) -> tuple[PaperKey, ...]:
    """Keep a kiosk's key beside its older ones; returns all. A device tells a new one only from a new data folder."""
    known = known_keys(tx)
    if key is None or issuer is None:
        return known
    own = [one.key for one in known if one.device_id == device_id]
    if key in own or len(own) >= MOST_KEYS_A_DEVICE:
        return known
    known = (*known, PaperKey(device_id, issuer, key))
    hall_meta.set_setting(tx, _NAME, json.dumps([[one.device_id, one.issuer, one.key] for one in known]))
    return known


def told(known: Sequence[PaperKey], heard: int) -> list[dict[str, str]] | None:
    """The wire form for a kiosk that has heard of `heard` keys; None when it knows them all."""
    if heard == len(known):
        return None
    return [{"device_id": one.device_id, "issuer": one.issuer, "key": one.key} for one in known]


def proven(turn: Turn, token: str) -> Proven:
    """The ticket a paper proves; raises BadInput `bad_paper` or RuleViolation `unknown_paper`."""
    mall = turn.truth.hall.mall
    return prove(token, known_keys(turn.tx), lambda series: services_of(mall, series))


def is_true(turn: Turn, paper: TicketReadmitted) -> bool:
    """Whether a kiosk's log says of a paper exactly what its signature proves."""
    keys = [key for key in known_keys(turn.tx) if key.device_id == paper.issued_by]
    try:
        return readmitted(prove(paper.token, keys, lambda series: (paper.service,))) == paper
    except (BadInput, RuleViolation):
        return False
