"""What the pages of the site work with: the desk, the settings, and what they remember meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.finder import Finders
from queue_server.site.desk import BookingDesk
from queue_server.site.settings import SiteSettings

TOKEN_BYTES = 16


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
