"""What the pages of the site work with: the desk, the settings, and what they remember meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.finder import Finder
from queue_server.site.desk import BookingDesk
from queue_server.site.settings import SiteSettings

TOKEN_BYTES = 16


class Finders:
    """A finder for each mall, made anew when its catalogue changes: an index takes a quarter of a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[str, tuple[Mall, Finder]] = {}

    def of(self, key: str, mall: Mall) -> Finder:
        """The finder over this catalogue."""
        with self._lock:
            made = self._made.get(key)
            if made is None or (made[0] is not mall and made[0] != mall):
                made = self._made[key] = (mall, Finder(mall))
            return made[1]


@dataclass(frozen=True)
class Room:
    """Given to every page of the site."""

    desk: BookingDesk
    settings: SiteSettings
    random_bytes: Callable[[int], bytes]
    finders: Finders = field(default_factory=Finders)

    def form_token(self) -> str:
        """A new name for a form, that nobody can guess."""
        return self.random_bytes(TOKEN_BYTES).hex()

    def service(self, key: str, code: str) -> tuple[Mall, Service]:
        """A mall and one of its services; raises RuleViolation unknown_mall, unknown_service."""
        mall = self.desk.mall(key)
        if code not in mall.services:
            raise RuleViolation("unknown_service", service=code)
        return mall, mall.services[code]
