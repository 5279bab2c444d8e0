"""Moving a conversation to another of our accounts: a mail was sent to the wrong mailbox, a text to the wrong number.

What was said stays on the account that it was said on; answers leave by the new one. Where it was, a closed row remains
that points here: whatever still comes there arrives here (intake follows the pointer, as after a merge).
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import SendsMessages
from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import new_thread_token
from comptoir.core.clock import now
from comptoir.core.reasons import Reason
from comptoir.core.saying import in_words
from comptoir.delivery.actions import acting
from comptoir.desk.actions import change_team
from comptoir.desk.errors import MergedAwayError, MoveRefusedError
from comptoir.desk.holding import locked_live
from comptoir.desk.merging import IN_FLIGHT
from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.among_ourselves import recompute_around
from comptoir.sla.recomputing import OTHER_ACCOUNT, recompute_clocks


def moves_between_accounts(account: ChannelAccount) -> bool:
    """Whether its network lets another of our accounts go on with whoever wrote to this one."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and issubclass(kind, SendsMessages) and kind.writes_from_any_account


def why_it_stays(account: ChannelAccount) -> str:
    """Why its network keeps what came in on it there, in the reader's language; empty where it does not."""
    kind = registry.connector_classes().get(account.kind)
    if kind is None or not issubclass(kind, SendsMessages) or kind.writes_from_any_account:
        return ""
    return in_words(Reason(kind.stays_because))


def has_one_alike(account: ChannelAccount) -> bool:
    """Whether anybody could ask for another account of its kind to go on."""
    return ChannelAccount.objects.active().filter(kind=account.kind).exclude(pk=account.pk).exists()


def accounts_to_move_to(conversation: Conversation, agent: Agent) -> QuerySet[ChannelAccount]:
    """Those of the same kind that the agent is shown, of whatever brand: the wrong mailbox may be another brand's."""
    if conversation.is_public or not moves_between_accounts(conversation.account):
        return ChannelAccount.objects.none()
    hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
    alike = ChannelAccount.objects.filter(kind=conversation.account.kind, status=ChannelAccount.Status.ACTIVE)
    return alike.exclude(pk=conversation.account_id).exclude(pk__in=hidden).select_related("brand", "team")


@transaction.atomic
def move_conversation(
    conversation_id: int, *, to: ChannelAccount, by: Agent | None, reason: str = "", actor: Actor | None = None
) -> Conversation:
    """Go on by another account, and with its team; what was promised is computed anew by what holds there.

    Raises ConversationResolvedError, MergedAwayError, and MoveRefusedError with words where the network, or what is
    there already, does not allow it.
    """
    conversation = locked_live(conversation_id)
    former = conversation.account
    if former.pk == to.pk:
        return conversation
    _check(conversation, former, to)
    _leave_pointer(conversation, to)
    conversation.account = to
    try:
        with transaction.atomic():
            conversation.save(update_fields=["account"])
    except IntegrityError as error:
        raise MoveRefusedError(
            _("This customer has an open conversation in the same thread on %(account)s: go on there.")
            % {"account": to.name}
        ) from error
    recompute_clocks([conversation.pk], because=OTHER_ACCOUNT)
    recompute_around(conversation.pk)
    record(
        "conversation.moved", subject=conversation, by=acting(by, actor), reason=reason.replace("\x00", "").strip(),
        to=to, former=former,
    )  # fmt: skip
    return change_team(conversation.pk, to=to.team, by=by, actor=actor)


def _check(conversation: Conversation, former: ChannelAccount, to: ChannelAccount) -> None:
    if conversation.merged_into_id:
        raise MergedAwayError
    if conversation.is_public:
        raise MoveRefusedError(
            _("A public exchange stays under the post where it was written: hand it over to another team instead.")
        )
    if former.kind != to.kind:
        raise MoveRefusedError(
            _("An answer from %(account)s would not reach this customer: choose an account on the same channel.")
            % {"account": to.name}
        )
    if not moves_between_accounts(former):
        raise MoveRefusedError(
            _("%(why)s Hand the conversation over to another team instead.") % {"why": why_it_stays(former)}
        )
    if to.status != ChannelAccount.Status.ACTIVE:
        raise MoveRefusedError(_("%(account)s is not connected at the moment.") % {"account": to.name})
    if conversation.messages.filter(state__in=IN_FLIGHT).exists():
        raise MoveRefusedError(_("A reply is just leaving: wait until it has, or take it back."))


def _leave_pointer(conversation: Conversation, to: ChannelAccount) -> None:
    """What still comes where it was finds its way, by the token that went out from there too; where it goes back to,
    nothing need point any more.
    """
    token = conversation.thread_token
    conversation.thread_token = _token_left(conversation, to) or new_thread_token()
    conversation.save(update_fields=["thread_token"])
    Conversation.objects.create(
        account=conversation.account,
        identity=conversation.identity,
        contact=conversation.contact,
        thread_id=conversation.thread_id,
        thread_token=token,
        subject=conversation.subject,
        status=Conversation.Status.RESOLVED,
        team=conversation.team,
        language=conversation.language,
        started_at=conversation.started_at,
        last_message_at=conversation.last_message_at,
        last_message_text=conversation.last_message_text,
        merged_into=conversation,
        resolved_at=now(),
    )


def _token_left(conversation: Conversation, to: ChannelAccount) -> str:
    """That of the pointer that it once left where it goes to, which goes; empty where it never was there."""
    merged = Event.objects.filter(
        name="conversation.merged_away", subject_kind="conversation", subject_id=OuterRef("pk")
    )
    same = Conversation.objects.filter(thread_id=conversation.thread_id, identity=conversation.identity_id)
    left = same.filter(~Exists(merged), account=to, merged_into=conversation, messages=None).first()
    if left is None:
        return ""
    left.delete()
    return left.thread_token
