"""Where a promise runs whose subject is a hand-off, a consultation or a matter: which policy is given there, and which
calendar counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comptoir.conversations.models import Consultation, Conversation, HandOff, Matter
from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import NeverDueError, Pause, due_after, due_after_working_days
from comptoir.sla.matching import matching_policy
from comptoir.sla.models import OpeningCalendar, SLAClock, SLAPolicy
from comptoir.sla.opening import plain_calendar
from comptoir.sla.queries import Given, given, opening_calendar
from comptoir.sla.weeks import in_working_week

Subject = HandOff | Consultation | Matter
_FIELDS: dict[type, str] = {HandOff: "hand_off", Consultation: "consultation", Matter: "matter"}
#: What a clock's subject is read with.
SUBJECTS = ("hand_off__conversation", "consultation__conversation", "matter")
_OF_A_CONVERSATION = ("account__brand",)


@dataclass(frozen=True, slots=True)
class Place:
    """What a policy's conditions and the calendar are chosen by."""

    conversation: Conversation
    #: Whose promise it is: the team that is asked, else the conversation's own.
    team_id: int | None
    #: Whether that team's hours go before the account's: it is they who are to act.
    is_of_team: bool = False


def field_of(subject: Subject) -> str:
    """By what a clock names its subject."""
    return _FIELDS[type(subject)]


def promise_given(subject: Subject) -> Given | None:
    """What was promised of it, running or not, with all that its due time comes from; None where nothing was."""
    clocks = SLAClock.objects.select_related("policy").prefetch_related("pauses")
    clock, place = clocks.filter(**{field_of(subject): subject}).first(), place_of(subject)
    if clock is None or place is None:
        return None
    calendar, name = hours_for(clock.policy, place)
    return given(clock, calendar, name)


def place_of(subject: Subject) -> Place | None:
    """None where a matter has no conversation left. Of several the first decides."""
    if isinstance(subject, HandOff):
        return Place(_whole(subject.conversation_id), subject.to_team_id, is_of_team=True)
    if isinstance(subject, Consultation):
        conversation = _whole(subject.conversation_id)
        return Place(conversation, conversation.team_id)
    first = subject.conversations.select_related(*_OF_A_CONVERSATION).order_by("started_at", "pk").first()
    return Place(first, first.team_id) if first is not None else None


def _whole(conversation_id: int) -> Conversation:
    return Conversation.objects.select_related(*_OF_A_CONVERSATION).get(pk=conversation_id)


def policy_for(place: Place, promise: str) -> SLAPolicy | None:
    """The first that is given there."""
    return matching_policy(place.conversation.pk, place.team_id, promise)


def counted_until(policy: SLAPolicy, place: Place, start: datetime, pauses: Sequence[Pause] = ()) -> datetime | None:
    """When it is due; None where the counter does not open often enough for it ever to be."""
    calendar, _name = hours_for(policy, place)
    try:
        if policy.target_working_days is not None:
            return due_after_working_days(calendar, start, policy.target_working_days, pauses)
        return due_after(calendar, start, policy.target, pauses) if policy.target is not None else None
    except NeverDueError:
        return None


def hours_for(policy: SLAPolicy, place: Place) -> tuple[Calendar, str]:
    """What the promise is counted by, and the name of that calendar where it has one."""
    account = place.conversation.account
    if not policy.is_in_working_time:
        return plain_calendar(account.brand.time_zone, None), ""
    own = OpeningCalendar.objects.filter(team=place.team_id).first() if place.is_of_team and place.team_id else None
    row = own or opening_calendar(account, place.team_id)
    hours = row.as_calendar() if row else plain_calendar(account.brand.time_zone, account.weekly_hours)
    return in_working_week(hours, policy.working_week), row.name if row else ""
