"""What agents answered in their own words, or with an entry that the catalogue did not find: what may be learnt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from comptoir.analysis.models import Intent
from comptoir.bot.comparing import weighty_words
from comptoir.bot.models import Comparison, Decision, LearntMessage, Ruling
from comptoir.catalogue.models import EntryUse
from comptoir.conversations.models import Message

_AT_THE_NETWORK = (Message.State.SENT, Message.State.DELIVERED, Message.State.READ)
_NO_QUESTIONS = (Intent.PRAISE, Intent.CHATTER)
#: The newest so many answers are looked at: all are compared with all.
_MOST = 3_000
_LEAST_WORDS, _MOST_CHARS = 3, 600
#: Of a proposal's words less than so many stand in what was sent: it was rewritten.
_REWRITTEN_BELOW = 0.5


@dataclass(frozen=True, slots=True)
class Answered:
    """A customer's message, and what an agent answered.

    ``used`` is the entry that the agent took by hand, ``found`` the one that the catalogue had found; ``in_own_words``
    tells that neither gave the words. ``is_taught``: a draft was made of it before.
    """

    message_id: int
    conversation_id: int
    contact_id: int
    brand_id: int
    asked: str
    said: str
    customer: str
    agent: str
    used: int | None
    found: int | None
    was_decided: bool
    in_own_words: bool
    is_taught: bool


def answered_by_agents(since: datetime) -> list[Answered]:
    """The first reply to each message that called for one, the newest first. Six queries, however many there are."""
    replies: dict[int, Message] = {}
    for reply in _replies(since):
        replies[int(vars(reply)["question"])] = reply  # an earlier reply goes in the place of a later one
    asked = _questions(replies)
    used = _uses(reply.pk for reply in replies.values())
    decisions = {one.message_id: one for one in _decisions(replies)}
    taught = set(LearntMessage.objects.filter(message__in=replies).values_list("message", flat=True))
    return [
        _answered(message, replies[message.pk], used, decisions.get(message.pk), is_taught=message.pk in taught)
        for message in asked
        if len(message.text.split()) >= _LEAST_WORDS
    ]


def _replies(since: datetime) -> Iterator[Message]:
    before = Message.objects.incoming().filter(
        conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"), deleted_at=None
    )
    theirs = Message.objects.outgoing().filter(
        sent_at__gte=since, agent__isnull=False, state__in=_AT_THE_NETWORK, deleted_at=None, is_automatic=False
    )
    theirs = theirs.exclude(text="").filter(conversation__is_spam=False).select_related("agent")
    asked = theirs.annotate(question=Subquery(before.order_by("-pk").values("pk")[:1]))
    yield from asked.filter(question__isnull=False).order_by("-pk")[:_MOST]


def _questions(replies: Iterable[int]) -> QuerySet[Message]:
    called = Message.objects.filter(pk__in=list(replies), analysis__needs_answer=True, rating_value=None)
    called = called.exclude(analysis__intent__in=_NO_QUESTIONS).exclude(text="")
    return called.select_related("conversation__account", "conversation__contact", "identity").order_by("-pk")


def _decisions(replies: Iterable[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(message__in=list(replies)).select_related("ruling", "comparison")


def _uses(reply_ids: Iterable[int]) -> Mapping[int, EntryUse]:
    uses = EntryUse.objects.filter(message_id__in=list(reply_ids), agent__isnull=False).order_by("-pk")
    return {one.message_id: one for one in uses}


def _answered(
    message: Message, reply: Message, uses: Mapping[int, EntryUse], decision: Decision | None, *, is_taught: bool
) -> Answered:
    use = uses.get(reply.pk)
    conversation, identity = message.conversation, message.identity
    return Answered(
        message_id=message.pk,
        conversation_id=conversation.pk,
        contact_id=conversation.contact_id,
        brand_id=conversation.account.brand_id,
        asked=message.text[:_MOST_CHARS],
        said=reply.text,
        customer=(identity.name if identity else "") or conversation.contact.name,
        agent=reply.agent.name if reply.agent else "",
        used=use.entry_id if use and use.came_back_at is None else None,
        found=decision.entry_id if decision else None,
        was_decided=decision is not None,
        in_own_words=use is None and _is_own(reply.text, decision),
        is_taught=is_taught,
    )


def _is_own(said: str, decision: Decision | None) -> bool:
    """Whether the words are the agent's: nothing was found, what was found was refused, or hardly a word is left."""
    if decision is None or decision.entry_id is None:
        return True
    ruling = getattr(decision, "ruling", None)
    if ruling is not None and ruling.verdict != Ruling.Verdict.EDITED:
        return bool(ruling.verdict == Ruling.Verdict.REFUSED)
    comparison = getattr(decision, "comparison", None)
    if comparison is not None and comparison.outcome != Comparison.Outcome.UNCLEAR:
        return False
    proposed = weighty_words(decision.text)
    return len(proposed & weighty_words(said)) < _REWRITTEN_BELOW * len(proposed)
