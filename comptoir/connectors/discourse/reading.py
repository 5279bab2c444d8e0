"""Anything Discourse hands out: webhooks of every kind, pages of posts, topics and notifications, single objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.discourse.pieces import user_of
from comptoir.connectors.discourse.posts import Place, looks_like_post, read_post, read_topic
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, instant, load, mapping, mappings, name, text, whole

#: Notifications that tell of a like; all others point to a post, which is fetched or comes by itself.
_LIKES = (5, 19)
_SPEAKING_ACTIONS = (4, 5, 12, 13)


def read_delivery(delivery: Delivery, own_id: str | None, site: str) -> list[NetworkEvent]:
    """Read whatever it is; each event once. ``site``: the forum's address, "" where it is not known."""
    found = load(delivery.body)
    happened = {key.lower(): value for key, value in delivery.headers.items()}.get("x-discourse-event", "")
    return unless_empty(each_once(_read(found, Place(site, own_id, happened=happened))), found)


def _read(found: object, place: Place) -> Iterator[NetworkEvent]:
    if isinstance(found, list):
        for one in mappings(found):
            yield from _object(one, place)
    elif isinstance(found, dict):
        yield from _object(found, place)
    else:
        raise PayloadError("The body must be an object or a list of objects.")


def _object(found: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    if isinstance(found.get("post"), dict) and not looks_like_post(found):
        yield from read_post(found["post"], place)
    elif isinstance(inside(found, "post_stream", "posts"), list):
        yield from _topic_page(found, place)
    elif isinstance(found.get("latest_posts"), list):
        yield from _posts(found["latest_posts"], place)
    elif isinstance(found.get("private_posts"), list):
        yield from _posts(found["private_posts"], replace(place, is_private=True))
    elif isinstance(inside(found, "topic_list", "topics"), list):
        yield from _topics(found, place)
    elif looks_like_post(found):
        yield from read_post(found, place)
    else:
        yield from _less_usual(found, place)


def _less_usual(found: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    if isinstance(found.get("posts"), list) and isinstance(found.get("topics"), list):
        yield from _found(found, place)
    elif isinstance(found.get("notifications"), list):
        yield from (_notification(one) for one in mappings(found["notifications"]))
    elif isinstance(found.get("notification"), dict):
        yield _notification(found["notification"])
    elif isinstance(found.get("topic"), dict):
        yield _topic(found["topic"], place)
    elif isinstance(found.get("like"), dict):
        yield _like(found["like"], place)
    elif isinstance(found.get("chat_message"), dict):
        yield _chat_message(found["chat_message"], place)
    elif isinstance(found.get("user_actions"), list):
        yield from (_user_action(one, place) for one in mappings(found["user_actions"]))
    elif "notification_type" in found:
        yield _notification(found)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason=_why_unused(found))


def _why_unused(found: Mapping[str, Any]) -> str:
    said = inside(found, "errors", 0)
    if isinstance(said, str):
        return f"Discourse answered with an error: {said.rstrip('.')}."
    return f"Nothing that a person said: {', '.join(sorted(map(str, found))[:5]) or 'an empty object'}."


def _topic_page(found: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    """A topic with some of its posts."""
    is_private = name(found.get("archetype")) == "private_message"
    yield from _posts(found["post_stream"]["posts"], replace(place, is_private=is_private, topic=found))


def _topics(found: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    """A page of topics: each names its first poster by a number, whom the page describes once."""
    users = {name(one.get("id")): user_of(one, place.site) for one in mappings(found.get("users"))}
    for topic in mappings(found["topic_list"]["topics"]):
        event, first = read_topic(topic, place), name(inside(topic, "posters", 0, "user_id"))
        if event.author.id is None and first is not None:
            author = users.get(first, Author(id=first))
            ours = place.own_id is not None and author.id == place.own_id
            event = replace(event, author=author, direction="outgoing" if ours else "incoming")
        yield event


def _found(page: Mapping[str, Any], place: Place) -> Iterator[NetworkEvent]:
    """What a search found: the beginnings of posts, and the topics that they stand in."""
    titles = {name(one.get("id")): one for one in mappings(page["topics"])}
    for post in mappings(page["posts"]):
        within = titles.get(name(post.get("topic_id")))
        shown = {**post, "cooked": post.get("cooked") or post.get("blurb"), "topic_title": inside(within, "title")}
        yield from read_post(shown, place)


def _posts(found: object, place: Place) -> Iterator[NetworkEvent]:
    posts = mappings(found)
    numbers: dict[tuple[int, int], str] = {}
    for post in posts:
        topic, number, identifier = whole(post.get("topic_id")), whole(post.get("post_number")), name(post.get("id"))
        if topic is not None and number is not None and identifier:
            numbers[topic, number] = identifier
    for post in posts:
        yield from read_post(post, replace(place, numbers=numbers))


def _topic(topic: Mapping[str, Any], place: Place) -> NetworkEvent:
    if place.happened in ("", "topic_created", "topic_edited", "topic_recovered"):
        return read_topic(topic, place)
    reason = f"A topic's state ({place.happened}); what happens to its posts is told of each."
    return NetworkEvent(EventKind.IGNORED, thread_id=name(topic.get("id")), reason=reason)


def _notification(found: Mapping[str, Any]) -> NetworkEvent:
    """A pointer to a post; a like is told by nothing else."""
    kind, about = whole(found.get("notification_type")), mapping(found.get("data"))
    handle = next(
        (who for key in ("original_username", "display_username", "username") if (who := name(about.get(key)))), None
    )
    event = NetworkEvent(
        event=EventKind.IGNORED,
        external_id=name(found.get("id")),
        thread_id=name(found.get("topic_id")),
        author=Author(handle=handle),
        subject=name(found.get("fancy_title")) or name(about.get("topic_title")),
        sent_at=instant(found.get("created_at")),
        reason=f"A notification (type {kind}): what it is about comes as a post.",
    )
    target = name(about.get("original_post_id"))
    if kind in _LIKES and target:
        return replace(event, event=EventKind.REACTION, direction="incoming", visibility="public", target_id=target,
                       reaction="like", reason=None, subject=None)  # fmt: skip
    return event


def _like(found: Mapping[str, Any], place: Place) -> NetworkEvent:
    post, author = mapping(found.get("post")), user_of(mapping(found.get("user")), place.site)
    return NetworkEvent(
        event=EventKind.REACTION,
        direction="outgoing" if place.own_id is not None and author.id == place.own_id else "incoming",
        visibility="public",
        target_id=name(post.get("id")),
        thread_id=name(post.get("topic_id")),
        author=author,
        reaction="like",
    )


def _chat_message(found: Mapping[str, Any], place: Place) -> NetworkEvent:
    """A message of Discourse's own chat: it comes by webhook only."""
    message, channel = mapping(found.get("message")) or found, mapping(found.get("channel"))
    author = user_of(mapping(message.get("user")), place.site)
    channel_id = name(channel.get("id")) or name(message.get("chat_channel_id"))
    is_direct = name(channel.get("chatable_type")) == "DirectMessage"
    written, shown = text(message.get("message")), text(message.get("cooked"))
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if place.own_id is not None and author.id == place.own_id else "incoming",
        visibility="private" if is_direct else "public",
        external_id=f"chat-{name(message.get('id'))}" if name(message.get("id")) else None,
        thread_id=f"chat-{channel_id}" if channel_id else None,
        author=author,
        text=html_to_text(shown) if shown else written,
        sent_at=instant(message.get("created_at")),
        custom={"chat": channel_id} if channel_id else {},
    )


def _user_action(found: Mapping[str, Any], place: Place) -> NetworkEvent:
    """A line of somebody's activity: an excerpt of a post."""
    kind, post_id = whole(found.get("action_type")), name(found.get("post_id"))
    if kind not in _SPEAKING_ACTIONS or not post_id:
        return NetworkEvent(EventKind.IGNORED, reason=f"An act of a user (type {kind}), no message.")
    private = kind in (12, 13)
    author = Author(id=name(found.get("user_id")), handle=name(found.get("username")), name=name(found.get("name")))
    return NetworkEvent(
        event=EventKind.MESSAGE if private else EventKind.POST if kind == 4 else EventKind.COMMENT,
        direction="outgoing" if place.own_id is not None and author.id == place.own_id else "incoming",
        visibility="private" if private else "public",
        external_id=post_id,
        thread_id=name(found.get("topic_id")),
        author=author,
        text=html_to_text(text(found.get("excerpt")) or ""),
        subject=name(found.get("title")),
        sent_at=instant(found.get("created_at")),
    )
