"""How services stand while a screen shows them: what was drawn, and whether it is still so."""

from collections.abc import Iterable
from dataclasses import replace

from antrean.domain.errors import RuleViolation, Unavailable
from kiosk.desk import Desk, ServiceView


class Standings:
    """The services `codes` as they stood when the screen that shows them was drawn last."""

    def __init__(self, desk: Desk, codes: Iterable[str]) -> None:
        self._desk = desk
        self._views = {code: desk.view(code) for code in codes}

    def of(self, code: str) -> ServiceView:
        """How this one stands."""
        return self._views[code]

    def ready(self, code: str) -> bool:
        """Whether it gives numbers."""
        return self._views[code].open and not self._views[code].full

    def renew(self) -> bool:
        """Look again; whether a service opened, closed, is full or not any more, or says another time for it.

        How many wait changes all the time and is no reason to draw anything anew.
        """
        now = {code: self._look(code, before) for code, before in self._views.items()}
        if all(_lasting(view) == _lasting(self._views[code]) for code, view in now.items()):
            return False
        self._views = now
        return True

    def _look(self, code: str, before: ServiceView) -> ServiceView:
        """How it stands; as before where the disk does not answer or a new catalogue has no such service.

        This runs once a second under a visitor's eyes: a touch is told of such trouble, the idle clock goes on.
        """
        try:
            return self._desk.view(code)
        except (RuleViolation, Unavailable):
            return before


def _lasting(view: ServiceView) -> ServiceView:
    return replace(view, waiting=None, wait=None)
