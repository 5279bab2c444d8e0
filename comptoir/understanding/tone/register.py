"""Tu or vous: by pronouns, and by imperatives at the beginning of a clause."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from comptoir.understanding.tone.rules import languages, pattern, rule
from comptoir.understanding.tone.texts import Span, plain

Register = Literal["tu", "vous", "mixed", "none"]

_AT_THE_BEGINNING = (
    r"(?:^|[.!?,;:…)\n–—]\s*|\b(?:et|alors|puis|sinon|donc|aussi|juste|mais|par contre|ou|ensuite|surtout|stp|enfin|"
    r"du coup|fois|encore)\s+)"
)
_TELLS = (
    r"(?=\s+(?:juste|bien(?! (?:recu|not|pris))|pas|plus|moi|nous|le|la|les|l'|un|une|des|ce|cette|ces|ton|ta|"
    r"tes|du|de|d'|dans|sur|a|au|tout|deux|donc|quand|chez|en|vite|encore|directement|toi)\b|"
    r"-(?:moi|nous|le|la|les|y|en|toi)\b)"
)
_ALONE = re.compile(r"[\w@.+-]+@[\w.-]+|https?://\S+|«[^»]{0,200}»|\"[^\"]{0,200}\"")


def register_of(reply: str, language: str) -> Register:
    """``none`` where nobody is addressed in the second person, where the language makes no difference, and where no
    rules of it are known.
    """
    if language not in languages():
        return "none"
    tu, vous = tu_spans(reply, language), vous_spans(reply, language)
    if tu and vous:
        return "mixed"
    if tu:
        return "tu"
    return "vous" if vous else "none"


def tu_spans(reply: str, language: str) -> list[Span]:
    """Where the person is said tu to."""
    text = _read(reply)
    spans = _kept(text, language, "tu")
    if rule(language, "register.imperatives"):
        spans += [Span(match.start("verb"), match.end("verb")) for match in _imperatives(language).finditer(text)]
    return sorted(spans, key=lambda span: span.start)


def vous_spans(reply: str, language: str) -> list[Span]:
    """Where the person is said vous to."""
    return _kept(_read(reply), language, "vous")


def _read(reply: str) -> str:
    """What is quoted, and addresses, are nobody's address: blanks in their place."""
    return _ALONE.sub(lambda match: " " * len(match.group()), plain(reply))


def _kept(text: str, language: str, name: str) -> list[Span]:
    spans = []
    unwanted = pattern(language, f"register.{name}_not")
    for match in pattern(language, f"register.{name}").finditer(text):
        if unwanted.match(text, match.start()) or unwanted.match(text, max(0, match.start() - 3)):
            continue
        if match.group()[:1].isupper() and match.group()[-1:] == "z" and _is_a_name(text, match.start()):
            continue
        spans.append(Span(match.start(), match.end()))
    return spans


def _is_a_name(text: str, start: int) -> bool:
    """Martinez in the midst of a sentence commands nothing."""
    return bool(re.search(r"[\w,]\s*$", text[max(0, start - 4) : start]))


@cache
def _imperatives(language: str) -> re.Pattern[str]:
    sure, ambiguous = rule(language, "register.imperatives"), rule(language, "register.ambiguous")
    return re.compile(
        rf"{_AT_THE_BEGINNING}(?P<verb>(?:{sure})\b(?!\s*(?:-t-|qui\b))|(?:{ambiguous})\b{_TELLS})", re.IGNORECASE
    )
