"""Reading what is to be read, a batch at a time, behind intake.

Nothing is held while a text is read: what was read is kept in one short transaction, and a worker that is killed
before it leaves the batch to the next one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from comptoir.analysis.apart import UnreadableError
from comptoir.analysis.backlog import Wanted, next_batch
from comptoir.analysis.correcting import UNKNOWN_LANGUAGE
from comptoir.analysis.learnt import Knowledge, knowledge
from comptoir.analysis.models import MessageToRead
from comptoir.analysis.naming import KNOWN
from comptoir.analysis.storing import keep_analyses
from comptoir.brands.models import Brand
from comptoir.brands.numbers import Patterns, number_patterns
from comptoir.understanding.analysis import Analysis
from comptoir.understanding.personal_data import MAX_CHARS, personal_data
from comptoir.understanding.replacing.settings import ReplacingError, replacing
from comptoir.understanding.workshop import Works

logger = logging.getLogger("comptoir.analysis")

_LIGHT, _FULL = 256, 32
#: Where somebody else is asked for each message, it takes much longer.
_FULL_BY_ENDPOINT = 4


def read_on(works: Works, *, seconds: float = 4.0) -> bool:
    """Read for a while, one batch at least; whether there is more."""
    known, until, full_size = knowledge(), time.monotonic() + seconds, _full_size()
    while True:
        wanted, is_light = next_batch(light_size=_LIGHT, full_size=full_size)
        if not wanted:
            return False
        read_batch(works, known, wanted, light=is_light)
        if time.monotonic() >= until:
            return True


def read_batch(works: Works, known: Knowledge, wanted: Sequence[Wanted], *, light: bool) -> None:
    """Read some messages and keep what was read. One that cannot be read is set aside with its reason in the log, and
    does not hold up the others.
    """
    trees: dict[str, list[Wanted]] = {}
    for one in wanted:
        trees.setdefault(known.tree_of(one.brand_id), []).append(one)
    read: list[tuple[Wanted, Analysis]] = []
    for tree, of_tree in trees.items():
        read += _read(works, known, of_tree, tree, light=light)
    if read:
        of_brand = {brand.pk: number_patterns(brand) for brand in Brand.objects.all()}
        lists = KNOWN.of_brands()
        said = [_with_own_numbers(one, analysis, of_brand.get(one.brand_id, ())) for one, analysis in read]
        named = {one.message_id: names.found_in(one.text) for one, _read in read if (names := lists.get(one.brand_id))}
        keep_analyses([one for one, _analysis in read], said, heads=known.version, light=light, named=named)


def _read(
    works: Works, known: Knowledge, wanted: Sequence[Wanted], tree: str, *, light: bool
) -> list[tuple[Wanted, Analysis]]:
    texts = [one.text[:MAX_CHARS] for one in wanted]
    try:
        found = works.read(texts, known.learnt, known.version, tree=tree, light=light)
    except UnreadableError as error:
        if len(wanted) > 1:
            return [pair for one in wanted for pair in _read(works, known, [one], tree, light=light)]
        logger.warning("a message cannot be read", extra={"message_id": wanted[0].message_id, "reason": str(error)})
        MessageToRead.objects.filter(message=wanted[0].message_id, asked_at=wanted[0].asked_at).delete()
        return []
    return list(zip(wanted, found, strict=True))


def _with_own_numbers(one: Wanted, read: Analysis, patterns: Patterns) -> Analysis:
    """The reader knows no brand: what only this one's customers write is found here."""
    text = one.text[:MAX_CHARS]
    if not any(pattern.search(text) for _kind, pattern in patterns):
        return read
    language = None if read.language == UNKNOWN_LANGUAGE else read.language
    return replace(read, personal_data=tuple(personal_data(text, language=language, patterns=patterns, incoming=True)))


def _full_size() -> int:
    try:
        asked = replacing()
        return _FULL_BY_ENDPOINT if asked.endpoint or asked.akismet else _FULL
    except ReplacingError:
        return _FULL  # the workshop says so and reads by itself
