"""Reading the catalogue: from its rows to what is compared with messages."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from comptoir.catalogue.edition import Edition, edition, note_reading
from comptoir.catalogue.models import AnswerVariant, CatalogueEntry, Phrasing
from comptoir.catalogue.searching.keeping import keep_shelf, kept_shelf, newest_index, reading_alone
from comptoir.catalogue.searching.shelf import Rows, Shelf
from comptoir.catalogue.searching.vectors import Remembering
from comptoir.understanding.embedding.loading import meaning_embedder, meaning_embedder_name
from comptoir.understanding.retrieval.calibration import Calibration, calibrate
from comptoir.understanding.retrieval.confidence import coefficients
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.everyday import everyday
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.ranking import ready

_ALWAYS_BEFORE, _ALWAYS_AFTER = 0, 10_000_000
#: Beyond so many entries, what ships is trusted as it is: to calibrate would take longer than all the rest.
_CALIBRATED = 1_000


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


def read_catalogue() -> int:
    """Give every text of what serves its vector and forget the others, put the index of it where every process of this
    machine maps it; return the edition that is read now.

    One process of a machine at a time: the next one finds it done. What the index before has is not read again.
    """
    with reading_alone():
        present = edition()
        rows = catalogue_rows()
        if rows.entries:
            remembering = Remembering(meaning_embedder(), meaning_embedder_name())
            index = _kept_or_made(present, rows, remembering)
            remembering.forget_others(_read_of(index))
        note_reading(present)
    return present.number


def _read_of(index: Index) -> Iterator[str]:
    """Every text whose vector is of use for the index, or the next one."""
    return itertools.chain(index.texts, index.said, index.vocabulary.words, (text for text, _language in everyday()))


def _kept_or_made(present: Edition, rows: Rows, remembering: Remembering) -> Index:
    kept = kept_shelf(present.mark)
    if kept is not None:
        return kept.index
    shelf = shelf_of(present.mark, rows, remembering, former=newest_index())
    keep_shelf(shelf)
    return shelf.index


def shelf_of(
    mark: uuid.UUID | None, rows: Rows, remembering: Remembering | None = None, former: Index | None = None
) -> Shelf:
    """Rows with what messages are compared with; vectors that are known are not worked out again."""
    embedder = meaning_embedder()
    index = ready(rows.entries, remembering or Remembering(embedder, meaning_embedder_name()), former=former)
    index.embedder = index.vocabulary.embedder = embedder  # customers' words are not kept
    few = len(rows.entries) <= _CALIBRATED
    calibration = calibrate(index, coefficients()) if few else Calibration(coefficients())
    return Shelf(mark, rows, index, calibration)
