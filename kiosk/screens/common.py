"""The services most people come for, as keys on Welcome: one touch from their card."""

from collections.abc import Callable, Sequence

from antrean.domain.catalogue import Service
from kiosk.screens.screen import Screen
from kiosk.screens.standings import Standings
from kiosk.screens.tiles import Grid
from kiosk.widgets.key import Key


class Common:
    """Lays a key for each of `services` on a screen; `chosen` is called with the code of the one that is touched.

    A key is grey, with a clock, while its service gives no numbers. It changes where it stands, so that Welcome, which
    may show all day, needs not be drawn anew, and a press under way stays one.
    """

    def __init__(
        self, screen: Screen, grid: Grid, services: Sequence[Service], chosen: Callable[[str], object]
    ) -> None:
        self._standings = Standings(screen.desk, (service.code for service in services))
        self._keys: list[tuple[Key, Service]] = []
        for at, service in enumerate(services):
            key = Key(
                screen.style_,
                screen.scene.own(service.short),
                icon=service.icon,
                icon_size=72,
                size=grid.words,
                weight=700,
                name=f"service:{service.code}",
            )
            key.clicked.connect(lambda _=False, code=service.code: chosen(code))
            screen.put(key, *grid.place(at, len(services)))
            self._keys.append((key, service))
        self._show()

    def tick(self) -> None:
        """Show what opened, closed or ran out."""
        if self._standings.renew():
            self._show()

    def _show(self) -> None:
        for key, service in self._keys:
            ready = self._standings.ready(service.code)
            key.become("plain" if ready else "off")
            key.picture(service.icon if ready else "clock")
