"""The catalogue's answers to what the customer has just said, filled in, as the composer offers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404

from comptoir.analysis.models import MessageAnalysis
from comptoir.brands.models import Brand
from comptoir.brands.numbers import number_patterns
from comptoir.catalogue.choosing import Occasion, chosen_variant, uses_of
from comptoir.catalogue.filling import LINK, filled, numbers_given, unfilled
from comptoir.catalogue.models import AnswerFile, AnswerVariant, CatalogueEntry
from comptoir.catalogue.searching.finding import Found, Match, find_entries, language_of
from comptoir.connectors.base import text_length
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.checking import can_answer
from comptoir.people.permissions import Permission, may
from comptoir.understanding.deciding.offering import RULE
from comptoir.understanding.folding import folded
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.tone.register import register_of
from comptoir.web.presenting.composer import limits_of, ways_to_answer
from comptoir.web.requests import AgentRequest
from comptoir.web.wording import channel_label

MOST_OFFERED = 3
_MOST_FOUND = 8
_SHORTEST_WORD = 4


@dataclass(frozen=True)
class Offered:
    """One entry as it is offered: its texts by the way to answer, what matched, and what is to be known of it."""

    entry: CatalogueEntry
    match: Match
    nearest: Sequence[tuple[str, bool]]
    texts: dict[str, str]
    is_too_long: bool
    language: str
    is_foreign: bool
    gaps: Sequence[str]
    files: int
    link: str
    unfilled_text: str

    @property
    def text(self) -> str:
        """The one that is shown."""
        return next(iter(self.texts.values()))


def answers_context(
    request: AgentRequest, conversation: Conversation, asked: str = "", *, all_near: bool = False
) -> dict[str, Any]:
    """What may answer the customer's last message, or (``asked``) what was typed into the panel's own field.

    Of what is near the last message only what is worth a look is offered, unless ``all_near``; ``is_silent`` tells that
    something is near and nothing worth one.
    """
    may_answer = may(request.agent, Permission.ANSWER) and can_answer(conversation.account)
    message = _last_message(conversation) if may_answer else None
    said = message.text if message else ""
    context = {"conversation": conversation, "may_answer": may_answer, "asked": asked, "all_near": all_near}
    if not (asked or (said and conversation.waiting_since)):
        return context | {"offered": [], "is_waiting": False, "is_silent": False}
    brand = conversation.account.brand
    on = today_at(brand)
    found = find_entries(
        asked or said, uses=uses_of(request.agent), on=on, brand_id=brand.pk, most=_MOST_FOUND,
        language="" if asked else _code(conversation.language),
    )  # fmt: skip
    kept = found.matches if asked or all_near else _worth_a_look(found, message)
    known = known_words(request, conversation, said)
    offered = _offered(kept, found, conversation, on, known, said or asked)
    is_waiting = not found.by_meaning and CatalogueEntry.objects.serving(on).exists()  # an empty one is never read
    is_silent = bool(found.matches) and not (asked or all_near or offered)
    return context | {"offered": offered, "is_waiting": is_waiting, "is_silent": is_silent, "message": message}


def _worth_a_look(found: Found, message: Message | None) -> Sequence[Match]:
    """All of them where only words were looked at."""
    confidences = [match.confidence for match in found.matches if match.confidence is not None]
    if message is None or not found.by_meaning:
        return found.matches
    read = MessageAnalysis.objects.filter(message=message).values_list("needs_answer", flat=True).first()
    return found.matches[: RULE.worth_a_look(confidences, calls_for_answer=read is not False)]


def today_at(brand: Brand) -> date:
    """The day where a brand is at home."""
    return now().astimezone(ZoneInfo(brand.time_zone)).date()


def _code(language: str) -> str:
    code = language.partition("-")[0].lower()
    return code if code in LANGUAGES else ""


def last_said(conversation: Conversation) -> str:
    """What the customer wrote last; empty where there is nothing."""
    message = _last_message(conversation)
    return message.text if message else ""


def _last_message(conversation: Conversation) -> Message | None:
    said = conversation.messages.incoming().filter(deleted_at=None).exclude(text="").order_by("-sent_at", "-pk")
    return said.only("text").first()


def known_words(request: AgentRequest, conversation: Conversation, said: str) -> dict[str, str]:
    """What the words in braces stand for here; ``said`` is what the customer wrote last."""
    return {
        "first_name": conversation.customer_first_name,
        "name": conversation.customer_name,
        "agent_name": request.agent.name,
        "brand": conversation.account.brand.name,
        "channel": channel_label(conversation.account.kind),
        **numbers_given(said, number_patterns(conversation.account.brand)),
    }


def _offered(
    matches: Sequence[Match], found: Found, conversation: Conversation, on: date, known: dict[str, str], said: str
) -> list[Offered]:
    ids = [match.entry_id for match in matches]
    rows = CatalogueEntry.objects.serving(on).filter(pk__in=ids).prefetch_related("variants__files")
    entries = {entry.pk: entry for entry in rows}
    occasions = [_occasion(conversation, way, said, found.language) for way in ways_to_answer(conversation)]
    offered: list[Offered] = []
    for match in matches:
        if match.entry_id in entries and len(offered) < MOST_OFFERED:
            one = _one(entries[match.entry_id], match, occasions, known, said)
            offered += [one] if one else []
    return offered


def _occasion(conversation: Conversation, way: str, said: str, language: str) -> Occasion:
    limits = limits_of(conversation.account).of("public" if way == "public" else "private")
    longest, unit = limits.max_text_chars, limits.text_unit
    customer = _code(conversation.contact.language) or language or language_of(said)
    return Occasion(
        language=_code(conversation.language) or customer,
        channel=conversation.account.kind,
        visibility=way,
        register="familiar" if register_of(said, language) == "tu" else "formal",
        fits=lambda text: longest is None or text_length(text, unit) <= longest,
    )


def _one(
    entry: CatalogueEntry, match: Match, occasions: Iterable[Occasion], known: dict[str, str], said: str
) -> Offered | None:
    """An entry as it is offered; None where it has no answer for any way to answer here."""
    variants = list(entry.variants.all())
    chosen: dict[str, tuple[AnswerVariant, str, Occasion]] = {}
    for occasion in occasions:
        variant = chosen_variant(variants, occasion, home=entry.language)
        if variant is not None:
            chosen[occasion.visibility] = (variant, filled(variant.text, known | {LINK: variant.link}), occasion)
    if not chosen:
        return None
    variant, text, occasion = next(iter(chosen.values()))
    return Offered(
        entry=entry,
        match=match,
        nearest=marked_words(match.nearest, said),
        texts={way: text for way, (_variant, text, _occasion) in chosen.items()},
        is_too_long=not occasion.fits(text),
        language=variant.language,
        is_foreign=variant.language != occasion.language,
        gaps=unfilled(text),
        files=len(variant.files.all()),
        link=variant.link,
        unfilled_text=variant.text,
    )


def files_offered(request: AgentRequest, conversation: Conversation, entry_id: int, way: str) -> list[AnswerFile]:
    """The files that go with an entry's answer as it is offered here. Raises Http404."""
    brand = conversation.account.brand
    serving = CatalogueEntry.objects.serving(today_at(brand)).for_brand(brand.pk)
    entry = get_object_or_404(serving.prefetch_related("variants__files"), pk=entry_id)
    said = last_said(conversation)
    occasion = _occasion(conversation, way, said, language_of(said))
    variant = chosen_variant(list(entry.variants.all()), occasion, home=entry.language)
    return list(variant.files.all()) if variant else []


def marked_words(phrasing: str, said: str) -> list[tuple[str, bool]]:
    """A phrasing in pieces; those that the message has too are marked."""
    there = {word for word in folded(said).replace("'", " ").split() if len(word.strip(".,;:!?")) >= _SHORTEST_WORD}
    there = {word.strip(".,;:!?…«»()") for word in there}
    pieces: list[tuple[str, bool]] = []
    for word in phrasing.split(" "):
        is_shared = any(part.strip(".,;:!?…«»()") in there for part in folded(word).split("'"))
        if pieces and pieces[-1][1] == is_shared:
            pieces[-1] = (f"{pieces[-1][0]} {word}", is_shared)
        else:
            pieces.append((word, is_shared))
    return pieces
