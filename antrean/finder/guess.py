"""What each typed word may stand for: a known word, the start of one, or one with a slip of the finger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from antrean.finder.index import Index
from antrean.finder.spelling import is_shortened, skeleton, words_of

NEAR, SLIP, SHORTENED, START = 0.6, 0.8, 0.7, 0.9
"""How sure a term is that is only often meant, mistyped, written without vowels, only begun."""
UNKNOWN = 0.35
"""What a word nobody knows counts for, of the most a word may tell: people also tell of things beside the point."""
OTHER = 0.7
"""The same for a word of other matters."""
VAGUE = 0.7
"""What is done tells less than with what."""
WHOLE, FOREIGN = 0.6, 0.6
"""How much surer a word is that needs no ending, and one that the catalogue itself uses."""
HASTY = 3
"""So few letters are the beginning of something."""


@dataclass(frozen=True, slots=True)
class Meant:
    """One typed word: the terms it may stand for with how sure each is (0 to 1), and what it tells.

    A `vague` one says what to do but not with what; `other` ones belong to other matters.
    """

    terms: Mapping[str, float]
    tells: float
    vague: bool = False
    other: bool = False


def meant_by(index: Index, typed: str) -> tuple[Meant, ...]:
    """Every word of what was typed that is not noise; the last one may be unfinished unless a space follows."""
    words = _joined(index, words_of(typed))
    noise = index.reader.lexicon.noise
    tail = words[-1] if words and not typed[-1:].isspace() else ""
    whole = (index.reader.knows(tail) or tail in index.reader.lexicon.other) and (
        len(tail) > 1 or len(words) > 1
    )
    begun = _begun(index, tail) if tail not in noise or (len(words) == 1 and len(tail) <= HASTY) else {}
    out = _read(
        index, [word for word in words if word not in noise and (whole or not begun or word is not tail)]
    )
    if begun and whole and out:
        last, now = list(out.items())[-1]
        out[last] = replace(now, terms={**{term: WHOLE * sure for term, sure in begun.items()}, **now.terms})
    elif begun:
        out[tail] = Meant(begun, max(min(index.tells(term) for term in begun), 0.5))
    if all(not one.terms or one.vague for one in out.values()):
        return tuple(one if one.terms else replace(one, tells=index.most) for one in out.values())
    return tuple(out.values())


def _read(index: Index, words: list[str]) -> dict[str, Meant]:
    """What whole words mean, by their likeliest term."""
    lexicon = index.reader.lexicon
    terms: list[str] = []
    options: dict[str, dict[str, float]] = {}
    for word in words:
        for part, found in _readings(index, word):
            term = max(found, key=lambda one: found[one]) if found else part
            terms.append(term)
            options.setdefault(term, {}).update({**found, **options.get(term, {})})
    out: dict[str, Meant] = {}
    for term in index.reader.joined(terms):
        found = dict(options.get(term) or ({term: 1.0} if term in index.holders else {}))
        for near in lexicon.near.get(term, ()):
            found.setdefault(near, NEAR * found.get(term, 1.0))
        held = {one: sure for one, sure in found.items() if one in index.holders}
        other = term in lexicon.other and term not in index.holders
        beside = OTHER if other else UNKNOWN
        tells = index.tells(term) if term in index.holders else beside * index.most
        tells *= VAGUE if term in lexicon.vague else 1
        out[term] = Meant(held, tells, term in lexicon.vague, other)
    return out


def _joined(index: Index, words: list[str]) -> list[str]:
    """Put together what was typed apart, like AK 1 or P IRT."""
    out: list[str] = []
    for word in words:
        if out and (len(word) == 1 or len(out[-1]) == 1) and out[-1] + word in index.information:
            out[-1] += word
        else:
            out.append(word)
    return out


def _readings(index: Index, word: str) -> list[tuple[str, dict[str, float]]]:
    reader = index.reader
    if reader.knows(word):
        found = {reader.term(word): 1.0}
        for other in reader.lexicon.near.get(word, ()):
            found.setdefault(other, NEAR)
        return [(word, found)]
    if word in reader.lexicon.other:
        return [(word, {})]
    parts = _two_words(index, word)
    if parts:
        return [(part, {reader.term(part): 1.0}) for part in parts]
    return [(word, _slips(index, word))]


def _two_words(index: Index, word: str) -> tuple[str, str] | None:
    """Two known words typed without a space."""
    for at in range(len(word) - 1, 2, -1):
        left, right = word[:at], word[at:]
        if left in index.own and right in index.own and (len(right) > 2 or len(word) < 6):
            return left, right
    return None


def allowed_slips(length: int) -> int:
    """How many letters of a word of this length may be wrong, missing, too many or swapped."""
    return 0 if length < 3 else 1 if length < 7 else 2 if length < 11 else 3


def _slips(index: Index, word: str) -> dict[str, float]:
    most = allowed_slips(len(word))
    if not most or not word.isalpha():
        return {}
    close = process.extract(word, index.surface, scorer=OSA.distance, score_cutoff=most, limit=8)
    found: dict[str, float] = {}
    for other, distance, _ in close:
        if len(word) == 3 and (len(other) != 3 or sorted(other) != sorted(word)):
            continue  # of three letters only two swapped are a slip: SIP is not SIM
        if len(other) < 4 and len(other) != len(word):
            continue
        sure = SLIP - 0.35 * (distance - 1) / most - (0.1 if other[0] != word[0] else 0)
        term = index.reader.term(other)
        found[term] = max(found.get(term, 0), sure)
    for other in index.skeletons.get(skeleton(word), ()):
        if is_shortened(word, other):
            term = index.reader.term(other)
            found[term] = max(found.get(term, 0), SHORTENED)
    return found


def _begun(index: Index, start: str) -> dict[str, float]:
    """The terms of the words that begin so, surer the more of the word is there."""
    found: dict[str, float] = {}
    if not start:
        return found
    for other in index.beginning(start):
        term = index.reader.term(other)
        sure = START * (0.6 + 0.4 * len(start) / len(other)) * (1 if other in index.own else FOREIGN)
        if other != start and term in index.holders:
            found[term] = max(found.get(term, 0), sure)
    return found
