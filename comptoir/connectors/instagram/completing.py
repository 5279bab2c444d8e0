"""What Instagram's deliveries leave out: the words of a mention, and the name of who writes in private.

Source: Instagram Platform reference, "Mentioned Comment", "Mentioned Media"; "User Profile API".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from comptoir.connectors.base import EventKind, Lack, NetworkEvent
from comptoir.connectors.instagram.account import Account
from comptoir.connectors.instagram.objects import read_objects
from comptoir.connectors.shared.graph.messaging.profiles import profile

_OF_A_COMMENT = "id,text,timestamp,username,media{id}"
_OF_A_MEDIUM = "id,caption,media_type,media_url,timestamp,username"


def lacks(event: NetworkEvent) -> Collection[Lack]:
    """A mention has no words; a private message no name. Comments come with both."""
    if event.custom.get("mentioned_in"):
        return ["words"] if event.text is None else []
    is_nameless = event.visibility == "private" and not (event.author.name or event.author.handle)
    return ["person"] if is_nameless and (event.author.id or "").isdecimal() else []


def completed(account: Account, event: NetworkEvent) -> NetworkEvent:
    """The event with what Instagram tells of it."""
    if not event.custom.get("mentioned_in"):
        return replace(event, author=profile(account.graph, "instagram", event.author.id or ""))
    told = account.graph.get(account.path, fields=_mentioned(event))
    found = next((one for one in read_objects(told, None) if one.event is not EventKind.IGNORED), None)
    if found is None:
        return event
    return replace(event, author=found.author, text=found.text, attachments=found.attachments, url=found.url)


def _mentioned(event: NetworkEvent) -> str:
    if event.event is EventKind.COMMENT:
        return f"mentioned_comment.comment_id({event.external_id}){{{_OF_A_COMMENT}}}"
    return f"mentioned_media.media_id({event.external_id}){{{_OF_A_MEDIUM}}}"
