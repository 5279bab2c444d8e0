"""What the bot did with messages, and why. Decisions are only ever added: the database refuses to change them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.models import ContactReason
from comptoir.bot.models.settings import Mode
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.people.models import Agent
from comptoir.understanding.deciding.certainty import USUAL


class DecisionToMake(models.Model):
    """An incoming message that the bot has yet to decide about, once it has been read thoroughly."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="to_decide")
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="to_decide_in_order")]

    def __str__(self) -> str:
        return f"message {self.message_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def on_entries(self) -> DecisionQuerySet:
        """Those that found an entry."""
        return self.filter(entry__isnull=False)

    def to_rule(self) -> DecisionQuerySet:
        """Those that nobody has ruled on, about messages that are still there."""
        return self.on_entries().filter(ruling=None, message__deleted_at=None)

    def would_answer(self) -> DecisionQuerySet:
        """Those by which the bot answered alone, or would have in another mode."""
        return self.filter(would_answer=True)

    def visible_to(self, agent: Agent) -> DecisionQuerySet:
        """Those about conversations that the agent may read."""
        readable = Conversation.objects.visible_to(agent).filter(pk=OuterRef("message__conversation"))
        return self.filter(Exists(readable))


class Decision(models.Model):
    """What was done with one message: with which version of which entry, by which phrasing, how surely, and which rules
    forbade an answer alone. ``text`` is the answer as it was or would be given, without what says that it is automatic.

    ``answers_from`` is how sure one had to be at that moment for ``least_per_cent`` of the answers, as the entry asks,
    to be proven right. ``would_answer``: an answer alone was forbidden by nothing but the mode or the switch.
    """

    class Done(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        NOTED = "noted", _("Noted, and nothing sent")
        PROPOSED = "proposed", _("Proposed to a person")
        ANSWERED = "answered", _("Answered")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="bot_decision")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, db_index=False, related_name="+")
    reason = models.ForeignKey(ContactReason, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    decided_at = models.DateTimeField()
    mode = models.CharField(max_length=8, choices=Mode)
    done = models.CharField(max_length=8, choices=Done)
    entry = models.ForeignKey(CatalogueEntry, on_delete=models.PROTECT, null=True, related_name="bot_decisions")
    version = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    phrasing = models.TextField(blank=True, help_text="Of the entry's, the one that came nearest.")
    confidence = models.FloatField(default=0.0)
    answers_from = models.FloatField(null=True)
    least_per_cent = models.PositiveSmallIntegerField(default=USUAL)
    candidates: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    rules = ArrayField(models.CharField(max_length=24), default=list, help_text="Those that forbade an answer alone.")
    language = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    files: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, help_text="Those of the answer.")
    would_answer = models.BooleanField(default=False)
    teaches = models.FloatField(default=0.0, help_text="How much a ruling on it teaches: from 0 to 2.")
    reply = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, related_name="answering_decision")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done__in=["nothing", "noted", "proposed", "answered"]), name="known_deed"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="decision_confidence_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(done="answered") | Q(entry__isnull=False, version__isnull=False, would_answer=True),
                name="bot_answers_from_an_entry_that_may",
            ),
            models.CheckConstraint(
                condition=~Q(done="nothing") | Q(entry=None), name="bot_does_nothing_without_an_entry"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-decided_at"], name="decision_by_account"),
            models.Index(fields=["entry", "-decided_at"], name="decision_by_entry", condition=Q(entry__isnull=False)),
            models.Index(fields=["-decided_at"], name="decision_by_time", condition=Q(entry__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.done}"
