"""The labelled queries and their two halves, split by words.

A fixed share of the rarer words is held out: a query with such a word belongs to the held-out half. So the tuning
half has not one of these words, and each held-out query has at least one that nobody saw while tuning.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.catalogue import Service
from antrean.finder import Answer, Finder

COMMON_WORD = 6
"""A word of more queries than this (ktp, bpjs, pajak) tells nothing about generalisation and is never held out."""
HELD_OUT_SHARE = 0.33
"""Of the rarer words; makes the two halves about equal."""


FRESH = ("first", "second", "third", "fourth", "fifth", "sixth")
UNSEEN = FRESH[-1]
"""The fresh set whose answers nothing was tuned on."""
GUESSES = 2
"""As many as a kiosk shows."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the codes that may come first; no codes when nothing may be found."""

    kind: str
    text: str
    codes: frozenset[str]
    held_out: bool


def labelled() -> tuple[Query, ...]:
    """All labelled queries in file order."""
    kinds = tomllib.loads(Path(__file__).with_name("queries.toml").read_text(encoding="utf-8"))
    often = Counter(word for table in kinds.values() for text in table for word in set(text.split()))
    return tuple(
        Query(kind, text, frozenset(codes), _held_out(text, often))
        for kind, table in kinds.items()
        for text, codes in table.items()
    )


def fresh(which: str) -> tuple[Query, ...]:
    """One of the sets `first` to `sixth`, written when the finder was thought finished."""
    tables = tomllib.loads(Path(__file__).with_name("fresh.toml").read_text(encoding="utf-8"))
    return tuple(
        Query(which, text, frozenset(codes), which == UNSEEN) for text, codes in tables[which].items()
    )


def _held_out(text: str, often: Counter[str]) -> bool:
    return any(often[word] <= COMMON_WORD and _lot(word) < HELD_OUT_SHARE for word in text.split())


def _lot(word: str) -> float:
    """A number between 0 and 1 that depends on the word alone."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") / 2**32


@dataclass(frozen=True, slots=True)
class Score:
    """Shares (0 to 1) of queries whose first answer, or one of the first three, is right, or where there is no answer
    one of the guesses (`shown`); and what was missed.
    """

    first: float
    three: float
    shown: float
    missed: tuple[str, ...]


def code_of(answer: Answer) -> str:
    """An answer as it is labelled."""
    return answer.of.code if isinstance(answer.of, Service) else f"agency:{answer.of.code}"


def scored(finder: Finder, queries: Iterable[Query]) -> Score:
    """Ask every query that has an answer."""
    asked = [
        (query, [code_of(answer) for answer in finder.find(query.text, 3)])
        for query in queries
        if query.codes
    ]
    missed = tuple(query.text for query, got in asked if not (got and got[0] in query.codes))
    three = sum(1 for query, got in asked if query.codes & set(got))
    guessed = sum(1 for query, got in asked if not got and query.codes & guesses(finder, query))
    return Score(1 - len(missed) / len(asked), three / len(asked), (three + guessed) / len(asked), missed)


def guesses(finder: Finder, query: Query) -> set[str]:
    """What a kiosk shows as guesses when it has no answer."""
    return {code_of(answer) for answer in finder.guess(query.text, GUESSES)}
