"""What was said, by them or by us, and how far an answer of ours has come."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models.conversation import Conversation
from comptoir.core.saying import ReasonField, in_words
from comptoir.people.models import Agent


class MessageQuerySet(models.QuerySet["Message"]):
    def incoming(self) -> MessageQuerySet:
        return self.filter(direction=Message.Direction.INCOMING)

    def outgoing(self) -> MessageQuerySet:
        return self.filter(direction=Message.Direction.OUTGOING)

    def asking(self) -> MessageQuerySet:
        """Those to which a customer may wait for an answer: said by a person, still there, and not known to call for
        none; of calls, the missed.
        """
        theirs = self.incoming().filter(is_automatic=False, is_waived=False, deleted_at=None)
        return theirs.exclude(call_state__in=Message.SPOKEN)

    def answering(self) -> MessageQuerySet:
        """Those by which a customer has their answer: ours that the network has, calls of ours unless nobody took them,
        and calls of theirs that we took.
        """
        ours = Q(direction=Message.Direction.OUTGOING, is_automatic=False, state__in=Message.AT_THE_NETWORK)
        return self.filter(ours & ~Q(call_state__in=Message.UNHEARD) | Q(call_state__in=Message.SPOKEN))

    def shown(self) -> MessageQuerySet:
        """Those whose words anybody may still read: neither taken back nor deleted."""
        return self.filter(deleted_at=None).exclude(state=Message.State.CANCELLED)

    def in_order(self) -> MessageQuerySet:
        """As people read them: by the network's time."""
        return self.order_by("sent_at", "id")


class Message(models.Model):
    """One message, incoming or outgoing, public or private.

    An outgoing one is queued (``send_after`` leaves time to undo), sending, then sent once the network has acknowledged
    it, delivered or read where the network tells; or it failed; or its outcome is uncertain and a person decides.
    ``failure`` tells why it failed, or why it is tried again. ``external_id`` is the network's; where the network lets
    us choose it, it is set when the reply is queued.
    """

    class Direction(models.TextChoices):
        INCOMING = "incoming", _("Incoming")
        OUTGOING = "outgoing", _("Outgoing")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRIVATE = "private", _("Private")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        CANCELLED = "cancelled", _("Taken back")

    class CallState(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        ANSWERED = "answered", _("Being spoken")
        ENDED = "ended", _("Answered")
        MISSED = "missed", _("Missed")
        VOICEMAIL = "voicemail", _("Voicemail")

    #: The network has acknowledged an answer of ours.
    AT_THE_NETWORK = (State.SENT, State.DELIVERED, State.READ)
    #: We spoke with the customer, or do; nobody has said anything.
    SPOKEN, UNHEARD = (CallState.ANSWERED, CallState.ENDED), (CallState.RINGING, CallState.MISSED)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False, related_name="messages")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, db_index=False, related_name="+")
    direction = models.CharField(max_length=8, choices=Direction)
    visibility = models.CharField(max_length=7, choices=Visibility)
    kind = models.CharField(max_length=12, default="message")
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVED)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    external_id = models.CharField(max_length=1000, null=True, blank=True)  # null means none; '' would collide
    parent_external_id = models.CharField(max_length=1000, blank=True)
    identity = models.ForeignKey(ContactIdentity, on_delete=models.PROTECT, null=True, related_name="messages")
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, db_index=False, related_name="messages")
    is_automatic = models.BooleanField(default=False)
    is_waived = models.BooleanField(
        default=False, db_default=False, help_text="The customer said it, and waits for no answer to it: a thanks."
    )
    is_unreadable = models.BooleanField(
        default=False, db_default=False, help_text="Somebody said something that the network does not hand on."
    )
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    subject = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=12, blank=True)
    rating_value = models.FloatField(null=True)
    rating_best = models.FloatField(null=True)
    call_state = models.CharField(max_length=9, choices=CallState, blank=True, default="", db_default="")
    call_duration = models.DurationField(null=True)
    call_lost_at = models.DateTimeField(null=True, help_text="When it was given up to be told how the call ended.")
    url = models.TextField(blank=True)
    custom = models.JSONField(default=dict)
    sent_at = models.DateTimeField(help_text="The network's time; for a reply not sent yet, when it was queued.")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True, help_text="Since when the public no longer sees it, by our own act.")
    hold_told_at = models.DateTimeField(
        null=True, help_text="When it was last told whether the public sees it: by the network, or by our own act."
    )
    liked_at = models.DateTimeField(null=True, help_text="Since when we like it on the network.")
    choices = ArrayField(
        models.CharField(max_length=250),
        default=list,
        db_default=[],
        blank=True,
        help_text="Answers that the customer may press, below a reply of ours.",
    )
    send_after = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failure = ReasonField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=Q(external_id__isnull=False),
                name="one_message_per_external_id",
            ),
            models.UniqueConstraint(fields=["key"], name="one_message_per_key"),
            models.CheckConstraint(
                condition=Q(direction="outgoing") | Q(state="received", identity__isnull=False),
                name="incoming_has_an_author_and_is_received",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "sent_at", "id"], name="message_in_order"),
            models.Index(fields=["agent"], name="message_by_agent", condition=Q(agent__isnull=False)),
            models.Index(
                fields=["send_after", "id"], name="message_outbox", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(
                fields=["conversation"], name="message_to_see_to", condition=Q(state__in=["failed", "uncertain"])
            ),
            models.Index(
                fields=["conversation", "edited_at"],
                name="message_review_changed",
                condition=Q(kind="review", edited_at__isnull=False),
            ),
            models.Index(
                fields=["created_at"],
                name="message_call_going_on",
                condition=Q(call_state__in=["ringing", "answered"], call_lost_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.external_id or self.key}"

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def failure_text(self) -> str:
        """Why it failed, in the reader's language where the reason is one of ours."""
        return in_words(self.failure)

    @property
    def call_standing(self) -> str:
        """How a call stands, also where its end was never told: see `call_words`."""
        return f"{self.call_state}_lost" if self.call_lost_at else self.call_state

    @property
    def is_at_the_network(self) -> bool:
        """Whether the network has acknowledged this answer of ours."""
        return self.state in self.AT_THE_NETWORK

    def mark_sent(self, at: datetime, *, external_id: str | None = None, url: str = "") -> None:
        """The network has it, since ``at``; the caller saves and records. Receipts that came first are kept."""
        self.state = self.State.READ if self.read_at else self.State.DELIVERED if self.delivered_at else self.State.SENT
        self.sent_at = at
        self.external_id = external_id or self.external_id
        self.url = url or self.url
        self.failure = ""


class MessagePart(models.Model):
    """Another id of one reply of which the network made several messages: what comes under it is about the reply."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="parts")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, db_index=False, related_name="+")
    external_id = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="one_part_per_external_id")]

    def __str__(self) -> str:
        return self.external_id


class FormerText(models.Model):
    """What a message said before its author changed it; of a review, also its title and its stars."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="former_texts")
    subject = models.CharField(max_length=500, blank=True, default="", db_default="")
    text = models.TextField(blank=True)
    rating_value = models.FloatField(null=True)
    rating_best = models.FloatField(null=True)
    replaced_at = models.DateTimeField(help_text="When its author changed it, by the network's time.")

    class Meta:
        ordering = ["replaced_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Reaction(models.Model):
    """A person's like or emoji under one message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions")
    identity = models.ForeignKey(ContactIdentity, on_delete=models.CASCADE)
    reaction = models.CharField(max_length=64)
    external_id = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "identity", "reaction"], name="one_reaction_of_a_kind_per_person"
            )
        ]
        indexes = [models.Index(fields=["external_id"], name="reaction_by_network_id", condition=~Q(external_id=""))]

    def __str__(self) -> str:
        return f"{self.reaction} on {self.message_id}"
