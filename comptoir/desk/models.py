"""What staff keep for themselves: saved views, acts on many conversations, invitations from public to private."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.people.models import Agent


class InboxView(models.Model):
    """A saved filter of the inbox. One without an owner is everybody's."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="inbox_views")
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], nulls_distinct=False, name="one_view_per_owner_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class BulkAct(models.Model):
    """One act on many conversations: how far it has come, and whether it was undone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="bulk_acts")
    act = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    key = models.UUIDField(unique=True, help_text="The form it was asked with: it is done once.")
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.act} on {self.total}"


class BulkChange(models.Model):
    """One conversation of a bulk act: what it was before, and what became of it."""

    bulk_act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="changes")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(null=True, help_text="What it was like, and as it was left; null until it is done.")
    refusal = models.TextField(blank=True)
    is_undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk_act", "conversation"], name="one_change_per_conversation_and_act")
        ]
        indexes = [
            models.Index(fields=["bulk_act", "id"], name="bulk_to_do", condition=Q(before__isnull=True, refusal=""))
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} in {self.bulk_act_id}"


class Invitation(models.Model):
    """A person who spoke in public was asked to go on in private, followed to its end.

    Where the network has no private message of its own it is a link to the chat, for one person, used once; only the
    link's digest is kept.
    """

    LIFETIME = timedelta(days=7)

    class Way(models.TextChoices):
        NETWORK = "network", _("The network's own private message")
        LINK = "link", _("A link to the chat")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="invitations")
    way = models.CharField(max_length=7, choices=Way)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, null=True, unique=True)
    identity = models.ForeignKey(
        ContactIdentity, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Who used the link."
    )
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    joined = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, related_name="invited_by")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="When the public exchange had its closing word.")

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "-created_at"], name="invitation_by_conversation"),
            models.Index(fields=["identity"], name="invitation_to_be_joined", condition=Q(joined_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} to private"

    @property
    def is_over(self) -> bool:
        """Whether its time ran out before anybody used it."""
        return self.joined_at is None and self.identity_id is None and self.expires_at <= now()

    @staticmethod
    def new_token() -> str:
        """What the link carries; it is not kept."""
        return secrets.token_urlsafe(24)

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
