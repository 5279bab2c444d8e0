"""The entries that answer a message, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from comptoir.catalogue.content import USES
from comptoir.catalogue.models import CatalogueEntry
from comptoir.catalogue.models.entry import CatalogueEntryQuerySet
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.shelf import Shelf
from comptoir.understanding.folding import folded
from comptoir.understanding.language import LANGUAGES, UNKNOWN, languages_of
from comptoir.understanding.retrieval.confidence import believed, coefficients, ranked
from comptoir.understanding.retrieval.ranking import compare

_MOST_WORDS, _MAX_CHARS = 40, 1_500
_WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, how probable it is that it answers (None where only words were looked at), and its phrasing that came
    nearest.
    """

    entry_id: int
    confidence: float | None
    nearest: str


@dataclass(frozen=True, slots=True)
class Found:
    """The matches, the likeliest first; the message's language; and whether meaning was looked at too."""

    matches: Sequence[Match]
    language: str
    by_meaning: bool


def find_entries(
    text: str,
    *,
    uses: Collection[str],
    on: date,
    brand_id: int | None = None,
    language: str = "",
    most: int = 5,
    waits: bool = False,
) -> Found:
    """What serves on a day and may answer ``text``. While a large catalogue is being read, it is found by words alone.

    ``uses`` are of `content.USES`; ``language`` is the text's, where it is known; ``waits``: until it is read.
    """
    language = language or language_of(text)
    shelf = AT_HAND.shelf(waits=waits)
    if shelf is None:
        kept = CatalogueEntry.objects.serving(on)
        kept = kept if brand_id is None else kept.for_brand(brand_id)
        return Found([Match(pk, None, asked) for pk, asked in _by_words(kept, text)[:most]], language, by_meaning=False)
    return Found(matches_on(shelf, text, language, uses=uses, on=on, brand_id=brand_id)[:most], language, True)


def matches_on(
    shelf: Shelf, text: str, language: str, *, uses: Collection[str], on: date, brand_id: int | None
) -> list[Match]:
    """The same on one shelf: a hundred at most."""
    among = shelf.open_to(brand_id=brand_id, uses=uses, on=on)
    if not len(among) or not any(sign.isalnum() for sign in text):
        return []
    with shelf.lock:  # words that no entry has are learnt on the way
        message = shelf.index.messages([text[:_MAX_CHARS]], [language])[0]
    found = coefficients()
    compared = compare(shelf.index, message, found.slopes, among=among)
    order = ranked(shelf.index, message, compared, found)
    first = shelf.calibration.confidence(order.signs)
    nearest = dict(zip(compared.places.tolist(), compared.nearest.tolist(), strict=True))
    return [
        Match(int(shelf.rows.ids[place]), sure, shelf.index.originals[nearest[place]])
        for place, sure in zip(order.places.tolist(), believed(first, order.shares.tolist()), strict=True)
    ]


def language_of(text: str) -> str:
    """ISO 639-1; French where it cannot be told."""
    found = languages_of([text], LANGUAGES, "fr")[0]
    return "fr" if found == UNKNOWN else found


def search_entries(entries: CatalogueEntryQuerySet, asked: str, *, on: date, most: int = 50) -> list[int]:
    """Ids of those of ``entries`` that hold words of ``asked`` or mean something like it, the best first."""
    by_words = [pk for pk, _question in _by_words(entries, asked)[:most]]
    shelf = AT_HAND.shelf()
    if shelf is None:
        return by_words
    near = matches_on(shelf, asked, language_of(asked), uses=USES, on=on, brand_id=None)
    wanted = [match.entry_id for match in near[:most]]
    there = set(entries.filter(pk__in=wanted).values_list("pk", flat=True))
    return list(dict.fromkeys([*by_words[:3], *(pk for pk in wanted[:10] if pk in there), *by_words]))[:most]


def _by_words(entries: CatalogueEntryQuerySet, text: str) -> list[tuple[int, str]]:
    words = list(dict.fromkeys(_WORD.findall(text[:_MAX_CHARS].lower())))[:_MOST_WORDS]
    query: SearchQuery | None = None
    for word in words:
        for one in (SearchQuery(word, config="french"), SearchQuery(folded(word), config="simple")):
            query = one if query is None else query | one
    if query is None:
        return []
    found = entries.filter(words=query).annotate(rank=SearchRank(F("words"), query)).order_by("-rank", "pk")
    return list(found.values_list("pk", "question")[:100])
