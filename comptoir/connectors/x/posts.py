"""Posts of API v2."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, text
from comptoir.connectors.x.expansions import Expansions

#: What X says in the place of a language it does not know: an undetermined text, links, tags or pictures only.
_NO_LANGUAGE = frozenset(["und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"])


def looks_like_post(found: Mapping[str, Any]) -> bool:
    """Whether an object of API v2 is a post."""
    return isinstance(found.get("text"), str) and "event_type" not in found and "dm_conversation_id" not in found


def read_post(post: Mapping[str, Any], beside: Expansions, own_id: str | None) -> NetworkEvent:
    """One post, reply, quote or repost. A reply in a thread of somebody else's belongs to its first post's thread."""
    post_id, author_id = name(post.get("id")), name(post.get("author_id"))
    referred = _referred(post)
    is_ours = own_id is not None and author_id == own_id
    author = beside.author(author_id)
    answered = name(post.get("in_reply_to_user_id"))
    if "retweeted" in referred:
        return _repost(post, author, referred["retweeted"], is_ours=is_ours)
    return NetworkEvent(
        event=EventKind.POST,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=post_id,
        parent_id=referred.get("replied_to"),
        thread_id=name(post.get("conversation_id")),
        author=author,
        text=text_of(post),
        attachments=beside.attachments(inside(post, "attachments", "media_keys")),
        sent_at=instant(post.get("created_at")),
        language=language_of(post),
        related_ids=_earlier_versions(post, post_id),
        counterpart=beside.author(answered) if is_ours and answered and answered != own_id else None,
        url=web_address(author, post_id),
        thread_author_id=_thread_author(post, beside, author_id),
        custom=_kept(referred.get("quoted"), answered if referred.get("replied_to") else None),
    )


def _thread_author(post: Mapping[str, Any], beside: Expansions, author_id: str | None) -> str | None:
    """Who began the conversation: its own first post says so, or the one beside it."""
    first = name(post.get("conversation_id"))
    if first is None or first == name(post.get("id")):
        return author_id if first else None
    return beside.writers.get(first)


def _kept(quoted: str | None, answered: str | None) -> dict[str, str]:
    return {key: value for key, value in (("quoted", quoted), ("answered", answered)) if value}


def read_referenced(beside: Expansions, own_id: str | None) -> Iterator[NetworkEvent]:
    """The posts that others refer to: shown above the thread, nobody's message to us."""
    for post in beside.referenced:
        event = read_post(post, beside, own_id)
        if event.event is EventKind.POST and event.external_id:
            yield replace(event, custom={**event.custom, "context": True}, counterpart=None)


def text_of(post: Mapping[str, Any]) -> str | None:
    """The whole text; a long post has its own field for it. X writes <, > and & as entities."""
    long = text(inside(post, "note_post", "text")) or text(inside(post, "note_tweet", "text"))
    written = long or text(post.get("text"))
    return None if written is None else html.unescape(written)


def language_of(post: Mapping[str, Any]) -> str | None:
    language = name(post.get("lang"))
    return None if language in _NO_LANGUAGE else language


def web_address(author: Author, post_id: str | None) -> str | None:
    return f"https://x.com/{author.handle or 'i'}/status/{post_id}" if post_id and post_id.isdigit() else None


def _referred(post: Mapping[str, Any]) -> dict[str, str]:
    """What the post refers to, by how it does: retweeted, quoted, replied_to."""
    found = mappings(post.get("referenced_posts")) or mappings(post.get("referenced_tweets"))
    pairs = ((name(one.get("type")), name(one.get("id"))) for one in found)
    return {how: identifier for how, identifier in pairs if how and identifier}


def _repost(post: Mapping[str, Any], author: Author, target: str, *, is_ours: bool) -> NetworkEvent:
    return NetworkEvent(
        event=EventKind.REPOST,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=name(post.get("id")),
        target_id=target,
        author=author,
        text=text_of(post),
        sent_at=instant(post.get("created_at")),
    )


def _earlier_versions(post: Mapping[str, Any], post_id: str | None) -> tuple[str, ...]:
    """An edited post is a new post with a new id: what it was before, the newest first."""
    history = items(post.get("edit_history_post_ids")) or items(post.get("edit_history_tweet_ids"))
    known = [name(version) for version in history]
    return tuple(version for version in reversed(known) if version and version != post_id)[:5]


def deleted_post(post_id: str | None, author_id: str | None, at: object, own_id: str | None) -> NetworkEvent:
    """A post that its author took back."""
    return NetworkEvent(
        event=EventKind.DELETE,
        direction="outgoing" if own_id is not None and author_id == own_id else "incoming",
        visibility="public",
        target_id=post_id,
        author=Author(id=author_id),
        sent_at=instant(at),
    )


def page_objects(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The objects of an answer: one, or a list of them."""
    return mappings(page.get("data")) if isinstance(page.get("data"), list) else [mapping(page.get("data"))]
