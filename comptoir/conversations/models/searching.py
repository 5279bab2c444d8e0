"""What search reads: the words of messages, notes, subjects and people, kept beside them and made again at any time.

Columns of the messages themselves would cost intake for each message; these rows follow within a second.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models.conversation import Conversation
from comptoir.conversations.models.message import Message
from comptoir.conversations.models.writing import Note


class SearchText(models.Model):
    """The words of one message or one note: French with its accents and without, numbers and addresses as they are."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, null=True, related_name="search_text")
    note = models.OneToOneField(Note, on_delete=models.CASCADE, null=True, related_name="search_text")
    at = models.DateTimeField()
    words = SearchVectorField()
    pairs = ArrayField(models.IntegerField(), null=True, help_text="Its words two by two; null: not yet.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, note=None) | Q(message=None, note__isnull=False),
                name="search_text_is_of_a_message_or_a_note",
            )
        ]
        indexes = [
            # What was just added is read through row by row until it is sorted in: kept short, searching stays fast.
            GinIndex(fields=["words"], name="search_text_by_word", gin_pending_list_limit=512),
            GinIndex(fields=["pairs"], name="search_text_by_pair", gin_pending_list_limit=512),
            models.Index(fields=["-at", "-id"], name="search_text_by_time"),
            models.Index(fields=["id"], name="search_text_without_pairs", condition=Q(pairs=None)),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id}" if self.message_id else f"note {self.note_id}"


class SearchPerson(models.Model):
    """The names, addresses and numbers of one identity and of the person behind it."""

    identity = models.OneToOneField(ContactIdentity, on_delete=models.CASCADE, related_name="search_person")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_person_by_word")]

    def __str__(self) -> str:
        return f"identity {self.identity_id}"


class SearchSubject(models.Model):
    """The words of what a conversation is about, or of the room it is in; none where nothing was said of it."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="search_subject")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_subject_by_word", gin_pending_list_limit=512)]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id}"


class SearchProgress(models.Model):
    """Up to which id everything is in the search, for one kind of rows; beyond ``seen`` nobody has looked yet."""

    kind = models.CharField(max_length=10, primary_key=True)
    position = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} up to {self.position}"
