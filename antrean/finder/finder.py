"""From everyday words to services: an honest search over the published catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from antrean.domain.catalogue import Agency, Mall, Service
from antrean.finder.guess import HASTY, Meant, meant_by
from antrean.finder.index import Index, Phrase, index_of
from antrean.finder.lexicon import Lexicon, shipped_lexicon
from antrean.finder.spelling import words_of

SURE = 0.9
"""A term at least so sure was said."""
COVER, SHAPE = 0.5, 0.5
"""How much counts that all words are met, and that one phrase of the service says just that and no more."""
COMMON = 0.04
"""Popularity decides between equals."""
VERBATIM, NAMED = 0.08, 0.1
"""For being a phrase of the catalogue word by word, and for being what the service is called."""
BEGINS = 0.2
"""For a name that begins with the few letters typed so far, half of it for one that holds such a word."""
AGENCY = -0.07
"""Who names an agency's own service wants the service."""


class Least(NamedTuple):
    """What an answer must have: the share of what was said that it covers (`enough`), less when its very name was said
    (`anchored`); and where nothing of its name was said, how well a search word fits (`alone`), or how much is covered
    (`nearly_all`). All between 0 and 1.
    """

    enough: float
    anchored: float
    alone: float
    nearly_all: float


FIRM = Least(enough=0.5, anchored=0.2, alone=0.6, nearly_all=0.6)
BESIDE = FIRM._replace(enough=0.6)
"""When words of other matters were said as well."""
LOOSE = Least(enough=0.3, anchored=0.1, alone=0.5, nearly_all=0.5)
"""For a guess."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A service, or an agency with its services; `why` is the catalogue's phrase that fits best, `score` orders."""

    of: Service | Agency
    why: str
    score: float


class Finder:
    """Searches one mall; build it once, ask after each letter. Not changed by asking."""

    def __init__(self, mall: Mall, lexicon: Lexicon | None = None) -> None:
        self._index = index_of(mall, lexicon or shipped_lexicon())

    def find(self, typed: str, limit: int = 4) -> tuple[Answer, ...]:
        """The best answers for what was typed so far, best first; empty when the catalogue has none."""
        meant = meant_by(self._index, typed)
        least = BESIDE if any(one.other for one in meant) else FIRM
        return self._best(meant, typed, least, limit)

    def guess(self, typed: str, limit: int = 4) -> tuple[Answer, ...]:
        """What may have been meant where `find` has nothing; to be shown as a question. Empty for other matters."""
        meant = meant_by(self._index, typed)
        return () if any(one.other for one in meant) else self._best(meant, typed, LOOSE, limit)

    def _best(self, meant: tuple[Meant, ...], typed: str, least: Least, limit: int) -> tuple[Answer, ...]:
        found = sorted(self._scored(meant, words_of(typed), least), key=lambda answer: -answer.score)
        return tuple(found[:limit])

    def _scored(self, meant: tuple[Meant, ...], words: list[str], least: Least) -> Iterator[Answer]:
        index = self._index
        asked = sum(one.tells for one in meant)
        cover: dict[int, float] = {}
        hits: dict[int, float] = {}
        for one in meant:
            of_phrase, of_thing = _met(index, one)
            for at, sure in of_phrase.items():
                hits[at] = hits.get(at, 0) + sure * one.tells
            for at, sure in of_thing.items():
                cover[at] = cover.get(at, 0) + sure * one.tells
        shapes: dict[int, tuple[float, Phrase]] = {}
        for at, hit in hits.items():
            phrase = index.phrases[at]
            shape = phrase.weight * 2 * hit / (asked + phrase.information)
            if phrase.thing not in shapes or shape > shapes[phrase.thing][0]:
                shapes[phrase.thing] = (shape, phrase)
        for at, met in cover.items():
            thing = index.things[at]
            shape, phrase = shapes[at]
            share, named = met / asked, self._named(at, meant) / asked
            if share < (least.anchored if self._anchored(at, meant) else least.enough):
                continue
            if not named and shape < least.alone and share < least.nearly_all:
                continue
            score = COVER * share + SHAPE * shape
            score += NAMED * named
            score += VERBATIM * (words_of(phrase.text) == words)
            if len(words) == 1 and len(words[0]) <= HASTY:
                score += BEGINS * index.starts(at, words[0])
            score += COMMON * thing.common if isinstance(thing, Service) else AGENCY
            yield Answer(thing, phrase.text, score)

    def _anchored(self, at: int, meant: tuple[Meant, ...]) -> bool:
        """Whether the name holds a word that was surely said and says with what; the rest may then be a story."""
        name = self._index.names[at]
        others = sum(one.other for one in meant)
        return others < sum(bool(one.terms) for one in meant) and any(
            sure >= SURE and term in name
            for one in meant
            if not one.vague
            for term, sure in one.terms.items()
        )

    def _named(self, at: int, meant: tuple[Meant, ...]) -> float:
        name = self._index.names[at]
        return sum(
            one.tells * max((sure for term, sure in one.terms.items() if term in name), default=0)
            for one in meant
        )


def _met(index: Index, one: Meant) -> tuple[dict[int, float], dict[int, float]]:
    """How surely a typed word is in each phrase, and in each thing."""
    of_phrase: dict[int, float] = {}
    of_thing: dict[int, float] = {}
    for term, sure in one.terms.items():
        for at in index.holders[term]:
            phrase = index.phrases[at]
            of_phrase[at] = max(of_phrase.get(at, 0), sure)
            of_thing[phrase.thing] = max(of_thing.get(phrase.thing, 0), sure * phrase.weight)
    return of_phrase, of_thing
