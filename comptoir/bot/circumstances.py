"""The rules about where a message stands: who else sees to it, what the bot has said already, the hour, the budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from comptoir.analysis.models import ContactReason, Intent, MessageAnalysis
from comptoir.bot.models import BotSettings, Decision, EntryRest, EntryTarget, Mode
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.sla.queries import opening_of
from comptoir.understanding.deciding.certainty import USUAL

#: Somebody who has written within this time is still writing.
_WRITING = timedelta(minutes=30)
#: A message that was not decided about within this time is a person's.
_FRESH = timedelta(hours=24)
_DAY = timedelta(hours=24)
_SURE, _RUDE, _SPAM = 0.8, 0.5, 0.5


@dataclass(frozen=True)
class Standing:
    """One message where it stands; its conversation is locked by who asks."""

    message: Message
    conversation: Conversation
    analysis: MessageAnalysis
    settings: BotSettings

    def rules(self) -> Iterator[str]:
        """Those that forbid an answer alone, whatever the entry."""
        yield from self._about_message()
        yield from self._about_people()
        yield from self._about_former_answers()
        yield from self._about_moment()

    def _about_message(self) -> Iterator[str]:
        read = self.analysis
        if self.message.is_automatic:
            yield "automatic"
        if self.conversation.is_spam or read.spam >= _SPAM:
            yield "spam"
        if not read.needs_answer:
            yield "no_answer_needed"
        is_sure = read.intent_confidence >= _SURE or "intent" in read.corrected
        if read.intent == Intent.COMPLAINT and is_sure:
            yield "complaint"
        if read.toxicity >= _RUDE:
            yield "anger"
        if read.is_urgent:
            yield "urgency"
        if "legal" in read.grounds:
            yield "legal"

    def _about_people(self) -> Iterator[str]:
        theirs = self.conversation.messages.outgoing().exclude(state=Message.State.CANCELLED)
        theirs = theirs.filter(answering_decision=None, is_automatic=False, deleted_at=None)
        since_message = theirs.filter(Q(pk__gt=self.message.pk) | Q(sent_at__gt=self.message.sent_at))
        if since_message.exists():
            yield "answered"
        elif self._is_in_charge(theirs):
            yield "person_in_charge"
        if self.conversation.messages.incoming().filter(pk__gt=self.message.pk, deleted_at=None).exists():
            yield "written_since"

    def _is_in_charge(self, theirs: QuerySet[Message]) -> bool:
        """Whether somebody has spoken here, is writing, or was given it by a person; what a rule gave to somebody who
        has not touched it yet is in nobody's charge."""
        if theirs.filter(agent__isnull=False, sent_at__gte=self._begun_at()).exists():
            return True
        if Draft.objects.filter(conversation=self.conversation, updated_at__gte=now() - _WRITING).exists():
            return True
        given = Event.objects.filter(
            conversation_id=self.conversation.pk, name="conversation.assigned", actor_kind="agent"
        )
        return self.conversation.assignee_id is not None and given.filter(at__gte=self._begun_at()).exists()

    def _begun_at(self) -> datetime:
        """When the exchange began that the message belongs to: at the last reopening, or with the conversation."""
        reopened = Event.objects.filter(conversation_id=self.conversation.pk, name="conversation.reopened")
        last = reopened.filter(at__lte=now()).order_by("-id").values_list("at", flat=True).first()
        return max(self.conversation.started_at, last) if last else self.conversation.started_at

    def _about_former_answers(self) -> Iterator[str]:
        former = self.former_decisions()
        if any({"asks_for_person", "asked_before"} & set(one.rules) for one in former):
            yield "asked_before"
        answered = [one for one in former if one.done == Decision.Done.ANSWERED]
        if len(answered) >= self.settings.most_in_row:
            yield "in_row"

    def former_decisions(self) -> list[Decision]:
        """What was decided here since a person of ours spoke last, the earliest first."""
        spoken = self.conversation.messages.outgoing().filter(agent__isnull=False, deleted_at=None)
        last = spoken.exclude(state=Message.State.CANCELLED).order_by("-sent_at").values_list("sent_at", flat=True)
        found = Decision.objects.filter(message__conversation=self.conversation).exclude(message=self.message)
        since = max([self._begun_at(), *last[:1]])
        return list(found.filter(message__sent_at__gte=since).select_related("message", "entry").order_by("id"))

    def _about_moment(self) -> Iterator[str]:
        if now() - self.message.sent_at > _FRESH:
            yield "too_late"
        if not _is_its_hour(self.settings):
            yield "hours"
        if answers_today(self.settings.account) >= self.settings.most_a_day:
            yield "budget"


def answers_today(account: ChannelAccount) -> int:
    """How often the bot has answered on an account in the last 24 hours."""
    lately = Decision.objects.filter(account=account, decided_at__gte=now() - _DAY)
    return lately.filter(done=Decision.Done.ANSWERED).count()


def _is_its_hour(settings: BotSettings) -> bool:
    if settings.hours == BotSettings.Hours.ALWAYS:
        return True
    account = settings.account
    opened = opening_of(account).is_open_at(now())
    return opened == (settings.hours == BotSettings.Hours.OPEN)


def is_resting(entry_id: int) -> bool:
    """Whether the entry was taken off the bot."""
    return EntryRest.objects.filter(pk=entry_id).exists()


def least_per_cent_of(entry: CatalogueEntry | None) -> int:
    """How many of a hundred answers must be proven right before the bot answers with it alone."""
    asked = EntryTarget.objects.filter(entry=entry).values_list("least_per_cent", flat=True).first() if entry else None
    return asked or USUAL


def mode_for(settings: BotSettings, analysis: MessageAnalysis) -> Mode:
    """The account's, or that of what the customer writes about: the nearest reason that has one of its own."""
    topic = analysis.topics.select_related("reason__parent__parent").first()
    if topic is None or settings.pk is None:
        return Mode(settings.mode)
    modes = dict(settings.topics.values_list("reason", "mode"))
    reason: ContactReason | None = topic.reason
    while reason is not None:
        if reason.pk in modes:
            return Mode(modes[reason.pk])
        reason = reason.parent
    return Mode(settings.mode)
