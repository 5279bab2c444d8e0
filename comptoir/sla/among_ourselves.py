"""Promises whose subject is a hand-off, a consultation or a matter: few, and so one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comptoir.conversations.models import Consultation, Conversation, HandOff, Matter
from comptoir.core.clock import now
from comptoir.events.record import Happening, record_all
from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import NeverDueError, Pause, due_after, due_after_working_days
from comptoir.sla.models import ClockPause, OpeningCalendar, SLAClock, SLAPolicy
from comptoir.sla.opening import plain_calendar
from comptoir.sla.queries import pure_calendar
from comptoir.sla.warning import plan_warnings
from comptoir.sla.weeks import in_working_week

Subject = HandOff | Consultation | Matter
_FIELDS: dict[type, str] = {HandOff: "hand_off", Consultation: "consultation", Matter: "matter"}
_PROMISES: dict[type, str] = {
    HandOff: SLAPolicy.Promise.HAND_OFF,
    Consultation: SLAPolicy.Promise.CONSULTATION,
    Matter: SLAPolicy.Promise.RESOLUTION,
}
_SUBJECTS = ("hand_off__conversation", "consultation__conversation", "matter")
_OF_A_CONVERSATION = ("account__brand",)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the promise runs: what a policy's conditions and the calendar are chosen by."""

    conversation: Conversation
    #: Whose promise it is: the team that is asked, else the conversation's own.
    team_id: int | None
    #: Whether that team's hours go before the account's: it is they who are to act.
    is_of_team: bool = False


def start_clock(subject: Subject, *, at: datetime) -> SLAClock | None:
    """Start what is promised on ``subject``, by the first policy that matches; None where none does, or where the
    counter never opens. One that was started already is given back.
    """
    place = _place(subject)
    policy = None if place is None else _policy(place, _PROMISES[type(subject)])
    due = _due(policy, place, at) if place is not None and policy is not None else None
    if policy is None or due is None:
        return None
    clock, _is_new = SLAClock.objects.get_or_create(
        **{_FIELDS[type(subject)]: subject},
        defaults={"policy": policy, "promise": policy.promise, "started_at": at, "due_at": due},
    )
    plan_warnings([clock.pk])
    return clock


def clock_of(subject: Subject) -> SLAClock | None:
    """The promise on ``subject``, running or not; None where nothing was promised."""
    return SLAClock.objects.filter(**{_FIELDS[type(subject)]: subject}).first()


@transaction.atomic
def keep_promise(subject: Subject, *, at: datetime) -> None:
    """What was promised has been done; done late, the breach is recorded here at the latest."""
    clock = SLAClock.objects.select_for_update().filter(**{_FIELDS[type(subject)]: subject}, stopped_at=None).first()
    if clock is None:
        return
    clock.stopped_at = at
    if at > clock.due_at and clock.breached_at is None:
        clock.breached_at = clock.due_at
    clock.save(update_fields=["stopped_at", "breached_at"])
    conversation_id = getattr(subject, "conversation_id", None)
    details = {"kept": at <= clock.due_at}
    record_all([Happening("clock.stopped", "slaclock", clock.pk, conversation_id=conversation_id, details=details)])


def abandon_promise(subject: Subject) -> None:
    """It is owed no more: its clock stops, uncounted as kept or late."""
    running = SLAClock.objects.filter(**{_FIELDS[type(subject)]: subject}, stopped_at=None)
    running.update(stopped_at=now(), is_abandoned=True)


@transaction.atomic
def resume_promise(subject: Subject) -> None:
    """It is owed after all: its clock runs on, without the time since it stopped."""
    clock = SLAClock.objects.select_for_update().filter(**{_FIELDS[type(subject)]: subject}).first()
    if clock is None or clock.stopped_at is None:
        return
    present = now()
    if present > clock.stopped_at:
        ClockPause.objects.create(clock=clock, began_at=clock.stopped_at, ended_at=present)
    clock.stopped_at, clock.is_abandoned = None, False
    clock.save(update_fields=["stopped_at", "is_abandoned"])
    _moved(clock)
    plan_warnings([clock.pk])


@transaction.atomic
def recompute_among_ourselves() -> tuple[int, int]:
    """Compute all these clocks anew, as the sweep does those of conversations: how many there were, how many moved."""
    running = SLAClock.objects.filter(conversation=None, stopped_at=None).select_for_update(of=("self",))
    clocks = list(running.select_related("policy", *_SUBJECTS).prefetch_related("pauses").order_by("pk"))
    moved = sum(_moved(clock) for clock in clocks)
    plan_warnings([clock.pk for clock in clocks])
    return len(clocks), moved


def _moved(clock: SLAClock) -> bool:
    subject: Subject | None = clock.hand_off or clock.consultation or clock.matter
    place = _place(subject) if subject is not None else None
    if place is None:
        return False
    policy = _policy(place, clock.promise) or clock.policy
    pauses = [(pause.began_at, pause.ended_at) for pause in clock.pauses.all()]
    due = _due(policy, place, clock.started_at, pauses)
    if due is None or (policy.pk, due) == (clock.policy_id, clock.due_at):
        return False
    clock.policy, clock.due_at = policy, due
    if due > now():
        clock.breached_at = None
    clock.save(update_fields=["policy", "due_at", "breached_at"])
    return True


def _place(subject: Subject) -> _Place | None:
    if isinstance(subject, HandOff):
        return _Place(_whole(subject.conversation), subject.to_team_id, is_of_team=True)
    if isinstance(subject, Consultation):
        conversation = _whole(subject.conversation)
        return _Place(conversation, conversation.team_id)
    first = subject.conversations.select_related(*_OF_A_CONVERSATION).order_by("started_at", "pk").first()
    return _Place(first, first.team_id) if first is not None else None


def _whole(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related(*_OF_A_CONVERSATION).get(pk=conversation.pk)


def _policy(place: _Place, promise: str) -> SLAPolicy | None:
    policies = SLAPolicy.objects.in_order().filter(promise=promise, is_active=True)
    return next((policy for policy in policies if _matches(policy, place)), None)


def _matches(policy: SLAPolicy, place: _Place) -> bool:
    one = place.conversation
    return (
        policy.brand_id in (None, one.account.brand_id)
        and policy.team_id in (None, place.team_id)
        and policy.is_public in (None, one.is_public)
        and (not policy.kinds or one.account.kind in policy.kinds)
    )


def _due(policy: SLAPolicy, place: _Place, start: datetime, pauses: Sequence[Pause] = ()) -> datetime | None:
    calendar = _calendar(policy, place)
    try:
        if policy.target_working_days is not None:
            return due_after_working_days(calendar, start, policy.target_working_days, pauses)
        return due_after(calendar, start, policy.target, pauses) if policy.target is not None else None
    except NeverDueError:
        return None


def _calendar(policy: SLAPolicy, place: _Place) -> Calendar:
    account = place.conversation.account
    if not policy.is_in_working_time:
        return plain_calendar(account.brand.time_zone, None)
    own = OpeningCalendar.objects.filter(team=place.team_id).first() if place.is_of_team and place.team_id else None
    calendar = own.as_calendar() if own else pure_calendar(account, place.team_id)
    return in_working_week(calendar, policy.working_week)
