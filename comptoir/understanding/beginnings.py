"""What the matches of a regular expression may begin with, so that it is only asked where one may be.

Of the dozens of lists of words that a text is compared with, a message has words of a few. Only what the lists in
rules/ are written with is read: letters, groups, classes, what may be missing or repeated, and what matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

#: What a match begins with, and whether it may go on behind that with what follows in the expression.
_Begun = frozenset[tuple[str, bool]]

_NOTHING: _Begun = frozenset({("", True)})
_ANYTHING: _Begun = frozenset({("", False)})
_REPEATS = ("?", "*", "+", "{")
_GROUP = re.compile(r"\([^()]*\)")
_NO_SIGN, _KINDS_OF_SIGN = "bBAZ", "DwWsS"
#: Stands for any figure, also where one expression wants a certain one.
_FIGURE = "0"
_FIGURES = re.compile(r"\d")


class UnreadableFormError(Exception):
    """The expression has something that is not known here."""


def beginnings(form: str, length: int) -> AbstractSet[str]:
    """With one of these every match begins, each of at most ``length`` signs; empty is what tells nothing."""
    begun, rest = form[:length], form[length:]
    if begun.replace(" ", "").isalnum() and not rest.startswith(_REPEATS) and "|" not in _GROUP.sub("", rest):
        return {begun}  # most are written so, and need not be read to the end
    reading = _Reading(form, length)
    found = reading.alternatives()
    if reading.place < len(form):
        raise UnreadableFormError(form)
    return {begun for begun, _ in found}


class _Reading:
    """An expression, and how far it is read."""

    def __init__(self, form: str, length: int) -> None:
        self._form, self._length, self.place, self._depth = form, length, 0, 0

    def _next(self) -> str:
        return self._form[self.place : self.place + 1]

    def _taken(self) -> str:
        sign = self._next()
        if not sign:
            raise UnreadableFormError(self._form)
        self.place += 1
        return sign

    def alternatives(self) -> _Begun:
        found = self._sequence()
        while self._next() == "|":
            self.place += 1
            found |= self._sequence()
        return found

    def _sequence(self) -> _Begun:
        found = _NOTHING
        while self._next() not in ("", "|", ")"):
            found = self._joined(found, self._repeated(self._one()))
            if not self._depth and not any(is_open for _, is_open in found) and "|" not in self._form[self.place :]:
                self.place = len(self._form)  # the rest tells nothing more
        return found

    def _joined(self, before: _Begun, after: _Begun) -> _Begun:
        both = {(one + other, goes_on) for one, is_open in before if is_open for other, goes_on in after}
        cut = {(one[: self._length], goes_on and len(one) < self._length) for one, goes_on in both}
        return frozenset(cut | {(one, False) for one, is_open in before if not is_open})

    def _repeated(self, one: _Begun) -> _Begun:
        sign = self._next()
        if sign not in _REPEATS:
            return one
        self.place += 1
        may_miss = sign in "?*"
        if sign == "{":
            least, _, _ = self._until("}").partition(",")
            may_miss = least in ("", "0")
        if self._next() in ("?", "+"):
            self.place += 1
        if sign != "?":
            one = frozenset((begun, False) for begun, _ in one)
        return one | _NOTHING if may_miss else one

    def _until(self, end: str) -> str:
        begun = self.place
        while self._taken() != end:
            pass
        return self._form[begun : self.place - 1]

    def _one(self) -> _Begun:
        sign = self._taken()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escaped()
        if sign == ".":
            return _ANYTHING
        return _NOTHING if sign in "^$" else frozenset({(sign, True)})

    def _group(self) -> _Begun:
        looks_around = False
        if self._next() == "?":
            self.place += 1
            kind = self._taken()
            if kind == "<":
                kind += self._taken()
            if kind not in (":", "=", "!", "<=", "<!"):
                raise UnreadableFormError(self._form)
            looks_around = kind != ":"
        self._depth += 1
        found = self.alternatives()
        self._depth -= 1
        if self._taken() != ")":
            raise UnreadableFormError(self._form)
        return _NOTHING if looks_around else found

    def _class(self) -> _Begun:
        signs = self._taken()  # a closing one that stands first is meant
        while self._next() != "]":
            signs += self._taken()
        self.place += 1
        is_plain = signs[0] != "^" and "\\" not in signs and "-" not in signs.strip("-")
        return frozenset((sign, True) for sign in signs) if is_plain else _ANYTHING

    def _escaped(self) -> _Begun:
        sign = self._taken()
        if sign in _NO_SIGN:
            return _NOTHING
        if sign == "d":
            return frozenset({(_FIGURE, True)})
        if sign in _KINDS_OF_SIGN:
            return _ANYTHING
        if sign.isalnum():
            raise UnreadableFormError(self._form)
        return frozenset({(sign, True)})


def alike(begun: str) -> str:
    """The same for whatever differs in figures alone: lists do not tell these apart, and messages have all of them."""
    return _FIGURES.sub(_FIGURE, begun)


def united(lists: Iterable[Iterable[str]], length: int) -> dict[str, int]:
    """For each beginning, as `alike` has it, in which of the lists an expression begins so, a bit for each list."""
    found: dict[str, int] = {}
    for place, forms in enumerate(lists):
        for form in forms:
            for begun in map(alike, beginnings(form, length)):
                found[begun] = found.get(begun, 0) | 1 << place
    return found
