"""Promises running: each with what interrupted it, what it was warned of, and being computed anew."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from comptoir.conversations.models import Consultation, Conversation, HandOff, Matter
from comptoir.sla.models.policies import PolicyWarning, SLAPolicy


class SLAClockQuerySet(models.QuerySet["SLAClock"]):
    def told(self) -> SLAClockQuerySet:
        """Without those that gave way to an older one of the same promise, where two conversations were merged: what
        was promised is one thing, and neither closed nor left without an answer.
        """
        older = SLAClock.objects.filter(
            Q(stopped_at=None) | Q(stopped_at__gte=OuterRef("stopped_at")),
            Q(started_at__lt=OuterRef("started_at")) | Q(started_at=OuterRef("started_at"), pk__lt=OuterRef("pk")),
            conversation=OuterRef("conversation"),
            promise=OuterRef("promise"),
        )
        return self.exclude(Exists(older), is_abandoned=True)


class SLAClock(models.Model):
    """One promise running on one subject: stopped when it is kept (a reply: at the network's time), breached once when
    it is late.

    The subject of a customer's promise is a conversation, or a matter that joins several; a hand-off and a consultation
    have promises among ourselves. So whatever asks for clocks by conversation has what the customer was promised.
    """

    policy = models.ForeignKey(SLAPolicy, on_delete=models.PROTECT, related_name="clocks")
    promise = models.CharField(
        max_length=12, choices=SLAPolicy.Promise, default=SLAPolicy.Promise.FIRST_REPLY, db_default="first_reply"
    )
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="clocks")
    hand_off = models.ForeignKey(HandOff, on_delete=models.CASCADE, null=True, related_name="clocks", db_index=False)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, null=True, related_name="clocks", db_index=False
    )
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, null=True, related_name="clocks", db_index=False)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True, help_text="Since when we wait for the customer, while we do.")
    next_warning_at = models.DateTimeField(null=True)
    is_abandoned = models.BooleanField(
        default=False, db_default=False, help_text="It ended without an answer being owed any more."
    )
    is_waived = models.BooleanField(
        default=False, db_default=False, help_text="It was abandoned since what was said calls for no answer."
    )

    objects = SLAClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "promise"], condition=Q(stopped_at=None), name="one_running_clock_per_promise"
            ),
            models.UniqueConstraint(
                fields=["hand_off"], condition=Q(hand_off__isnull=False), name="one_clock_per_hand_off"
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(consultation__isnull=False), name="one_clock_per_consultation"
            ),
            models.UniqueConstraint(fields=["matter"], condition=Q(matter__isnull=False), name="one_clock_per_matter"),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False, hand_off=None, consultation=None, matter=None)
                | Q(conversation=None, hand_off__isnull=False, consultation=None, matter=None)
                | Q(conversation=None, hand_off=None, consultation__isnull=False, matter=None)
                | Q(conversation=None, hand_off=None, consultation=None, matter__isnull=False),
                name="clock_of_exactly_one",
            ),
            models.CheckConstraint(condition=Q(paused_at=None) | Q(stopped_at=None), name="only_what_runs_is_paused"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="clock_due", condition=Q(stopped_at=None, breached_at=None, paused_at=None)
            ),
            models.Index(
                fields=["next_warning_at"],
                name="clock_warning_due",
                condition=Q(stopped_at=None, paused_at=None, next_warning_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} due {self.due_at:%Y-%m-%d %H:%M}"


class ClockPause(models.Model):
    """Time that did not count: we waited for the customer, or the conversation was resolved and reopened later.

    Written once it is over, and never changed: while it lasts, the clock says since when.
    """

    clock = models.ForeignKey(SLAClock, on_delete=models.CASCADE, related_name="pauses", db_index=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "began_at"], name="one_pause_at_a_time"),
            models.CheckConstraint(condition=Q(ended_at__gt=F("began_at")), name="pause_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} from {self.began_at:%Y-%m-%d %H:%M}"


class ClockWarning(models.Model):
    """One warning of one clock, given for one instant: the database lets it be given once. Never taken back.

    ``fell_at`` is when it was due by what held then. ``acted_at``: what it changes has been done, or was too late.
    """

    clock = models.ForeignKey(SLAClock, on_delete=models.CASCADE, related_name="warnings", db_index=False)
    warning = models.ForeignKey(PolicyWarning, on_delete=models.CASCADE, related_name="given", db_index=False)
    fell_at = models.DateTimeField()
    given_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "warning", "fell_at"], name="one_warning_for_each_instant")
        ]

    def __str__(self) -> str:
        return f"warning {self.warning_id} of clock {self.clock_id} at {self.fell_at:%Y-%m-%d %H:%M}"


class Recomputation(models.Model):
    """Running clocks being computed anew because a calendar or a policy changed: how far it has come.

    It goes by conversations in the order of their ids, so that whoever takes it over begins after the last one done.
    """

    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_superseded = models.BooleanField(default=False, help_text="A later change began anew.")
    total_conversations = models.PositiveIntegerField(null=True, help_text="Null until it begins.")
    done_conversations = models.PositiveIntegerField(default=0)
    done_clocks = models.PositiveIntegerField(default=0)
    moved_clocks = models.PositiveIntegerField(default=0, help_text="Of those done, how many are due at another time.")
    reached_conversation = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["id"], name="recomputation_under_way", condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return f"{self.done_conversations} of {self.total_conversations}"

    @property
    def percent(self) -> int:
        """How much of it is done."""
        if self.finished_at is not None:
            return 100
        return min(99, 100 * self.done_conversations // self.total_conversations) if self.total_conversations else 0
