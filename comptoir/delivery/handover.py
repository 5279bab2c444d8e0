"""An exchange that several applications of one account share: passing it on, and taking it back."""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened
from comptoir.channels.models import LONGEST_APPLICATION, ChannelAccount, ThreadHolder
from comptoir.connectors import registry
from comptoir.connectors.base import AuthError, Author, ConnectorError, SharesThreads
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation
from comptoir.conversations.threads import network_thread
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.saying import in_words
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

_DONE = {"pass": "conversation.thread_passed", "take": "conversation.thread_taken"}


class HandoverRefusedError(ReplyRefusedError):
    """The exchange stays where it is; the text, translated, says why."""


def shares_threads(account: ChannelAccount) -> bool:
    """Whether exchanges of this account may be held by another application."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and issubclass(kind, SharesThreads)


def hand_over_thread(conversation_id: int, act: Literal["pass", "take"], *, by: Agent) -> None:
    """Pass the exchange to the application that asks for it, or else to the account's other one; or take it back.

    Raises HandoverRefusedError.
    """
    conversation = Conversation.objects.select_related("account", "identity").get(pk=conversation_id)
    if not shares_threads(conversation.account) or conversation.is_public:
        raise HandoverRefusedError(_("No other application shares this exchange."))
    held = holder_of(conversation)
    application = _ask(conversation, act, asked_by=held.asked_by if held else "")
    _note(conversation, act, application, by)


def holder_of(conversation: Conversation) -> ThreadHolder | None:
    """Who goes on with the exchange, where another application may; None where nobody has said: then it is ours."""
    if conversation.is_public or not shares_threads(conversation.account):
        return None
    thread_id = network_thread(conversation.thread_id)
    return ThreadHolder.objects.filter(account=conversation.account_id, thread_id=thread_id).first()


@transaction.atomic
def _note(conversation: Conversation, act: str, application: str, by: Agent) -> None:
    """The network has done it, and tells only the other application."""
    present, is_ours = now(), act == "take"
    held = ThreadHolder(
        account_id=conversation.account_id,
        thread_id=network_thread(conversation.thread_id),
        is_ours=is_ours,
        application="" if is_ours else application[:LONGEST_APPLICATION],
        since_at=present,
        told_at=present,
    )
    ThreadHolder.objects.keep(conversation.account_id, [held])
    record(_DONE[act], subject=conversation, by=Actor("agent", by.pk))


def _ask(conversation: Conversation, act: str, *, asked_by: str) -> str:
    """Have the network do it; what the application that gets it is called."""
    account, person = conversation.account, Author(id=conversation.identity.external_id)
    try:
        with opened(account) as connector:
            assert isinstance(connector, SharesThreads)
            if act == "take":
                connector.take_thread(person)
                return ""
            connector.pass_thread(person, asked_by=asked_by)
            return asked_by or connector.other_application()
    except AuthError as error:
        disconnect_account(account, reason=error.reason)
        raise HandoverRefusedError(in_words(error.reason)) from error
    except (ConnectorError, UnknownKindError, UnreadableSecretError) as error:
        raise HandoverRefusedError(_("Nothing was changed: %(reason)s") % {"reason": in_words(error.reason)}) from error
