"""One record of a repository (a post, a like, a follow…) → one event, wherever the record was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Attachment, Author, Direction, EventKind, NetworkEvent
from comptoir.connectors.bluesky.embeds import attachments_of, quoted_post
from comptoir.connectors.bluesky.facets import cut_links
from comptoir.connectors.bluesky.untrusted import at_uri_parts, instant, items, mapping, name, repository_of, text

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
FOLLOW = "app.bsky.graph.follow"

_UNUSED = {
    "app.bsky.actor.profile": "The account changed its own profile.",
    "app.bsky.graph.block": "One account blocked another.",
    "app.bsky.graph.list": "A list of accounts was made or changed.",
    "app.bsky.graph.listitem": "An account was put on a list.",
    "app.bsky.graph.listblock": "A list of accounts was blocked.",
    "app.bsky.graph.starterpack": "A starter pack was made or changed.",
    "app.bsky.graph.verification": "An account was verified by another.",
    "app.bsky.feed.generator": "A feed was made or changed.",
    "app.bsky.feed.threadgate": "An author set who may reply.",
    "app.bsky.feed.postgate": "An author set who may quote.",
    "chat.bsky.actor.declaration": "The account set who may write to it.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A record and what is known of where it was found. ``embed`` is the view's own, which has addresses."""

    record: Mapping[str, Any]
    uri: str | None
    cid: str | None = None
    author: Author = field(default_factory=Author)
    seen_at: datetime | None = None
    embed: Mapping[str, Any] = field(default_factory=dict)
    updated: bool = False


def read_record(found: Found, own_id: str | None) -> NetworkEvent:
    """Read one record; a kind that nobody has to answer becomes an ignored event with its reason."""
    kind = collection_of(found)
    if kind == POST:
        return _post(found, own_id)
    if kind in (LIKE, REPOST, FOLLOW) and not found.updated:
        return _gesture(found, kind, own_id)
    reason = _UNUSED.get(kind, f"A record of the kind “{kind or 'unknown'}” is nothing to answer.")
    return NetworkEvent(
        EventKind.IGNORED, direction_of(found.author, own_id), external_id=found.uri, author=found.author,
        sent_at=_instant_of(found), reason=reason,
    )  # fmt: skip


def collection_of(found: Found) -> str:
    if kind := name(found.record.get("$type")):
        return kind
    parts = at_uri_parts(found.uri)
    return parts[1] if parts else ""


def direction_of(author: Author, own_id: str | None) -> Direction:
    """What is not ours came from others: a stream or a page names its authors, so not knowing us does not blur it."""
    return "outgoing" if own_id is not None and author.id == own_id else "incoming"


def author_of(profile: object, *, uri: str | None = None) -> Author:
    """Who a profile view names; the repository of the record where there is none."""
    view = mapping(profile)
    did = name(view.get("did")) or repository_of(uri)
    return Author(did, name(view.get("handle")), name(view.get("displayName")), name(view.get("avatar")))


def web_url(uri: str | None) -> str | None:
    """Where a person can look at a post."""
    parts = at_uri_parts(uri)
    return f"https://bsky.app/profile/{parts[0]}/post/{parts[2]}" if parts and parts[1] == POST else None


def reference(value: object) -> dict[str, str] | None:
    """A strong reference: {"uri", "cid"}, the second only where it is known."""
    found = mapping(value)
    uri, cid = name(found.get("uri")), name(found.get("cid"))
    return None if uri is None else {"uri": uri, **({"cid": cid} if cid else {})}


def _post(found: Found, own_id: str | None) -> NetworkEvent:
    record = found.record
    reply = mapping(record.get("reply"))
    root, parent, quote = reference(reply.get("root")), reference(reply.get("parent")), quoted_post(record.get("embed"))
    parent = parent or root
    kind = EventKind.COMMENT if parent else EventKind.POST
    custom: dict[str, Any] = {"cid": found.cid, "root": root or parent, "quote": quote}
    direction = direction_of(found.author, own_id)
    answered = repository_of(parent["uri"]) if parent and direction == "outgoing" else None
    return NetworkEvent(
        EventKind.EDIT if found.updated else kind,
        direction,
        "public",
        external_id=None if found.updated else found.uri,
        target_id=found.uri if found.updated else None,
        parent_id=parent["uri"] if parent else None,
        thread_id=(root or parent or {}).get("uri") or found.uri,
        author=found.author,
        text=text(record.get("text")) or "",
        attachments=_attachments(found),
        sent_at=_instant_of(found),
        language=next(filter(None, map(name, items(record.get("langs")))), None),
        related_ids=(quote["uri"],) if quote else (),
        counterpart=Author(id=answered) if answered and answered != own_id else None,
        url=web_url(found.uri),
        custom={key: value for key, value in custom.items() if value is not None},
    )


def _attachments(found: Found) -> tuple[Attachment, ...]:
    """What the post carries, and where the links lead that its text shows cut short."""
    carried = attachments_of(found.record.get("embed"), found.embed, author_id=found.author.id)
    known = {one.url for one in carried}
    links = cut_links(text(found.record.get("text")) or "", found.record.get("facets"))
    return (*carried, *(Attachment("link", url=url) for url in links if url not in known))


def _gesture(found: Found, kind: str, own_id: str | None) -> NetworkEvent:
    subject = found.record.get("subject")
    target = name(subject) if kind == FOLLOW else name(mapping(subject).get("uri"))
    events = {LIKE: EventKind.REACTION, REPOST: EventKind.REPOST, FOLLOW: EventKind.FOLLOW}
    return NetworkEvent(
        events[kind],
        direction_of(found.author, own_id),
        "public",
        external_id=found.uri,
        target_id=target,
        author=found.author,
        sent_at=_instant_of(found),
        reaction="like" if kind == LIKE else None,
        custom={"cid": found.cid} if found.cid else {},
    )


def _instant_of(found: Found) -> datetime | None:
    return instant(found.record.get("createdAt")) or found.seen_at
