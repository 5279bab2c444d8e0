"""What staff keep for themselves: saved views, acts on many conversations, ways to private, calls to be made."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import ChannelAccount
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


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def waiting(self) -> CallBackQuerySet:
        return self.filter(state=CallBack.State.WAITING)

    def falling_overdue(self, at: datetime) -> CallBackQuerySet:
        """Those that nobody made in time, which is not told yet."""
        return self.waiting().filter(due_at__lte=at, overdue_at=None)


class CallBack(models.Model):
    """A customer is to be called, from one of our numbers, about a conversation on whatever channel.

    ``number`` is empty where they asked for a call without saying where: it is to be filled in. A call that is not
    picked up leaves it waiting; one that is ends it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be called")
        REACHED = "reached", _("Reached")
        GIVEN_UP = "given_up", _("Not reached")
        WITHDRAWN = "withdrawn", _("Not needed any more")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="call_backs")
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=20, blank=True, help_text="E.164")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Where the customer asked for it."
    )
    asked_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, help_text="When it was told that nobody had called in time.")
    placed_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True, help_text="The last call that was not picked up.")
    tries = models.PositiveIntegerField(default=0, help_text="Calls that were not picked up.")
    ended_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    call = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, related_name="called_for", help_text="The call's own."
    )

    objects = CallBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="waiting"), name="one_call_back_to_make_per_conversation"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="call_back_to_make", condition=Q(state="waiting")),
            models.Index(fields=["account", "number"], name="call_back_by_number", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.number or '?'} for {self.conversation_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def end(self, state: CallBack.State, *, at: datetime, by: Agent | None = None) -> None:
        """It is over; the caller holds the row, saves and records."""
        self.state, self.ended_at, self.ended_by = state, at, by
