"""Which calendar holds for what."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When

from comptoir.channels.models import ChannelAccount
from comptoir.sla.calendar import Calendar
from comptoir.sla.models import OpeningCalendar
from comptoir.sla.opening import plain_calendar


def opening_calendar(account: ChannelAccount, team_id: int | None) -> OpeningCalendar | None:
    """The account's own, else its team's (the conversation's, ``team_id``), else its brand's; None: there is none."""
    nearness = Case(
        When(account__isnull=False, then=Value(0)), When(team__isnull=False, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    candidates = Q(account=account) | Q(brand=account.brand_id)
    if team_id is not None:
        candidates |= Q(team=team_id)
    return OpeningCalendar.objects.filter(candidates).order_by(nearness).first()


def pure_calendar(account: ChannelAccount, team_id: int | None) -> Calendar:
    """What promises in working time are counted by: without a calendar, the account's own weekly hours, else round the
    clock, in the brand's zone.
    """
    found = opening_calendar(account, team_id)
    return found.as_calendar() if found else plain_calendar(account.brand.time_zone, account.weekly_hours)
