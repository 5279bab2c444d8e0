"""Tries at sending, and how fast each account may send."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Message
from comptoir.core.saying import ReasonField
from comptoir.people.models import Agent


class Attempt(models.Model):
    """One try at sending one message: written before the network is called, closed when its outcome is known."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted by the network")
        LATER = "later", _("To be tried again")
        REFUSED = "refused", _("Refused by the network")
        UNAUTHORISED = "unauthorised", _("Account to be reconnected")
        UNCERTAIN = "uncertain", _("Cut before the answer")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reason = ReasonField(blank=True)
    was_found = models.BooleanField(default=False, help_text="Not sent: an earlier attempt had arrived.")
    worker = models.CharField(max_length=120, blank=True, help_text="Which process made it: does it still run?")
    is_superseded = models.BooleanField(
        default=False, help_text="A person had the reply sent again since: no longer counted."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="one_attempt_per_number"),
            models.UniqueConstraint(
                fields=["message"], condition=Q(finished_at=None), name="one_open_attempt_per_message"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of message {self.message_id}"


class Moderation(models.Model):
    """What an agent wanted done on the network to a message that is there, and what the network said to it."""

    class Act(models.TextChoices):
        HIDE = "hide", _("Hide")
        SHOW = "show", _("Show again")
        DELETE = "delete", _("Delete")
        REMOVE = "remove", _("Remove")
        LIKE = "like", _("Like")
        UNLIKE = "unlike", _("Like no longer")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Under way")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused by the network")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="moderations")
    act = models.CharField(max_length=6, choices=Act)
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITING)
    finished_at = models.DateTimeField(null=True)
    reason = ReasonField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=Q(outcome="waiting"), name="one_moderation_at_a_time_per_message"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} message {self.message_id}: {self.outcome}"


class SendBudget(models.Model):
    """A token bucket for one account, shared by every process; a network's Retry-After empties it until then."""

    account = models.OneToOneField(
        ChannelAccount, on_delete=models.CASCADE, primary_key=True, related_name="send_budget"
    )
    tokens = models.FloatField()
    refilled_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tokens:.0f} sends left on {self.account_id}"
