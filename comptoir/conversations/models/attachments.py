"""Files beside messages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models.message import Message
from comptoir.core.saying import ReasonField


class Attachment(models.Model):
    """One file of one message, as the network gave it and as we keep it.

    ``pending`` files are still at ``source_url``; ``stored`` ones are under ``storage_key``; a refused or failed one
    keeps its name and the reason.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Being fetched")
        STORED = "stored", _("Kept")
        LINKED = "linked", _("At the network")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Could not be fetched")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    name = models.CharField(max_length=255, blank=True)
    declared_type = models.CharField(max_length=255, blank=True, help_text="What the sender said it is.")
    mime_type = models.CharField(max_length=255, blank=True, help_text="What its bytes say it is.")
    size_bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    storage_key = models.CharField(max_length=200, blank=True)
    source_url = models.TextField(blank=True)
    alt_text = models.TextField(blank=True)
    content_id = models.CharField(max_length=255, blank=True)
    reason = ReasonField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="one_attachment_per_position")]

    def __str__(self) -> str:
        return self.name or self.source_url
