"""What a screen says when it comes: its heading, its words, then its keys; short, and never the letters of a pad."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtWidgets import QWidget

from kiosk.widgets.key import Key
from kiosk.widgets.pad import Pad
from kiosk.widgets.words import BigLabel, Words

TILE = ":"
"""The object names of tiles and choices hold one: `service:ktp-baru`."""

NUMBERED = ("need:", "service:", "agency:", "find")


def usual(stops: Iterable[QWidget], frame: Collection[QWidget] = ()) -> tuple[str, ...]:
    """The sentences for `stops`, which are in reading order; what belongs to the `frame` around them is left out."""
    own = [stop for stop in stops if stop not in frame]
    words = [stop for stop in own if isinstance(stop, Words | BigLabel)]
    keys = [stop for stop in own if isinstance(stop, Key) and not isinstance(stop.parentWidget(), Pad)]
    heading = max((word for word in words if isinstance(word, Words)), key=_size, default=None)
    if heading is not None:
        words.sort(key=lambda word: word is not heading)
    return without_echoes((*(word.accessibleName() for word in words), *_keys(keys)))


def _size(words: Words) -> float:
    return words.written_size


def _keys(keys: Sequence[Key]) -> Iterable[str]:
    """The keys by name; several tiles are counted, so that one who cannot read knows which one was meant."""
    tiles = [key for key in keys if key.objectName().startswith(NUMBERED)]
    for key in keys:
        name = key.accessibleName()
        yield f"{tiles.index(key) + 1}. {name}" if len(tiles) > 1 and key in tiles else name


def without_echoes(sentences: Iterable[str]) -> tuple[str, ...]:
    """The sentences that are not empty, without one that only repeats the one before."""
    said: list[str] = []
    for sentence in sentences:
        if sentence.strip() and said[-1:] != [sentence]:
            said.append(sentence)
    return tuple(said)
