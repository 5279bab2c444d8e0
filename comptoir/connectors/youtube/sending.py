"""Our answers under a comment or in a live chat, and what is done to comments. Each call costs fifty units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, text
from comptoir.connectors.youtube.api import Api
from comptoir.connectors.youtube.live_chat import LIVE_PREFIX

MAX_CHARS = 10_000
MAX_LIVE_CHARS = 200
_CLOCKS_DIFFER = timedelta(minutes=2)


def send(api: Api, outgoing: Outgoing) -> Sent:
    """Reply under the first comment of the thread: YouTube has one level of replies."""
    if outgoing.visibility == "private":
        raise PermanentError("YouTube has no private messages: answer in public.")
    chat = _live_chat(outgoing)
    if chat:
        return _send_live(api, outgoing, chat)
    snippet: dict[str, Any] = {"parentId": _top_of(outgoing), "textOriginal": outgoing.text}
    made = api.write("POST", "comments", {"snippet": snippet}, repeatable=False, part="snippet").content
    return _sent(made, outgoing)


def _send_live(api: Api, outgoing: Outgoing, chat: str) -> Sent:
    if len(outgoing.text) > MAX_LIVE_CHARS:
        raise PermanentError(
            "The text has %(count)s characters, a live chat on YouTube allows %(most)s: shorten it.",
            count=len(outgoing.text),
            most=MAX_LIVE_CHARS,
        )
    details = {"messageText": outgoing.text}
    snippet = {"liveChatId": chat, "type": "textMessageEvent", "textMessageDetails": details}
    made = api.write("POST", "liveChat/messages", {"snippet": snippet}, repeatable=False, part="snippet").content
    return _sent(made, outgoing, custom={"live_chat": chat})


def _live_chat(outgoing: Outgoing) -> str | None:
    return name(outgoing.parent_custom.get("live_chat"))


def _top_of(outgoing: Outgoing) -> str:
    """The id of a reply begins with that of the comment it stands under."""
    if not outgoing.parent_id:
        raise PermanentError("On YouTube only a comment can be answered.")
    if outgoing.parent_custom.get("closed"):
        raise PermanentError("YouTube takes no replies to this comment.")
    return outgoing.parent_id.partition(".")[0]


def _sent(made: Any, outgoing: Outgoing, *, custom: Mapping[str, Any] | None = None) -> Sent:
    identifier = name(inside(made, "id"))
    if identifier is None:
        raise UncertainError("YouTube answered without saying under which id it keeps what was sent.")
    video = outgoing.thread_id if not custom else None
    address = f"https://www.youtube.com/watch?v={video}&lc={identifier}" if video else None
    return Sent(identifier, instant(inside(made, "snippet", "publishedAt")), url=address, custom=custom or {})


def find_sent(api: Api, outgoing: Outgoing, own_id: str) -> Sent | None:
    """Our own reply with the same words under the same comment, not older than the reply: one unit."""
    if _live_chat(outgoing):
        raise UncertainError("Whether it stands in the live chat of YouTube cannot be looked up.")
    found = api.get("comments", part="snippet", parentId=_top_of(outgoing), maxResults=100, textFormat="plainText")
    for reply in mappings(inside(found.content, "items")):
        author = inside(reply, "snippet", "authorChannelId")
        at = instant(inside(reply, "snippet", "publishedAt"))
        is_ours = own_id in (name(inside(author, "value")), name(author))
        words = text(inside(reply, "snippet", "textOriginal")) or text(inside(reply, "snippet", "textDisplay")) or ""
        if is_ours and at and at >= outgoing.queued_at - _CLOCKS_DIFFER and words.split() == outgoing.text.split():
            return _sent(reply, outgoing)
    return None


def edit(api: Api, external_id: str, outgoing: Outgoing) -> None:
    if external_id.startswith(LIVE_PREFIX):
        raise PermanentError("What was said in a live chat cannot be changed on YouTube.")
    body = {"id": external_id, "snippet": {"textOriginal": outgoing.text}}
    api.write("PUT", "comments", body, repeatable=True, part="snippet")


def delete(api: Api, external_id: str) -> None:
    """Take back what we said, or remove a message from our live chat; what is gone already is a success."""
    resource = "liveChat/messages" if external_id.startswith(LIVE_PREFIX) else "comments"
    try:
        api.write("DELETE", resource, repeatable=True, id=external_id)
    except RefusedError as error:
        if error.status != 404:
            raise


def moderate(api: Api, external_id: str, status: str) -> None:
    """``status``: published, heldForReview or rejected. A message of a live chat can only be removed."""
    if external_id.startswith(LIVE_PREFIX):
        if status == "published":
            raise PermanentError("What was removed from a live chat cannot be shown again on YouTube.")
        delete(api, external_id)
        return
    api.write("POST", "comments/setModerationStatus", repeatable=True, id=external_id, moderationStatus=status)
