"""Promises, and promises running."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.conversations.models import Conversation


class SLAPolicy(models.Model):
    """A promise. One without a brand holds for every brand that has none of its own."""

    class Promise(models.TextChoices):
        FIRST_REPLY = "first_reply", _("First reply")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="sla_policies")
    promise = models.CharField(max_length=12, choices=Promise, default=Promise.FIRST_REPLY)
    target = models.DurationField(default=timedelta(hours=24))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "promise"], nulls_distinct=False, name="one_policy_per_brand_and_promise"
            )
        ]

    def __str__(self) -> str:
        return f"{self.promise} within {self.target}"


class SLAClock(models.Model):
    """One promise running on one conversation: stopped at the network's time of the answer, breached once when it is
    late.
    """

    policy = models.ForeignKey(SLAPolicy, on_delete=models.PROTECT, related_name="clocks")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="clocks")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    is_abandoned = models.BooleanField(
        default=False, db_default=False, help_text="It ended without an answer being owed any more."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "policy"], condition=Q(stopped_at=None), name="one_running_clock_per_promise"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="clock_due", condition=Q(stopped_at=None, breached_at=None))]

    def __str__(self) -> str:
        return f"{self.conversation_id} due {self.due_at:%Y-%m-%d %H:%M}"
