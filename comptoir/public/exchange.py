"""What one visitor may read: the messages of their own conversations, as the widget shows them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Attachment, Message
from comptoir.public.visitors import Visitor

PAGE_MESSAGES = 50
_SHOWN_STATES = (Message.State.RECEIVED, Message.State.SENT, Message.State.DELIVERED, Message.State.READ)
_COLUMNS = ("pk", "external_id", "direction", "state", "text", "sent_at", "edited_at", "is_automatic", "agent__name")


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """Messages in their order, and where the earlier ones begin."""

    messages: list[dict[str, Any]]
    earlier: str | None

    def tag(self, *more: object) -> str:
        """An ETag that changes whenever anything shown does."""
        shown = json.dumps([self.messages, self.earlier, *more], default=str)
        return f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'


def messages_of(visitor: Visitor, account: ChannelAccount) -> QuerySet[Message]:
    """Every message this visitor may see: theirs, and the answers that have left."""
    return Message.objects.filter(
        visitor.whose("conversation__identity__"),
        account=account,
        conversation__account=account,
        conversation__thread_id__in=visitor.thread_ids,
        visibility=Message.Visibility.PRIVATE,
        state__in=_SHOWN_STATES,
        deleted_at=None,
    )


def exchange_page(visitor: Visitor, account: ChannelAccount, *, before: str = "") -> ExchangePage:
    """The latest messages, or those before a page; one query."""
    wanted = messages_of(visitor, account)
    position = _position(before)
    if position is not None:
        at, pk = position
        wanted = wanted.filter(Q(sent_at__lt=at) | Q(sent_at=at, pk__lt=pk))
    rows = wanted.annotate(files=_files(), is_answered=_is_answered()).order_by("-sent_at", "-pk")
    found = list(rows.values(*_COLUMNS, "files", "read_at", "is_answered")[: PAGE_MESSAGES + 1])
    shown = found[:PAGE_MESSAGES][::-1]
    earlier = _cursor(shown[0]) if len(found) > PAGE_MESSAGES else None
    return ExchangePage([_as_shown(row) for row in shown], earlier)


def _files() -> ArraySubquery:
    listed = JSONObject(
        id="pk", name="name", mime_type="mime_type", size_bytes="size_bytes", state="state", kind="kind"
    )
    return ArraySubquery(Attachment.objects.filter(message=OuterRef("pk")).order_by("position").values(json=listed))


def _is_answered() -> Exists:
    """An answer that came later proves that the message was read."""
    return Exists(
        Message.objects.filter(
            conversation=OuterRef("conversation"),
            direction=Message.Direction.OUTGOING,
            state__in=_SHOWN_STATES,
            is_automatic=False,
            sent_at__gt=OuterRef("sent_at"),
        )
    )


def _as_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    is_theirs = row["direction"] == Message.Direction.INCOMING
    was_read = bool(row["read_at"] or row["is_answered"]) if is_theirs else row["state"] == Message.State.READ
    return {
        "id": (row["external_id"] or "").rpartition(":")[2] if is_theirs else row["external_id"],
        "from": "visitor" if is_theirs else "counter",
        "author": None if is_theirs else (row["agent__name"] or "").split(" ")[0] or None,
        "is_automatic": row["is_automatic"],
        "text": row["text"],
        "sent_at": row["sent_at"].isoformat(),
        "is_edited": row["edited_at"] is not None,
        "state": "read" if was_read else "sent" if is_theirs else row["state"],
        "files": row["files"],
    }


def _cursor(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['sent_at'].isoformat()}|{row['pk']}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, int] | None:
    """Where a page begins; a cursor that is none of ours begins at the end."""
    try:
        at, _bar, pk = base64.urlsafe_b64decode(cursor).decode().partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo and 0 < int(pk) < 2**63 else None
    except (binascii.Error, ValueError):
        return None


def kept_file(visitor: Visitor, account: ChannelAccount, file_id: int) -> Attachment | None:
    """A stored file of a message this visitor may see."""
    theirs = messages_of(visitor, account).filter(pk=OuterRef("message"))
    return Attachment.objects.filter(Exists(theirs), pk=file_id, state=Attachment.State.STORED).first()


def own_answers(visitor: Visitor, account: ChannelAccount, external_ids: list[str]) -> Iterator[str]:
    """Of these ids, those of our answers to this visitor: a receipt for anything else is none."""
    outgoing = messages_of(visitor, account).outgoing().filter(external_id__in=external_ids)  # type: ignore[attr-defined]  # see MessageQuerySet
    yield from sorted(outgoing.values_list("external_id", flat=True))
