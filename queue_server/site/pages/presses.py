"""A form that is sent twice books once: what the first press made, the second one is shown."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

KEPT = 5_000
"""So many answers are remembered; with eighty bookings a minute, an hour of them."""


@dataclass
class _Press:
    lock: Lock = field(default_factory=Lock)
    secret: str = ""


class Presses:
    """Remembers by the form's own token which booking it made. Safe for any thread; forgets when the site restarts.

    A press is the token together with what was sent: whoever goes back and changes the form books anew. Only digests
    are kept.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[bytes, _Press] = OrderedDict()

    def once(self, token: str, sent: tuple[str, ...], book: Callable[[], str]) -> str:
        """What `book` answered to the first press; a second one that comes meanwhile waits for it.

        A refused press (any error of `book`) leaves nothing behind. Without a token every press counts.
        """
        if not token:
            return book()
        name = hmac.digest(token.encode(), "\n".join(sent).encode(), hashlib.sha256)
        with self._lock:
            press = self._made.setdefault(name, _Press())
            self._made.move_to_end(name)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        with press.lock:
            if not press.secret:
                press.secret = book()
            return press.secret
