"""Personal data in a public reply: the customer's own, or somebody's whom nothing says to be the company."""

from __future__ import annotations

import re
from collections.abc import Mapping

from comptoir.understanding.personal_data import personal_data
from comptoir.understanding.tone.rules import pattern, rule
from comptoir.understanding.tone.texts import Span, plain

#: What is known under these names may be said in public: by itself it does not lead to the person.
_HARMLESS = {
    "name",
    "first_name",
    "last_name",
    "product",
    "city",
    "country",
    "language",
    "title",
    "offer",
    "plan",
    "brand",
    "store",
    "model",
}
_LEAST_SIGNS = 4
_BEFORE = 70
_FRENCH_MOBILE = re.compile(r"(?:\+33\s?|0033\s?|0)[67]|(?:\+32\s?|0)4[5-9]\d|\+44\s?7|07[1-9]\d{2}")


def published_data(reply: str, message: str, known: Mapping[str, str], language: str) -> list[Span]:
    """What a public reply should not carry; a company's own labelled number or address is no matter."""
    spans = [span for key, value in known.items() if key not in _HARMLESS for span in _said(value, reply)]
    asked = plain(message).lower()
    region = "GB" if language == "en" else "FR"
    for one in personal_data(reply, region=region, language=language):
        value = reply[one.start : one.end]
        own = _compact(value) in _compact(asked) and len(_compact(value)) >= _LEAST_SIGNS
        if own or _is_somebodys(reply, one.kind, one.start, value, language):
            spans.append(Span(one.start, one.end))
    return sorted(set(spans), key=lambda span: (span.start, span.end))


def _is_somebodys(reply: str, kind: str, start: int, value: str, language: str) -> bool:
    before = plain(reply[max(0, start - _BEFORE) : start])
    if kind in ("order", "customer"):
        return not pattern(language, "publicity.not_personal").search(before)
    if kind in ("iban", "card", "nir", "tax"):
        return True
    if kind == "email":
        role = re.match(rf"(?:{rule(language, 'publicity.roles')})\b", value, re.IGNORECASE)
        return not role and not _labelled(before, "company", language)
    if kind == "phone":
        mobile = _FRENCH_MOBILE.match(re.sub(r"[().-]", " ", value).strip())
        return not _labelled(before, "mobile_company" if mobile else "company", language)
    return not _labelled(before, "company", language)


def _labelled(before: str, name: str, language: str) -> bool:
    """Somebody is named close by; the one who is named last has it."""
    mine, theirs = pattern(language, f"publicity.{name}"), pattern(language, "publicity.customer")
    company = mine.search(before)
    if not company:
        return False
    customer = theirs.search(before)
    return customer is None or name == "mobile_company" or _last(before, mine) >= _last(before, theirs)


def _last(before: str, form: re.Pattern[str]) -> int:
    """The last place from which the form reaches the end."""
    places = [start for start in range(len(before)) if form.match(before, start)]
    return max(places, default=-1)


def _said(value: str, reply: str) -> list[Span]:
    """Where a known value is said, however it is spaced."""
    signs = _compact(value)
    if not _LEAST_SIGNS <= len(signs) <= 200:
        return []
    form = r"[\s.\-/,]{0,3}".join(re.escape(sign) for sign in signs)
    return [
        Span(match.start(), match.end()) for match in re.finditer(rf"(?<!\w){form}(?!\w)", plain(reply), re.IGNORECASE)
    ]


def _compact(value: str) -> str:
    return re.sub(r"[\s.\-/,]+", "", plain(value).lower())
