"""Putting a conversation away for a while: until an instant, or until the customer writes.

Whatever the customer was promised goes on running meanwhile: putting it away is for the agent's eyes. What stood still
because it was pending runs on.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.errors import FarInstantError, PastInstantError
from comptoir.desk.holding import locked_live
from comptoir.events.record import Actor, Happening, record, record_all
from comptoir.people.models import Agent
from comptoir.sla.queries import opening_of
from comptoir.sla.recomputing import settle_pauses

_WOKEN_AT_ONCE = 200
#: What is put away for longer is a slip of the keyboard, and instants past the year 9999 cannot be read back.
LONGEST = timedelta(days=5 * 366)
#: Where the account is open at all hours, the day still begins some time.
_MORNING = time(9)
_MONDAY = 0


@transaction.atomic
def snooze_conversation(
    conversation_id: int, *, until: datetime | None, by: Agent | None, actor: Actor | None = None
) -> Conversation:
    """Put it away until an instant or, without one, until the customer writes; which wakes it in either case.

    Raises ConversationResolvedError, PastInstantError for an instant that is over, FarInstantError.
    """
    conversation = locked_live(conversation_id)
    if until is not None and until <= now():
        raise PastInstantError
    if until is not None and until - now() > LONGEST:
        raise FarInstantError
    if conversation.status == Conversation.Status.SNOOZED and conversation.snoozed_until == until:
        return conversation
    conversation.status, conversation.snoozed_until = Conversation.Status.SNOOZED, until
    conversation.save(update_fields=["status", "snoozed_until"])
    settle_pauses({conversation.pk: now()})
    record(
        "conversation.snoozed",
        subject=conversation,
        by=acting(by, actor),
        until=until.isoformat() if until else None,
    )
    return conversation


@transaction.atomic
def wake_due() -> int:
    """Open again what was put away until now; each once, whoever else is at it. Returns how many."""
    due = Conversation.objects.filter(status=Conversation.Status.SNOOZED, snoozed_until__lte=now())
    ids = list(
        due.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("snoozed_until")
        .values_list("pk", flat=True)[:_WOKEN_AT_ONCE]
    )
    Conversation.objects.filter(pk__in=ids).update(status=Conversation.Status.OPEN, snoozed_until=None)
    record_all(Happening("conversation.woken", "conversation", pk, conversation_id=pk) for pk in ids)
    return len(ids)


def snooze_ends(account: ChannelAccount, at: datetime) -> dict[str, datetime]:
    """When one may want it back: in an hour, tomorrow morning, Monday morning; by the account's opening hours."""
    today = timezone.localtime(at).date()
    tomorrow = today + timedelta(days=1)
    monday = tomorrow + timedelta(days=(_MONDAY - tomorrow.weekday()) % 7)
    ends = {"hour": at + timedelta(hours=1), "tomorrow": _morning(account, tomorrow)}
    return ends if monday == tomorrow else ends | {"monday": _morning(account, monday)}


def _morning(account: ChannelAccount, day: date) -> datetime:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    midnight = datetime.combine(day, time(0), tzinfo=zone)
    opening = opening_of(account).next_opening(midnight)
    return opening or datetime.combine(day, _MORNING, tzinfo=zone)
