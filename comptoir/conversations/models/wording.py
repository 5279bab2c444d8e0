"""What agents want done on the network to a message and have to put into words of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models.message import Message
from comptoir.core.saying import ReasonField
from comptoir.people.models import Agent


class WordedAct(models.Model):
    """Another text for an answer of ours, or a report of a customer's message to the network's moderators.

    ``text`` is the new text, or what the moderators are told.
    """

    class Act(models.TextChoices):
        EDIT = "edit", _("Change what it says")
        REPORT = "report", _("Report to the moderators")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Under way")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused by the network")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="worded_acts")
    act = models.CharField(max_length=6, choices=Act)
    text = models.TextField(blank=True)
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
                fields=["message"], condition=Q(outcome="waiting"), name="one_worded_act_at_a_time_per_message"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} message {self.message_id}: {self.outcome}"
