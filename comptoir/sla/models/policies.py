"""What is promised, to whom, and what happens when it is about to be broken."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.models import ContactReason, Intent
from comptoir.brands.models import Brand
from comptoir.conversations.models.conversation import Priority
from comptoir.core.clock import now
from comptoir.people.models import Team


class SLAPolicyQuerySet(models.QuerySet["SLAPolicy"]):
    def in_order(self) -> SLAPolicyQuerySet:
        """As they are tried: of those that match, the first decides."""
        return self.order_by("position", "id")


class SLAPolicy(models.Model):
    """A promise, and whom it is given to: each condition left empty holds for everybody.

    Exactly one of ``target`` and ``target_working_days`` is set; working days are counted in working time.
    """

    class Promise(models.TextChoices):
        FIRST_REPLY = "first_reply", _("First reply")
        NEXT_REPLY = "next_reply", _("Next reply")
        RESOLUTION = "resolution", _("Resolution")
        HAND_OFF = "hand_off", _("Hand-off accepted")
        CONSULTATION = "consultation", _("Expert’s answer")

    class WorkingWeek(models.TextChoices):
        """Which days are working days; holidays and days of their own hours are the calendar's in any case."""

        OPENING = "opening", _("the days on which the counter opens")
        TO_FRIDAY = "to_friday", _("Monday to Friday")
        TO_SATURDAY = "to_saturday", _("Monday to Saturday")

    class Pauses(models.TextChoices):
        """While what its time stands still."""

        NEVER = "", _("Never")
        PENDING = "pending", _("While the conversation is pending")
        ANSWERED = "answered", _("While our answer is the last word, or the conversation is pending")

    promise = models.CharField(max_length=12, choices=Promise, default=Promise.FIRST_REPLY)
    position = models.PositiveIntegerField(default=0)
    target = models.DurationField(null=True, blank=True, default=timedelta(hours=24))
    target_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_in_working_time = models.BooleanField(default=False, db_default=False)
    working_week = models.CharField(
        max_length=11, choices=WorkingWeek, default=WorkingWeek.OPENING, db_default=WorkingWeek.OPENING
    )
    kinds = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
    is_public = models.BooleanField(null=True, blank=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="sla_policies")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="sla_policies")
    least_priority = models.PositiveSmallIntegerField(null=True, blank=True, choices=Priority)
    languages = ArrayField(models.CharField(max_length=12), default=list, db_default=[], blank=True)
    topic = models.ForeignKey(
        ContactReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="The contact reason, with those below it.",
    )  # fmt: skip
    intents = ArrayField(models.CharField(max_length=15, choices=Intent), default=list, db_default=[], blank=True)
    customer_tags = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[], blank=True, help_text="In small letters."
    )
    card_field = models.CharField(max_length=80, blank=True, default="", db_default="")
    card_values = ArrayField(
        models.CharField(max_length=200), default=list, db_default=[], blank=True, help_text="In small letters."
    )
    pauses = models.CharField(max_length=8, choices=Pauses, blank=True, default=Pauses.NEVER, db_default="")
    is_active = models.BooleanField(default=True, db_default=True)

    objects = SLAPolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_working_days=None)
                | Q(target=None, target_working_days__isnull=False, is_in_working_time=True),
                name="policy_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(card_field="", card_values=[]) | (~Q(card_field="") & ~Q(card_values=[])),
                name="policy_names_a_field_with_its_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} within {self.target or f'{self.target_working_days} working days'}"


#: Promises that an answer of ours keeps.
REPLIES = (SLAPolicy.Promise.FIRST_REPLY, SLAPolicy.Promise.NEXT_REPLY)


class PolicyWarning(models.Model):
    """Something that is done at one moment before or after a promise is due, each time once.

    ``from_due`` is counted as the promise is, in working time or not; negative is before it. Of a promise in working
    days, whole days are working days. ``tells`` are Audience values. A webhook that is posted to is notifications'.
    """

    class Audience(models.TextChoices):
        """Who is told."""

        OWNER = "owner", _("Whoever has the conversation")
        TEAM = "team", _("Its team")
        SUPERVISORS = "supervisors", _("Supervisors")

    policy = models.ForeignKey(SLAPolicy, on_delete=models.CASCADE, related_name="warnings", db_index=False)
    from_due = models.DurationField()
    tells = ArrayField(models.CharField(max_length=11, choices=Audience), default=list, db_default=[], blank=True)
    raises_priority = models.BooleanField(default=False, db_default=False)
    gives_back = models.BooleanField(default=False, db_default=False, help_text="To the queue, for somebody else.")
    escalates_to = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    is_active = models.BooleanField(default=True, db_default=True)
    holds_from = models.DateTimeField(default=now, help_text="Moments that were over by then are not warned of.")

    class Meta:
        ordering = ["from_due"]
        constraints = [models.UniqueConstraint(fields=["policy", "from_due"], name="one_warning_at_a_moment")]

    def __str__(self) -> str:
        return f"{self.from_due} from due of policy {self.policy_id}"

    @property
    def has_acts(self) -> bool:
        """Whether it changes the conversation, not only tells of it."""
        return self.raises_priority or self.gives_back or self.escalates_to_id is not None
