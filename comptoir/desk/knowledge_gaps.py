"""What customers ask and no entry answers: their messages of the last days, those that ask the same put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction

from comptoir.catalogue.content import USES
from comptoir.catalogue.models import KnowledgeGap
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.finding import language_of, matches_on
from comptoir.catalogue.searching.shelf import Shelf
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.reader import understand
from comptoir.understanding.retrieval.clusters import MOST, clusters

LOOKED_BACK = timedelta(days=30)
#: An entry that is less likely than this does not answer: beside the composer it is hardly offered (docs/catalogue.md).
_ANSWERED_FROM = 0.25
_LEAST_PEOPLE, _LEAST_WORDS, _MOST_CHARS = 2, 3, 600
_NO_QUESTIONS = ("praise", "chatter")
_MOST_GAPS, _MOST_SAMPLES, _BATCH = 60, 12, 64


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that no entry answers."""

    message_id: int
    contact_id: int
    text: str
    language: str
    nearest_id: int | None


def find_knowledge_gaps() -> int:
    """Look at the questions of the last LOOKED_BACK and put down what is missing, in the place of what was put down
    before; return how many gaps there are.
    """
    shelf = AT_HAND.shelf(waits=True)
    gaps: list[KnowledgeGap] = []
    for brand_id, messages in _questions():
        asked = list(_unanswered(messages, shelf, brand_id))
        gaps += _gaps(asked, brand_id)
    gaps.sort(key=lambda gap: -gap.weight)
    with transaction.atomic():
        KnowledgeGap.objects.all().delete()
        KnowledgeGap.objects.bulk_create(gaps[:_MOST_GAPS])
    return len(gaps[:_MOST_GAPS])


Row = tuple[int, int, str]
Value = TypeVar("Value")


def _questions() -> Iterator[tuple[int, list[Row]]]:
    """What customers said lately, by brand; the newest MOST of each."""
    since = now() - LOOKED_BACK
    said = Message.objects.incoming().filter(sent_at__gte=since, deleted_at=None, conversation__is_spam=False)
    said = said.exclude(text="").filter(rating_value=None).order_by("account__brand", "-sent_at")
    rows: dict[int, list[Row]] = {}
    for brand_id, pk, contact_id, text in said.values_list(
        "account__brand", "pk", "conversation__contact", "text"
    ).iterator(2000):
        own = rows.setdefault(brand_id, [])
        if len(own) < MOST and len(text.split()) >= _LEAST_WORDS:
            own.append((pk, contact_id, text[:_MOST_CHARS]))
    yield from rows.items()


def _unanswered(messages: Sequence[Row], shelf: Shelf | None, brand_id: int) -> Iterator[_Asked]:
    on = now().date()
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        read = understand([text for _pk, _contact, text in batch], light=True)
        for (pk, contact_id, text), analysis in zip(batch, read, strict=True):
            if not analysis.needs_answer or analysis.intent.label in _NO_QUESTIONS:
                continue
            found = _nearest(shelf, text, brand_id, on)
            if found is None or found[1] < _ANSWERED_FROM:
                yield _Asked(pk, contact_id, text, language_of(text), found[0] if found else None)


def _nearest(shelf: Shelf | None, text: str, brand_id: int, on: date) -> tuple[int, float] | None:
    if shelf is None:
        return None
    found = matches_on(shelf, text, language_of(text), uses=USES, on=on, brand_id=brand_id)
    return (found[0].entry_id, found[0].confidence or 0.0) if found else None


def _gaps(asked: Sequence[_Asked], brand_id: int) -> list[KnowledgeGap]:
    found = clusters([one.text for one in asked], [one.language for one in asked], meaning_embedder())
    together = ([asked[place] for place in cluster.places] for cluster in found)
    return [gap for own in together if (gap := _gap(own, brand_id)).weight >= _LEAST_PEOPLE]


def _gap(own: Sequence[_Asked], brand_id: int) -> KnowledgeGap:
    return KnowledgeGap(
        found_at=now(),
        brand_id=brand_id,
        language=_most_common(one.language for one in own) or "fr",
        weight=len({one.contact_id for one in own}),
        message_ids=[one.message_id for one in own[:_MOST_SAMPLES]],
        nearest_id=_most_common(one.nearest_id for one in own),
    )


def _most_common(found: Iterable[Value]) -> Value | None:
    counted = Counter(found).most_common(1)
    return counted[0][0] if counted else None
