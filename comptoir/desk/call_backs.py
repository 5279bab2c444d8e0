"""Customers who are to be called back, about a conversation on whatever channel: asked for, called, reached or not.

One call waits for each conversation at most; whoever asks again changes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.delivery.calling import calling_accounts, ring_once
from comptoir.desk.errors import PastInstantError
from comptoir.desk.holding import locked, locked_live
from comptoir.desk.models import CallBack
from comptoir.desk.refusals import CallBackOverError, NoNumberError, NoTelephoneAccountError
from comptoir.desk.telephone_numbers import telephone_number
from comptoir.events.record import SYSTEM, Actor, Happening, record, record_all
from comptoir.people.models import Agent
from comptoir.sla.queries import pure_calendar

#: A call is due so long after it was asked for, within the telephone's opening hours.
USUALLY_WITHIN = timedelta(hours=1)
_TOLD_AT_ONCE = 200


@transaction.atomic
def ask_call_back(
    conversation_id: int,
    *,
    number: str,
    account: ChannelAccount | None = None,
    due_at: datetime | None = None,
    by: Agent,
    actor: Actor | None = None,
) -> CallBack:
    """Have the customer called on ``number``, as people write numbers, from ``account`` or the brand's first telephone;
    what was asked for already is changed.

    Raises ConversationResolvedError, BadNumberError, NoTelephoneAccountError, PastInstantError.
    """
    conversation = locked_live(conversation_id)
    called = telephone_number(number)
    telephone = _telephone(conversation, account)
    present = now()
    if due_at is not None and due_at <= present:
        raise PastInstantError
    due = due_at or usual_due(telephone, present)
    waiting = conversation.call_backs.waiting().select_for_update().first()
    if waiting is None:
        return _begin(CallBack(conversation=conversation, account=telephone, number=called, due_at=due, asked_by=by))
    waiting.number, waiting.account = called, telephone
    waiting.due_at, waiting.overdue_at = due, None  # put off, it may fall overdue once more
    waiting.save(update_fields=["number", "account", "due_at", "overdue_at"])
    _know(waiting)
    record("call_back.changed", subject=waiting, by=acting(by, actor), due=due.isoformat())
    return waiting


@transaction.atomic
def keep_wish_to_be_called(message: Message, *, number: str) -> CallBack | None:
    """A customer asked for a call in ``message``; ``number`` is "" where they did not say on which number.

    None where a call waits already, where the conversation is over or spam, or where the brand has no telephone.
    """
    conversation = locked(message.conversation_id)
    is_over = conversation.is_spam or conversation.status == Conversation.Status.RESOLVED
    if is_over or conversation.call_backs.filter(Q(message=message) | Q(state=CallBack.State.WAITING)).exists():
        return None
    try:
        telephone = _telephone(conversation, None)
    except NoTelephoneAccountError:
        return None
    due = usual_due(telephone, now())
    return _begin(CallBack(conversation=conversation, account=telephone, number=number, due_at=due, message=message))


def _begin(call_back: CallBack) -> CallBack:
    call_back.save()
    if call_back.asked_by_id:  # whoever writes a number may write anybody's: it is theirs once one of us goes by it
        _know(call_back)
    by = Actor("agent", call_back.asked_by_id) if call_back.asked_by_id else SYSTEM
    record("call_back.asked", subject=call_back, by=by, due=call_back.due_at.isoformat())
    return call_back


def _telephone(conversation: Conversation, account: ChannelAccount | None) -> ChannelAccount:
    """The one that was chosen, where it is the brand's; else the conversation's own, or the brand's first."""
    there = calling_accounts(conversation.account.brand_id)
    wanted = account.pk if account is not None else conversation.account_id
    found = next((one for one in there if one.pk == wanted), there[0] if there and account is None else None)
    if found is None:
        raise NoTelephoneAccountError
    return found


def _know(call_back: CallBack) -> None:
    """The number is the customer's from now on, unless it is somebody's already: the call then comes in as theirs."""
    if call_back.number:
        known = ContactIdentity(
            contact_id=call_back.conversation.contact_id,
            channel=call_back.account.kind,
            external_id=call_back.number,
            name=call_back.conversation.identity.name,
        )
        ContactIdentity.objects.bulk_create([known], ignore_conflicts=True)


def usual_due(account: ChannelAccount, at: datetime) -> datetime:
    """An hour after ``at`` or, where the telephone is closed then, an hour after it opens."""
    return (pure_calendar(account, account.team_id).next_opening(at) or at) + USUALLY_WITHIN


def place_call_back(call_back_id: int, *, by: Agent) -> None:
    """Ring the agent, then the customer; a second press within seconds rings nobody twice.

    Raises CallBackOverError, NoNumberError, CallRefusedError.
    """
    related = CallBack.objects.select_related("account", "conversation__identity")
    call_back = related.get(pk=call_back_id)
    if not call_back.is_waiting:
        raise CallBackOverError
    if not call_back.number:
        raise NoNumberError
    _know(call_back)  # before it rings: the call comes in as theirs
    if not ring_once(call_back.account, call_back.number, about=f"back-{call_back.pk}", by=by):
        return
    with transaction.atomic():
        CallBack.objects.filter(pk=call_back.pk).update(placed_at=now())
        record("call_back.placed", subject=call_back, by=Actor("agent", by.pk))


@transaction.atomic
def end_call_back(call_back_id: int, *, state: CallBack.State, by: Agent, actor: Actor | None = None) -> CallBack:
    """Somebody says how it ended: reached by another telephone, not reached, not needed any more.

    Raises CallBackOverError.
    """
    call_back = CallBack.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=call_back_id)
    if not call_back.is_waiting:
        raise CallBackOverError
    call_back.end(state, at=now(), by=by)
    call_back.save(update_fields=["state", "ended_at", "ended_by"])
    record(f"call_back.{state.value}", subject=call_back, by=acting(by, actor))
    return call_back


@transaction.atomic
def tell_overdue() -> int:
    """Record what nobody made in time, once for each call and due time, whoever else is at it. Returns how many."""
    present = now()
    overdue = CallBack.objects.falling_overdue(present).order_by("due_at")
    held = list(overdue.select_for_update(skip_locked=True, no_key=True, of=("self",))[:_TOLD_AT_ONCE])
    CallBack.objects.filter(pk__in=[one.pk for one in held]).update(overdue_at=present)
    record_all(
        Happening(
            "call_back.fell_overdue",
            "callback",
            one.pk,
            conversation_id=one.conversation_id,
            details={"due": one.due_at.isoformat()},
        )
        for one in held
    )
    return len(held)
