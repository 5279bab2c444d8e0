"""Asking X what is new: mentions, our own posts, direct messages; and, once, what was said before.

X charges for every post, user and direct message that it hands over, so that little is asked for and nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from comptoir.connectors.base import Page
from comptoir.connectors.shared.calling import Answered, RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, whole
from comptoir.connectors.x.api import Api, page_of

#: What is asked of each object; the newer names of the fields (post where it was tweet before).
POST_FIELDS: Mapping[str, str] = {
    "post.fields": "conversation_id,created_at,lang,attachments,entities,note_post",
    "expansions": "author_id,attachments.media_keys,in_reply_to_user_id,referenced_posts,edit_history_post_ids",
    "user.fields": "name,username,profile_image_url",
    "media.fields": "type,url,variants,alt_text,preview_image_url",
}
#: The same of a stream, which still has the older names only.
STREAM_FIELDS: Mapping[str, str] = {
    "tweet.fields": "conversation_id,created_at,lang,attachments,entities,note_tweet",
    "expansions": "author_id,attachments.media_keys,in_reply_to_user_id,referenced_tweets.id,edit_history_tweet_ids",
    "user.fields": "name,username,profile_image_url",
    "media.fields": "type,url,variants,alt_text,preview_image_url",
}
DM_FIELDS: Mapping[str, str] = {
    "dm_event.fields": "id,text,event_type,created_at,dm_conversation_id,attachments",
    "expansions": "sender_id,participant_ids,attachments.media_keys,referenced_posts",
    "user.fields": "name,username,profile_image_url",
    "media.fields": "type,url,variants,alt_text,preview_image_url",
    "event_types": "MessageCreate",
}
_FIRST_PAGE, _WHOLE_PAGE, _DM_PAGE = 5, 100, 20
_MOST_PAGES = 20
#: Our own posts, written elsewhere, are looked for each so many rounds.
_OWN_POSTS_EVERY = 5


def poll(api: Api, own_id: str, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is new since ``cursor``: the newest id seen of each kind, and the number of the round."""
    place = dict(cursor)
    rounds = whole(place.get("round")) or 0
    yield from _posts(api, f"/2/users/{own_id}/mentions", place, "mentions")
    if rounds % _OWN_POSTS_EVERY == 0:
        yield from _posts(api, f"/2/users/{own_id}/tweets", place, "own")
    try:
        yield from _direct_messages(api, place)
    except RefusedError as error:
        if error.status != 403:  # the account may be used in public only
            raise
    yield Page((), {**place, "round": (rounds + 1) % (_OWN_POSTS_EVERY * 1000)})


def _posts(api: Api, path: str, place: dict[str, Any], kind: str) -> Iterator[Page]:
    """Pages come newest first; what was seen counts as seen once the last of them is stored.

    The first round only notes the newest: the history is read apart.
    """
    is_first, since = kind not in place, name(place.get(kind))
    params: dict[str, str | int] = {**POST_FIELDS, "max_results": _FIRST_PAGE if is_first else _WHOLE_PAGE}
    if since:
        params["since_id"] = since
    newest = since
    for _page in range(_MOST_PAGES):
        answer = api.get(path, **params)
        newest = _newer(newest, name(inside(answer.content, "meta", "newest_id")))
        following = None if is_first else name(inside(answer.content, "meta", "next_token"))
        if following is None:
            place[kind] = newest
        if mappings(inside(answer.content, "data")) and not is_first:
            yield Page([page_of(answer)], dict(place))
        if following is None:
            return
        params["pagination_token"] = following
    place[kind] = newest


def _direct_messages(api: Api, place: dict[str, Any]) -> Iterator[Page]:
    is_first, seen = "messages" not in place, name(place.get("messages"))
    params: dict[str, str | int] = {**DM_FIELDS, "max_results": _DM_PAGE}
    newest = seen
    for _page in range(_MOST_PAGES):
        answer = api.get("/2/dm_events", **params)
        ids = [name(event.get("id")) or "" for event in mappings(inside(answer.content, "data"))]
        newest = max([newest or "", *ids], key=_age)
        reached = is_first or any(_age(one) <= _age(seen or "") for one in ids)
        following = None if reached else name(inside(answer.content, "meta", "next_token"))
        if following is None:
            place["messages"] = newest or None
        if not is_first and any(_age(one) > _age(seen or "") for one in ids):
            yield Page([page_of(answer)], dict(place))
        if following is None:
            return
        params["pagination_token"] = following
    place["messages"] = newest


def _age(identifier: str) -> int:
    """X's ids grow with time."""
    return whole(identifier) or 0


def _newer(one: str | None, other: str | None) -> str | None:
    return max((one or "", other or ""), key=_age) or None


def history(api: Api, own_id: str, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Mentions, then direct messages, back to ``since``, newest first; the cursor says how far each was read."""
    place = dict(cursor)
    start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    steps: tuple[tuple[str, str, dict[str, str | int]], ...] = (
        ("mentions", f"/2/users/{own_id}/mentions", {**POST_FIELDS, "start_time": start, "max_results": _WHOLE_PAGE}),
        ("messages", "/2/dm_events", {**DM_FIELDS, "max_results": _WHOLE_PAGE}),
    )
    for step, path, params in steps:
        if step in place.get("done", []):
            continue
        yield from _past(api, path, params, place, step, since)
        place = {"done": [*place.get("done", []), step]}
        yield Page((), dict(place))


def _past(
    api: Api, path: str, params: dict[str, str | int], place: dict[str, Any], step: str, since: datetime
) -> Iterator[Page]:
    following = name(place.get("token")) if place.get("step") == step else None
    while True:
        asked = {**params, "pagination_token": following} if following else params
        answer = api.get(path, **asked)
        following = name(inside(answer.content, "meta", "next_token"))
        if mappings(inside(answer.content, "data")):
            yield Page([page_of(answer)], {**place, "step": step, "token": following})
        if following is None or _reaches(answer, since):
            return


def _reaches(answer: Answered, since: datetime) -> bool:
    """Whether a page goes back beyond ``since``."""
    moments = (instant(one.get("created_at")) for one in mappings(inside(answer.content, "data")))
    return any(moment is not None and moment < since for moment in moments)
