"""One finder for each catalogue in use, kept while the catalogue stays as it is."""

from threading import Lock

from antrean.domain.catalogue import Mall
from antrean.finder.finder import Finder


class Finders:
    """A finder for each mall by a key of the caller's, made anew when its catalogue changes; for many threads.

    Making one takes a tenth of a second on a slow machine, and nobody is answered meanwhile.
    """

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
