"""The malls' catalogues, read once and kept for those who ask again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from antrean.ledger import site_malls
from antrean.ledger.site_malls import MallRow
from antrean.ledger.writer import Transaction

KEPT = 40


class Catalogues:
    """Safe for any thread. The same catalogue is the same object, so that others may keep what they made of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: OrderedDict[int, Mall] = OrderedDict()

    def of(self, r: Transaction, key: str) -> tuple[MallRow, Mall]:
        """A mall and what it sells by; raises RuleViolation unknown_mall for a removed one, or before it told any."""
        row = site_malls.mall(r, key)
        if row is None or row.withdrawn_ms is not None or row.catalogue is None:
            raise RuleViolation("unknown_mall", mall=key)
        return row, self.numbered(r, row.catalogue)

    def numbered(self, r: Transaction, number: int) -> Mall:
        """A catalogue by its number, also an older one; KeyError for one that is not kept."""
        with self._lock:
            known = self._read.get(number)
            if known is not None:
                self._read.move_to_end(number)
                return known
        file = site_malls.catalogue(r, number)
        if file is None:
            raise KeyError(number)
        mall = mall_from_dict(file)
        with self._lock:
            mall = self._read.setdefault(number, mall)  # another thread may have read it meanwhile
            while len(self._read) > KEPT:
                self._read.popitem(last=False)
        return mall
