"""How right the bot was: what people ruled, and what agents answered by themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.bot.models.decision import Decision
from comptoir.catalogue.models import EntryVersion
from comptoir.conversations.models import Message, Note
from comptoir.people.models import Agent


class Ruling(models.Model):
    """A person's word on one decision: one, for good."""

    class Verdict(models.TextChoices):
        AS_IS = "as_is", _("Sent as it was")
        EDITED = "edited", _("Changed, then sent")
        RIGHT = "right", _("Right, and nothing sent")
        REFUSED = "refused", _("Refused")

    class Cause(models.TextChoices):
        OTHER_QUESTION = "other_question", _("The customer asks something else")
        UNSAID = "unsaid", _("It answers only a part")
        PERSON = "person", _("A person must see to it")
        WRONG_ANSWER = "wrong_answer", _("The answer is out of date or wrong")
        NO_ANSWER = "no_answer", _("No answer is called for")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="ruling")
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    cause = models.CharField(max_length=14, choices=Cause, blank=True)
    words = models.CharField(max_length=500, blank=True)
    reply = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, related_name="ruled_by")
    draft = models.ForeignKey(EntryVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        ordering = ["-ruled_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["as_is", "edited", "right", "refused"]), name="verdict_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(verdict="refused") & ~Q(cause="")) | (~Q(verdict="refused") & Q(cause="")),
                name="refusal_has_a_cause",
            ),
        ]
        indexes = [models.Index(fields=["-ruled_at"], name="ruling_by_time")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.verdict}"

    @property
    def is_right(self) -> bool:
        """Whether the bot's answer was the right one, as far as its entry goes."""
        return self.verdict != self.Verdict.REFUSED


class Comparison(models.Model):
    """What an agent answered by themselves where the bot had decided: the same, another entry, or one cannot tell."""

    class Outcome(models.TextChoices):
        SAME = "same", _("The same")
        OTHER = "other", _("Another entry")
        UNCLEAR = "unclear", _("In their own words")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, primary_key=True, related_name="comparison")
    reply = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome)
    compared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["same", "other", "unclear"]), name="outcome_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.outcome}"


class BotNote(models.Model):
    """A note that the bot left: where it hands over, or tells an owner of an entry that was taken off it."""

    note = models.OneToOneField(Note, on_delete=models.CASCADE, primary_key=True, related_name="by_bot")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="notes")

    def __str__(self) -> str:
        return f"note {self.note_id}"
