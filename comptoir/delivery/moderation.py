"""Acting on messages that the network has: hide from the public what a customer wrote, show it again, delete ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened, parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import (
    AuthError,
    Connector,
    ConnectorError,
    HidesOthers,
    Moderates,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import Retry, defer
from comptoir.delivery.models import Moderation
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

#: How long the network is asked before we give up and say so.
ASK_FOR = timedelta(days=1)
_ASK_AGAIN_AFTER = timedelta(seconds=30)
_REFUSED = {"hide": "message.hiding_refused", "show": "message.showing_refused", "delete": "message.deletion_refused"}


class CannotModerateError(ReplyRefusedError):
    """The network does not let us do this to this message, or it is done or under way already."""

    def __init__(self) -> None:
        super().__init__(_("This cannot be done to this message from here: do it on the network itself."))


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the network lets us do in one thread."""

    may_hide: bool = False
    may_delete: bool = False


def abilities(account: ChannelAccount, thread_id: str) -> Abilities:
    """What may be done from here; nothing where the account cannot be opened."""
    try:
        connector = parser_for(account)
    except (UnknownKindError, UnreadableSecretError):
        return Abilities()
    may_hide = isinstance(connector, HidesOthers) and connector.may_hide(thread_id)
    return Abilities(may_hide, isinstance(connector, Moderates))


def hide_message(message_id: int, *, by: Agent) -> Moderation:
    """Have the network hide a customer's public message, in the background. Raises CannotModerateError."""
    return _ask(message_id, Moderation.Act.HIDE, by)


def show_message(message_id: int, *, by: Agent) -> Moderation:
    """Have the network show a message again that we hid. Raises CannotModerateError."""
    return _ask(message_id, Moderation.Act.SHOW, by)


def delete_message(message_id: int, *, by: Agent) -> Moderation:
    """Have the network delete a message of ours, in the background. Raises CannotModerateError."""
    return _ask(message_id, Moderation.Act.DELETE, by)


@transaction.atomic
def _ask(message_id: int, act: str, by: Agent) -> Moderation:
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    messages = Message.objects.select_for_update(of=("self",), no_key=True)
    message = messages.select_related("account", "conversation").get(pk=message_id)
    under_way = message.moderations.filter(outcome=Moderation.Outcome.WAITING)
    if not _makes_sense(message, act) or under_way.exists():
        raise CannotModerateError
    moderation = Moderation.objects.create(message=message, act=act, agent=by, requested_at=now())
    record("message.moderation_requested", subject=message, by=Actor("agent", by.pk), act=str(act))
    defer("delivery.moderate", moderation_id=moderation.pk)
    return moderation


def _makes_sense(message: Message, act: str) -> bool:
    if message.deleted_at is not None or not message.external_id:
        return False
    may = abilities(message.account, message.conversation.thread_id)
    if act == Moderation.Act.DELETE:
        return may.may_delete and message.is_at_the_network
    is_theirs = message.direction == Message.Direction.INCOMING and message.is_public
    return may.may_hide and is_theirs and (message.hidden_at is None) == (act == Moderation.Act.HIDE)


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
    if moderation.act == Moderation.Act.DELETE and isinstance(connector, Moderates):
        connector.delete(external_id, message.custom)
    elif moderation.act == Moderation.Act.HIDE and isinstance(connector, HidesOthers):
        connector.hide(external_id, thread_id=thread_id)
    elif moderation.act == Moderation.Act.SHOW and isinstance(connector, HidesOthers):
        connector.show(external_id, thread_id=thread_id)
    else:
        raise PermanentError("“%(network)s” has no way to do this.", network=connector.label)


def _ask_again_or_give_up(moderation: Moderation, error: ConnectorError) -> None:
    """Each of the three acts may be done twice without harm: what was cut is simply asked again."""
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
    if not _close(moderation, Moderation.Outcome.DONE, ""):
        return
    row = Message.objects.filter(pk=moderation.message_id)
    if moderation.act == Moderation.Act.DELETE:
        is_news = row.filter(deleted_at=None).update(deleted_at=now())
        name = "message.deleted"
    else:
        hides = moderation.act == Moderation.Act.HIDE
        is_news = row.update(hidden_at=now() if hides else None)
        name = "message.hidden" if hides else "message.shown"
    if is_news:
        record(name, subject=moderation.message, by=_by(moderation))


def _close(moderation: Moderation, outcome: str, reason: str) -> bool:
    waiting = Moderation.objects.filter(pk=moderation.pk, outcome=Moderation.Outcome.WAITING)
    return bool(waiting.update(outcome=outcome, reason=reason, finished_at=now()))


def _by(moderation: Moderation) -> Actor:
    return Actor("agent", moderation.agent_id)
