"""Promises whose subject is a hand-off, a consultation or a matter: few, and so one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from comptoir.conversations.models import Consultation, HandOff, Matter
from comptoir.core.clock import now
from comptoir.events.record import Happening, record_all, record_many
from comptoir.sla.models import ClockPause, SLAClock, SLAPolicy
from comptoir.sla.places import SUBJECTS, Subject, counted_until, field_of, place_of, policy_for
from comptoir.sla.recomputing import MENDED
from comptoir.sla.warning import plan_warnings

_PROMISES: dict[type, str] = {
    HandOff: SLAPolicy.Promise.HAND_OFF,
    Consultation: SLAPolicy.Promise.CONSULTATION,
    Matter: SLAPolicy.Promise.RESOLUTION,
}


def start_clock(subject: Subject, *, at: datetime) -> SLAClock | None:
    """Start what is promised on ``subject``, by the first policy that matches; None where none does, or where the
    counter never opens. One that was started already is given back.
    """
    place = place_of(subject)
    policy = None if place is None else policy_for(place, _PROMISES[type(subject)])
    due = counted_until(policy, place, at) if place is not None and policy is not None else None
    if policy is None or due is None:
        return None
    clock, _is_new = SLAClock.objects.get_or_create(
        **{field_of(subject): subject},
        defaults={"policy": policy, "promise": policy.promise, "started_at": at, "due_at": due},
    )
    plan_warnings([clock.pk])
    return clock


@transaction.atomic
def keep_promise(subject: Subject, *, at: datetime) -> None:
    """What was promised has been done; done late, the breach is recorded here at the latest."""
    clock = SLAClock.objects.select_for_update().filter(**{field_of(subject): subject}, stopped_at=None).first()
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
    running = SLAClock.objects.filter(**{field_of(subject): subject}, stopped_at=None)
    running.update(stopped_at=now(), is_abandoned=True)


@transaction.atomic
def resume_promise(subject: Subject) -> None:
    """It is owed after all: its clock runs on, without the time since it stopped."""
    clock = SLAClock.objects.select_for_update().filter(**{field_of(subject): subject}).first()
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
    return _recomputed(SLAClock.objects.filter(conversation=None, stopped_at=None))


def recompute_around(conversation_id: int) -> tuple[int, int]:
    """The same of those about one conversation, which the caller holds: its hand-offs, consultations, its matter."""
    about = (
        Q(hand_off__conversation=conversation_id)
        | Q(consultation__conversation=conversation_id)
        | Q(matter__joined__conversation=conversation_id)
    )
    ids = SLAClock.objects.filter(about, conversation=None, stopped_at=None).values("pk")
    return _recomputed(SLAClock.objects.filter(pk__in=ids))


def _recomputed(running: QuerySet[SLAClock]) -> tuple[int, int]:
    # A consultation before its clock, as whoever answers it holds them.
    asked = Consultation.objects.open().filter(clocks__in=running.values("pk"))
    list(asked.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    held = running.select_for_update(of=("self",)).select_related("policy", *SUBJECTS)
    clocks = list(held.prefetch_related("pauses").order_by("pk"))
    moved = sum(_moved(clock) for clock in clocks)
    plan_warnings([clock.pk for clock in clocks])
    return len(clocks), moved


def _moved(clock: SLAClock) -> bool:
    owed = due_now(clock)
    if owed is None or (owed.policy.pk, owed.at) == (clock.policy_id, clock.due_at):
        return False
    was_due_at, present = clock.due_at, now()
    clock.policy, clock.due_at = owed.policy, owed.at
    if clock.breached_at is not None and owed.at > present:
        clock.breached_at = None
        _record_mended(clock, was_due_at)
    clock.save(update_fields=["policy", "due_at", "breached_at"])
    if clock.consultation is not None and clock.consultation.is_open:
        clock.consultation.expect_by(owed.at, present)
        clock.consultation.save(update_fields=["link_expires_at", "next_reminder_at", "escalated_at"])
    return True


@dataclass(frozen=True, slots=True)
class Computed:
    """By which policy it is owed now, and until when."""

    policy: SLAPolicy
    at: datetime


def due_now(clock: SLAClock) -> Computed | None:
    """As it is computed now; None where nothing is left that it is about, or it would never be due. It comes with its
    policy, pauses and SUBJECTS.
    """
    subject: Subject | None = clock.hand_off or clock.consultation or clock.matter
    place = place_of(subject) if subject is not None else None
    if place is None:
        return None
    policy = policy_for(place, clock.promise) or clock.policy
    pauses = [(pause.began_at, pause.ended_at) for pause in clock.pauses.all()]
    due = counted_until(policy, place, clock.started_at, pauses)
    return Computed(policy, due) if due is not None else None


def _record_mended(clock: SLAClock, was_due_at: datetime) -> None:
    subject = clock.hand_off or clock.consultation
    details = {"promise": clock.promise, "was_due_at": was_due_at.isoformat(), "due_at": clock.due_at.isoformat()}
    about = subject.conversation_id if subject is not None else None
    happening = Happening("clock.mended", "slaclock", clock.pk, conversation_id=about, reason=MENDED, details=details)
    record_many([happening])
