"""From public to private: asking, the link that is used once, and following it to its end.

The link proves nothing of who opens it, since all may read it: whoever does is joined to the same contact, the chat
says that it came by an invitation, and nothing that was said elsewhere is shown there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.errors import InvitationUsedError, NoPrivatePlaceError, PrivateAlreadyError
from comptoir.desk.holding import locked
from comptoir.desk.invitation_texts import invitation_text
from comptoir.desk.models import Invitation
from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

_LINK = re.compile(r"/private/([A-Za-z0-9_-]{32})")


@dataclass(frozen=True, slots=True)
class Asking:
    """An invitation that is ready to be sent, with its words."""

    invitation: Invitation
    text: str
    visibility: str


def chat_of_brand(conversation: Conversation) -> ChannelAccount | None:
    """The chat to which a customer of this conversation can be invited."""
    chats = ChannelAccount.objects.active().filter(kind="chat", brand=conversation.account.brand_id)
    return chats.order_by("pk").first()


@transaction.atomic
def invite_to_private(conversation_id: int, *, way: Invitation.Way, by: Agent) -> Asking:
    """Prepare an invitation and its words; nothing leaves before the agent sends them.

    Raises PrivateAlreadyError, NoPrivatePlaceError.
    """
    conversation = locked(conversation_id)
    if not conversation.is_public:
        raise PrivateAlreadyError
    token = Invitation.new_token() if way == Invitation.Way.LINK else None
    if token and chat_of_brand(conversation) is None:
        raise NoPrivatePlaceError
    invitation = Invitation.objects.create(
        conversation=conversation,
        way=way,
        by=by,
        digest=Invitation.digest_of(token) if token else None,
        expires_at=now() + Invitation.LIFETIME,
    )
    record("invitation.prepared", subject=invitation, by=Actor("agent", by.pk), way=str(way))
    text = invitation_text(
        conversation.language or conversation.account.brand.language,
        first_name=conversation.customer_first_name,
        link=f"{settings.BASE_URL}/private/{token}" if token else None,
    )
    return Asking(invitation, text, "public" if token else "private")


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link carries, while it may be used."""
    asked = Invitation.objects.select_related("conversation__account__brand", "conversation__contact")
    return asked.filter(Q(expires_at__gt=now()) | Q(identity__isnull=False), digest=Invitation.digest_of(token)).first()


def note_opened(invitation: Invitation) -> None:
    """Somebody looks at the page behind the link: the first time counts."""
    if Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now()):
        record("invitation.opened", subject=invitation)


@transaction.atomic
def use_invitation(token: str, *, account: ChannelAccount, visitor_id: str) -> None:
    """Join the chat's visitor to the contact who was invited. The same visitor may do so again, nobody else.

    Raises InvitationUsedError.
    """
    digest = Invitation.digest_of(token)
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(digest=digest).first()
    if invitation is None or chat_of_brand(invitation.conversation) != account:
        raise InvitationUsedError
    identity = _identity(invitation, visitor_id)
    if invitation.identity_id == identity.pk:
        return
    if invitation.identity_id is not None or invitation.expires_at <= now():
        raise InvitationUsedError
    invitation.identity = identity
    invitation.opened_at = invitation.opened_at or now()
    invitation.save(update_fields=["identity", "opened_at"])
    record("invitation.used", subject=invitation)


def _identity(invitation: Invitation, visitor_id: str) -> ContactIdentity:
    """The visitor's identity; a browser that has written before keeps the contact it has."""
    made = ContactIdentity(
        contact_id=invitation.conversation.contact_id,
        channel="chat",
        external_id=visitor_id,
        name=invitation.conversation.identity.name,
    )
    ContactIdentity.objects.bulk_create([made], ignore_conflicts=True)
    return ContactIdentity.objects.get(channel="chat", scope="", external_id=visitor_id)


# --- following it to its end --------------------------------------------------------------------------------------


def follow_invitations(events: Sequence[Event]) -> None:
    """What was sent, joined, solved and closed, as the record tells; one query a batch where nobody was invited."""
    named: dict[str, list[int]] = defaultdict(list)
    for event in events:
        named[event.name].append(event.subject_id)
    _follow_sent(named["message.sent"])
    _follow_received(named["message.received"])
    _follow_resolved(named["conversation.resolved"])


def _follow_sent(message_ids: Sequence[int]) -> None:
    asked = Invitation.objects.filter(closed_at=None)
    sent = Message.objects.outgoing().filter(
        pk__in=message_ids, sent_at__isnull=False, conversation__in=asked.values("conversation")
    )
    for message in sent.order_by("sent_at"):
        here = asked.filter(conversation=message.conversation_id)
        link = _LINK.search(message.text)
        if link:
            _mark_sent(here.filter(digest=Invitation.digest_of(link[1])), message)
        elif not message.is_public:
            _mark_sent(here.filter(way=Invitation.Way.NETWORK), message)
        else:
            _mark_closed(here.filter(solved_at__lt=message.created_at), message)  # both by our own clock


def _mark_sent(asked: QuerySet[Invitation], message: Message) -> None:
    for invitation in asked.filter(sent_at=None):
        invitation.message, invitation.sent_at = message, message.sent_at
        invitation.save(update_fields=["message", "sent_at"])
        record("invitation.sent", subject=invitation)


def _mark_closed(asked: QuerySet[Invitation], message: Message) -> None:
    """With an event, as all before it: the screens that show it hear of it by that."""
    for invitation in asked:
        invitation.closed_at = message.sent_at
        invitation.save(update_fields=["closed_at"])
        record("invitation.closed", subject=invitation)


def _follow_received(message_ids: Sequence[int]) -> None:
    waiting = Invitation.objects.filter(joined_at=None)
    private = Message.objects.incoming().filter(pk__in=message_ids, visibility=Message.Visibility.PRIVATE)
    by_link = waiting.exclude(identity=None).values("identity")
    by_network = waiting.filter(way=Invitation.Way.NETWORK, sent_at__isnull=False).values("conversation__identity")
    for message in private.filter(Q(identity__in=by_link) | Q(identity__in=by_network)).order_by("sent_at"):
        for invitation in waiting.filter(Q(identity=message.identity_id) | _asked_on_the_network(message)):
            invitation.joined_id, invitation.joined_at = message.conversation_id, message.sent_at
            invitation.save(update_fields=["joined", "joined_at"])
            record("invitation.joined", subject=invitation, joined=message.conversation_id)


def _asked_on_the_network(message: Message) -> Q:
    return Q(
        way=Invitation.Way.NETWORK,
        sent_at__lte=message.sent_at,
        conversation__account=message.account_id,
        conversation__identity=message.identity_id,
    )


def _follow_resolved(conversation_ids: Sequence[int]) -> None:
    for invitation in Invitation.objects.filter(joined__in=conversation_ids, solved_at=None):
        invitation.solved_at = now()
        invitation.save(update_fields=["solved_at"])
        record("invitation.solved", subject=invitation)
