"""The catalogue turned over: from terms to the phrases that hold them, and what each term tells."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from antrean.domain.catalogue import Agency, Mall, Service
from antrean.domain.words import Words
from antrean.finder.lexicon import Lexicon, Reader
from antrean.finder.spelling import skeleton, words_of

OWN, SUPPORT, HOME = 1.0, 0.5, 0.3
"""What a phrase counts for: a name or search word of the service itself, what one gets there, whose service it is."""


IDLE = 0.7
"""What a word of noise in a phrase tells: a phrase that says more than was asked fits less."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text of one thing in the catalogue; `information` is the sum of what its terms tell."""

    thing: int
    text: str
    weight: float
    information: float


@dataclass(slots=True)
class Index:
    """Built once for a mall and not changed afterwards."""

    reader: Reader
    things: tuple[Service | Agency, ...]
    phrases: tuple[Phrase, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    holders: dict[str, list[int]] = field(default_factory=dict)
    information: dict[str, float] = field(default_factory=dict)
    most: float = 0.0
    surface: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    skeletons: dict[str, list[str]] = field(default_factory=dict)

    def tells(self, term: str) -> float:
        """How much a term narrows the choice (inverse document frequency); the most for one nobody has."""
        return self.information.get(term, self.most)

    def starts(self, thing: int, letters: str) -> float:
        """Whether a short name begins with these letters (1), or a later word of it does (0.5)."""
        known = self.things[thing]
        words = words_of(known.short if isinstance(known, Agency) else known.short.id)
        return 1 if words[0].startswith(letters) else 0.5 * any(word.startswith(letters) for word in words)

    def beginning(self, start: str) -> Iterator[str]:
        """Known words that begin so, in order of the alphabet."""
        at = bisect_left(self.surface, start)
        while at < len(self.surface) and self.surface[at].startswith(start):
            yield self.surface[at]
            at += 1


def index_of(mall: Mall, lexicon: Lexicon) -> Index:
    """Turn a mall's catalogue over."""
    things: tuple[Service | Agency, ...] = (*mall.services.values(), *mall.agencies.values())
    texts = [list(_texts(mall, thing)) for thing in things]
    words = {text: words_of(text) for text in {text for some in texts for text, _ in some}}
    own = frozenset(word for some in words.values() for word in some)
    reader = Reader(lexicon, own - lexicon.noise)
    terms = {text: reader.terms(some) for text, some in words.items()}
    index = Index(reader, things, own=own)
    index.most = math.log(1 + len(mall.services))
    index.information = _information(
        mall, [{text for text, sure in some if sure == OWN} for some in texts], terms
    )
    told = {
        text: sum(map(index.tells, set(held))) + IDLE * len(lexicon.noise.intersection(words[text]))
        for text, held in terms.items()
    }
    phrases: list[Phrase] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for at, some in enumerate(texts):
        for text, weight in dict.fromkeys(some):
            for term in set(terms[text]):
                holders[term].append(len(phrases))
            phrases.append(Phrase(at, text, weight, told[text]))
    index.phrases, index.holders = tuple(phrases), dict(holders)
    index.names = tuple(frozenset(term for text in _names(thing) for term in terms[text]) for thing in things)
    meant = {word for word, term in lexicon.same.items() if term in holders}
    index.surface = tuple(sorted((own | meant) - lexicon.noise))
    for word in index.surface:
        index.skeletons.setdefault(skeleton(word), []).append(word)
    return index


def _information(mall: Mall, own: list[set[str]], terms: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Inverse document frequency of each term over the services, agencies left out."""
    services = len(mall.services)
    holding = Counter(
        term for some in own[:services] for term in {term for text in some for term in terms[text]}
    )
    return {term: math.log(1 + services / count) for term, count in holding.items()}


def _texts(mall: Mall, thing: Service | Agency) -> Iterator[tuple[str, float]]:
    if isinstance(thing, Agency):
        yield from ((text, OWN) for text in _agency_texts(thing))
        return
    yield from ((text, OWN) for text in (*_all(thing.short), *_all(thing.name), *thing.words))
    yield from ((text, SUPPORT) for text in _all(thing.product))
    yield from ((text, HOME) for text in _agency_texts(mall.agencies[thing.agency]))


def _names(thing: Service | Agency) -> tuple[str, ...]:
    return (
        tuple(_agency_texts(thing)) if isinstance(thing, Agency) else (*_all(thing.short), *_all(thing.name))
    )


def _agency_texts(agency: Agency) -> Iterator[str]:
    yield from (agency.short, agency.code)
    for text in _all(agency.name):
        outside, _, inside = text.rstrip(")").partition("(")
        yield from (part for part in (outside, *inside.split("/")) if part.strip())


def _all(words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (words.id, words.en, words.jv, words.su) if text))
