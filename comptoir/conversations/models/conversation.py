"""One exchange with one identity on one account."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.understanding.first_names import first_name_in

_UNMISTAKABLE = "abcdefghijkmnpqrstuvwxyz23456789"
_BYTE_TO_LETTER = (_UNMISTAKABLE * 8).encode()  # 32 letters: every one stands for eight bytes
PREVIEW_CHARS = 200
#: No agent has this id: it stands for the one who asks.
_SOMEBODY = -9_000_000_000_000_000
_AT_HAND = Q(status__in=["open", "pending"], is_spam=False)
_WAITING = _AT_HAND & Q(waiting_since__isnull=False)
#: Of those who wait; 1 is Priority.NORMAL, which most have.
_OUT_OF_TURN = _WAITING & ~Q(priority=1)


def new_thread_token() -> str:
    """What brings a reply home when the network forgets the thread: short, unguessable, safe in any address."""
    return "c-" + secrets.token_bytes(20).translate(_BYTE_TO_LETTER).decode()


class Priority(models.IntegerChoices):
    """How much before others: a team's queue is given out in this order, and lists can be read in it."""

    LOW = 0, pgettext_lazy("priority", "Low")
    NORMAL = 1, pgettext_lazy("priority", "Normal")
    HIGH = 2, pgettext_lazy("priority", "High")
    URGENT = 3, pgettext_lazy("priority", "Urgent")


class Tag(models.Model):
    """A word that agents put on conversations."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def _hidden_from(agent: Agent) -> RawSQL:
    """The ids of the accounts that the agent is not shown, as part of a query."""
    sql, values = _hidden_from_somebody(agent.role)
    return RawSQL(sql, [agent.pk if value == _SOMEBODY else value for value in values])  # noqa: S611  # the ORM wrote it


@cache
def _hidden_from_somebody(role: str) -> tuple[str, Sequence[object]]:
    """Part of nearly every query of a screen, and the same for all who have one role but for who it is: only the first
    one composes it.
    """
    somebody = Agent(pk=_SOMEBODY, role=role)
    return ChannelAccount.objects.hidden_from(somebody).order_by().values("pk").query.sql_with_params()


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: Agent, *, besides: Collection[int] = ()) -> ConversationQuerySet:
        """What the agent's role, teams and brands allow them to read; what is given to them, they read in any case.

        ``besides``, those of these ids too: see `conversations.reach.found_by`.
        """
        if not may(agent, Permission.READ_CONVERSATIONS):
            return self.none()
        if agent.role == Agent.Role.ADMINISTRATOR:
            return self
        shown = ~Q(account__in=_hidden_from(agent))
        if not may(agent, Permission.SEE_EVERY_TEAM):
            shown &= Q(team__in=agent.teams.all())
        return self.filter(shown | Q(assignee=agent) | Q(pk__in=besides) if besides else shown | Q(assignee=agent))

    def live(self) -> ConversationQuerySet:
        return self.exclude(status=Conversation.Status.RESOLVED)

    def at_hand(self) -> ConversationQuerySet:
        """What can be worked on now: neither resolved, nor put away for a while, nor spam."""
        return self.filter(_AT_HAND)

    def waiting(self) -> ConversationQuerySet:
        """Where the customer spoke last and nobody has answered."""
        return self.filter(waiting_since__isnull=False)


class Conversation(models.Model):
    """One exchange with one identity on one account; resolved, it reopens within the account's `reopens_within`."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PENDING = "pending", _("Pending")
        SNOOZED = "snoozed", _("Snoozed")
        RESOLVED = "resolved", _("Resolved")

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, db_index=False, related_name="conversations")
    identity = models.ForeignKey(ContactIdentity, on_delete=models.PROTECT, related_name="conversations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="conversations")
    thread_id = models.CharField(max_length=512)
    thread_token = models.CharField(max_length=40, default=new_thread_token)
    is_public = models.BooleanField(default=False)
    subject = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, db_index=False, related_name="conversations")
    assignee = models.ForeignKey(
        Agent, on_delete=models.SET_NULL, null=True, db_index=False, related_name="conversations"
    )
    priority = models.PositiveSmallIntegerField(
        choices=Priority, default=Priority.NORMAL, db_default=1, help_text="Set by routing; most are normal."
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="conversations")
    language = models.CharField(max_length=12, blank=True)
    started_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_message_text = models.CharField(max_length=PREVIEW_CHARS, blank=True)
    last_incoming_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    promise_due_at = models.DateTimeField(null=True, help_text="When the promise that runs out first is broken.")
    snoozed_until = models.DateTimeField(null=True, help_text="Snoozed without an instant: until the customer writes.")
    is_spam = models.BooleanField(default=False, db_default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, db_index=False, related_name="merged_from"
    )
    resolved_at = models.DateTimeField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread_token"], name="one_conversation_per_token"),
            models.UniqueConstraint(
                fields=["account", "thread_id", "identity"],
                condition=~Q(status="resolved"),
                name="one_live_conversation_per_person_and_thread",
            ),
            models.CheckConstraint(
                condition=Q(status="resolved", resolved_at__isnull=False)
                | (~Q(status="resolved") & Q(resolved_at=None)),
                name="resolved_has_an_instant",
            ),
        ]
        # The lists of the inbox, each in its own order, for a team (or none), an agent, nobody. What their conditions
        # imply need not be looked up in the table, so that a first page is read from the index alone. Every message
        # writes its conversation into each index that has it: a foreign key has one of its own only where it must.
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversation_by_activity"),
            models.Index(fields=["team", "-last_message_at", "-id"], name="at_hand_by_team", condition=_AT_HAND),
            models.Index(
                fields=["assignee", "-last_message_at", "-id"],
                name="at_hand_by_assignee",
                condition=_AT_HAND & Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"],
                name="at_hand_of_nobody",
                condition=_AT_HAND & Q(assignee=None),
            ),
            models.Index(
                fields=["team", "waiting_since", "id"],
                include=["priority", "account", "is_public"],
                name="waiting_by_team",
                condition=_WAITING,
            ),
            models.Index(
                fields=["team", "waiting_since", "id"],
                include=["priority"],
                name="waiting_of_nobody_by_team",
                condition=_WAITING & Q(assignee=None),
            ),
            models.Index(
                fields=["assignee", "waiting_since", "id"],
                include=["priority"],
                name="waiting_by_assignee",
                condition=_WAITING & Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "priority", "waiting_since", "id"],
                name="out_of_turn_by_team",
                condition=_OUT_OF_TURN,
            ),
            models.Index(
                fields=["team", "priority", "waiting_since", "id"],
                name="out_of_turn_of_nobody_by_team",
                condition=_OUT_OF_TURN & Q(assignee=None),
            ),
            models.Index(
                fields=["assignee", "priority", "waiting_since", "id"],
                name="out_of_turn_by_assignee",
                condition=_OUT_OF_TURN & Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "promise_due_at", "id"],
                include=["account"],
                name="promised_by_team",
                condition=_AT_HAND & Q(promise_due_at__isnull=False),
            ),
            models.Index(
                fields=["team", "promise_due_at", "id"],
                name="promised_of_nobody_by_team",
                condition=_AT_HAND & Q(promise_due_at__isnull=False, assignee=None),
            ),
            models.Index(
                fields=["assignee", "promise_due_at", "id"],
                name="promised_by_assignee",
                condition=_AT_HAND & Q(promise_due_at__isnull=False, assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"],
                name="snoozed_by_team",
                condition=Q(status="snoozed", is_spam=False),
            ),
            models.Index(
                fields=["assignee", "-last_message_at", "-id"],
                name="snoozed_by_assignee",
                condition=Q(status="snoozed", is_spam=False, assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"],
                name="resolved_by_team",
                condition=Q(status="resolved", is_spam=False),
            ),
            models.Index(
                fields=["assignee", "-last_message_at", "-id"],
                name="resolved_by_assignee",
                condition=Q(status="resolved", is_spam=False, assignee__isnull=False),
            ),
            models.Index(fields=["team", "-last_message_at", "-id"], name="spam_by_team", condition=Q(is_spam=True)),
            models.Index(
                fields=["assignee", "-last_message_at", "-id"],
                name="spam_by_assignee",
                condition=Q(is_spam=True, assignee__isnull=False),
            ),
            models.Index(fields=["snoozed_until"], name="snoozed_by_end", condition=Q(status="snoozed")),
            models.Index(fields=["account", "thread_id"], name="conversation_by_thread"),
            models.Index(fields=["assignee"], name="conversation_by_assignee", condition=Q(assignee__isnull=False)),
            models.Index(
                fields=["merged_into"], name="conversation_by_kept_one", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} on {self.account_id}: {self.last_message_text[:40]}"

    def resolve(self, at: datetime) -> None:
        """Close this exchange; the caller saves and records."""
        self.status = self.Status.RESOLVED
        self.resolved_at = at
        self.snoozed_until = None
        self.waiting_since = None

    def reopen(self) -> None:
        """Open it again; the caller saves and records."""
        self.status = self.Status.OPEN
        self.resolved_at = None
        self.snoozed_until = None

    @property
    def customer_name(self) -> str:
        """What the customer is called to their face; empty where only a handle or an id of theirs is known, since
        « Bonjour visiteur-2 » greets nobody.
        """
        given = " ".join((self.identity.name or self.contact.name).split())
        return "" if given in {self.identity.handle, self.identity.external_id} else given

    @property
    def customer_first_name(self) -> str:
        """The first name in `customer_name`; empty where that may as well be a company's or a handle."""
        return first_name_in(self.customer_name)
