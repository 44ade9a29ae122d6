"""Words out of what was typed, and the stems that Indonesian, Javanese and Sundanese affixes may hide."""

import re
import unicodedata
from collections.abc import Iterator

SHORTEST_STEM = 3

_SIMPLE = re.compile(r"(?:([a-z])(?!\1\1)| )*")
_PIECES = re.compile(r"[a-z0-9]+(?:[-'.][a-z0-9]+)*")
_JOINTS = re.compile(r"[-'.]")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_VOWELS = str.maketrans("", "", "aeiou")
_PREFIXES = (
    "di", "ke", "ka", "ku", "se", "sa", "te", "ter", "ber", "be", "per", "pe", "me", "ma", "pa", "mem", "men",
    "meng", "pem", "pen", "peng", "memper", "diper", "ng", "nge", "nga", "n", "m", "pi", "mi",
)  # fmt: skip
_SUFFIXES = (
    "nya", "kan", "an", "i", "ku", "mu", "in", "na", "ne", "e", "keun", "ake", "lah", "kah", "eun",
)  # fmt: skip
_NASAL = (
    ("meny", "s"), ("mem", "p"), ("men", "t"), ("meng", "k"), ("peny", "s"), ("pem", "p"), ("pen", "t"),
    ("peng", "k"), ("ny", "s"), ("ny", "c"), ("m", "p"), ("m", "b"), ("n", "t"), ("ng", "k"),
)  # fmt: skip
"""A nasal prefix swallows the first letter of its root: menyewa ← sewa, nyari ← cari, mecah ← pecah."""
_HEADS = (*_PREFIXES, *(head for head, _ in _NASAL))


def words_of(text: str) -> list[str]:
    """The words of a text in order: lower case, plain letters and digits, hyphens closed or opened."""
    plain = text.lower()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if _SIMPLE.fullmatch(plain):
        return plain.split()
    return [word for piece in _PIECES.findall(plain) for word in _opened(piece)]


def _opened(piece: str) -> Iterator[str]:
    parts = _JOINTS.split(piece)
    if len(set(parts)) == 1:  # reduplication: anak-anak
        parts = parts[:1]
    if min(len(part) for part in parts) < 4:  # e-KTP, P-IRT, KTP-el
        parts = ["".join(parts)]
    for part in parts:
        even = _DRAWN_OUT.sub(r"\1", part)
        yield even[:-1] if len(even) > 3 and even[-1] == "2" and even[:-1].isalpha() else even  # jalan2


def stems(word: str) -> tuple[str, ...]:
    """What the word may be without its affixes, the longest first; most of them are no words at all."""
    if len(word) < SHORTEST_STEM + 1 or not word.isalpha():
        return ()
    tails = {word}
    if word.endswith(_SUFFIXES):
        tails |= {word[: -len(tail)] for tail in _SUFFIXES if word.endswith(tail)}
        tails |= {
            one[: -len(tail)] for one in tuple(tails) for tail in ("kan", "an", "i") if one.endswith(tail)
        }
    roots: set[str] = set()
    if word.startswith(_HEADS):
        roots |= {one[len(head) :] for one in tails for head in _PREFIXES if one.startswith(head)}
        roots |= {
            letter + one[len(head) :] for one in tails for head, letter in _NASAL if one.startswith(head)
        }
        roots |= {one[3:] for one in roots if one.startswith(("per", "ber"))}  # memperpanjang ← panjang
    found = {one for one in roots if len(one) > SHORTEST_STEM} | {
        one for one in tails if len(one) >= SHORTEST_STEM
    }
    return tuple(sorted(found - {word}, key=lambda one: (-len(one), one)))


def skeleton(word: str) -> str:
    """The consonants of a word: what is left of it in a hurried message."""
    return word.translate(_VOWELS)


def is_shortened(short: str, word: str) -> bool:
    """Whether `short` is `word` with vowels left out, as in *lhr* for *lahir*; both have the same consonants."""
    if len(skeleton(short)) < 2 or len(short) >= len(word) or short[0] != word[0]:
        return False
    letters = iter(word)
    return all(letter in letters for letter in short)
