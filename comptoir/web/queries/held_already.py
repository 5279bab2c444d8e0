"""What we hold of a customer already, so that nobody asks them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Q

from comptoir.conversations.models import Conversation, Message
from comptoir.people.models import Agent
from comptoir.understanding.personal_data import Kind, personal_data

_MOST_READ = 40
_KINDS_OF_CHANNELS: dict[str, Kind] = {"email": "email", "phone": "phone", "sms": "phone", "whatsapp": "phone"}


def held_already(conversation: Conversation, agent: Agent, kinds: Collection[Kind]) -> dict[Kind, str]:
    """For each of ``kinds`` what the customer said last, here or in what is joined with it, or is known by."""
    held: dict[Kind, str] = {}
    for kind, words in _pieces(conversation, agent):
        if kind in kinds:
            held.setdefault(kind, words)
    return held


def _pieces(conversation: Conversation, agent: Agent) -> Iterator[tuple[Kind, str]]:
    together = Conversation.objects.visible_to(agent).filter(
        Q(joined__matter__joined__conversation=conversation), contact=conversation.contact_id
    )
    said = Message.objects.incoming().filter(
        Q(conversation=conversation) | Q(conversation__in=together.order_by().values("pk")), deleted_at=None
    )
    for text in said.order_by("-sent_at", "-pk").values_list("text", flat=True)[:_MOST_READ]:
        yield from ((one.kind, text[one.start : one.end]) for one in personal_data(text, incoming=True))
    identities = conversation.contact.identities.filter(channel__in=_KINDS_OF_CHANNELS)
    for channel, handle in identities.values_list("channel", "handle"):
        if handle:
            yield _KINDS_OF_CHANNELS[channel], handle
    for text in conversation.contact.attributes.values():
        yield from ((one.kind, str(text)[one.start : one.end]) for one in personal_data(str(text)))
