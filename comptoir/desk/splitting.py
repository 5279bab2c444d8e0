"""Making two conversations of one: the chosen messages become one of their own. Merging it back undoes it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.models.conversation import new_thread_token
from comptoir.conversations.threads import SPLIT_MARK, network_thread
from comptoir.conversations.waiting import TOLD, retell, unanswered_since
from comptoir.delivery.actions import acting
from comptoir.desk.errors import SplitRefusedError
from comptoir.desk.holding import locked_live
from comptoir.desk.merging import IN_FLIGHT, OWN_EXCHANGE_ONLY, settle_clocks
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.recomputing import PARTED, recompute_clocks

_MOST_THREAD_CHARS = 512


@transaction.atomic
def split_conversation(
    conversation_id: int, *, message_ids: Sequence[int], by: Agent | None, actor: Actor | None = None
) -> Conversation:
    """Move messages into a new conversation with their author. Raises SplitRefusedError, ConversationResolvedError."""
    origin = locked_live(conversation_id)
    chosen = origin.messages.filter(pk__in=message_ids)
    _check(origin, list(chosen))
    first = chosen.incoming().in_order()[0]
    other = _beside(origin, first)
    moved = list(chosen.values_list("pk", flat=True))
    Message.objects.filter(pk__in=moved).update(conversation=other)
    _wait_apart(origin, other)
    who = acting(by, actor)
    record("conversation.started", subject=other, by=who, split_from=origin)
    record("conversation.split", subject=origin, by=who, into=other, messages=moved)
    return other


def _check(origin: Conversation, chosen: Sequence[Message]) -> None:
    if not any(message.direction == Message.Direction.INCOMING for message in chosen):
        raise SplitRefusedError(_("Choose at least one message of the customer’s."))
    if not origin.messages.exclude(pk__in=[message.pk for message in chosen]).exists():
        raise SplitRefusedError(_("Leave at least one message here: all of them are this conversation."))
    if any(message.state in IN_FLIGHT for message in chosen):
        raise SplitRefusedError(_("One of these replies is just leaving: wait until it has, or take it back."))
    if origin.account.kind in OWN_EXCHANGE_ONLY:
        raise SplitRefusedError(
            _("On this channel each visitor sees one exchange only: they would lose sight of these messages.")
        )


def _beside(origin: Conversation, first: Message) -> Conversation:
    """The new row: its author's, and in the same thread, under a mark of its own."""
    identity = first.identity or origin.identity
    token = new_thread_token()
    thread = network_thread(origin.thread_id)[: _MOST_THREAD_CHARS - len(token) - 1]
    other = Conversation.objects.create(
        account=origin.account,
        identity=identity,
        contact=identity.contact,
        thread_id=thread + SPLIT_MARK + token,
        thread_token=token,
        is_public=origin.is_public,
        subject=origin.subject,
        team=origin.team,
        assignee=origin.assignee,
        language=origin.language,
        started_at=first.sent_at,
        last_message_at=first.sent_at,
    )
    other.tags.set(origin.tags.all())
    return other


def _wait_apart(origin: Conversation, other: Conversation) -> None:
    began = origin.waiting_since
    for one in (origin, other):
        retell(one)
        one.waiting_since = unanswered_since(one, from_=began) if began else None
        one.save(update_fields=[*TOLD])
    settle_clocks(origin, other, began=began)
    recompute_clocks([origin.pk, other.pk], because=PARTED)
