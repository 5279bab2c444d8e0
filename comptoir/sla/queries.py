"""Which calendar holds for what, and what was promised in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.sla.calendar import Calendar
from comptoir.sla.cases import Case as PromiseCase
from comptoir.sla.clock import Pause
from comptoir.sla.models import OpeningCalendar, SLAClock
from comptoir.sla.opening import plain_calendar
from comptoir.sla.telling import Say, terms, told_end
from comptoir.sla.weeks import in_working_week


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
    return _counted_by(account, opening_calendar(account, team_id))


def _counted_by(account: ChannelAccount, found: OpeningCalendar | None) -> Calendar:
    return found.as_calendar() if found else plain_calendar(account.brand.time_zone, account.weekly_hours)


#: What a query that loads accounts fetches with them (``account__…``), so that `opening_of` asks for nothing more.
CALENDARS_OF_ACCOUNT = ("opening_calendar", "team__opening_calendar", "brand__opening_calendar")


def opening_of(account: ChannelAccount) -> Calendar:
    """When an account is open, by its own team. Looked up once for an object: several parts of one screen ask."""
    known: Calendar | None = account.__dict__.get("_opening")
    if known is None:
        found = _fetched(account) if _has_fetched(account) else opening_calendar(account, account.team_id)
        known = account.__dict__["_opening"] = _counted_by(account, found)
    return known


def _has_fetched(account: ChannelAccount) -> bool:
    """Whether it came with CALENDARS_OF_ACCOUNT. Django keeps what was joined, also that there is none."""
    return ChannelAccount.opening_calendar.is_cached(account)


def _fetched(account: ChannelAccount) -> OpeningCalendar | None:
    owners = (account, account.team, account.brand)
    return next((found for one in owners if (found := getattr(one, "opening_calendar", None)) is not None), None)


@dataclass(frozen=True, slots=True)
class Given:
    """One promise, with all that its due time comes from."""

    clock: SLAClock
    case: PromiseCase
    calendar_name: str

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None while it stands still, unless it was late before that."""
        paused_at = self.clock.paused_at
        return None if paused_at is not None and self.clock.due_at > paused_at else self.clock.due_at

    def terms(self, _: Say) -> str:
        """What was promised, in words."""
        policy = self.clock.policy
        return terms(self.clock.promise, policy.target, policy.target_working_days, policy.is_in_working_time, _)

    def end(self, _: Say) -> str:
        """When it ended, and why where no answer was owed, in words; empty while it runs."""
        clock = self.clock
        if clock.stopped_at is None:
            return ""
        at = clock.stopped_at.astimezone(self.case.calendar.zone)
        return told_end(at, _, is_abandoned=clock.is_abandoned, is_waived=clock.is_waived)


def promises_given(conversation: Conversation, *, most: int = 3) -> Sequence[Given]:
    """What was promised in it, the last first. The conversation comes with its account and brand."""
    clocks = (
        conversation.clocks.told().select_related("policy").prefetch_related("pauses").order_by("-started_at", "-pk")
    )
    found = list(clocks[:most])
    if not found:
        return []
    account = conversation.account
    calendar = None
    if any(clock.policy.is_in_working_time for clock in found):
        calendar = opening_calendar(account, conversation.team_id)
    hours = calendar.as_calendar() if calendar else plain_calendar(account.brand.time_zone, account.weekly_hours)
    around = plain_calendar(account.brand.time_zone, None)
    name = calendar.name if calendar else ""
    return [given(clock, hours, name) if clock.policy.is_in_working_time else given(clock, around) for clock in found]


def given(clock: SLAClock, counted_by: Calendar, calendar_name: str = "") -> Given:
    """One clock with what it is counted by. It comes with its policy and its pauses."""
    policy = clock.policy
    target = policy.target if policy.target is not None else policy.target_working_days or 0
    pauses: tuple[Pause, ...] = tuple((pause.began_at, pause.ended_at) for pause in clock.pauses.all())
    if clock.paused_at is not None:
        pauses = (*pauses, (clock.paused_at, None))
    counted_by = in_working_week(counted_by, policy.working_week)
    return Given(clock, PromiseCase(counted_by, clock.started_at, target, pauses), calendar_name)
