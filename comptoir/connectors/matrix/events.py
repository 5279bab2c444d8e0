"""One event of a Matrix room in the words of this house (https://spec.matrix.org, client-server API)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, Call, EventKind, NetworkEvent, Visibility
from comptoir.connectors.base.events import CallState
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text, whole

_FILES = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": "file"}
_CALLS: Mapping[str, CallState] = {
    "m.call.invite": "ringing", "m.call.answer": "answered", "m.call.hangup": "ended", "m.call.reject": "missed",
}  # fmt: skip
_POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
#: The answered message, quoted before an answer for clients that show none: lines of "> " and an empty one.
_QUOTED = re.compile(r"\A> <@[^\n]*\n(?:>[^\n]*\n)*\n?")
_GEO = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)")


@dataclass(frozen=True, slots=True)
class Room:
    """What is known of the room an event is of: its id, whether we are two in it, how its members are called, and
    whether, being several, they alone read what is said.
    """

    id: str | None = None
    is_private: bool | None = None
    members: Mapping[str, Any] = field(default_factory=dict)
    is_closed: bool = False

    @property
    def visibility(self) -> Visibility | None:
        return None if self.is_private is None else "private" if self.is_private else "public"

    def author(self, user: str | None, shown: str | None = None) -> Author:
        """Somebody in the room, by the name shown there."""
        known = mapping(self.members.get(user or ""))
        called = name(known.get("display_name")) or name(known.get("displayname")) or shown
        return Author(user, user, called, name(known.get("avatar_url")))

    def other(self, own_id: str) -> Author | None:
        """The one person beside us in a private room."""
        others = [user for user in self.members if user != own_id]
        return self.author(others[0]) if self.is_private and len(others) == 1 else None


def is_event(entry: Mapping[str, Any]) -> bool:
    """Whether an object is a room's event."""
    return isinstance(entry.get("type"), str) and isinstance(entry.get("content"), dict)


def read_event(event: Mapping[str, Any], room: Room, own_id: str | None) -> NetworkEvent:
    """One event; what nobody said (a state of the room) is ignored with its kind. Only a room's devices read what is
    encrypted there.
    """
    kind = name(event.get("type")) or ""
    content = mapping(event.get("content"))
    room = room if room.id else replace(room, id=name(event.get("room_id")))
    author = room.author(name(event.get("sender")), name(event.get("sender_display_name")))
    ours = own_id is not None and author.id == own_id
    common: dict[str, Any] = {
        "direction": "outgoing" if ours else "incoming",
        "visibility": room.visibility,
        "external_id": name(event.get("event_id")),
        "thread_id": room.id,
        "author": author,
        "sent_at": instant(event.get("origin_server_ts")),
        "custom": {"room": room.id} if room.id else {},
        "counterpart": room.other(own_id) if ours and own_id else None,
        "is_members_only": room.is_closed,
    }
    if kind in ("m.room.message", "m.sticker") or kind in _POLLS:
        return _said(kind, content, event, common)
    if kind == "m.room.encrypted" and inside(content, "m.relates_to", "rel_type") != "m.replace":
        return NetworkEvent(EventKind.MESSAGE, **common, is_unreadable=True)
    if kind == "m.reaction":
        target = mapping(content.get("m.relates_to"))
        said: dict[str, Any] = {"target_id": name(target.get("event_id")), "reaction": name(target.get("key"))}
        return NetworkEvent(EventKind.REACTION, **common, **said)
    if kind == "m.room.redaction":
        gone = name(event.get("redacts")) or name(content.get("redacts"))
        return NetworkEvent(EventKind.DELETE, **common, target_id=gone, reason=name(content.get("reason")))
    if kind in _CALLS:
        return NetworkEvent(EventKind.CALL, **common, call=Call(_CALLS[kind]))
    return NetworkEvent(EventKind.IGNORED, **common, reason=_why_quiet(kind))


def _why_quiet(kind: str) -> str:
    if kind == "m.room.encrypted":
        return "An encrypted change of a message: only the devices of its room can read it."
    return f"An event of the kind “{kind[:80]}”: nobody said anything."


def _said(kind: str, content: Mapping[str, Any], event: Mapping[str, Any], common: Mapping[str, Any]) -> NetworkEvent:
    relation = mapping(content.get("m.relates_to"))
    if not content:
        return NetworkEvent(EventKind.IGNORED, **common, reason="A message that was taken back since.")
    if content.get("msgtype") == "m.key.verification.request":
        return NetworkEvent(EventKind.IGNORED, **common, reason="Two devices get to know each other.")
    said = {**common, "parent_id": name(inside(relation, "m.in_reply_to", "event_id"))}
    if relation.get("rel_type") == "m.replace":
        shown = mapping(content.get("m.new_content")) or content
        said |= {"external_id": None, "target_id": name(relation.get("event_id")), "edited_at": common["sent_at"]}
        return NetworkEvent(EventKind.EDIT, **said, **_content(kind, shown), own_only=True)
    if relation.get("rel_type") == "m.thread":
        said["custom"] = {**common["custom"], "thread": name(relation.get("event_id"))}
        said["parent_id"] = said["parent_id"] or name(relation.get("event_id"))
    automatic = content.get("msgtype") == "m.notice" and common["direction"] == "incoming"
    return NetworkEvent(EventKind.MESSAGE, **said, **_content(kind, content), automatic=automatic)


def _content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The text, the HTML it was written in, the files."""
    if kind in _POLLS:
        return {"text": _poll(content), "attachments": ()}
    files = _attachments(kind, content)
    written = text(content.get("body"))
    if files and not _is_caption(content):
        return {"text": None, "attachments": files}
    formatted = name(content.get("formatted_body"))
    if written is None and formatted is not None:
        written = html_to_text(formatted)
    if written is not None and "m.in_reply_to" in mapping(content.get("m.relates_to")):
        written = _QUOTED.sub("", written)
    return {"text": written, "html": formatted, "attachments": files}


def _is_caption(content: Mapping[str, Any]) -> bool:
    """Where a file has a name of its own, the body is what is said beside it."""
    named = name(content.get("filename"))
    return named is not None and named != content.get("body")


def _attachments(kind: str, content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    place = _GEO.match(name(content.get("geo_uri")) or "")
    if place is not None:
        return (Attachment("location", f"geo:{place[1]},{place[2]}", name(content.get("body"))),)
    file_kind = "sticker" if kind == "m.sticker" else _FILES.get(name(content.get("msgtype")) or "")
    if file_kind is None:
        return ()
    described = mapping(content.get("info"))
    return (
        Attachment(
            file_kind,
            name(content.get("url")) or name(inside(content, "file", "url")),
            name(content.get("filename")) or name(content.get("body")),
            name(described.get("mimetype")) or name(inside(content, "file", "mimetype")),
            whole(described.get("size")),
        ),
    )


def _poll(content: Mapping[str, Any]) -> str | None:
    poll = next(
        (mapping(content.get(key)) for key in ("m.poll", "org.matrix.msc3381.poll.start") if key in content), {}
    )
    question = _plain(mapping(poll.get("question")))
    answers = [f"- {_plain(answer) or ''}" for answer in mappings(poll.get("answers"))]
    return "\n".join([question or "", *answers]).strip() or name(content.get("body"))


def _plain(part: Mapping[str, Any]) -> str | None:
    spoken = name(inside(part, "m.text", 0, "body")) or name(part.get("m.text"))
    return spoken or name(part.get("org.matrix.msc1767.text")) or name(part.get("body"))
