"""Reading the catalogue: from its rows to what is compared with messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import AnswerVariant, CatalogueEdition, CatalogueEntry, Phrasing
from comptoir.catalogue.searching.vectors import Remembering
from comptoir.understanding.embedding.loading import meaning_embedder, meaning_embedder_name
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.ranking import ready

_ALWAYS_BEFORE, _ALWAYS_AFTER = 0, 10_000_000


@dataclass(frozen=True)
class Rows:
    """Everything that was approved and not retired, one place an entry, with what says where it may be used.

    ``brands`` has 0 for every brand; ``uses`` three columns in the order of `content.USES`; days are ordinals.
    """

    entries: Sequence[Entry]
    ids: NDArray[np.int64]
    brands: NDArray[np.int64]
    uses: NDArray[np.bool_]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]


def catalogue_rows() -> Rows:
    """The catalogue as it stands, in three questions."""
    kept = CatalogueEntry.objects.kept().filter(approved_version__isnull=False).order_by("id")
    found = list(kept)
    phrasings: dict[int, list[str]] = defaultdict(list)
    for owner, text in Phrasing.objects.order_by("entry_id", "position").values_list("entry_id", "text"):
        phrasings[owner].append(text)
    answers: dict[int, dict[str, str]] = defaultdict(dict)
    said = AnswerVariant.objects.order_by("entry_id", "position").values_list("entry_id", "language", "text")
    for owner, language, text in said:
        answers[owner].setdefault(language, text)
    return Rows(
        entries=[_entry(one, phrasings[one.pk], answers[one.pk]) for one in found],
        ids=np.array([one.pk for one in found], np.int64),
        brands=np.array([one.brand_id or 0 for one in found], np.int64),
        uses=np.array([(one.for_service, one.for_marketing, one.for_bot) for one in found], np.bool_).reshape(-1, 3),
        begins=np.array([_ordinal(one.valid_from_on, _ALWAYS_BEFORE) for one in found], np.int64),
        ends=np.array([_ordinal(one.valid_until_on, _ALWAYS_AFTER) for one in found], np.int64),
    )


def _ordinal(day: object, otherwise: int) -> int:
    return day.toordinal() if hasattr(day, "toordinal") else otherwise


def _entry(row: CatalogueEntry, phrasings: Sequence[str], answers: dict[str, str]) -> Entry:
    answer = answers.get(row.language) or next(iter(answers.values()), row.question)
    return Entry(str(row.pk), row.question, tuple(phrasings), answer, row.language, row.for_bot)


def indexed(rows: Rows, remembering: Remembering | None = None) -> Index:
    """What messages are compared with; vectors that are known are not worked out again."""
    embedder = meaning_embedder()
    index = ready(rows.entries, remembering or Remembering(embedder, meaning_embedder_name()))
    index.embedder = index.vocabulary.embedder = embedder  # customers' words are not kept
    return index


def read_catalogue() -> int:
    """Give every text of what serves its vector and forget the others; return the edition that is read now."""
    number = edition()[0]
    rows = catalogue_rows()
    if rows.entries:
        remembering = Remembering(meaning_embedder(), meaning_embedder_name())
        Index.build(rows.entries, remembering)
        remembering.forget_others()
    CatalogueEdition.objects.filter(read_number__lt=number).update(read_number=number)
    return number
