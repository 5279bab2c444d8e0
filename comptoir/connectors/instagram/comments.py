"""Comments and mentions on Instagram, as webhooks tell them.

Source: Instagram Platform, "Webhook Notification Examples"; Webhooks reference, "Instagram" (comments, live_comments,
mentions). A mention comes without its words; Meta tells neither edits nor deletions of comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.graph.envelope import Change
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, text

_COMMENTS = frozenset({"comments", "live_comments"})


def read_change(change: Change, own_id: str | None) -> NetworkEvent:
    """The event of one change; what nobody said is ignored, with its reason."""
    if change.field in _COMMENTS:
        return _comment(change, own_id)
    if change.field == "mentions" and (change.value.get("comment_id") or change.value.get("media_id")):
        return _mention(change, own_id)
    return NetworkEvent(EventKind.IGNORED, reason=f"the field “{change.field}” changed: nobody said anything")


def _comment(change: Change, own_id: str | None) -> NetworkEvent:
    value, account = change.value, change.owner or own_id
    author, media = person_of(value), mapping(value.get("media"))
    is_ours = (author.id is not None and author.id in (account, own_id)) or is_self(value)
    media_id = name(media.get("id")) or name(value.get("media_id"))
    parent = name(value.get("parent_id"))
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=name(value.get("id")) or name(value.get("comment_id")),
        parent_id=parent or media_id,
        thread_id=media_id,
        author=author,
        text=text(value.get("text")),
        sent_at=instant(value.get("timestamp")) or instant(value.get("created_time")),
        scope=account or "",
        custom=kept(parent=parent, live="yes" if change.field == "live_comments" else None),
    )


def _mention(change: Change, own_id: str | None) -> NetworkEvent:
    """Where we were named: in a comment, or in the words under a picture. The words themselves are not told."""
    media_id, comment_id = name(change.value.get("media_id")), name(change.value.get("comment_id"))
    return NetworkEvent(
        EventKind.COMMENT if comment_id else EventKind.POST,
        direction="incoming",
        visibility="public",
        external_id=comment_id or media_id,
        parent_id=media_id if comment_id else None,
        thread_id=media_id,
        author=person_of(change.value),
        text=text(change.value.get("text")),
        sent_at=instant(change.value.get("timestamp")),
        scope=change.owner or own_id or "",
        custom=kept(mentioned_in=media_id),
    )


def person_of(told: Mapping[str, Any]) -> Author:
    """Who wrote: newer answers name `from`, older ones a user name alone."""
    author = mapping(told.get("from")) or mapping(told.get("owner"))
    identifier = name(author.get("id")) or name(inside(told, "user", "id"))
    handle = name(author.get("username")) or name(told.get("username"))
    return Author(identifier, handle, name(author.get("name")))


def is_self(told: Mapping[str, Any]) -> bool:
    """Whether Meta says that the account itself wrote."""
    return name(inside(told, "from", "self_ig_scoped_id")) is not None


def kept(**told: str | None) -> dict[str, str]:
    """What is needed to answer, where there is any."""
    return {key: value for key, value in told.items() if value}
