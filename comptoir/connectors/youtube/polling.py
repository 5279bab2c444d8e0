"""Asking YouTube what is new, within the day's quota.

A round reads the newest hundred threads: one unit. Threads come by the time of their first comment, so that a new reply
to an old one is only seen when that one is read again: each fifteenth round goes three pages deep, each fifth one also
reads what waits for review. A thread counts as new when its number of replies, or the time of its last change, is
another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, whole
from comptoir.connectors.youtube.api import READING, Api, page_of

POLL_EVERY = timedelta(minutes=2)
_DEEP_EVERY, _DEEP_PAGES = 15, 3
_HELD_EVERY = 5
_BROADCASTS_EVERY = 5
_MOST_KNOWN = 400
_MOST_REPLY_PAGES = 10
_ROUNDS_A_DAY = int(timedelta(days=1) / POLL_EVERY)


def daily_units(*, live_chat: bool) -> int:
    """What listening costs a day where nothing new comes: of 10,000, unless Google granted more."""
    rounds = _ROUNDS_A_DAY + _ROUNDS_A_DAY // _DEEP_EVERY * (_DEEP_PAGES - 1) + _ROUNDS_A_DAY // _HELD_EVERY
    return READING * (rounds + (_ROUNDS_A_DAY // _BROADCASTS_EVERY if live_chat else 0))


class Poller:
    """One channel's rounds. ``channel`` is its id."""

    def __init__(self, api: Api, channel: str, *, live_chat: bool) -> None:
        self._api = api
        self._channel = channel
        self._live_chat = live_chat

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What is new since ``cursor``: what is known of the last threads, the live chat's place, the round."""
        place = dict(cursor)
        rounds = whole(place.get("round")) or 0
        is_first = "threads" not in place
        yield from self._threads(place, pages=_DEEP_PAGES if rounds % _DEEP_EVERY == _DEEP_EVERY - 1 else 1)
        if rounds % _HELD_EVERY == 0 and not is_first:
            yield from self._threads(place, pages=1, held=True)
        if self._live_chat:
            yield from self._live(place, rounds)
        yield Page((), {**place, "round": (rounds + 1) % 10_000})

    def _threads(self, place: dict[str, Any], *, pages: int, held: bool = False) -> Iterator[Page]:
        """The first round only notes what stands there: the history is read apart."""
        token: str | None = None
        is_first = "threads" not in place
        for _page in range(_DEEP_PAGES if is_first else pages):
            content = self.list_threads(token, held=held)
            known = mapping(place.get("threads"))
            threads = mappings(inside(content, "items"))
            marks = {name(thread.get("id")) or "": _mark(thread) for thread in threads}
            changed = [thread for thread in threads if known.get(name(thread.get("id")) or "") != _mark(thread)]
            if is_first:
                place["threads"] = _kept({**known, **marks})
            elif changed:
                deliveries = [_listed(changed, held=held)]
                for thread in changed:
                    deliveries += [page_of(one) for one in further_replies(self._api, thread)]
                place["threads"] = _kept({**known, **marks})
                yield Page(deliveries, dict(place))
            token = name(inside(content, "nextPageToken"))
            if token is None:
                return

    def list_threads(self, token: str | None, *, held: bool) -> Any:
        """One page of threads, newest first: published, or held for review."""
        params: dict[str, str | int] = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._channel,
            "order": "time",
            "maxResults": 100,
            "textFormat": "plainText",
        }
        if held:
            params["moderationStatus"] = "heldForReview"
        if token:
            params["pageToken"] = token
        return self._api.get("commentThreads", **params).content

    # --- live chat ----------------------------------------------------------------------------------------------------

    def _live(self, place: dict[str, Any], rounds: int) -> Iterator[Page]:
        if rounds % _BROADCASTS_EVERY == 0:
            chats = self._active_chats()
            former = mapping(place.get("chats"))
            place["chats"] = {chat: former.get(chat) for chat in chats}
        for chat, token in list(mapping(place.get("chats")).items()):
            yield from self._chat(place, chat, name(token))

    def _active_chats(self) -> list[str]:
        try:
            found = self._api.get("liveBroadcasts", part="snippet", broadcastStatus="active", maxResults=5).content
        except RefusedError as error:
            if error.status != 403:  # a channel without live broadcasts
                raise
            return []
        chats = (name(inside(one, "snippet", "liveChatId")) for one in mappings(inside(found, "items")))
        return [chat for chat in chats if chat]

    def _chat(self, place: dict[str, Any], chat: str, token: str | None) -> Iterator[Page]:
        params: dict[str, str | int] = {"liveChatId": chat, "part": "snippet,authorDetails", "maxResults": 2000}
        if token:
            params["pageToken"] = token
        try:
            content = self._api.get("liveChat/messages", **params).content
        except RefusedError:  # it ended meanwhile
            place["chats"] = {other: at for other, at in mapping(place.get("chats")).items() if other != chat}
            return
        place["chats"] = {**mapping(place.get("chats")), chat: name(inside(content, "nextPageToken"))}
        if items(inside(content, "items")):
            yield Page([page_of(content)], dict(place))


def _listed(threads: Sequence[Mapping[str, Any]], *, held: bool) -> Delivery:
    """What was asked for stands as it was asked for, also where no comment says so; of what is held, a reply may be the
    one that is not seen, so that only a first comment is taken at that word.
    """
    for thread in threads:
        replies = () if held else items(inside(thread, "replies", "comments"))
        for comment in (inside(thread, "snippet", "topLevelComment"), *replies):
            if isinstance(snippet := inside(comment, "snippet"), dict):
                snippet.setdefault("moderationStatus", "heldForReview" if held else "published")
    return page_of({"kind": "youtube#commentThreadListResponse", "items": threads})


def _mark(thread: Mapping[str, Any]) -> str:
    """What a thread looked like: how many replies it has, and when one of those that are shown last changed."""
    shown = [inside(thread, "snippet", "topLevelComment"), *items(inside(thread, "replies", "comments"))]
    changed = max((name(inside(one, "snippet", "updatedAt")) or "" for one in shown), default="")
    status = name(inside(thread, "snippet", "topLevelComment", "snippet", "moderationStatus")) or ""
    return f"{whole(inside(thread, 'snippet', 'totalReplyCount')) or 0} {changed} {status}".strip()


def _kept(marks: Mapping[str, str]) -> dict[str, str]:
    """The newest of what is known: those that were seen last stand last."""
    return dict(list(marks.items())[-_MOST_KNOWN:])


def further_replies(api: Api, thread: Mapping[str, Any]) -> Iterator[Any]:
    """The replies of a thread where not all of them came along with it: a page of a hundred for each unit."""
    total = whole(inside(thread, "snippet", "totalReplyCount")) or 0
    thread_id = name(thread.get("id"))
    if thread_id is None or total <= len(items(inside(thread, "replies", "comments"))):
        return
    params: dict[str, str | int] = {
        "part": "snippet",
        "parentId": thread_id,
        "maxResults": 100,
        "textFormat": "plainText",
    }
    video = name(inside(thread, "snippet", "videoId"))
    for _page in range(_MOST_REPLY_PAGES):
        content = api.get("comments", **params).content
        replies = [_of_video(reply, video) for reply in mappings(inside(content, "items"))]
        if replies:
            yield {"kind": "youtube#commentListResponse", "items": replies}
        token = name(inside(content, "nextPageToken"))
        if token is None:
            return
        params["pageToken"] = token


def _of_video(reply: Mapping[str, Any], video: str | None) -> dict[str, Any]:
    """A reply names its parent only: its thread's video is added, as replies that come with a thread have it."""
    return {**reply, "snippet": {"videoId": video, **mapping(reply.get("snippet"))}}


def history(api: Api, channel: str, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Threads back to ``since``, newest first; the cursor is the page where to go on."""
    poller, token = Poller(api, channel, live_chat=False), name(cursor.get("token"))
    while True:
        content = poller.list_threads(token, held=False)
        threads = mappings(inside(content, "items"))
        token = name(inside(content, "nextPageToken"))
        moments = [instant(inside(one, "snippet", "topLevelComment", "snippet", "publishedAt")) for one in threads]
        recent = [one for one, at in zip(threads, moments, strict=True) if at is None or at >= since]
        if recent:
            deliveries = [_listed(recent, held=False)]
            for thread in recent:
                deliveries += [page_of(one) for one in further_replies(api, thread)]
            yield Page(deliveries, {"token": token})
        if token is None or len(recent) < len(threads):
            return
