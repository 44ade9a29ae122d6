"""From everyday words to services: a small, honest search over the published catalogue.

Every typed word must begin a word of the service (its name, its search words, its agency) or be one slip away from one.
Answers come only from the catalogue; no match is said so.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from antrean.domain.catalogue import Mall, Service

CLOSE = 0.78
"""How alike a mistyped word must be (difflib ratio): one slip in five letters passes, two do not."""


@dataclass(frozen=True, slots=True)
class _Entry:
    service: Service
    phrases: tuple[str, ...]
    words: frozenset[str]


class Finder:
    """Searches one mall; build it once, ask after each letter."""

    def __init__(self, mall: Mall) -> None:
        self._entries = tuple(_entry(mall, service) for service in mall.services.values())

    def find(self, typed: str, limit: int = 4) -> tuple[Service, ...]:
        """The best services for what was typed so far, best first; empty when nothing fits."""
        wanted = _split(typed)
        if not wanted:
            return ()
        scored = ((_score(entry, wanted, " ".join(wanted)), entry.service) for entry in self._entries)
        found = sorted(
            (pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], not pair[1].common)
        )
        return tuple(service for _, service in found[:limit])


def _entry(mall: Mall, service: Service) -> _Entry:
    agency = mall.agencies[service.agency]
    names = (service.name.id, service.name.en, service.short.id, service.short.en)
    phrases = tuple(" ".join(_split(text)) for text in (*service.words, *names))
    extra = _split(" ".join((agency.short, agency.name.id, agency.name.en)))
    return _Entry(
        service, phrases, frozenset(word for phrase in phrases for word in phrase.split()) | set(extra)
    )


def _split(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("-", ""))


def _score(entry: _Entry, wanted: list[str], phrase: str) -> float:
    parts = [_word_score(word, entry.words) for word in wanted]
    if not all(parts):
        return 0
    whole = max((_phrase_score(phrase, known) for known in entry.phrases), default=0)
    return sum(parts) / len(parts) + whole


def _phrase_score(phrase: str, known: str) -> float:
    if known == phrase:
        return 2
    return 1 if known.startswith(phrase) else 0.5 if phrase in known else 0


def _word_score(word: str, known: Iterable[str]) -> float:
    best = 0.0
    for other in known:
        if other == word:
            return 1
        if other.startswith(word):
            best = max(best, 0.9)
        elif len(word) > 3 and best < 0.7 and abs(len(other) - len(word)) < 3:
            ratio = difflib.SequenceMatcher(None, word, other).ratio()
            best = max(best, 0.7 * ratio if ratio >= CLOSE else 0)
    return best
