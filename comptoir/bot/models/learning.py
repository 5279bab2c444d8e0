"""What the catalogue has learnt from messages that agents answered by themselves."""

from __future__ import annotations

from django.db import models

from comptoir.catalogue.models import EntryVersion
from comptoir.conversations.models import Message


class LearntMessage(models.Model):
    """A customer's message that went into a draft, and which: a message teaches once, whatever becomes of the draft."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="taught")
    version = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="learnt_messages")
    learnt_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"message {self.message_id} → version {self.version_id}"
