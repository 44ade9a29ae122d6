"""How often the finder answers everyday words rightly, beside a scan for the typed words; how long it takes."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from string import ascii_lowercase

from antrean.domain.catalogue import Mall, Service
from antrean.finder import Finder
from antrean.finder.spelling import words_of
from bench.measure import Line, in_turn, milliseconds, percentile
from tests.finder.labelled import UNSEEN, Query, fresh, labelled, scored

LEAST_TO_SLIP = 4
"""Letters of a word that one can slip in and still mean something."""


def finder(mall: Mall, rounds: int) -> list[Line]:
    """Both halves of the labelled queries, then building (`rounds` times) and asking (all queries, `rounds` times)."""
    search, scan = Finder(mall), _Scan(mall)
    queries = labelled()
    lines = [
        *_quality("tuning", search, scan, [query for query in queries if not query.held_out]),
        *_quality("held-out", search, scan, [query for query in queries if query.held_out]),
    ]
    lines += _quality("fresh", search, scan, fresh(UNSEEN))
    shown = scored(search, fresh(UNSEEN)).shown
    lines.append(Line("finder: right among three, fresh, or among two guesses", f"{shown:.1%}"))
    slipped = scored(search, [_slipped(query, Random(query.text)) for query in queries if query.held_out])
    lines.append(Line("finder: the held-out ones with a slip, first", f"{slipped.first:.1%}"))
    lines.append(Line("finder: the held-out ones with a slip, among three", f"{slipped.three:.1%}"))
    silent = [query for query in (*queries, *fresh(UNSEEN)) if not query.codes]
    kept = sum(1 for query in silent if not search.find(query.text)) / len(silent)
    lines.append(Line("finder: silent where no service answers", f"{kept:.1%}"))
    built, read = in_turn(rounds, lambda _: Finder(mall), lambda _: _Scan(mall))
    lines.append(_times(f"finder: built for {len(mall.services)} services, p50", built, read))
    asked, scanned = in_turn(
        rounds * len(queries),
        lambda turn: search.find(queries[turn % len(queries)].text),
        lambda turn: scan.find(queries[turn % len(queries)].text),
    )
    lines.append(_times("finder: asked, p50", asked, scanned))
    lines.append(_times("finder: asked, p99", asked, scanned, 0.99))
    return lines


def _quality(half: str, search: Finder, scan: "_Scan", queries: Sequence[Query]) -> list[Line]:
    ours = scored(search, queries)
    asked = [query for query in queries if query.codes]
    got = [scan.find(query.text) for query in asked]
    first = sum(1 for query, codes in zip(asked, got, strict=True) if query.codes & set(codes[:1])) / len(
        asked
    )
    three = sum(1 for query, codes in zip(asked, got, strict=True) if query.codes & set(codes[:3])) / len(
        asked
    )
    return [
        Line(
            f"finder: right first, {half} ({len(asked)} queries)",
            f"{ours.first:.1%}",
            f"{first:.1%}",
            aim="aim ≥ 95 %",
        ),
        Line(f"finder: right among three, {half}", f"{ours.three:.1%}", f"{three:.1%}", aim="aim ≥ 99 %"),
    ]


def _slipped(query: Query, lot: Random) -> Query:
    """The query with one slip of the finger in its longest word: two letters swapped, one left out, twice or wrong."""
    words = query.text.split()
    at = max(range(len(words)), key=lambda one: len(words[one]))
    word = words[at]
    if len(word) < LEAST_TO_SLIP:
        return query
    here = lot.randrange(1, len(word) - 1)
    words[at] = lot.choice(
        (
            word[:here] + word[here + 1] + word[here] + word[here + 2 :],
            word[:here] + word[here + 1 :],
            word[:here] + word[here] + word[here:],
            word[:here] + lot.choice(ascii_lowercase) + word[here + 1 :],
        )
    )
    return replace(query, text=" ".join(words))


def _times(what: str, ours: list[float], floor: list[float], share: float = 0.5) -> Line:
    figure, beside = percentile(ours, share), percentile(floor, share)
    return Line(what, milliseconds(figure), milliseconds(beside), figure / beside)


class _Scan:
    """The floor: services whose texts hold the most of the typed words, the common ones first."""

    def __init__(self, mall: Mall) -> None:
        self._texts = [(service, " ".join(_words(service))) for service in mall.services.values()]

    def find(self, typed: str) -> list[str]:
        """Codes, best first."""
        words = words_of(typed)
        counted = [
            (-sum(word in text for word in words), not service.common, service.code)
            for service, text in self._texts
        ]
        return [code for count, _, code in sorted(counted) if count]


def _words(service: Service) -> list[str]:
    names = (service.name, service.short, service.product)
    return words_of(" ".join((*service.words, *(name.id for name in names), *(name.en for name in names))))
