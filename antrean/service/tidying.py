"""Garbage is collected in one thread, when the program says so.

Python collects in whichever thread happens to make the next object. In a program with windows that may be the thread
of the network or of the printer, and windows that are taken apart there bring the whole program down: with Qt 6.11 a
second thread that only collects ends the kiosk's screens with a segmentation fault within seconds.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

EVERY_S = 1.0
"""How often a program with windows tidies: a visitor's tap makes some thousand objects, a collection takes 1–50 ms."""


@contextmanager
def tidied_by_hand() -> Iterator[None]:
    """Within the block no thread collects by chance; the thread of the windows calls `tidy` now and then."""
    automatic = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if automatic:
            gc.enable()


def tidy() -> None:
    """Collect in this thread what Python would have collected by now, by its own thresholds."""
    (young, middle, old), (most_young, most_middle, most_old) = gc.get_count(), gc.get_threshold()
    if young > most_young:
        gc.collect(0 if middle <= most_middle else 1 if old <= most_old else 2)
