"""How a text is read for search: without its accents, and its numbers, e-mail addresses and telephone numbers as codes.

What people write and what is asked for go through the same functions, so that both always meet.
"""

from __future__ import annotations

import re
import unicodedata

#: More than this of one text is not searched: PostgreSQL's limit for the words of one row is a megabyte.
LONGEST_TEXT_CHARS = 100_000
#: PostgreSQL takes no word of more than 2,046 bytes, and a letter that is taken apart makes several of three or four.
LONGEST_WORD_CHARS = 200
_SHORTEST_CODE_CHARS, _LONGEST_CODE_CHARS = 3, 64
_MOST_CODES = 2000
_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "đ": "d"}
)
_CODE = re.compile(r"[0-9a-z]+(?:[-/._][0-9a-z]+)*")
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_TELEPHONE = re.compile(r"(?<![\w+])(?:\+|00)?\(?\d(?:[ .\-() \u202f]{0,2}\d){8,14}(?!\w)")
_NAME = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """The text in small letters without accents: « Échoué » → « echoue »."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS).lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def codes(text: str) -> set[str]:
    """What is found as it stands: order numbers whole and in their parts, e-mail addresses, telephone numbers.

    A telephone number is known by its last nine digits, however it is spaced and with or without its country.
    """
    plain = folded(text[:LONGEST_TEXT_CHARS])
    found = {f"#{address}" for address in _EMAIL.findall(plain)}
    found |= {telephone_code(number) for number in _TELEPHONE.findall(plain)}
    for token in _CODE.findall(plain):
        found |= _codes_of(token)
    return found if len(found) <= _MOST_CODES else set(sorted(found)[:_MOST_CODES])


def _codes_of(token: str) -> set[str]:
    parts = re.split(r"[-/._]", token)
    return {f"#{part}" for part in [*parts, "".join(parts)] if _is_code(part)}


def _is_code(part: str) -> bool:
    return _SHORTEST_CODE_CHARS <= len(part) <= _LONGEST_CODE_CHARS and any(letter.isdigit() for letter in part)


def telephone_code(number: str) -> str:
    """One code for all the ways to write a number."""
    return "#tel" + "".join(letter for letter in number if letter.isdigit())[-9:]


def code_of(asked: str) -> str | None:
    """The one code that a word of a question stands for; None where it is a word like another."""
    plain = folded(asked).strip(".,;:!?()[]#°")
    if _EMAIL.fullmatch(plain):
        return f"#{plain}"
    number = _TELEPHONE.fullmatch(plain)
    if number and (plain[0] in "+0(" or not plain.isdigit()):
        return telephone_code(plain)
    token = _CODE.fullmatch(plain)
    joined = re.sub(r"[-/._]", "", plain)
    return f"#{joined}" if token and _is_code(joined) else None


def subject_words(subject: str) -> list[str]:
    """The words, and the numbers, that a subject or the name of a room is found by."""
    return sorted({word[:LONGEST_WORD_CHARS] for word in _NAME.findall(folded(subject))})


def name_words(*names: str) -> list[str]:
    """The words a person is found by: each part of their names, their addresses and numbers whole."""
    found: set[str] = set()
    for name in names:
        plain = folded(name[:1000])
        found |= set(_NAME.findall(plain)) | codes(plain)
        found |= {f"@{plain.strip().lstrip('@')}"} if plain and " " not in plain.strip() else set()
    return sorted(word[:LONGEST_WORD_CHARS] for word in found if word.strip("@# "))
