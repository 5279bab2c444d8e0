"""Agents' own answers teach: what several people asked alike, and agents answered alike, becomes a draft of an entry;
how people asked what agents answered with an entry becomes its phrasings. Nothing serves before somebody approves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from numpy.typing import NDArray

from comptoir.bot.answered import Answered, answered_by_agents
from comptoir.bot.comparing import weighty_words
from comptoir.bot.impersonal import GONE, impersonal_answer, impersonal_question, words_in
from comptoir.bot.models import LearntMessage
from comptoir.brands.models import Brand
from comptoir.brands.numbers import number_patterns
from comptoir.catalogue.content import MAX_PHRASINGS, Content, EntryRefusedError, Variant
from comptoir.catalogue.editing import WrittenMeanwhileError, newest_version, rewrite_entry, write_entry
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.catalogue.searching.finding import language_of
from comptoir.core.clock import now
from comptoir.desk.notes import add_note
from comptoir.events.record import Actor
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.clusters import ALIKE, grouped, likenesses

BOT = Actor("bot")
LOOKED_BACK = timedelta(days=60)
#: So many people must have asked alike, and been answered alike: what one was told is theirs, not the company's.
LEAST_PEOPLE = 3
#: So many must have asked alike what agents answered with an entry, for it to become a phrasing.
_LEAST_ASKING = 2
#: Two replies are alike where so many of the longer words of each stand in the other.
_ALIKE_WORDS, _LEAST_WORDS = 0.5, 4
_MOST_PER_BRAND, _MOST_PHRASINGS, _MOST_DRAFTS = 1_500, 12, 20
_MOST_QUESTION_CHARS, _LEAST_QUESTION_CHARS, _MOST_GAPS = 200, 8, 2


def learn_from_answers() -> Sequence[EntryVersion]:
    """Draft what agents' answers of LOOKED_BACK teach; the same answers again teach nothing."""
    found = answered_by_agents(now() - LOOKED_BACK)
    drafts: list[EntryVersion | None] = []
    for brand in Brand.objects.filter(pk__in={one.brand_id for one in found}):
        own = [one for one in found if one.brand_id == brand.pk]
        groups = _answered_alike([one for one in own if one.in_own_words][:_MOST_PER_BRAND])
        drafts += [_draft_entry(group, brand) for group in groups[:_MOST_DRAFTS]]
    for entry_id, asked in _asked_otherwise(found).items():
        drafts.append(_draft_phrasings(entry_id, asked))
    return [one for one in drafts if one is not None]


# --- what was answered alike ---


def _answered_alike(pairs: Sequence[Answered]) -> list[list[Answered]]:
    """Groups that ask the same and were answered the same, the most typical first; what asks back is no answer."""
    answers = [one for one in pairs if "?" not in one.said and len(weighty_words(one.said)) >= _LEAST_WORDS]
    likeness = _asked_alike(answers)
    near = (likeness >= ALIKE) & _said_alike([weighty_words(one.said) for one in answers])
    groups = [[answers[place] for place in found.places] for found in grouped(likeness, near, least=LEAST_PEOPLE)]
    return [group for group in groups if _people(group) >= LEAST_PEOPLE and not any(one.is_taught for one in group)]


def _said_alike(said: Sequence[set[str]]) -> NDArray[np.bool_]:
    """Which replies have enough of their words in common, each with each."""
    places = {word: place for place, word in enumerate(sorted(set().union(*said)))}
    has = np.zeros((len(said), max(1, len(places))), np.float32)
    for row, words in enumerate(said):
        has[row, [places[word] for word in words]] = 1.0
    common, sizes = has @ has.T, np.maximum(has.sum(axis=1), 1.0)
    alike: NDArray[np.bool_] = common >= _ALIKE_WORDS * np.maximum(sizes[:, None], sizes[None, :])
    return alike


def _asked_alike(pairs: Sequence[Answered]) -> NDArray[np.float32]:
    asked = [one.asked for one in pairs]
    return likenesses(asked, [language_of(text) for text in asked], meaning_embedder())


def _people(group: Iterable[Answered]) -> int:
    return len({one.contact_id for one in group})


def _draft_entry(group: Sequence[Answered], brand: Brand) -> EntryVersion | None:
    """An entry of one group; None where nothing that can be said to everybody is left, or another was quicker."""
    typical = group[0]
    asked = _phrasings(group, brand)
    said_to_others = [one.said for one in group if one.contact_id != typical.contact_id]
    language = language_of(typical.said)
    answer = impersonal_answer(
        typical.said, customer=typical.customer, agent=typical.agent,
        shared=words_in([*said_to_others, brand.name]), language=language, patterns=number_patterns(brand),
    )  # fmt: skip
    if not asked or not answer:
        return None
    nearest = _nearest(group)
    content = Content(
        question=asked[0],
        language=language_of(typical.asked),
        variants=(Variant(answer, language),),
        phrasings=tuple(asked[1:_MOST_PHRASINGS]),
        brand_id=brand.pk,
        uses=("service",),  # whoever approves says whether the bot may
    )
    return _drafted(group, content, nearest)


@transaction.atomic
def _drafted(group: Sequence[Answered], content: Content, nearest: CatalogueEntry | None) -> EntryVersion | None:
    owner = nearest.owner if nearest and not nearest.is_orphan else None
    with override(owner.language if owner else settings.LANGUAGE_CODE):
        reason = _("%(people)s people asked it, and agents answered alike.") % {"people": _people(group)}
        if nearest:
            reason += " " + _("The catalogue found “%(question)s”: perhaps it belongs there.") % {
                "question": nearest.question[:200]
            }
    try:
        with transaction.atomic():
            version = write_entry(content, by=None, actor=BOT, reason=reason)
            _note_learnt(group, version)
    except (EntryRefusedError, IntegrityError):
        return None  # what the catalogue does not take, or what another process has just drafted
    if owner is not None:
        CatalogueEntry.objects.filter(pk=version.entry_id).update(owner=owner)
        _tell_owner(version, group[0].conversation_id)
    return version


def _nearest(group: Iterable[Answered]) -> CatalogueEntry | None:
    """The entry that the catalogue found for most of them, and agents did not answer with."""
    found = Counter(one.found for one in group if one.found is not None).most_common(1)
    return CatalogueEntry.objects.kept().select_related("owner").filter(pk=found[0][0]).first() if found else None


# --- how an entry was asked for ---


def _asked_otherwise(found: Iterable[Answered]) -> dict[int, list[Answered]]:
    """By entry, what agents answered with it and the catalogue had not found it for."""
    asked: dict[int, list[Answered]] = {}
    for one in found:
        if one.used is not None and one.was_decided and one.found != one.used:
            asked.setdefault(one.used, []).append(one)
    return asked


def _draft_phrasings(entry_id: int, asked: Sequence[Answered]) -> EntryVersion | None:
    """A version with one more phrasing for each group of those who asked alike; None where there is none."""
    related = CatalogueEntry.objects.kept().select_related("approved_version", "owner", "brand")
    entry = related.filter(pk=entry_id, approved_version__isnull=False).first()
    newest = newest_version(entry) if entry else None
    if entry is None or entry.approved_version is None or newest is None or newest.status == EntryVersion.Status.DRAFT:
        return None  # somebody is at it: what was asked is still there when they are done
    asked = asked[:_MOST_PER_BRAND]
    likeness = _asked_alike(asked)
    groups = [[asked[at] for at in one.places] for one in grouped(likeness, likeness >= ALIKE, least=_LEAST_ASKING)]
    groups = [one for one in groups if _people(one) >= _LEAST_ASKING and not any(each.is_taught for each in one)]
    content = Content.of_json(entry.approved_version.content)
    known = {one.casefold() for one in (content.question, *content.phrasings)}
    new = [words for group in groups for words in _phrasings(group, entry.brand)[:1] if words.casefold() not in known]
    new = new[: max(0, min(_MOST_PHRASINGS, MAX_PHRASINGS - len(content.phrasings)))]
    if not new:
        return None
    content = replace(content, phrasings=(*content.phrasings, *new))
    return _rewritten(entry, content, [one for group in groups for one in group], expected=newest.number)


@transaction.atomic
def _rewritten(
    entry: CatalogueEntry, content: Content, group: Sequence[Answered], *, expected: int
) -> EntryVersion | None:
    """Another version, unless somebody has written one since ``expected``."""
    owner = None if entry.is_orphan else entry.owner
    with override(owner.language if owner else settings.LANGUAGE_CODE):
        told = _("%(people)s people asked so; agents answered with this entry, which the catalogue had not found.")
        reason = told % {"people": _people(group)}
    try:
        with transaction.atomic():
            version = rewrite_entry(entry.pk, content, by=None, actor=BOT, reason=reason, expected=expected)
            _note_learnt(group, version)
    except (EntryRefusedError, WrittenMeanwhileError, IntegrityError):
        return None
    if owner is not None:
        _tell_owner(version, group[0].conversation_id)
    return version


# --- what both have in common ---


def _phrasings(group: Sequence[Answered], brand: Brand | None) -> list[str]:
    """How a group asked, the most typical first, each without who asked; those of which too much is gone left out."""
    found: dict[str, str] = {}
    for one in group:
        others = [each.asked for each in group if each.contact_id != one.contact_id]
        words = impersonal_question(
            one.asked, names=[one.customer], shared=words_in([*others, brand.name if brand else ""]),
            language=language_of(one.asked), patterns=number_patterns(brand) if brand else (),
        )  # fmt: skip
        if _LEAST_QUESTION_CHARS <= len(words) <= _MOST_QUESTION_CHARS and words.count(GONE) <= _MOST_GAPS:
            found.setdefault(words.casefold(), words)
    return list(found.values())


def _note_learnt(group: Iterable[Answered], version: EntryVersion) -> None:
    """Two processes that learn the same at once: the database lets one of them. Raises IntegrityError."""
    taught = sorted({one.message_id for one in group})
    LearntMessage.objects.bulk_create(
        LearntMessage(message_id=message_id, version=version, learnt_at=now()) for message_id in taught
    )


def _tell_owner(version: EntryVersion, conversation_id: int) -> None:
    """Address the owner in a note where it was asked: they hear of it as of any such note."""
    entry = CatalogueEntry.objects.select_related("owner").get(pk=version.entry_id)
    if entry.owner is None:
        return
    with override(entry.owner.language):
        text = _("@%(owner)s: agents’ answers made a draft, “%(question)s”. It waits in the catalogue for approval.")
        words = text % {"owner": entry.owner.name, "question": entry.question}
    add_note(conversation_id, text=words, by=None, actor=BOT)
