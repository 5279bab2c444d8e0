"""What somebody typed into the search, understood: words, phrases, what must not be there, and fields.

Fields have a French and an English name, and so do their values; one that is not understood is told, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from comptoir.conversations.search_words import code_of, folded

LONGEST_QUESTION_CHARS = 300
_MOST_TERMS = 12
_TELEPHONE = re.compile(r"(?<!\S)(?:\+|00)?\(?\d(?:[ .\-()\u202f\u00a0]{0,2}\d){8,14}(?!\S)")
_TERM = re.compile(r'(-?)(?:([^\W\d]+):)?(?:["“”]([^"“”]*)["“”]?|«\s*([^»]*?)\s*(?:»|$)|(\S+))')

FIELDS = {
    "from": "from", "de": "from", "par": "from",
    "channel": "channel", "canal": "channel",
    "tag": "tag", "etiquette": "tag",
    "before": "before", "avant": "before",
    "after": "after", "apres": "after", "depuis": "after",
    "is": "is", "est": "is",
    "in": "in", "compte": "in", "account": "in",
    "room": "subject", "salon": "subject", "group": "subject", "groupe": "subject",
    "subject": "subject", "objet": "subject", "sujet": "subject",
    "assignee": "assignee", "responsable": "assignee", "owner": "assignee",
}  # fmt: skip
STATES = {
    "open": "open", "ouvert": "open", "ouverte": "open",
    "pending": "pending", "en-attente": "pending", "attente": "pending",
    "snoozed": "snoozed", "reporte": "snoozed", "reportee": "snoozed",
    "resolved": "resolved", "resolu": "resolved", "resolue": "resolved", "clos": "resolved", "close": "resolved",
    "public": "public", "publique": "public",
    "private": "private", "prive": "private", "privee": "private",
    "spam": "spam", "indesirable": "spam",
    "waiting": "waiting", "sans-reponse": "waiting",
    "note": "note",
}  # fmt: skip
ME = frozenset({"me", "moi"})
NOBODY = frozenset({"nobody", "personne", "none"})


@dataclass(slots=True)
class Question:
    """What is asked: terms that must be there, terms that must not, fields, and what was not understood."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    not_words: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    before: date | None = None
    after: date | None = None
    not_understood: list[str] = field(default_factory=list)

    @property
    def has_terms(self) -> bool:
        return bool(self.words or self.phrases or self.codes)

    @property
    def is_empty(self) -> bool:
        return not (self.has_terms or self.fields or self.before or self.after)

    def of_field(self, name: str) -> list[str]:
        return [given for one, given in self.fields if one == name]


def read_question(typed: str) -> Question:
    """Understand what was typed."""
    asked = Question()
    rest = typed.replace("\x00", "")[:LONGEST_QUESTION_CHARS]
    for number in _TELEPHONE.findall(rest):
        if (code := code_of(number)) is not None:
            asked.codes.append(code)
            rest = rest.replace(number, " ", 1)
    for minus, name, quoted, guillemets, bare in _TERM.findall(rest)[:_MOST_TERMS]:
        phrase = quoted or guillemets
        known = FIELDS.get(folded(name)) if name else None
        if known and (phrase or bare):
            _take_field(asked, known, phrase or bare, f"{name}:{phrase or bare}")
        else:
            _take_term(asked, f"{name}:{bare}" if name and bare else bare, phrase, is_excluded=bool(minus))
    return asked


def _take_term(asked: Question, word: str, phrase: str, *, is_excluded: bool) -> None:
    if is_excluded:
        asked.not_words += [phrase or word] if (phrase or word) else []
    elif phrase.strip():
        asked.phrases.append(phrase.strip())
    elif (code := code_of(word)) is not None:
        asked.codes.append(code)
    elif re.search(r"\w", word):
        asked.words.append(word)


def _take_field(asked: Question, name: str, given: str, typed: str) -> None:
    if name in ("before", "after"):
        day = read_day(given)
        if day is None:
            asked.not_understood.append(typed)
        else:
            setattr(asked, name, day)
    elif name == "is":
        state = STATES.get(folded(given))
        asked.fields += [("is", state)] if state else []
        asked.not_understood += [] if state else [typed]
    else:
        asked.fields.append((name, given))


def read_day(given: str) -> date | None:
    """A day as people write one: 2026-03-01, 01/03/2026, 03/2026, 2026, hier, 7j."""
    plain, today = folded(given), timezone.localdate()
    near = {"today": 0, "aujourd'hui": 0, "aujourd’hui": 0, "yesterday": 1, "hier": 1}
    if plain in near:
        return today - timedelta(days=near[plain])
    if ago := re.fullmatch(r"(\d{1,3})([jdsw])", plain):
        return today - timedelta(days=int(ago[1]) * (7 if ago[2] in "sw" else 1))
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<m>\d{1,2})",
        r"(?P<m>\d{1,2})/(?P<y>\d{4})",
        r"(?P<y>\d{4})",
    ):
        if found := re.fullmatch(pattern, plain):
            parts = found.groupdict()
            try:
                return date(int(parts["y"]), int(parts.get("m") or 1), int(parts.get("d") or 1))
            except ValueError:
                return None
    return None
