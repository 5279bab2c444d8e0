"""Rulings teach the catalogue: a question becomes a phrasing, a better answer a draft. Both wait for approval."""

from __future__ import annotations

from dataclasses import replace

from comptoir.bot.impersonal import impersonal_question, words_in
from comptoir.bot.models import Decision, Ruling
from comptoir.brands.numbers import number_patterns
from comptoir.catalogue.content import MAX_PHRASINGS, Content, EntryRefusedError, Variant
from comptoir.catalogue.editing import rewrite_entry, write_entry
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

#: A longer message says more than one question does; a shorter one says nothing.
_MOST_CHARS, _LEAST_CHARS = 300, 8
_MOST_QUESTION_CHARS = 200


def teach(ruling: Ruling, *, by: Agent) -> EntryVersion | None:
    """What the catalogue learns from a ruling, as a draft; None where there is nothing to learn.

    A right entry learns how it was asked. Where the customer asked something else and the arbiter wrote an answer, an
    entry of its own begins.
    """
    decision = ruling.decision
    if not may(by, Permission.WRITE_ENTRIES) or decision.entry is None:
        return None
    asked = _question(decision)
    if not asked:
        return None
    try:
        if ruling.is_right:
            return _with_phrasing(decision.entry, asked, by)
        if ruling.cause == Ruling.Cause.OTHER_QUESTION and ruling.words:
            return _new_entry(ruling, asked, by)
    except EntryRefusedError:
        return None  # whatever the catalogue does not take is not worth refusing the ruling for
    return None


def _question(decision: Decision) -> str:
    """A message as a phrasing: in one line, without what is personal; empty where it is none."""
    text, conversation = decision.message.text, decision.message.conversation
    if not _LEAST_CHARS <= len(" ".join(text.split())) <= _MOST_CHARS:
        return ""
    names = [conversation.identity.name, conversation.contact.name]
    own_forms = number_patterns(conversation.account.brand)
    return impersonal_question(
        text, names=names, shared=words_in([text]), language=decision.language, patterns=own_forms
    )


def _with_phrasing(entry: CatalogueEntry, asked: str, by: Agent) -> EntryVersion | None:
    standing = entry.versions.filter(status__in=[EntryVersion.Status.DRAFT, EntryVersion.Status.APPROVED])
    newest = standing.order_by("-number").first()
    if newest is None:
        return None
    content = Content.of_json(newest.content)
    known = {one.casefold() for one in (content.question, *content.phrasings)}
    if asked.casefold() in known or len(content.phrasings) >= MAX_PHRASINGS or entry.retired_at is not None:
        return None
    return rewrite_entry(entry.pk, replace(content, phrasings=(*content.phrasings, asked)), by=by)


def _new_entry(ruling: Ruling, asked: str, by: Agent) -> EntryVersion:
    decision = ruling.decision
    content = Content(
        question=asked[:_MOST_QUESTION_CHARS],
        language=decision.language,
        variants=(Variant(ruling.words, decision.language),),
        brand_id=decision.account.brand_id,
    )
    return write_entry(content, by=by)
