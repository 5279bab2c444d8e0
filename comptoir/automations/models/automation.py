"""Automations: when something happened, or time has passed, and if all of it holds, then these acts."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from comptoir.core.clock import now
from comptoir.core.saying import ReasonField
from comptoir.events.record import Actor
from comptoir.people.models import Agent

#: How often one automation runs on one conversation within a day, and in all within an hour, unless told otherwise.
RUNS_A_DAY, RUNS_AN_HOUR = 3, 200
KIND = "automation"


class AutomationRevision(models.Model):
    """What an automation says at one time. Never changed, so that each run can tell by which words it was made.

    ``trigger`` is {"kind", "among", "after_minutes"}, see `triggers`; ``conditions`` are those of routing and more, see
    `conditions`; ``acts`` are a macro's and more, see `steps`. It acts with the rights of its ``writer``, see `rights`;
    None: it was written on the machine itself.
    """

    trigger = models.JSONField()
    conditions = models.JSONField(default=list)
    acts = models.JSONField(default=list)
    writer = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.trigger}: {self.conditions} → {self.acts}"

    def rewritten(self, writer: Agent | None) -> AutomationRevision:
        """The same words by somebody else, not saved."""
        return AutomationRevision(trigger=self.trigger, conditions=self.conditions, acts=self.acts, writer=writer)

    def says_what(self, other: AutomationRevision) -> bool:
        """Whether both have the same words, whoever wrote them."""
        return (self.trigger, self.conditions, self.acts) == (other.trigger, other.conditions, other.acts)


class AutomationQuerySet(models.QuerySet["Automation"]):
    def in_order(self) -> AutomationQuerySet:
        """As they are listed, and run where several are met at once; without those that were deleted."""
        return self.filter(removed_at=None).select_related("revision__writer").order_by("position", "id")

    def in_force(self) -> AutomationQuerySet:
        """Those that are met by what happens; one that has stopped itself goes on keeping what it is to do."""
        return self.in_order().filter(is_active=True)


class Automation(models.Model):
    """One automation in its place.

    It is met by what happens from ``active_since`` on. ``stopped_at``: it ran too often within an hour, or whoever
    wrote it may no longer; what it is met by is held since, until somebody lets it go on. What passes with time was
    looked for up to ``swept_until``. A deleted one stays (``removed_at``), so that whatever it did still tells who did
    it.
    """

    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=False)
    revision = models.OneToOneField(AutomationRevision, on_delete=models.PROTECT, related_name="automation")
    active_since = models.DateTimeField(null=True)
    swept_until = models.DateTimeField(null=True)
    most_runs_a_day = models.PositiveSmallIntegerField(default=RUNS_A_DAY, help_text="On one conversation.")
    most_runs_an_hour = models.PositiveIntegerField(default=RUNS_AN_HOUR, help_text="On all of them.")
    counted_from = models.DateTimeField(null=True, help_text="What ran before somebody let it go on counts no more.")
    stopped_at = models.DateTimeField(null=True)
    stopped_because = ReasonField(blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    objects = AutomationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(removed_at=None), name="one_automation_per_name"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(active_since__isnull=False, removed_at=None),
                name="active_automation_since_some_time",
            ),
            models.CheckConstraint(
                condition=Q(most_runs_a_day__gte=1, most_runs_an_hour__gte=1), name="automation_may_run_at_all"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """Who its acts are written down to."""
        return Actor(KIND, self.pk)

    def switch(self, *, on: bool, at: datetime) -> None:
        """Have it met from ``at`` on, or no longer; the caller saves."""
        if on and not self.is_active:
            self.active_since = self.swept_until = at
        self.is_active = on
        if not on:
            self.stopped_at, self.stopped_because = None, ""
