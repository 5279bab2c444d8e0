"""Promises, promises running, and when the counter is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Consultation, Conversation, HandOff, Matter
from comptoir.people.models import Team
from comptoir.sla.calendar import NO_HOLIDAYS, Calendar
from comptoir.sla.cases import holidays_of
from comptoir.sla.opening import check_opening_hours, check_place, check_spans, check_zone, spans_of, weekly_spans

#: By calendar: the state of the row that it was made from, and what was made.
_pure_calendars: dict[int, tuple[datetime, Calendar]] = {}


def known_calendar(calendar_id: int, updated_at: datetime) -> Calendar | None:
    """The pure calendar of that state of the row, where this process has made it."""
    state, calendar = _pure_calendars.get(calendar_id, (None, None))
    return calendar if state == updated_at else None


class OpeningCalendar(models.Model):
    """When a brand, a team or an account is open, for promises in working time.

    An account's goes before its team's, and a team's before its brand's. ``weekly_hours`` None is round the clock.
    """

    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, default="Europe/Paris", validators=[check_zone])
    weekly_hours = models.JSONField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Whose public holidays close it; empty: none do.")
    subdivision = models.CharField(max_length=40, blank=True, help_text="As the holidays library names it.")
    brand = models.OneToOneField(
        Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="opening_calendar"
    )
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="opening_calendar")
    account = models.OneToOneField(
        ChannelAccount, on_delete=models.CASCADE, null=True, blank=True, related_name="opening_calendar"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(brand__isnull=False, team=None, account=None)
                | Q(brand=None, team__isnull=False, account=None)
                | Q(brand=None, team=None, account__isnull=False),
                name="calendar_of_exactly_one",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for hours that cannot be, and where no holidays are known of the place."""
        check_opening_hours(self.weekly_hours)
        check_place(self.country, self.subdivision)

    @property
    def owner(self) -> Brand | Team | ChannelAccount:
        """Whose it is."""
        owner = self.brand or self.team or self.account
        assert owner is not None  # the database says so
        return owner

    def as_calendar(self) -> Calendar:
        """The pure calendar, made once a process for each state of the row: whatever changes its days touches it."""
        known = known_calendar(self.pk, self.updated_at)
        if known is None:
            known = self._pure()
            _pure_calendars[self.pk] = (self.updated_at, known)
        return known

    def _pure(self) -> Calendar:
        return Calendar(
            ZoneInfo(self.time_zone),
            weekly=weekly_spans(self.weekly_hours),
            holidays=holidays_of(self.country, self.subdivision or None) if self.country else NO_HOLIDAYS,
            exceptions={one.falls_on: spans_of(one.spans) for one in self.exceptional_days.all()},
        )


class ExceptionalDay(models.Model):
    """What holds on one day whatever else is said of it: no spans are a closed day."""

    calendar = models.ForeignKey(
        OpeningCalendar, on_delete=models.CASCADE, related_name="exceptional_days", db_index=False
    )
    falls_on = models.DateField()
    spans = models.JSONField(default=list, blank=True, validators=[check_spans])
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["falls_on"]
        constraints = [models.UniqueConstraint(fields=["calendar", "falls_on"], name="one_exception_a_day")]

    def __str__(self) -> str:
        return f"{self.falls_on}: {self.reason}"


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
    is_active = models.BooleanField(default=True, db_default=True)

    objects = SLAPolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_working_days=None)
                | Q(target=None, target_working_days__isnull=False, is_in_working_time=True),
                name="policy_has_one_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.promise} within {self.target or f'{self.target_working_days} working days'}"


#: Promises that an answer of ours keeps.
REPLIES = (SLAPolicy.Promise.FIRST_REPLY, SLAPolicy.Promise.NEXT_REPLY)


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
    is_abandoned = models.BooleanField(
        default=False, db_default=False, help_text="It ended without an answer being owed any more."
    )

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
        ]
        indexes = [models.Index(fields=["due_at"], name="clock_due", condition=Q(stopped_at=None, breached_at=None))]

    def __str__(self) -> str:
        return f"{self.promise} due {self.due_at:%Y-%m-%d %H:%M}"


class ClockPause(models.Model):
    """Time that does not count: between the resolution of a conversation and its reopening. Never changed."""

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
