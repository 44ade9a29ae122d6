"""The table of everyday words, read once: what means the same, what is often meant, what says nothing."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from antrean.finder.spelling import SHORTEST_STEM, stems

LONE_LETTERS = frozenset("ais")
"""An article, a preposition, an English genitive; SIM A is a phrase of its own."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of people beside the words the catalogue is kept in (*terms*)."""

    noise: frozenset[str]
    vague: frozenset[str]
    other: frozenset[str]
    same: Mapping[str, str]
    near: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]]

    def term(self, word: str) -> str:
        """The term a word is kept under; the word itself when the table does not know it."""
        return self.same.get(word, word)


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon of this room."""
    return lexicon_of(files("antrean.finder").joinpath("lexicon.toml").read_text(encoding="utf-8"))


def lexicon_of(text: str) -> Lexicon:
    """Read a table in the form of `lexicon.toml`."""
    table = tomllib.loads(text)
    same = {word: term for term, others in table["same"].items() for word in (term, *others.split())}
    near = {
        word: tuple(same.get(other, other) for other in others.split())
        for word, others in table["near"].items()
    }
    phrases = {tuple(left.split()): tuple(right.split()) for left, right in table["phrases"].items()}
    vague = frozenset(same.get(word, word) for word in table["vague"].split())
    return Lexicon(
        frozenset(table["noise"].split()), vague, frozenset(table["other"].split()), same, near, phrases
    )


class Reader:
    """Turns texts into terms; the words of one catalogue, added beforehand, guide it."""

    def __init__(self, lexicon: Lexicon, known: frozenset[str]) -> None:
        self.lexicon = lexicon
        self._known = known | frozenset(lexicon.same)
        self._terms: dict[str, str] = {}
        self._longest: dict[str, int] = {}
        for phrase in lexicon.phrases:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def knows(self, word: str) -> bool:
        """Whether the word, or what is left of it without affixes, is in the catalogue or in the table."""
        return word in self._known or self._stem(word) is not None

    def term(self, word: str) -> str:
        """The term of one word: as the table has it or its longest stem, else its deepest known stem, else itself."""
        found = self._terms.get(word)
        if found is None:
            found = self._terms[word] = self._term(word)
        return found

    def _term(self, word: str) -> str:
        if word in self.lexicon.same:
            return self.lexicon.same[word]
        stem = self._stem(word)
        return word if stem is None else self.lexicon.term(stem)

    def _stem(self, word: str) -> str | None:
        found = stems(word)
        told = [stem for stem in found if stem in self.lexicon.same]
        if told:
            return told[0]
        known = [stem for stem in found if len(stem) > SHORTEST_STEM and stem in self._known]
        return known[-1] if known else None

    def terms(self, words: Iterable[str]) -> tuple[str, ...]:
        """The terms of a text's words, noise left out and phrases put together."""
        return self.joined([self.term(word) for word in words if word not in self.lexicon.noise])

    def joined(self, terms: list[str]) -> tuple[str, ...]:
        """Put together what is one thing in several words."""
        out: list[str] = []
        at = 0
        while at < len(terms):
            for length in range(min(self._longest.get(terms[at], 1), len(terms) - at), 1, -1):
                meant = self.lexicon.phrases.get(tuple(terms[at : at + length]))
                if meant is not None:
                    out.extend(meant)
                    at += length
                    break
            else:
                out.append(terms[at])
                at += 1
        return tuple(term for term in out if term not in LONE_LETTERS)
