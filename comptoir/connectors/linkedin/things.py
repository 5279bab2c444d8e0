"""Comments, posts and reactions as LinkedIn's interfaces list them, of today and of earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.linkedin.urns import comment_urn, readable
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text

_UGC = "com.linkedin.ugc.ShareContent"


def author_of(urn: object) -> Author:
    """LinkedIn names people by a number only."""
    return Author(id=name(urn))


def is_comment(content: Mapping[str, Any]) -> bool:
    return "message" in content and ("actor" in content or "object" in content or "commentUrn" in content)


def read_comment(comment: Mapping[str, Any]) -> NetworkEvent:
    under, number = name(comment.get("object")), name(comment.get("id"))
    made = comment_urn(under, number) if under and number and number.isdecimal() else number
    written, changed = inside(comment, "created", "time"), inside(comment, "lastModified", "time")
    return NetworkEvent(
        EventKind.COMMENT,
        direction="incoming",
        visibility="public",
        external_id=name(comment.get("commentUrn")) or name(comment.get("$URN")) or made,
        parent_id=name(comment.get("parentComment")) or under,
        thread_id=under,
        author=author_of(comment.get("actor") or inside(comment, "created", "actor")),
        text=text(inside(comment, "message", "text")),
        attachments=_pictures(comment),
        sent_at=instant(written) or instant(changed),
        custom={"object": under} if under else {},
    )


def _pictures(comment: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = []
    for one in mappings(comment.get("content")):
        url = name(one.get("url")) or name(inside(one, "entity", "image"))
        if url:
            shown = url.startswith(("https://", "http://"))
            found.append(Attachment("image", url=url if shown else None, name=None if shown else url))
    return tuple(found)


def is_reaction(content: Mapping[str, Any]) -> bool:
    told = name(content.get("id")) or name(content.get("$URN")) or ""
    return "reactionType" in content or told.startswith(("urn:li:reaction:", "urn:li:like:"))


def read_reaction(reaction: Mapping[str, Any]) -> NetworkEvent:
    target = name(reaction.get("root")) or name(reaction.get("object"))
    return NetworkEvent(
        EventKind.REACTION,
        direction="incoming",
        visibility="public",
        external_id=name(reaction.get("id")) or name(reaction.get("$URN")),
        target_id=target,
        thread_id=target,
        author=author_of(reaction.get("actor") or inside(reaction, "created", "actor")),
        sent_at=instant(inside(reaction, "created", "time")),
        reaction=name(reaction.get("reactionType")) or "LIKE",
    )


def is_post(content: Mapping[str, Any]) -> bool:
    keys = ("commentary", "specificContent", "lifecycleState", "shareCommentary")
    return any(key in content for key in keys) or ("owner" in content and "text" in content)


def read_post(post: Mapping[str, Any]) -> NetworkEvent:
    """A post: ours, or one that names us."""
    identifier, author = name(post.get("id")) or name(post.get("activity")), name(post.get("author"))
    author = author or name(post.get("owner"))
    is_ours = bool(author and author.startswith(("urn:li:organization:", "urn:li:company:")))
    said = text(post.get("commentary"))
    return NetworkEvent(
        EventKind.REPOST if inside(post, "reshareContext", "parent") and not said else EventKind.POST,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=identifier,
        target_id=name(inside(post, "reshareContext", "parent")),
        thread_id=identifier,
        author=author_of(author),
        text=readable(said) if said is not None else _older_text(post),
        attachments=_article(mapping(inside(post, "content", "article"))),
        sent_at=_published(post),
        custom={"context": True} if is_ours else {},
    )


def _older_text(post: Mapping[str, Any]) -> str | None:
    said = inside(post, "specificContent", _UGC, "shareCommentary", "text")
    return text(said) if said is not None else text(inside(post, "text", "text"))


def _published(post: Mapping[str, Any]) -> Any:
    instants = (post.get("publishedAt"), post.get("firstPublishedAt"), post.get("createdAt"))
    return next((at for one in (*instants, inside(post, "created", "time")) if (at := instant(one))), None)


def _article(article: Mapping[str, Any]) -> tuple[Attachment, ...]:
    url = name(article.get("source"))
    return (Attachment("link", url=url, name=name(article.get("title"))),) if url else ()
