"""Names of a company's own in a text: its products and places, also where somebody has misspelt them.

A word of five letters or more may have one letter too many, too few, another one, or two in the wrong order; a shorter
one is as it is. Accents, capitals, hyphens and small words (“de”, “the”) do not matter, nor whether a name of several
words is written as one. Of names within one another the longest is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from comptoir.understanding.folding import folded

#: A word is read as another one from this length on.
_LEAST_LETTERS = 5
_MOST_CHARS, _MOST_WORDS = 10_000, 8
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "the", "of", "der", "die", "das", "el", "il", "lo"})


class Names:
    """Names by number, made ready to be found."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._like: dict[str, set[str]] = defaultdict(set)
        for number, name in names:
            words = _words(name)[:_MOST_WORDS]
            for spelling in {words, ("".join(words),)}:
                if spelling and spelling[0]:
                    self._by_first[spelling[0]].append((spelling, number))
                    for word in spelling:
                        self._learn(word)

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def found_in(self, text: str) -> list[int]:
        """The numbers of the names that a text has, in its order, each once."""
        words = _words(text[:_MOST_CHARS])
        meant = [self._meant(word) for word in words]
        found: dict[int, None] = {}
        place = 0
        while place < len(words):
            size, numbers = self._longest(meant, place)
            found |= dict.fromkeys(numbers)
            place += size or 1
        return list(found)

    def _learn(self, word: str) -> None:
        self._like[word].add(word)
        if len(word) >= _LEAST_LETTERS:
            for shorter in _one_less(word):
                self._like[shorter].add(word)

    def _meant(self, word: str) -> set[str]:
        """The words of names that this one may be."""
        if word in self._like and word in self._like[word]:
            return {word}
        near = set(self._like.get(word, ()))
        if len(word) >= _LEAST_LETTERS - 1:
            near = near.union(*(self._like.get(shorter, ()) for shorter in _one_less(word)))
        return {one for one in near if len(one) >= _LEAST_LETTERS and _is_one_apart(word, one)}

    def _longest(self, meant: Sequence[set[str]], place: int) -> tuple[int, list[int]]:
        """How many words the longest name takes that begins here, and whose it is."""
        size = 0
        numbers: list[int] = []
        for first in meant[place]:
            for spelling, number in self._by_first.get(first, ()):
                here = meant[place : place + len(spelling)]
                if len(here) < len(spelling) or not all(word in at for word, at in zip(spelling, here, strict=True)):
                    continue
                if len(spelling) > size:
                    size, numbers = len(spelling), []
                if len(spelling) == size:
                    numbers.append(number)
        return size, sorted(numbers)


def _words(text: str) -> tuple[str, ...]:
    found = tuple(_WORD.findall(folded(text)))
    return tuple(word for word in found if word not in _SMALL) or found


def is_of_small_words(name: str) -> bool:
    """Whether it has no other word: then it is in all that people write, and found only where nothing else is said."""
    return _SMALL.issuperset(_WORD.findall(folded(name)))


def _one_less(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _is_one_apart(word: str, other: str) -> bool:
    """Whether one letter too many, too few, another one, or two in the wrong order make the one of the other."""
    if abs(len(word) - len(other)) > 1:
        return False
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < len(longer):
        return any(shorter == one for one in _one_less(longer))
    apart = [place for place, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and word[first] == other[second] and word[second] == other[first]
    return len(apart) <= 1
