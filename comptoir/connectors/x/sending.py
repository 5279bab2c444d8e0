"""Our answers: posts in public, direct messages, and their pictures."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import Answered, RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, text
from comptoir.connectors.x.api import Api

MAX_WEIGHTED = 280
MAX_DM_CHARS = 10_000
MAX_IMAGES = 4
MAX_IMAGE_BYTES = 5 * 1024 * 1024
IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
_CLOCKS_DIFFER = timedelta(minutes=2)
_SHORT_LINK = re.compile(r"https?://\S+")


def send(api: Api, outgoing: Outgoing) -> Sent:
    """Publish or write privately, the pictures first."""
    if outgoing.visibility == "private":
        return _send_privately(api, outgoing)
    body: dict[str, Any] = {"text": outgoing.text}
    if outgoing.parent_id:
        body["reply"] = {"in_reply_to_tweet_id": _number(outgoing.parent_id)}
    if outgoing.files:
        body["media"] = {"media_ids": [_upload(api, file, private=False) for file in outgoing.files]}
    answer = api.post("/2/tweets", body)
    return Sent(_made(answer, "id"), sent_at=answer.at, url=f"https://x.com/i/status/{_made(answer, 'id')}")


def _send_privately(api: Api, outgoing: Outgoing) -> Sent:
    body: dict[str, Any] = {"text": outgoing.text} if outgoing.text.strip() else {}
    if outgoing.files:
        body["attachments"] = [{"media_id": _upload(api, file, private=True)} for file in outgoing.files]
    answer = api.post(_exchange_path(outgoing) + "/messages", body)
    exchange = name(inside(answer.content, "data", "dm_conversation_id"))
    kept = {"private": True, **({"exchange": exchange} if exchange else {})}
    return Sent(_made(answer, "dm_event_id"), sent_at=answer.at, custom=kept)


def _exchange_path(outgoing: Outgoing) -> str:
    """The exchange of two is opened by the other's id; one of more has an id of its own, without a dash."""
    exchange = name(outgoing.parent_custom.get("exchange")) or ""
    if outgoing.parent_visibility == "private" and exchange.isdigit():
        return f"/2/dm_conversations/{exchange}"
    if not outgoing.recipient.id:
        raise PermanentError("X has not told us this person’s id: no direct message can be sent to them.")
    return f"/2/dm_conversations/with/{_number(outgoing.recipient.id)}"


def _number(identifier: str) -> str:
    if not (identifier.isascii() and identifier.isdigit() and len(identifier) <= 19):
        raise PermanentError("“%(id)s” is not an id of X.", id=identifier)
    return identifier


def _made(answer: Answered, key: str) -> str:
    identifier = name(inside(answer.content, "data", key))
    if identifier is None:
        raise UncertainError("X answered without saying under which id it keeps what was sent.")
    return identifier


def _upload(api: Api, file: OutgoingFile, *, private: bool) -> str:
    """Hand over one picture and what it shows; a picture that is never used disappears by itself."""
    category = ("dm_" if private else "tweet_") + ("gif" if file.mime_type == "image/gif" else "image")
    body = {"media": base64.b64encode(file.content).decode(), "media_category": category}
    identifier = name(inside(api.post("/2/media/upload", body, repeatable=True).content, "data", "id"))
    if identifier is None:
        raise PermanentError("X did not take the picture “%(file)s”.", file=file.name)
    if file.alt_text and not private:
        described = {"id": identifier, "metadata": {"alt_text": {"text": file.alt_text[:1000]}}}
        api.post("/2/media/metadata", described, repeatable=True)
    return identifier


# --- looking for what an interrupted attempt left -------------------------------------------------------------------


def find_sent(api: Api, outgoing: Outgoing, own_id: str) -> Sent | None:
    """The same words, of ours, to the same post or person, not older than the reply."""
    start = outgoing.queued_at.astimezone(UTC) - _CLOCKS_DIFFER
    if outgoing.visibility == "private":
        fields = {"dm_event.fields": "id,text,created_at,dm_conversation_id", "expansions": "sender_id"}
        found = api.get(_exchange_path(outgoing) + "/dm_events", max_results=50, **fields)
    else:
        fields = {"post.fields": "created_at,entities,note_post", "expansions": "author_id,referenced_posts"}
        stamp = start.strftime("%Y-%m-%dT%H:%M:%SZ")
        found = api.get(f"/2/users/{own_id}/tweets", start_time=stamp, max_results=50, **fields)
    for one in mappings(inside(found.content, "data")):
        moment = instant(one.get("created_at"))
        if moment is not None and moment >= start and _is_it(one, outgoing, own_id):
            kept = {"private": True} if outgoing.visibility == "private" else {}
            return Sent(name(one.get("id")) or "", sent_at=moment, custom=kept)
    return None


def _is_it(one: Mapping[str, Any], outgoing: Outgoing, own_id: str) -> bool:
    if outgoing.visibility == "private":
        return name(one.get("sender_id")) == own_id and _words(one) == _spoken(outgoing.text)
    answered = [ref for ref in mappings(one.get("referenced_posts")) if name(ref.get("type")) == "replied_to"]
    parent = name(answered[0].get("id")) if answered else None
    return parent == outgoing.parent_id and _words(one) == _spoken(outgoing.text)


def _words(one: Mapping[str, Any]) -> str:
    written = text(inside(one, "note_post", "text")) or text(one.get("text")) or ""
    return _spoken(html.unescape(written))


def _spoken(written: str) -> str:
    """The words without their links, which X shortens, and without the names it puts before a reply."""
    return " ".join(_SHORT_LINK.sub("", re.sub(r"^(?:@\w+\s+)+", "", written)).split())


# --- what else is done to posts ---------------------------------------------------------------------------------------


def delete(api: Api, external_id: str, custom: Mapping[str, Any]) -> None:
    is_private = bool(custom.get("private") or custom.get("exchange"))
    _unless_gone(api, f"/2/dm_events/{_number(external_id)}" if is_private else f"/2/tweets/{_number(external_id)}")


def unlike(api: Api, external_id: str, own_id: str) -> None:
    _unless_gone(api, f"/2/users/{own_id}/likes/{_number(external_id)}")


def like(api: Api, external_id: str, own_id: str) -> None:
    api.post(f"/2/users/{own_id}/likes", {"tweet_id": _number(external_id)}, repeatable=True)


def set_hidden(api: Api, external_id: str, *, hidden: bool) -> None:
    api.put(f"/2/tweets/{_number(external_id)}/hidden", {"hidden": hidden})


def _unless_gone(api: Api, path: str) -> None:
    try:
        api.delete(path)
    except RefusedError as error:
        if error.status != 404:
            raise
