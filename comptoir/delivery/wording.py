"""Acting on messages in words of our own: another text for an answer of ours, a report to the network's moderators."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from comptoir.brands.numbers import number_patterns
from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened
from comptoir.connectors.base import (
    AuthError,
    Author,
    Connector,
    ConnectorError,
    EditsMessages,
    PermanentError,
    Reports,
    TransientError,
    UncertainError,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation, FormerText, Message, WordedAct
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import Retry, defer
from comptoir.delivery.abilities import Abilities, abilities
from comptoir.delivery.checking import check_text, clean_text, limits_in_force, sending_connector
from comptoir.delivery.moderation import ASK_FOR, CannotModerateError
from comptoir.delivery.outgoing import build_edited
from comptoir.delivery.refusals import UnchangedError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

#: What moderators of networks are told is bounded by them; Mastodon takes 1,000 characters.
MAX_COMMENT_CHARS = 1000
_ASK_AGAIN_AFTER = timedelta(seconds=30)
_REFUSED = {"edit": "message.edit_refused", "report": "message.report_refused"}
_Act = WordedAct.Act


@transaction.atomic
def ask_edit(
    message_id: int, *, by: Agent, text: str, personal_data_confirmed: bool = False, actor: Actor | None = None
) -> WordedAct:
    """Have the network put another text in the place of what an answer of ours says, in the background.

    The text is held to what `queue_reply` holds replies to. Raises a ReplyRefusedError whose text is for the writer.
    """
    message, _conversation = _locked(message_id)
    text = clean_text(text)
    if not may_edit(message) or _is_asked(message):
        raise CannotModerateError
    if text == message.text:
        raise UnchangedError
    limits = limits_in_force(sending_connector(message.account)).of("public" if message.is_public else "private")
    may_carry = personal_data_confirmed or not message.is_public
    check_text(
        text, has_files=message.attachments.exists(), may_carry_personal_data=may_carry, limits=limits,
        patterns=() if may_carry else number_patterns(message.account.brand),
    )  # fmt: skip
    return _ask(message, _Act.EDIT, text, by, actor)


@transaction.atomic
def ask_report(message_id: int, *, by: Agent, comment: str, actor: Actor | None = None) -> WordedAct:
    """Have the network's moderators told of what a customer wrote, in the background. Raises CannotModerateError."""
    message, _conversation = _locked(message_id)
    if not may_report(message) or _is_asked(message):
        raise CannotModerateError
    return _ask(message, _Act.REPORT, clean_text(comment)[:MAX_COMMENT_CHARS], by, actor)


def may_edit(message: Message, may: Abilities | None = None) -> bool:
    """Whether the network lets us change what this answer of ours says; ``may`` where it was asked before."""
    is_there = message.is_at_the_network and message.deleted_at is None and bool(message.external_id)
    return is_there and (may or abilities(message)).may_edit


def may_report(message: Message, may: Abilities | None = None) -> bool:
    """Whether the network's moderators can be told of this message from here; ``may`` where it was asked before."""
    is_theirs = message.direction == Message.Direction.INCOMING and bool(message.external_id)
    return is_theirs and (may or abilities(message)).may_report


def _locked(message_id: int) -> tuple[Message, Conversation]:
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    messages = Message.objects.select_for_update(of=("self",), no_key=True)
    return messages.select_related("account", "conversation").get(pk=message_id), conversation


def _is_asked(message: Message) -> bool:
    return (
        message.worded_acts.filter(outcome=WordedAct.Outcome.WAITING).exists()
        or message.moderations.filter(outcome="waiting").exists()
    )


def _ask(message: Message, act: str, text: str, by: Agent, actor: Actor | None) -> WordedAct:
    asked = WordedAct.objects.create(message=message, act=act, text=text, agent=by, requested_at=now())
    record("message.moderation_requested", subject=message, by=actor or Actor("agent", by.pk), act=str(act))
    defer("delivery.carry_out", act_id=asked.pk)
    return asked


def carry_out(act_id: int) -> None:
    """Ask the network and write down its answer. Raises Retry when it should be asked again."""
    rows = WordedAct.objects.select_related("message__account", "message__conversation__account__brand")
    asked = rows.select_related("message__identity", "message__agent", "message__conversation__identity").get(pk=act_id)
    if asked.outcome != WordedAct.Outcome.WAITING:
        return
    asked.tries += 1
    asked.save(update_fields=["tries"])
    try:
        with opened(asked.message.account) as connector:
            _act(connector, asked)
    except (TransientError, UncertainError) as error:
        _ask_again_or_give_up(asked, error)
    except AuthError as error:
        disconnect_account(asked.message.account, reason=error.reason)
        _refuse(asked, error.reason)
    except (PermanentError, UnknownKindError, UnreadableSecretError) as error:
        _refuse(asked, error.reason)
    else:
        _done(asked)


def _act(connector: Connector, asked: WordedAct) -> None:
    message = asked.message
    external_id, identity = message.external_id or "", message.identity
    match _Act(asked.act), connector:
        case _Act.EDIT, EditsMessages():
            key = str(uuid.uuid5(message.key, str(asked.pk)))
            connector.edit(external_id, build_edited(message, asked.text, key=key), message.custom)
        case _Act.REPORT, Reports() if identity is not None:
            author = Author(identity.external_id, identity.handle or None, identity.name or None)
            connector.report(external_id, author, comment=asked.text)
        case _:
            raise PermanentError("“%(network)s” has no way to do this.", network=connector.label)


def _ask_again_or_give_up(asked: WordedAct, error: ConnectorError) -> None:
    """The same words twice, or two reports of one message, harm nothing: what was cut is asked again."""
    if now() > asked.requested_at + ASK_FOR:
        _refuse(asked, error.reason)
        return
    wish = error.retry_after if isinstance(error, TransientError) else None
    raise Retry(after=wish or _ASK_AGAIN_AFTER) from error


@transaction.atomic
def _refuse(asked: WordedAct, reason: str) -> None:
    if _close(asked, WordedAct.Outcome.REFUSED, reason):
        record(_REFUSED[asked.act], subject=asked.message, by=Actor("agent", asked.agent_id), reason=reason)


@transaction.atomic
def _done(asked: WordedAct) -> None:
    message, conversation = _locked(asked.message_id)
    if not _close(asked, WordedAct.Outcome.DONE, ""):
        return
    if asked.act == _Act.EDIT:
        _rewrite(message, conversation, asked.text)
    name = "message.edited" if asked.act == _Act.EDIT else "message.reported"
    record(name, subject=message, by=Actor("agent", asked.agent_id))


def _rewrite(message: Message, conversation: Conversation, text: str) -> None:
    """What it said before is kept, unless the network's own word of the change came first."""
    present = now()
    if message.text != text:
        FormerText.objects.create(message=message, text=message.text, replaced_at=present)
    message.text, message.html, message.edited_at = text, "", present
    message.save(update_fields=["text", "html", "edited_at"])
    last = conversation.messages.exclude(state=Message.State.CANCELLED).in_order().last()
    if last is not None and last.pk == message.pk:
        conversation.last_message_text = text[:PREVIEW_CHARS]
        conversation.save(update_fields=["last_message_text"])


def _close(asked: WordedAct, outcome: str, reason: str) -> bool:
    waiting = WordedAct.objects.filter(pk=asked.pk, outcome=WordedAct.Outcome.WAITING)
    return bool(waiting.update(outcome=outcome, reason=reason, finished_at=now()))
