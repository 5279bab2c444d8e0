"""The marked sentences, read; and how many of their pieces are found.

    python -m training.personal_data.sentences [--show]

`--show` prints what is wrong among those that may be looked at, which are half of them by a hash of their text; the
other half is only counted. One file a language: a sentence a line, ``{kind|text}`` around each piece; a line that
begins with “- ” holds none. The texts are ours (MIT); numbers with a checksum were drawn by chance.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comptoir.understanding.language import languages_of
from comptoir.understanding.personal_data import personal_data

Piece = tuple[str, int, int]

_MARK = re.compile(r"\{(?P<kind>[a-z]+)\|(?P<text>[^{}]+)\}")
_FILES = ("fr", "en", "de", "es", "it", "nl", "pt")


@dataclass(frozen=True)
class Sentence:
    """``pieces`` are kind, start and end in code points of ``text``."""

    text: str
    language: str
    pieces: frozenset[Piece]

    @property
    def kept_out(self) -> bool:
        """Whether nobody is to look at it while patterns are written."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def sentences() -> Iterator[Sentence]:
    """All of them, in order."""
    for language in _FILES:
        for line in (Path(__file__).parent / f"{language}.txt").read_text("utf-8").splitlines():
            yield _read(line.removeprefix("- ").replace("\\n", "\n"), language)


def _read(line: str, language: str) -> Sentence:
    text, pieces, begun = "", set(), 0
    for mark in _MARK.finditer(line):
        text += line[begun : mark.start()]
        pieces.add((mark["kind"], len(text), len(text) + len(mark["text"])))
        text += mark["text"]
        begun = mark.end()
    return Sentence(text + line[begun:], language, frozenset(pieces))


def found_in(sentence: Sentence) -> frozenset[Piece]:
    """What is found where the language has to be guessed, as `comptoir understand` does."""
    language = languages_of([sentence.text])[0]
    return frozenset(
        (one.kind, one.start, one.end) for one in personal_data(sentence.text, language=language, incoming=True)
    )


def signs(pieces: frozenset[Piece]) -> set[tuple[str, int]]:
    """Each character with its kind."""
    return {(kind, place) for kind, start, end in pieces for place in range(start, end)}


def _f1(sets: Sequence[tuple[int, int, int]]) -> float:
    right, wanted, given = (sum(one[place] for one in sets) for place in range(3))
    return 200.0 * float(right) / max(1, wanted + given)


def _counted(
    read: Callable[[frozenset[Piece]], frozenset[Piece] | set[tuple[str, int]]],
    own: Sequence[Sentence],
    found: Sequence[frozenset[Piece]],
) -> float:
    pairs = [(read(one.pieces), read(got)) for one, got in zip(own, found, strict=True)]
    return _f1([(len(want & got), len(want), len(got)) for want, got in pairs])


def main() -> None:
    """Print the figures of both halves."""
    every = list(sentences())
    for kept_out in (False, True):
        own = [one for one in every if one.kept_out == kept_out]
        found = [found_in(one) for one in own]
        exact, by_sign = _counted(lambda pieces: pieces, own, found), _counted(signs, own, found)
        name = "kept out" if kept_out else "looked at"
        print(f"{name}: {len(own)} sentences, exact {exact:.1f}, characters {by_sign:.1f}")
        _told_by_kind(own, found)
        if not kept_out and "--show" in sys.argv:
            _show(own, found)


def _told_by_kind(own: Sequence[Sentence], found: Sequence[frozenset[Piece]]) -> None:
    right = Counter(kind for one, got in zip(own, found, strict=True) for kind, _, _ in one.pieces & got)
    wrong = Counter(kind for one, got in zip(own, found, strict=True) for kind, _, _ in one.pieces ^ got)
    print("   by kind:", ", ".join(f"{kind} {right[kind]}/{wrong[kind]} wrong" for kind in sorted(right | wrong)))
    for language in _FILES:
        part = [(one, got) for one, got in zip(own, found, strict=True) if one.language == language]
        value = _counted(lambda pieces: pieces, [one for one, _ in part], [got for _, got in part])
        print(f"   {language} {value:.1f}", end="")
    print()


def _show(own: Sequence[Sentence], found: Sequence[frozenset[Piece]]) -> None:
    for one, got in zip(own, found, strict=True):
        if one.pieces != got:
            missed, wrong = (
                [(kind, one.text[start:end]) for kind, start, end in sorted(part, key=lambda piece: piece[1])]
                for part in (one.pieces - got, got - one.pieces)
            )
            print(one.language, "missed", missed, "wrong", wrong, "|", one.text)


if __name__ == "__main__":
    main()
