"""When the counter is open."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
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
