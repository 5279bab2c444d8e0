"""Posts of Discourse: the first of a topic, answers, private messages, their changes and deletions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Visibility
from comptoir.connectors.discourse.pieces import author_of, files_of, user_of, words_of
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import flag, inside, instant, mapping, name, whole

_SMALL_ACTION, _WHISPER = 3, 4
_SYSTEM_USER = -1
_CHANGES = {"post_edited": EventKind.EDIT, "post_destroyed": EventKind.DELETE}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post was found: whose forum, who we are, whether the page was of private messages, what happened."""

    site: str = ""
    own_id: str | None = None
    is_private: bool = False
    happened: str = ""
    topic: Mapping[str, Any] | None = None
    #: Ids of the posts of the same page, by topic and number: answers name what they answer by its number.
    numbers: Mapping[tuple[int, int], str] | None = None


def looks_like_post(found: Mapping[str, Any]) -> bool:
    return "topic_id" in found and ("cooked" in found or "raw" in found)


def read_post(post: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    """One post; where we listen, also that it was changed since."""
    kind = whole(post.get("post_type"))
    if kind in (_SMALL_ACTION, _WHISPER):
        reason = (
            "An act in a topic, no message." if kind == _SMALL_ACTION else "A whisper, which only the team may read."
        )
        yield NetworkEvent(EventKind.IGNORED, external_id=name(post.get("id")), reason=reason)
        return
    event = _spoken(post, place)
    changed = _CHANGES.get(place.happened)
    if changed is EventKind.DELETE or post.get("deleted_at") or flag(post.get("user_deleted")):
        yield replace(event, event=EventKind.DELETE, external_id=None, target_id=event.external_id, text=None,
                      attachments=(), sent_at=instant(post.get("deleted_at")), custom={})  # fmt: skip
    elif changed is EventKind.EDIT:
        yield _edit(event, post)
    else:
        yield event
        is_changed = (whole(post.get("version")) or 1) > 1
        if place.own_id is not None and is_changed:
            yield _edit(event, post)


def _edit(event: NetworkEvent, post: Mapping[str, Any]) -> NetworkEvent:
    at = instant(post.get("updated_at")) or event.sent_at
    return replace(event, event=EventKind.EDIT, external_id=None, target_id=event.external_id, sent_at=at, custom={})


def _spoken(post: Mapping[str, Any], place: Place) -> NetworkEvent:
    topic_id, number = name(post.get("topic_id")), whole(post.get("post_number"))
    author = author_of(post, place.site)
    is_ours = place.own_id is not None and author.id == place.own_id
    is_private = place.is_private or name(post.get("topic_archetype")) == "private_message"
    visibility: Visibility = "private" if is_private else "public"
    answered = mapping(post.get("reply_to_user"))
    return NetworkEvent(
        event=EventKind.MESSAGE if is_private else EventKind.POST if number == 1 else EventKind.COMMENT,
        direction="outgoing" if is_ours else "incoming",
        visibility=visibility,
        external_id=name(post.get("id")),
        parent_id=_parent(post, topic_id, place),
        thread_id=topic_id,
        author=author,
        text=words_of(post),
        subject=name(post.get("topic_title")) or name(inside(place.topic, "title")),
        attachments=files_of(post, place.site),
        sent_at=instant(post.get("created_at")),
        counterpart=user_of(answered, place.site) if is_ours and answered else None,
        automatic=whole(post.get("user_id")) == _SYSTEM_USER,
        url=f"{place.site}/t/{topic_id}/{number}" if place.site and topic_id and number else None,
        custom={"number": number} if number is not None else {},
    )


def _parent(post: Mapping[str, Any], topic_id: str | None, place: Place) -> str | None:
    """The id of what is answered, where the page has it: its number counts within the topic."""
    answered, topic = whole(post.get("reply_to_post_number")), whole(topic_id)
    return (place.numbers or {}).get((topic, answered)) if answered is not None and topic is not None else None


def read_topic(topic: Mapping[str, Any], place: Place) -> NetworkEvent:
    """A topic as such: its title, shown above the thread. What its author wrote comes as its first post."""
    creator = mapping(topic.get("created_by")) or mapping(inside(topic, "details", "created_by"))
    author = user_of(creator, place.site) if creator else Author(id=name(topic.get("user_id")))
    is_private = place.is_private or name(topic.get("archetype")) == "private_message"
    topic_id = name(topic.get("id"))
    return NetworkEvent(
        event=EventKind.POST,
        direction="outgoing" if place.own_id is not None and author.id == place.own_id else "incoming",
        visibility="private" if is_private else "public",
        external_id=topic_id,
        thread_id=topic_id,
        author=author,
        text=html_to_text(name(topic.get("excerpt")) or "") or None,
        subject=name(topic.get("title")),
        sent_at=instant(topic.get("created_at")),
        custom={"context": True},
    )
