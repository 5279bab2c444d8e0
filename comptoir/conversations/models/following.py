"""What one agent has to do with a conversation: how far they have read, whether they follow it, who asked for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comptoir.conversations.models.conversation import Conversation
from comptoir.conversations.models.writing import Note
from comptoir.people.models import Agent


class ReadMark(models.Model):
    """Up to which instant one agent has read one conversation; it only moves forward."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="read_marks")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="read_marks")
    read_up_to = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="one_read_mark_per_agent_and_conversation")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} has read {self.conversation_id} up to {self.read_up_to:%Y-%m-%d %H:%M}"


class Following(models.Model):
    """An agent wants to hear of a conversation that need not be theirs.

    Whoever handed it over reads it on as long as they follow it (``keeps_reading``): see `conversations/reach.py`.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="followings")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="followings")
    since = models.DateTimeField(auto_now_add=True)
    keeps_reading = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="one_following_per_agent_and_conversation")
        ]
        indexes = [
            models.Index(fields=["agent", "conversation"], name="reading_on_by_agent", condition=Q(keeps_reading=True)),
            models.Index(fields=["conversation"], name="reading_on", condition=Q(keeps_reading=True)),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} follows {self.conversation_id}"


class NoteMention(models.Model):
    """A colleague addressed by @ in a note. Open until they have answered or put it aside."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="note_mentions")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="note_mentions")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "agent"], name="one_mention_per_note_and_agent")]
        indexes = [
            models.Index(fields=["agent", "-at"], name="open_mentions_by_agent", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} in note {self.note_id}"
