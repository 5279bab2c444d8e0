"""Acting on messages that the network has: hiding, showing, removing or liking what a customer wrote, deleting ours."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened
from comptoir.connectors.base import (
    AuthError,
    Connector,
    ConnectorError,
    DeletesOthers,
    HidesOthers,
    Likes,
    Moderates,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import Retry, defer
from comptoir.delivery.abilities import Abilities, abilities
from comptoir.delivery.models import Moderation
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.actions import abandon_clocks
from comptoir.sla.recomputing import settle_pauses

#: How long the network is asked before we give up and say so.
ASK_FOR = timedelta(days=1)
_ASK_AGAIN_AFTER = timedelta(seconds=30)
_REFUSED = {
    "hide": "message.hiding_refused",
    "show": "message.showing_refused",
    "delete": "message.deletion_refused",
    "remove": "message.removal_refused",
    "like": "message.liking_refused",
    "unlike": "message.unliking_refused",
}
_DONE = {
    "hide": "message.hidden",
    "show": "message.shown",
    "delete": "message.deleted",
    "remove": "message.removed",
    "like": "message.liked",
    "unlike": "message.unliked",
}
_Act = Moderation.Act


class CannotModerateError(ReplyRefusedError):
    """The network does not let us do this to this message, or it is done or under way already."""

    def __init__(self) -> None:
        super().__init__(_("This cannot be done to this message from here: do it on the network itself."))


@transaction.atomic
def ask_network(message_id: int, act: Moderation.Act, *, by: Agent, actor: Actor | None = None) -> Moderation:
    """Have the network do something to a message it has, in the background. Raises CannotModerateError."""
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    messages = Message.objects.select_for_update(of=("self",), no_key=True)
    message = messages.select_related("account", "conversation").get(pk=message_id)
    under_way = message.moderations.filter(outcome=Moderation.Outcome.WAITING)
    worded = message.worded_acts.filter(outcome=Moderation.Outcome.WAITING)
    if not makes_sense(message, act) or under_way.exists() or worded.exists():
        raise CannotModerateError
    moderation = Moderation.objects.create(message=message, act=act, agent=by, requested_at=now())
    record("message.moderation_requested", subject=message, by=actor or Actor("agent", by.pk), act=str(act))
    defer("delivery.moderate", moderation_id=moderation.pk)
    return moderation


def makes_sense(message: Message, act: str, may: Abilities | None = None) -> bool:
    """Whether the network lets us do this to this message, as it stands; ``may`` where it was asked before."""
    if message.deleted_at is not None or not message.external_id:
        return False
    may = may or abilities(message)
    if act == _Act.DELETE:
        return may.may_delete and message.is_at_the_network
    if message.direction != Message.Direction.INCOMING:
        return False
    if act in (_Act.LIKE, _Act.UNLIKE):
        return may.may_like and (message.liked_at is None) == (act == _Act.LIKE)
    if act == _Act.REMOVE:
        return may.may_remove and message.is_public
    return may.may_hide and message.is_public and (message.hidden_at is None) == (act == _Act.HIDE)


def moderate(moderation_id: int) -> None:
    """Ask the network and write down its answer. Raises Retry when it should be asked again."""
    rows = Moderation.objects.select_related("message__account", "message__conversation")
    moderation = rows.get(pk=moderation_id)
    if moderation.outcome != Moderation.Outcome.WAITING:
        return
    moderation.tries += 1
    moderation.save(update_fields=["tries"])
    try:
        with opened(moderation.message.account) as connector:
            _act(connector, moderation)
    except (TransientError, UncertainError) as error:
        _ask_again_or_give_up(moderation, error)
    except AuthError as error:
        disconnect_account(moderation.message.account, reason=error.reason)
        _refuse(moderation, error.reason)
    except (PermanentError, UnknownKindError, UnreadableSecretError) as error:
        _refuse(moderation, error.reason)
    else:
        _done(moderation)


def _act(connector: Connector, moderation: Moderation) -> None:
    message = moderation.message
    external_id, thread_id = message.external_id or "", message.conversation.thread_id
    match _Act(moderation.act), connector:
        case _Act.DELETE, Moderates():
            connector.delete(external_id, message.custom)
        case _Act.HIDE, HidesOthers():
            connector.hide(external_id, thread_id=thread_id)
        case _Act.SHOW, HidesOthers():
            connector.show(external_id, thread_id=thread_id)
        case _Act.REMOVE, DeletesOthers():
            connector.remove(external_id, thread_id=thread_id)
        case _Act.LIKE, Likes():
            connector.like(external_id, message.custom)
        case _Act.UNLIKE, Likes():
            connector.unlike(external_id, message.custom)
        case _:
            raise PermanentError("“%(network)s” has no way to do this.", network=connector.label)


def _ask_again_or_give_up(moderation: Moderation, error: ConnectorError) -> None:
    """Each of the acts may be done twice without harm: what was cut is simply asked again."""
    if now() > moderation.requested_at + ASK_FOR:
        _refuse(moderation, error.reason)
        return
    wish = error.retry_after if isinstance(error, TransientError) else None
    raise Retry(after=wish or _ASK_AGAIN_AFTER) from error


@transaction.atomic
def _refuse(moderation: Moderation, reason: str) -> None:
    if _close(moderation, Moderation.Outcome.REFUSED, reason):
        record(_REFUSED[moderation.act], subject=moderation.message, by=_by(moderation), reason=reason)


@transaction.atomic
def _done(moderation: Moderation) -> None:
    exchange = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=moderation.message_id)
    if not _close(moderation, Moderation.Outcome.DONE, ""):
        return
    row, present = Message.objects.filter(pk=moderation.message_id), now()
    match _Act(moderation.act):
        case _Act.DELETE | _Act.REMOVE:
            is_news = row.filter(deleted_at=None).update(deleted_at=present)
            _show_what_is_left(exchange)
            _end_waiting_for_what_is_gone(exchange)
        case _Act.HIDE:
            is_news = row.update(hidden_at=present, hold_told_at=present)
        case _Act.SHOW:
            is_news = row.update(hidden_at=None, hold_told_at=present)
        case _Act.LIKE:
            is_news = row.update(liked_at=present)
        case _Act.UNLIKE:
            is_news = row.update(liked_at=None)
    if is_news:
        record(_DONE[moderation.act], subject=moderation.message, by=_by(moderation))


def _show_what_is_left(conversation: Conversation) -> None:
    """The lists show no words that were taken off the network."""
    last = conversation.messages.shown().in_order().last()
    conversation.last_message_text = last.text[:PREVIEW_CHARS] if last else ""
    conversation.save(update_fields=["last_message_text"])


def _end_waiting_for_what_is_gone(conversation: Conversation) -> None:
    """A customer of whom nothing is left to be answered does not wait: their clocks end, as when they take it back."""
    if conversation.waiting_since is None:
        return
    conversation.waiting_since = unanswered_since(conversation, from_=conversation.waiting_since)
    conversation.save(update_fields=["waiting_since"])
    if conversation.waiting_since is None:
        abandon_clocks(conversation.pk)
        settle_pauses({conversation.pk: now()})


def _close(moderation: Moderation, outcome: str, reason: str) -> bool:
    waiting = Moderation.objects.filter(pk=moderation.pk, outcome=Moderation.Outcome.WAITING)
    return bool(waiting.update(outcome=outcome, reason=reason, finished_at=now()))


def _by(moderation: Moderation) -> Actor:
    return Actor("agent", moderation.agent_id)
