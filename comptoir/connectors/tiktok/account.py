"""What is done with one business account: answering, looking for answers, moderating, files, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Figure, Health, MediaSource, Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, number
from comptoir.connectors.tiktok.api import Business
from comptoir.connectors.tiktok.messages import PREFIX
from comptoir.connectors.tiktok.reading import comments_of

_CLOCKS_DIFFER = timedelta(minutes=10)
_PROFILE = ["username", "display_name", "profile_image", "followers_count"]
_COUNTERS = {"video_views": "views", "likes": "likes", "comments": "comments", "shares": "shares", "reach": "reach"}
_MAX_VIDEOS = 20


# --- answering ----------------------------------------------------------------------------------------------------


def answer_comment(business: Business, outgoing: Outgoing) -> Sent:
    """A reply under a comment of our video."""
    video, comment = _video(outgoing), outgoing.parent_id
    if not video or not comment:
        raise PermanentError("Under which video this was said is not known: answer in TikTok.")
    body = {"video_id": video, "comment_id": comment, "text": outgoing.text}
    told = business.tell("/business/comment/reply/create/", body)
    given = mapping(told.get("comment")) or told
    identifier = name(given.get("comment_id")) or name(given.get("id"))
    if identifier is None:
        raise UncertainError(
            "%(network)s answered without saying under which id it keeps the answer.", network="TikTok"
        )
    return Sent(identifier, instant(given.get("create_time")), thread_id=video, custom={"video_id": video})


def find_comment(business: Business, outgoing: Outgoing) -> Sent | None:
    """Our own reply with the same words, among the latest under the comment answered."""
    video, comment = _video(outgoing), outgoing.parent_id
    if not video or not comment:
        return None
    asked = {"video_id": video, "comment_id": comment, "sort_field": "create_time", "sort_order": "desc"}
    found = comments_of({"data": business.ask("/business/comment/reply/list/", max_count=30, **asked)})
    for one in found:
        at, identifier = instant(one.get("create_time")), name(one.get("comment_id"))
        is_ours = one.get("owner") is True or name(one.get("user_id")) == business.id
        says_it = (name(one.get("text")) or "").split() == outgoing.text.split()
        is_since = at is not None and at >= outgoing.queued_at - _CLOCKS_DIFFER
        if identifier and is_ours and says_it and is_since:
            return Sent(identifier, at, thread_id=video, custom={"video_id": video})
    return None


def answer_message(business: Business, outgoing: Outgoing) -> Sent:
    """A direct message; each picture is a message of its own, after the text."""
    if not outgoing.thread_id:
        raise PermanentError("TikTok did not tell in which exchange this was written: answer in TikTok.")
    parts: list[dict[str, Any]] = []
    if outgoing.text:
        parts.append({"message_type": "TEXT", "text": {"body": outgoing.text}})
    for file in outgoing.files:
        media = name(business.upload((file.name, file.content, file.mime_type)).get("media_id"))
        if media is None:
            raise PermanentError("TikTok did not take the picture “%(name)s”.", name=file.name)
        parts.append({"message_type": "IMAGE", "image": {"media_id": media}})
    ids: list[str] = []
    for part in parts:
        body = {"recipient_type": "CONVERSATION", "recipient": outgoing.thread_id, **part}
        told = business.tell("/business/message/send/", body)
        ids.append(name(inside(told, "message", "message_id")) or f"{outgoing.key}/{len(ids)}")
    return Sent(ids[0] if ids else outgoing.key, thread_id=outgoing.thread_id, part_ids=tuple(ids[1:]))


def _video(outgoing: Outgoing) -> str | None:
    return name(outgoing.parent_custom.get("video_id")) or outgoing.thread_id


# --- moderating ---------------------------------------------------------------------------------------------------


def hide(business: Business, comment: str, video: str, *, hidden: bool) -> None:
    body = {"video_id": video, "comment_id": comment, "action": "HIDE" if hidden else "UNHIDE"}
    business.tell("/business/comment/hide/", body, repeatable=True)


def delete(business: Business, comment: str, custom: Mapping[str, Any]) -> None:
    if not custom.get("video_id"):
        raise PermanentError("TikTok cannot take back a direct message.")
    try:
        business.tell("/business/comment/delete/", {"comment_id": comment}, repeatable=True)
    except RefusedError as error:
        if "not exist" not in str(error) and "not found" not in str(error):
            raise


# --- files and figures --------------------------------------------------------------------------------------------


def media(business: Business, url: str) -> MediaSource:
    """Where a file of a message is to be had; its address wants our token."""
    if not url.startswith(PREFIX):
        return MediaSource(url)
    named, _mark, kind = url.removeprefix(PREFIX).partition("?")
    conversation, message, identifier = [*named.split("/"), "", ""][:3]
    body = {"conversation_id": conversation, "message_id": message, "media_id": identifier, "media_type": kind}
    found = name(business.tell("/business/message/media/download/", body, repeatable=True).get("download_url"))
    if found is None:
        raise PermanentError("TikTok does not hand this file over.")
    return MediaSource(found, {"x-user": business.token})


def health(business: Business) -> Health:
    told = business.ask("/business/get/", fields=_PROFILE)
    handle = name(told.get("username")) or ""
    return Health(business.id, handle, name(told.get("display_name")) or handle, business.ends_at)


def figures(business: Business, post_ids: Sequence[str]) -> list[Figure]:
    """Followers, and what the named videos set off, as far as they are among the latest.

    The names are those of our comments too, which nothing tells from videos: TikTok is not asked for them by name.
    """
    followers = number(business.ask("/business/get/", fields=_PROFILE).get("followers_count"))
    found = [] if followers is None else [Figure("followers", followers)]
    told = business.ask("/business/video/list/", fields=["item_id", *_COUNTERS], max_count=_MAX_VIDEOS)
    ours = (video for video in mappings(told.get("videos")) if name(video.get("item_id")) in post_ids)
    return [*found, *(figure for video in ours for figure in _of_video(video))]


def _of_video(video: Mapping[str, Any]) -> list[Figure]:
    counted = [(ours, number(video.get(theirs))) for theirs, ours in _COUNTERS.items()]
    return [Figure(ours, value, name(video.get("item_id"))) for ours, value in counted if value is not None]
