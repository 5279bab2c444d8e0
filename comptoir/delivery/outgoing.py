"""What a connector is given to send, the same at every attempt: what may change is kept when the reply is queued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Author, FilledTemplate, Outgoing, OutgoingFile
from comptoir.conversations.files import open_file
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.public_links import KEPT_FOR, public_address, stand_in_address
from comptoir.conversations.threads import network_thread

MAX_RELATED_IDS = 30
_KEPT = "outgoing"


def circumstances(
    conversation: Conversation, parent: Message | None, *, sender_name: str, template: FilledTemplate | None = None
) -> dict[str, Any]:
    """What `build_outgoing` needs besides the reply's own text and files: JSON, for `Message.custom`."""
    identity, wrote_at = conversation.identity, conversation.last_incoming_at
    recipient = {
        "id": identity.external_id,
        "handle": identity.handle or None,
        "name": identity.name or None,
        "avatar_url": identity.avatar_url or None,
    }
    return {
        _KEPT: {
            "recipient": recipient,
            "thread_id": network_thread(conversation.thread_id),
            "thread_token": conversation.thread_token,
            "parent_id": parent.external_id if parent else None,
            "parent_visibility": parent.visibility if parent else None,
            "parent_custom": parent.custom if parent else {},
            "customer_wrote_at": wrote_at.isoformat() if wrote_at else None,
            "related_ids": _related_ids(conversation, parent),
            "subject": conversation.subject,
            "language": conversation.language,
            "sender_name": sender_name,
            "template": asdict(template) if template else None,
        }
    }


def _related_ids(conversation: Conversation, parent: Message | None) -> list[str]:
    """The other messages of the exchange that the network knows, nearest first."""
    known = conversation.messages.filter(external_id__isnull=False)
    if parent is not None:
        known = known.exclude(pk=parent.pk)
    ids = known.order_by("-sent_at", "-pk").values_list("external_id", flat=True)[:MAX_RELATED_IDS]
    return [external_id for external_id in ids if external_id]


def build_outgoing(message: Message) -> Outgoing:
    """The reply as its connector gets it. Raises FileNotFoundError when a kept file is gone."""
    until = max(message.created_at, message.send_after or message.created_at) + KEPT_FOR
    files = tuple(_file(one, until) for one in message.attachments.filter(state=Attachment.State.STORED))
    return replace(_words(message, message.custom[_KEPT]), files=files)


def build_edited(message: Message, text: str, *, key: str) -> Outgoing:
    """An answer that the network has, with another text in its place; ``key`` is this change's own."""
    conversation, named = message.conversation, message.parent_external_id
    parent = conversation.messages.filter(external_id=named).first() if named else None
    sender = message.agent.name if message.agent else conversation.account.brand.name
    kept = circumstances(conversation, parent, sender_name=sender)[_KEPT]
    return replace(_words(message, kept), text=text, key=key, choices=())


def _words(message: Message, kept: Mapping[str, Any]) -> Outgoing:
    wrote_at = kept.get("customer_wrote_at")
    return Outgoing(
        key=str(message.key),
        queued_at=message.created_at,
        text=message.text,
        visibility="public" if message.is_public else "private",
        recipient=Author(**kept["recipient"]),
        external_id=message.external_id,
        thread_id=kept["thread_id"],
        thread_token=kept["thread_token"],
        parent_id=kept["parent_id"],
        parent_visibility=kept.get("parent_visibility"),
        parent_custom=kept["parent_custom"],
        customer_wrote_at=datetime.fromisoformat(wrote_at) if wrote_at else None,
        related_ids=tuple(kept["related_ids"]),
        subject=kept["subject"],
        language=kept["language"],
        sender_name=kept["sender_name"],
        choices=tuple(message.choices),
        template=_template(kept.get("template")),
    )


def _template(kept: Mapping[str, Any] | None) -> FilledTemplate | None:
    return FilledTemplate(kept["name"], kept["language"], tuple(kept["values"])) if kept else None


def _file(attachment: Attachment, until: datetime) -> OutgoingFile:
    with open_file(attachment.storage_key) as stream:
        content = stream.read()
    return OutgoingFile(
        attachment.name,
        attachment.mime_type,
        content,
        attachment.alt_text,
        public_url=public_address(attachment, until=until),
        stand_in_url=stand_in_address(attachment.mime_type),
    )
