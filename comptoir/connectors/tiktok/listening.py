"""Asking for comments under our videos: webhooks tell of them without their words, or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import flag, instant, mapping, mappings, name
from comptoir.connectors.tiktok.api import Business
from comptoir.connectors.tiktok.reading import comments_of

_VIDEO = ["item_id", "create_time", "caption", "share_url"]
_VIDEOS_A_ROUND = 20
_COMMENTS_A_PAGE = 30
_MAX_PAGES = 50
#: Comments are held back to be examined, and appear later than they were written.
_LATE = timedelta(hours=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def poll(business: Business, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """The newest comments of the latest videos, each video with the instant of its last one.

    The first round only notes those instants: the past is history's.
    """
    is_first = "marks" not in cursor
    marks = {key: name(mark) or "" for key, mark in mapping(cursor.get("marks")).items()}
    videos, _more, _next = _videos(business, 0)
    kept = {video_id: marks[video_id] for video in videos if (video_id := _id(video)) in marks}
    for video in videos:
        video_id = _id(video)
        comments, _cursor = _comments(business, video_id, 0)
        bound = (instant(marks.get(video_id, "")) or _LONG_AGO + _LATE) - _LATE
        fresh = [one for one in comments if _latest(one) > bound]
        if comments:
            kept[video_id] = max(map(_latest, comments)).isoformat()
        if not is_first:
            yield Page(_deliveries(video, fresh), {"marks": dict(kept)})
    if is_first:  # noted even where there is no video yet: what is said under the first one is new
        yield Page((), {"marks": dict(kept)})


def history(business: Business, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Video after video, the newest first, and under each its comments back to ``since``."""
    position = _number(cursor.get("videos"))
    for _page in range(_MAX_PAGES if not cursor.get("finished") else 0):
        videos, more, following = _videos(business, position)
        recent = [video for video in videos if (instant(video.get("create_time")) or since) >= since]
        deliveries = [one for video in recent for one in _deliveries(video, _all_comments(business, video, since))]
        finished = not more or len(recent) < len(videos)
        yield Page(deliveries, {"videos": following, "finished": finished})
        if finished:
            return
        position = following


def _videos(business: Business, position: int) -> tuple[Sequence[Mapping[str, Any]], bool, int]:
    asked = {"fields": _VIDEO, "max_count": _VIDEOS_A_ROUND, **({"cursor": position} if position else {})}
    told = business.ask("/business/video/list/", **asked)
    found = [one for one in mappings(told.get("videos")) if _id(one)]
    following = _number(told.get("cursor"))
    return found, flag(told.get("has_more")) and following != position, following


def _all_comments(business: Business, video: Mapping[str, Any], since: datetime) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    position = 0
    for _page in range(_MAX_PAGES):
        comments, following = _comments(business, _id(video), position)
        found += [one for one in comments if _latest(one) >= since]
        if not comments or following in (0, position) or _latest(comments[-1]) < since:
            break
        position = following
    return found


def _comments(business: Business, video_id: str, position: int) -> tuple[list[Mapping[str, Any]], int]:
    asked = {
        "video_id": video_id,
        "sort_field": "create_time",
        "sort_order": "desc",
        "include_replies": "true",
        "max_count": _COMMENTS_A_PAGE,
        **({"cursor": position} if position else {}),
    }
    told = business.ask("/business/comment/list/", **asked)
    return comments_of({"data": told}), _number(told.get("cursor")) if flag(told.get("has_more")) else 0


def _latest(comment: Mapping[str, Any]) -> datetime:
    """When the comment, or the last answer to it, was written."""
    instants = [instant(one.get("create_time")) for one in (comment, *mappings(comment.get("reply_list")))]
    return max((moment for moment in instants if moment is not None), default=_LONG_AGO)


def _deliveries(video: Mapping[str, Any], comments: Sequence[Mapping[str, Any]]) -> list[Delivery]:
    """The video and its comments, the oldest first; the same comments make the same delivery."""
    if not comments:
        return []
    ordered = sorted(comments, key=lambda one: instant(one.get("create_time")) or _LONG_AGO)
    body = json.dumps({"video": dict(video), "comments": ordered}, default=float).encode()
    said = [(name(one.get("comment_id")), len(mappings(one.get("reply_list")))) for one in ordered]
    digest = hashlib.blake2s(repr((_id(video), said)).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return [Delivery(body, key=f"comments:{digest}")]


def _id(video: Mapping[str, Any]) -> str:
    return name(video.get("item_id")) or ""


def _number(value: object) -> int:
    found = name(value) or ""
    return int(found) if found.isdecimal() and len(found) < 19 else 0
