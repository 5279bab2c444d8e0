"""What Zulip says: events of a queue, messages that were asked for, and what an outgoing webhook would post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from comptoir.connectors.base import Author, Direction, EventKind, NetworkEvent, PayloadError, Visibility
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.shared.untrusted import (
    flag,
    inside,
    instant,
    items,
    load,
    mapping,
    mappings,
    name,
    text,
)
from comptoir.connectors.zulip.content import Content, emoji_of, read_content

#: What a topic's name begins with once somebody marked it as resolved.
_RESOLVED = "✔ "
_PRIVATE, _CHANNEL = ("private", "direct"), ("stream", "channel")


def channel_thread(channel: str, topic: str) -> str:
    """One thread for a topic, whatever its capital letters (Zulip tells none apart) and resolved or not."""
    return f"{channel}/{topic.removeprefix(_RESOLVED).casefold()}"


def private_thread(people: Sequence[str]) -> str:
    """One thread for the same people, ourselves among them."""
    return "dm/" + ",".join(sorted(set(people), key=lambda one: (len(one), one)))


@dataclass(frozen=True, slots=True)
class Reader:
    """``site`` is the server's address, empty where it is not known. ``mentions_only``: of what is said in channels,
    only what names us.
    """

    own_id: str | None = None
    site: str = ""
    mentions_only: bool = False

    def events(self, body: bytes) -> list[NetworkEvent]:
        """Every event of a delivery. Raises PayloadError."""
        return each_once(event for entry in _entries(load(body)) for event in self._read(entry))

    def _read(self, entry: Mapping[str, Any]) -> Iterator[NetworkEvent]:
        kind = name(entry.get("type")) or "nothing"
        if kind == "message":
            yield self._message(mapping(entry.get("message")), _flags(entry))
        elif kind == "update_message":
            yield self._edit(entry)
        elif kind == "delete_message":
            yield from self._deletions(entry)
        elif kind == "reaction":
            yield self._reaction(entry)
        else:
            yield _ignored(f"an event of the kind “{kind[:60]}”, which carries no message")

    def _message(self, said: Mapping[str, Any], flags: Sequence[str]) -> NetworkEvent:
        message_id, visibility, people = name(said.get("id")), _visibility(said), _people(said)
        if message_id is None or visibility is None:
            return _ignored("a message that says neither its id nor where it stands", message_id)
        author = self._author(said)
        direction = self._direction(author.id)
        if self.mentions_only and visibility == "public" and direction == "incoming" and "mentioned" not in flags:
            return _ignored("a message in a channel that does not mention us", message_id)
        rendered = said.get("rendered_content")  # an outgoing webhook has what was typed beside it
        content = self._content(rendered or said.get("content"), None if rendered else said.get("content_type"))
        others = [one for one in people if one.id != author.id]
        topic, channel = text(said.get("subject")) or "", name(said.get("stream_id"))
        return NetworkEvent(
            EventKind.MESSAGE,
            direction=direction,
            visibility=visibility,
            external_id=message_id,
            parent_id=content.answered,
            thread_id=_thread(visibility, channel, topic, people),
            author=author,
            text=content.text,
            quoted=content.quoted,
            subject=topic.removeprefix(_RESOLVED) or None,
            attachments=content.attachments,
            sent_at=instant(said.get("timestamp")),
            counterpart=others[0] if direction == "outgoing" and len(others) == 1 else None,
            automatic=said.get("client") == "Internal" or said.get("sender_realm_str") == "zulipinternal",
            url=self._url(message_id, channel, topic, people),
            custom=_custom(visibility, channel, topic, people),
        )

    def _edit(self, entry: Mapping[str, Any]) -> NetworkEvent:
        target, written = name(entry.get("message_id")), entry.get("rendered_content", entry.get("content"))
        if flag(entry.get("rendering_only")):
            return _ignored("a message that was only rendered anew")
        if target is None or not isinstance(written, str):
            return _ignored("messages that were moved to another topic or channel")
        content = self._content(written, "text/html" if "rendered_content" in entry else "text/x-markdown")
        author = Author(id=name(entry.get("user_id")))
        return NetworkEvent(
            EventKind.EDIT,
            direction=self._direction(author.id) if author.id else None,
            visibility="public" if name(entry.get("stream_id")) else None,
            target_id=target,
            parent_id=content.answered,
            author=author,
            text=content.text,
            quoted=content.quoted,
            attachments=content.attachments,
            sent_at=instant(entry.get("edit_timestamp")),
        )

    def _deletions(self, entry: Mapping[str, Any]) -> Iterator[NetworkEvent]:
        targets = [*map(name, items(entry.get("message_ids"))), name(entry.get("message_id"))]
        found = list(dict.fromkeys(filter(None, targets)))
        if not found:
            yield _ignored("a deletion that names no message")
        where = name(entry.get("message_type"))
        visibility: Visibility | None = "private" if where in _PRIVATE else "public" if where in _CHANNEL else None
        for target in found:
            yield NetworkEvent(EventKind.DELETE, visibility=visibility, target_id=target)

    def _reaction(self, entry: Mapping[str, Any]) -> NetworkEvent:
        user = mapping(entry.get("user"))
        author = Author(
            id=name(entry.get("user_id")) or name(user.get("user_id")) or name(user.get("id")),
            handle=name(user.get("email")),
            name=name(user.get("full_name")),
        )
        target, called = name(entry.get("message_id")), name(entry.get("emoji_name"))
        if target is None or called is None:
            return _ignored("a reaction that names no message or no emoji")
        sign = emoji_of(name(entry.get("emoji_code")) or "") if entry.get("reaction_type") == "unicode_emoji" else None
        return NetworkEvent(
            EventKind.REACTION,
            direction=self._direction(author.id) if author.id else None,
            target_id=target,
            author=author,
            reaction=sign or f":{called}:",
            reaction_removed=entry.get("op") == "remove",
        )

    def _content(self, written: object, type_: object) -> Content:
        said = text(written) or ""
        return Content(said.strip()) if type_ == "text/x-markdown" else read_content(said, self.site)

    def _direction(self, author_id: str | None) -> Direction:
        return "outgoing" if author_id is not None and author_id == self.own_id else "incoming"

    def _author(self, said: Mapping[str, Any]) -> Author:
        return Author(
            id=name(said.get("sender_id")),
            handle=name(said.get("sender_email")),
            name=name(said.get("sender_full_name")),
            avatar_url=self._absolute(name(said.get("avatar_url"))),
        )

    def _absolute(self, address: str | None) -> str | None:
        if address is None or address.startswith(("https://", "http://")):
            return address
        return f"{self.site}{address}" if self.site and address.startswith("/") else None

    def _url(self, message_id: str, channel: str | None, topic: str, people: Sequence[Author]) -> str | None:
        if not self.site:
            return None
        ids = ",".join(one.id for one in people if one.id)
        where = f"stream/{channel}/topic/{_in_fragment(topic)}" if channel else f"dm/{ids}-dm"
        return f"{self.site}/#narrow/{where}/near/{message_id}"


def _entries(content: Any) -> Iterator[Mapping[str, Any]]:
    """The events of a delivery; a message that came otherwise is told like the event of its arrival."""
    known = [entry for one in (content if isinstance(content, list) else [content]) for entry in _entries_of(one)]
    if not known and not _is_empty_answer(content):
        raise PayloadError("The body holds neither events nor messages of Zulip.")
    yield from known


def _entries_of(content: Any) -> list[Mapping[str, Any]]:
    if not isinstance(content, dict):
        return []
    if isinstance(content.get("events"), list):
        return mappings(content["events"])
    if isinstance(content.get("messages"), list):
        return [_arrival(one) for one in mappings(content["messages"])]
    if isinstance(content.get("message"), dict):
        return [content if content.get("type") == "message" else _arrival(content["message"])]
    if "content" in content and "sender_id" in content:
        return [_arrival(content)]
    return [content] if isinstance(content.get("type"), str) else []


def _arrival(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "message", "message": message, "flags": message.get("flags")}


def _is_empty_answer(content: Any) -> bool:
    return isinstance(inside(content, "events"), list) or isinstance(inside(content, "messages"), list)


def _flags(entry: Mapping[str, Any]) -> list[str]:
    return [one for one in items(entry.get("flags")) if isinstance(one, str)]


def _visibility(said: Mapping[str, Any]) -> Visibility | None:
    kind = said.get("type")
    if kind in _PRIVATE or isinstance(said.get("display_recipient"), list):
        return "private"
    return "public" if name(said.get("stream_id")) else None


def _people(said: Mapping[str, Any]) -> list[Author]:
    """Who reads a private message, its author among them."""
    found = [
        Author(id=name(one.get("id")), handle=name(one.get("email")), name=name(one.get("full_name")))
        for one in mappings(said.get("display_recipient"))
    ]
    return sorted((one for one in found if one.id), key=lambda one: (len(one.id or ""), one.id or ""))


def _thread(visibility: Visibility, channel: str | None, topic: str, people: Sequence[Author]) -> str | None:
    if visibility == "public":
        return channel_thread(channel, topic) if channel else None
    ids = [one.id for one in people if one.id]
    return private_thread(ids) if ids else None


def _custom(visibility: Visibility, channel: str | None, topic: str, people: Sequence[Author]) -> dict[str, Any]:
    if visibility == "public":
        return {"channel": channel, "topic": topic}
    return {"to": [one.id for one in people]}


def _in_fragment(topic: str) -> str:
    """A topic as Zulip writes it into its own addresses."""
    return quote(topic, safe="").replace(".", "%2E").replace("%", ".")


def _ignored(reason: str, external_id: str | None = None) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, external_id=external_id, reason=reason)
