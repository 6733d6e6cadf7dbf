"""The words and phrases that passwords are built of, and how much of a guesser's time they cost (SECURITY 4).

*Everyday* words are those that people are known to choose: the list written for the portal, the phrases, and the
passwords of zxcvbn's list that are words. *Frequent* ones are the most used of the language. Where each of them comes
from, and on what terms, stands in `data/README.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from zxcvbn import matching

_DATA = Path(__file__).parent / "data"
_FEW = "(few)"
_SHORTEST = 4
# Bits, rounded: about a thousand words of the one kind, nine thousand of the other.
_EVERYDAY = 10
_FREQUENT = 13
# Up to here whoever guesses word by word is done in 10^10 guesses, below which zxcvbn's score is not 3 either.
_FEW_BITS = 33


def are_few(words: Iterable[str]) -> bool:
    """Whether the words are so few, or so common, that all combinations can be tried: three everyday ones, say."""
    frequent, themes = frequent_words(), _themes()
    bits = {themes.get(word, word): _FREQUENT if word in frequent else _EVERYDAY for word in words}
    return sum(bits.values()) <= _FEW_BITS


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word and phrase, in lower case, phrases without spaces; each also without its marks."""
    return _everyday() | frequent_words()


@lru_cache(maxsize=1)
def frequent_words() -> frozenset[str]:
    """The words that are merely frequent."""
    return _both_ways(_listed("frequent_words_fi.txt")) - _everyday()


@lru_cache(maxsize=1)
def ranks() -> dict[str, int]:
    """The words as zxcvbn takes them: each with the guesses after which it is found."""
    words = [*_listed("common_words.txt"), *_listed("frequent_words_fi.txt")]
    ranked: dict[str, int] = {}
    for rank, word in enumerate(words, start=1):
        for form in (word, without_marks(word)):
            ranked.setdefault(form, rank)
    return ranked


def without_marks(word: str) -> str:
    """The word as it is typed where the keyboard has no ä, ö or å."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    stolen = (word for word in matching.RANKED_DICTIONARIES["passwords"] if len(word) >= _SHORTEST)
    words = (word for word in stolen if re.fullmatch("[a-z]+", word))
    return _both_ways([*_listed("common_words.txt"), *_phrases(), *words])


@lru_cache(maxsize=1)
def _themes() -> dict[str, str]:
    """Words that follow from each other, with the heading of their paragraph."""
    found: dict[str, str] = {}
    for paragraph in _read("common_words.txt").split("\n\n"):
        heading, _, words = paragraph.partition("\n")
        if heading.endswith(_FEW):
            found |= dict.fromkeys(_both_ways(words.split()), heading)
    return found


def _phrases() -> Iterable[str]:
    """Each run of at least two words of each phrase, in one piece."""
    for line in _read("common_phrases.txt").splitlines():
        words = [] if line.startswith("#") else line.split()
        for start in range(len(words)):
            for end in range(start + 2, len(words) + 1):
                yield "".join(words[start:end])


def _listed(name: str) -> list[str]:
    return [word for line in _read(name).splitlines() if not line.startswith("#") for word in line.split()]


@lru_cache
def _read(name: str) -> str:
    return (_DATA / name).read_text(encoding="utf-8")


def _both_ways(words: Iterable[str]) -> frozenset[str]:
    kept = frozenset(words)
    return kept | {without_marks(word) for word in kept}
