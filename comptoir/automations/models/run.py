"""One run of one automation on one conversation: to be done, done, or not, and why."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.automations.models.automation import Automation, AutomationRevision
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.saying import ReasonField
from comptoir.events.models import TransactionIdField


class AutomationRunQuerySet(models.QuerySet["AutomationRun"]):
    def due(self, at: datetime) -> AutomationRunQuerySet:
        """Those to be done by now, the oldest first."""
        return self.filter(state=AutomationRun.State.WAITING, due_at__lte=at).order_by("due_at", "id")

    def to_come(self, at: datetime) -> AutomationRunQuerySet:
        """Those of time whose time is still to come: what is counted in opening hours is known beforehand."""
        return self.filter(state=AutomationRun.State.WAITING, since__isnull=False, due_at__gt=at)

    def done(self) -> AutomationRunQuerySet:
        return self.filter(state=AutomationRun.State.DONE)

    def note_transaction(self) -> None:
        """Write down in which transaction they are done: this one."""
        self.update(transaction_id=Func(function="pg_current_xact_id", output_field=TransactionIdField()))


class AutomationRun(models.Model):
    """Caused by one event (``event_id``), or by time that passed since the conversation came into a state (``since``).

    ``depth`` counts the automations before it in the chain that led here. ``transaction_id`` is that in which its acts
    were done, so that what they cause knows its depth. ``reason`` says why it was not done. Of what passes with time,
    also what was ``unmet`` is kept: it is looked at once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("About to run")
        HELD = "held", _("Held")
        DONE = "done", pgettext_lazy("run", "Done")
        OVER = "over", _("No longer called for")
        UNMET = "unmet", _("Not called for")
        REFUSED = "refused", _("Could not be done")

    automation = models.ForeignKey(Automation, on_delete=models.CASCADE, related_name="runs", db_index=False)
    revision = models.ForeignKey(AutomationRevision, on_delete=models.PROTECT, related_name="runs")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="automation_runs")
    event_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True, help_text="The message that the event is about, where it is one.")
    since = models.DateTimeField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    caused_at = models.DateTimeField()
    due_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    reason = ReasonField(blank=True, default="")
    transaction_id = TransactionIdField(null=True, editable=False)  # type: ignore[misc]  # none until it is done

    objects = AutomationRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["automation", "event_id"], condition=Q(event_id__isnull=False), name="one_run_per_event"
            ),
            models.UniqueConstraint(
                fields=["automation", "conversation", "since"],
                condition=Q(since__isnull=False),
                name="one_run_per_conversation_and_state",
            ),
            models.CheckConstraint(
                condition=Q(event_id__isnull=False, since=None) | Q(event_id=None, since__isnull=False),
                name="run_has_one_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="automation_run_due", condition=Q(state="waiting")),
            models.Index(fields=["automation", "-id"], name="automation_run_by_automation"),
            models.Index(fields=["automation", "id"], name="automation_run_held", condition=Q(state="held")),
            models.Index(fields=["automation", "ended_at"], name="automation_run_done", condition=Q(state="done")),
            models.Index(
                fields=["transaction_id"],
                name="automation_run_by_transaction",
                condition=Q(transaction_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.automation_id} on {self.conversation_id}: {self.state}"

    def end(self, state: AutomationRun.State, *, reason: str = "") -> None:
        """Decide it; the caller saves."""
        self.state, self.reason, self.ended_at = state, reason, now()
