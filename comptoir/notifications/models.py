"""Webhooks out and their delivery log; notices to administrators; what each agent hears of."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models import Conversation
from comptoir.core import crypto
from comptoir.core.saying import ReasonField
from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.people.models import Agent
from comptoir.sla.models import PolicyWarning


def new_webhook_secret() -> str:
    """What a receiver verifies our signatures with."""
    return "whsec_" + secrets.token_urlsafe(32)


class WebhookEndpoint(models.Model):
    """An address outside that is told what happens here. Without ``event_names`` it is told everything.

    A name is that of an event, or a noun with all its events: ``conversation.*``. ``warnings`` of promises are posted
    to it whether or not it asked for their event.
    """

    url = models.URLField(max_length=2000)
    encrypted_secret = models.BinaryField()
    event_names = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    warnings = models.ManyToManyField(PolicyWarning, related_name="endpoints", blank=True)
    is_active = models.BooleanField(default=True)
    disabled_reason = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str:
        """Raises core.crypto.UnreadableSecretError."""
        return crypto.decrypt(bytes(self.encrypted_secret))["secret"]

    @secret.setter
    def secret(self, secret: str) -> None:
        self.encrypted_secret = crypto.encrypt({"secret": secret})

    def wants(self, event_name: str) -> bool:
        """Whether this endpoint asked for events of that name."""
        noun = event_name.partition(".")[0]
        return not self.event_names or event_name in self.event_names or f"{noun}.*" in self.event_names


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint: the delivery log.

    ``pending`` is due at ``next_attempt_at``; an attempt that is cut is due again when its lease is over, so that a
    receiver may get an event twice and knows it by the event's id.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for its turn")
        DELIVERED = "delivered", _("Accepted by the receiver")
        GIVEN_UP = "given_up", _("Given up after a day")

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(help_text="From here the day of retries counts; a replay begins anew.")
    next_attempt_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.TextField(blank=True)
    response_excerpt = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event"),
            models.CheckConstraint(
                condition=Q(state="pending", next_attempt_at__isnull=False)
                | (~Q(state="pending") & Q(next_attempt_at=None)),
                name="pending_delivery_is_due_some_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at", "id"], name="webhook_delivery_due", condition=Q(state="pending")
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to endpoint {self.endpoint_id} ({self.state})"


class Notice(models.Model):
    """Something an administrator should act on; open until it is settled."""

    class Kind(models.TextChoices):
        ACCOUNT_DISCONNECTED = "account_disconnected", _("Account to be reconnected")
        ACCOUNT_SILENT = "account_silent", _("Account that fell silent")
        SUBSCRIPTION_LOST = "subscription_lost", _("Network that stopped delivering")
        CLOCK_DIFFERS = "clock_differs", _("Clock to be set")
        ACCOUNT_HELD_UP = "account_held_up", _("Account from which nothing leaves")
        WEBHOOK_DISABLED = "webhook_disabled", _("Webhook switched off")
        AUTOMATION_STOPPED = "automation_stopped", _("Automation that stopped itself")

    kind = models.CharField(max_length=30, choices=Kind)
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=2000)
    reason = ReasonField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    mailed_to = models.ManyToManyField(Agent, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(settled_at=None), name="one_open_notice_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def path(self) -> str:
        """The page on which one acts on it, below the counter's address."""
        if self.kind == self.Kind.WEBHOOK_DISABLED:
            return f"/webhooks/{self.subject_id}/"
        if self.kind == self.Kind.AUTOMATION_STOPPED:
            return f"/settings/automations/{self.subject_id}/runs/"
        return f"/accounts/{self.subject_id}/"

    @property
    def text(self) -> str:
        """What happened and what to do, in the language of who reads."""
        if self.kind == self.Kind.ACCOUNT_DISCONNECTED:
            return gettext(
                "The account “%(name)s” no longer opens. Its replies are kept and leave as soon as you reconnect it."
            ) % {"name": self.subject_name}
        if self.kind == self.Kind.ACCOUNT_SILENT:
            return gettext(
                "Nothing has come from “%(name)s” for longer than ever in three weeks. Check the account: the network "
                "may have stopped delivering."
            ) % {"name": self.subject_name}
        if self.kind == self.Kind.SUBSCRIPTION_LOST:
            return gettext(
                "The network no longer delivers what is said on “%(name)s”, and could not be told to. Check the "
                "account."
            ) % {"name": self.subject_name}
        if self.kind == self.Kind.CLOCK_DIFFERS:
            return gettext(
                "The clock of this machine is not that of “%(name)s”’s network. Set it: what is signed is refused, and "
                "promises are counted from the wrong instant."
            ) % {"name": self.subject_name}
        if self.kind == self.Kind.ACCOUNT_HELD_UP:
            return gettext(
                "Nothing has left “%(name)s” for a quarter of an hour, though there is something to send. It is kept "
                "and tried again: check the account."
            ) % {"name": self.subject_name}
        if self.kind == self.Kind.AUTOMATION_STOPPED:
            return gettext(
                "The automation “%(name)s” stopped. What it was to do is held and listed: look at it, then let it go "
                "on."
            ) % {"name": self.subject_name}
        return gettext(
            "The webhook to %(name)s was switched off after days of failure. Repair it, switch it on again, then "
            "replay what it missed."
        ) % {"name": self.subject_name}


class Notification(models.Model):
    """Something that one agent wanted to hear of. Until it is seen, what follows of the same kind only counts up."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "conversation", "kind"],
                condition=Q(seen_at=None),
                name="one_unseen_notification_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["agent", "-at"], name="notification_by_agent"),
            models.Index(fields=["at"], name="notification_to_mail", condition=Q(seen_at=None, mailed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent_id}"


class PushSubscription(models.Model):
    """One browser of an agent that the push service of its maker can wake (RFC 8030)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=2000, unique=True)
    browser_key = models.BinaryField(help_text="The browser's public key, uncompressed (p256dh).")
    browser_secret = models.BinaryField(help_text="The browser's authentication secret.")
    session_key = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.endpoint[:60]}"
