"""The malls' catalogues, read once and kept until a mall tells another one."""

from __future__ import annotations

from threading import Lock

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from antrean.ledger import site_malls
from antrean.ledger.site_malls import MallRow
from antrean.ledger.writer import Transaction


class Catalogues:
    """Safe for any thread. The same revision is the same object, so that others may keep what they made of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: dict[str, tuple[int, Mall]] = {}

    def of(self, r: Transaction, key: str) -> tuple[MallRow, Mall]:
        """A mall and its catalogue; raises RuleViolation unknown_mall for a removed one, or before it told any."""
        row = site_malls.mall(r, key)
        if row is None or row.withdrawn_ms is not None or row.catalogue_rev is None:
            raise RuleViolation("unknown_mall", mall=key)
        with self._lock:
            known = self._read.get(key)
        if known is not None and known[0] == row.catalogue_rev:
            return row, known[1]
        file = site_malls.catalogue(r, key)
        if file is None:
            raise RuleViolation("unknown_mall", mall=key)
        mall = mall_from_dict(file)
        with self._lock:
            self._read[key] = (row.catalogue_rev, mall)
        return row, mall
