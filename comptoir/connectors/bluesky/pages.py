"""Pages of the network's API → events: notifications, posts, threads, feeds, single records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.bluesky.chat import ChatReader, is_chat_page
from comptoir.connectors.bluesky.frames import is_frame, read_frame
from comptoir.connectors.bluesky.records import Found, author_of, direction_of, read_record
from comptoir.connectors.bluesky.untrusted import instant, items, mapping, name

_NOTICES = {
    "starterpack-joined": "Somebody joined by our starter pack.",
    "verified": "The account was verified.",
    "unverified": "The account is no longer verified.",
    "contact-match": "Somebody we know joined the network.",
}
_LISTS_OF_ACCOUNTS = ("follows", "followers", "actors", "profiles", "repostedBy", "lists", "feeds", "starterPacks")
_REPOSTED = "app.bsky.feed.defs#reasonRepost"


def read_document(document: Mapping[str, Any], own_id: str | None, convo_id: str | None) -> Iterator[NetworkEvent]:
    """Read one JSON object, whatever answer of the network it is; one that we do not know is ignored, and said so."""
    if is_frame(document):
        yield read_frame(document, own_id)
    elif document.get("comptoir") == "gone":
        yield from _gone(document)
    elif is_chat_page(document):
        yield from ChatReader(document, own_id, convo_id).events()
    elif isinstance(thread := document.get("thread"), dict):
        yield from _thread(thread, own_id)
    elif isinstance(thread, list):
        yield from (event for node in thread for event in _item(mapping(mapping(node).get("value")), own_id))
    elif (page := _page_of(document)) is not None:
        yield from (event for entry in page for event in _item(mapping(entry), own_id))
    elif isinstance(document.get("likes"), list):
        yield from _likes(document, own_id)
    else:
        yield from _item(document, own_id)


def _page_of(document: Mapping[str, Any]) -> list[Any] | None:
    for key in ("notifications", "posts", "feed", "records"):
        if isinstance(document.get(key), list):
            return items(document[key])
    return None


def _item(entry: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """One thing of a page: a notification, a post as it is shown, a post in a feed, or the bare record."""
    kind = (name(entry.get("$type")) or "").rpartition("#")[2]
    if isinstance(entry.get("post"), dict):
        yield from _feed_item(entry, own_id)
    elif entry.get("notFound") is True or entry.get("blocked") is True or kind in ("notFoundPost", "blockedPost"):
        yield NetworkEvent(
            EventKind.IGNORED, external_id=name(entry.get("uri")), reason="A post that is not shown to us."
        )
    elif isinstance(entry.get("record"), dict) or isinstance(entry.get("value"), dict):
        yield _view(entry, own_id)
    elif name(entry.get("$type")) and "uri" not in entry and "did" not in entry:
        yield read_record(Found(entry, None), own_id)
    else:
        yield _without_speech(entry)


def _view(entry: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    uri = name(entry.get("uri"))
    author = author_of(entry.get("author"), uri=uri)
    reason = entry.get("reason")
    if isinstance(reason, str) and reason in _NOTICES:
        return NetworkEvent(
            EventKind.IGNORED, direction_of(author, own_id), external_id=uri, author=author,
            sent_at=instant(entry.get("indexedAt")), reason=_NOTICES[reason],
        )  # fmt: skip
    record = mapping(entry.get("record")) or mapping(entry.get("value"))
    embed = mapping(entry.get("embed")) or mapping(next(iter(items(entry.get("embeds"))), None))
    found = Found(record, uri, name(entry.get("cid")), author, instant(entry.get("indexedAt")), embed)
    return read_record(found, own_id)


def _feed_item(entry: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    post = mapping(entry["post"])
    if not post:
        return
    yield _view(post, own_id)
    reason = mapping(entry.get("reason"))
    if reason.get("$type") == _REPOSTED:
        by = author_of(reason.get("by"))
        yield NetworkEvent(
            EventKind.REPOST, direction_of(by, own_id), "public", external_id=name(reason.get("uri")),
            target_id=name(post.get("uri")), author=by, sent_at=instant(reason.get("indexedAt")),
        )  # fmt: skip


def _thread(thread: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A thread as it is read: the posts above from the first one on, then the post, then the answers, depth first."""
    above: list[Mapping[str, Any]] = []
    node = mapping(thread.get("parent"))
    while node:
        above.append(node)
        node = mapping(node.get("parent"))
    for node in reversed(above):
        yield from _item(node, own_id)
    waiting = [thread]
    while waiting:
        node = waiting.pop()
        yield from _item(node, own_id)
        waiting += reversed([mapping(answer) for answer in items(node.get("replies"))])


def _likes(document: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    for like in map(mapping, items(document.get("likes"))):
        author = author_of(like.get("actor"))
        yield NetworkEvent(
            EventKind.REACTION, direction_of(author, own_id), "public", target_id=name(document.get("uri")),
            author=author, sent_at=instant(like.get("createdAt")), reaction="like",
        )  # fmt: skip


def _gone(document: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    for uri in filter(None, map(name, items(document.get("uris")))):
        author = author_of(None, uri=uri)
        yield NetworkEvent(EventKind.DELETE, "incoming", "public", target_id=uri, author=author)


def _without_speech(entry: Mapping[str, Any]) -> NetworkEvent:
    if name(entry.get("error")):
        said = f"{entry['error']} {name(entry.get('message')) or ''}".strip()
        return NetworkEvent(EventKind.IGNORED, reason=f"This is an error the network answered with: {said}.")
    if any(isinstance(entry.get(key), list) for key in _LISTS_OF_ACCOUNTS):
        return NetworkEvent(EventKind.IGNORED, reason="A list of accounts or feeds: nobody said anything.")
    did = name(entry.get("did")) or name(entry.get("id"))
    if did and did.startswith("did:"):
        who = Author(did, name(entry.get("handle")), name(entry.get("displayName")), name(entry.get("avatar")))
        return NetworkEvent(EventKind.IGNORED, author=who, reason="A description of an account: nobody said anything.")
    if (name(entry.get("$type")) or "").endswith("#info"):
        return NetworkEvent(EventKind.IGNORED, reason="A notice of the stream about itself (info).")
    reason = "This JSON is no page, record or stream frame of the AT Protocol that Comptoir knows."
    return NetworkEvent(EventKind.IGNORED, reason=reason)
