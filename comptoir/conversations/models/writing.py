"""What agents write that customers do not see: notes, and replies not sent yet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from comptoir.conversations.models.conversation import Conversation
from comptoir.conversations.models.message import Message
from comptoir.people.models import Agent


class Note(models.Model):
    """An internal remark on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="notes")
    text = models.TextField()
    key = models.UUIDField(null=True, editable=False, help_text="The form it was written in: it is left once.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="one_note_per_key")]
        indexes = [models.Index(fields=["conversation", "created_at", "id"], name="note_in_order")]

    def __str__(self) -> str:
        return self.text[:60]


class Draft(models.Model):
    """What one agent has begun to write in one conversation; it outlives reloads, reassignment and restarts."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    choices = ArrayField(models.CharField(max_length=250), default=list, db_default=[], blank=True)
    visibility = models.CharField(max_length=7, choices=[*Message.Visibility.choices, ("note", "note")])
    key = models.UUIDField(null=True, editable=False, help_text="The form that kept it last.")
    sequence = models.BigIntegerField(default=0, help_text="Which keeping of that form it was: late ones are older.")
    updated_at = models.DateTimeField(auto_now=True)
    taken_over_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_over_at = models.DateTimeField(null=True, help_text="A colleague goes on with it; typing again resumes it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "agent"], name="one_draft_per_agent_and_conversation")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DraftFile(models.Model):
    """A file laid beside a draft, kept as soon as it is chosen; with ``message``, it has left with that reply."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="draft_files")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="draft_files")
    name = models.CharField(max_length=255)
    storage_key = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    alt_text = models.TextField(blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="draft_files")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["conversation", "agent", "id"], name="draft_file_in_order")]

    def __str__(self) -> str:
        return self.name
