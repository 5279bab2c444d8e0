"""What one customer wants solved, wherever they speak of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models.conversation import Conversation
from comptoir.people.models import Agent


class Matter(models.Model):
    """Conversations of one person about one thing: one owner, one promise, one resolution."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")

    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="matters")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.TextField(blank=True, help_text="What was done.")
    conversations = models.ManyToManyField(Conversation, through="JoinedConversation", related_name="matters")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", resolved_at=None) | Q(status="resolved", resolved_at__isnull=False),
                name="matter_resolved_at_an_instant",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class JoinedConversation(models.Model):
    """One conversation's place in a matter; it has one at most."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="joined")
    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="joined")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.conversation_id} in {self.matter_id}"
