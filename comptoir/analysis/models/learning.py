"""What people corrected, and the heads that were learnt from it."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.conversations.models import Message
from comptoir.people.models import Agent


class Figure(models.TextChoices):
    """What can be corrected of a message."""

    LANGUAGE = "language", _("Language")
    SENTIMENT = "sentiment", _("Feeling")
    INTENT = "intent", _("Kind of message")
    NEEDS_ANSWER = "needs_answer", _("Calls for an answer")
    URGENCY = "urgency", _("Urgency")
    TOPIC = "topic", _("Contact reason")
    TOXICITY = "toxicity", _("Insult or threat")
    SPAM = "spam", _("Spam")


class Correction(models.Model):
    """Somebody said that one figure of one message is another. Rows are added, never changed: the last one holds."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False, related_name="corrections")
    figure = models.CharField(max_length=12, choices=Figure)
    before = models.JSONField(null=True, help_text="What was shown; null where a message had no reason.")
    after = models.JSONField(null=True, help_text="What is shown from then on.")
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(figure__in=Figure.values), name="correction_is_of_a_figure"),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")) & ~Q(before__isnull=True, after__isnull=True),
                name="correction_changes_something",
            ),
        ]
        indexes = [
            models.Index(fields=["message", "figure", "-id"], name="correction_by_message"),
            models.Index(fields=["figure", "-id"], name="correction_by_figure"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} of {self.message_id}: {self.before} → {self.after}"


class Measured(models.Model):
    """How held-out texts are read before and after: shares of 0 to 1, weighted as texts come, and how many of those
    that people corrected.
    """

    texts = models.PositiveIntegerField(help_text="Held out: measured on, never learnt from.")
    corrected = models.PositiveIntegerField(help_text="Of those, corrected by people.")
    share_before = models.FloatField()
    share_after = models.FloatField()
    corrected_before = models.PositiveIntegerField()
    corrected_after = models.PositiveIntegerField()

    class Meta:
        abstract = True


class TrainedHeads(Measured):
    """One attempt to learn one figure, in one form, from the company's corrections.

    Kept only if it reads the held-out texts better than what there was; then ``coefficients`` are used from then on,
    until the next one that is kept. One that was not keeps its figures and no coefficients.
    """

    figure = models.CharField(max_length=12, choices=Figure)
    form = models.CharField(max_length=5, choices=[("light", "light"), ("full", "full")])
    is_kept = models.BooleanField()
    coefficients = models.BinaryField(null=True)
    learnt_from = models.PositiveIntegerField(help_text="Corrections it was learnt from.")
    last_correction = models.BigIntegerField(help_text="The newest correction that it knows of.")
    trained_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_kept=False, coefficients=None)
                | Q(is_kept=True, coefficients__isnull=False, share_after__gt=models.F("share_before")),
                name="heads_are_kept_only_if_better",
            )
        ]
        indexes = [
            models.Index(fields=["figure", "form", "-id"], name="trained_heads_by_figure"),
            BrinIndex(fields=["trained_at"], name="trained_heads_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} ({self.form}), {'kept' if self.is_kept else 'not kept'}"


class ReasonHead(models.Model):
    """What tells contact reasons apart: one for the company's own tree (``brand`` is None), one for each brand that
    has reasons of its own. ``told_apart`` has for each reason how many examples it has, how many of them would be
    told right if they were none, and with what they are confused. ``fingerprint`` is of what it was learnt from.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    coefficients = models.BinaryField()
    told_apart = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    has_corrections = models.BooleanField(default=False, help_text="Corrected messages are among its examples.")
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand"], nulls_distinct=False, name="one_reason_head_per_brand")
        ]

    def __str__(self) -> str:
        return f"reasons of {self.brand_id or 'the company'}"
