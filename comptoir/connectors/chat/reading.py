"""From what the widget posts to events: docs/chat.md describes the body."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.chat.fields import identifier, instant, load_object, nested, objects, text
from comptoir.connectors.shared.once import each_once

Content = Mapping[str, Any]
Reader = Callable[[Content, "Visitor"], Iterator[NetworkEvent]]


class Visitor:
    """Who posted, as the counter established before it stored the delivery.

    ``id`` is None in a body straight from a browser: there the visitor's token, sent beside it, says who it is.
    """

    def __init__(self, body: Content) -> None:
        said = nested(body, "visitor")
        self.id = text(said, "id") or None
        self.scope = text(said, "scope") or ""
        self.name = text(said, "name") or None
        self.email = text(said, "email") or None
        self.is_verified = said.get("is_verified") is True
        self.host_id = text(said, "host_id") or None
        self.page = text(nested(body, "page"), "url") or None
        self.language = text(body, "language") or None

    @property
    def author(self) -> Author:
        return Author(id=self.id, handle=self.email, name=self.name)

    def own(self, message_id: str) -> str:
        """The id of a message of this visitor: browsers choose ids, so each visitor has a space of their own."""
        return f"{self.id}:{message_id}" if self.id else message_id


def read_body(body: bytes) -> list[NetworkEvent]:
    """Every event of a body, once, in its order. Raises PayloadError."""
    content = load_object(body)
    visitor = Visitor(content)
    written = objects(content, "events")
    if not written:
        raise PayloadError("“events” must be a list of at least one event.")
    return each_once(event for one in written for event in _read(one, visitor))


def _read(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    kind = text(content, "type") or "message"
    reader = _READERS.get(kind)
    if reader is None:
        return iter([_ignored(visitor, f"the widget’s event “{kind[:40]}” is not known")])
    return reader(content, visitor)


def _message(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    name, email = text(content, "name") or visitor.name, text(content, "email") or visitor.email
    files = tuple(_file(file) for file in objects(content, "files"))
    written = text(content, "text")
    if not (written or "").strip() and not files:
        raise PayloadError("“text” is empty and there is no file: nothing was said.")
    yield NetworkEvent(
        event=EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=visitor.own(identifier(content, "id")),
        thread_id=visitor.id,
        author=Author(id=visitor.id, handle=email, name=name),
        text=written,
        attachments=files,
        sent_at=instant(content, "sent_at"),
        language=visitor.language,
        scope=visitor.scope,
        url=visitor.page if (visitor.page or "").startswith(("https://", "http://")) else None,
        custom=_about(visitor, email=email, is_after_hours=content.get("after_hours") is True),
    )


def _about(visitor: Visitor, *, email: str | None, is_after_hours: bool) -> dict[str, Any]:
    about: dict[str, Any] = {"is_verified": visitor.is_verified}
    if email:
        about["email"] = email
    if visitor.host_id:
        about["host_id"] = visitor.host_id
    if is_after_hours:
        about["is_after_hours"] = True
    return about


def _file(content: Content) -> Attachment:
    encoded = text(content, "content_base64")
    try:
        kept = base64.b64decode(encoded, validate=True) if encoded is not None else None
    except (binascii.Error, ValueError) as error:
        raise PayloadError("“content_base64” is not base64.") from error
    mime_type = text(content, "mime_type")
    size = content.get("size_bytes")
    return Attachment(
        kind="image" if (mime_type or "").startswith("image/") else "file",
        name=text(content, "name"),
        mime_type=mime_type,
        size_bytes=len(kept) if kept is not None else size if isinstance(size, int) and size >= 0 else None,
        content=kept,
    )


def _edit(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    yield NetworkEvent(
        event=EventKind.EDIT,
        direction="incoming",
        visibility="private",
        target_id=visitor.own(identifier(content, "target_id")),
        thread_id=visitor.id,
        author=visitor.author,
        text=text(content, "text"),
        sent_at=instant(content, "sent_at"),
        scope=visitor.scope,
    )


def _delete(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    yield NetworkEvent(
        event=EventKind.DELETE,
        direction="incoming",
        visibility="private",
        target_id=visitor.own(identifier(content, "target_id")),
        thread_id=visitor.id,
        author=visitor.author,
        sent_at=instant(content, "sent_at"),
        scope=visitor.scope,
    )


def _receipts(kind: EventKind) -> Reader:
    def read(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
        targets = content.get("target_ids")
        if not isinstance(targets, list):
            raise PayloadError("“target_ids” must be a list of ids.")
        for target in targets:
            yield NetworkEvent(
                event=kind,
                direction="outgoing",
                visibility="private",
                target_id=identifier({"target_ids": target}, "target_ids"),
                thread_id=visitor.id,
                author=visitor.author,
                sent_at=instant(content, "sent_at"),
                scope=visitor.scope,
            )

    return read


def _identify(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    yield _ignored(visitor, "the visitor said who they are; kept with their next message")


def _typing(content: Content, visitor: Visitor) -> Iterator[NetworkEvent]:
    yield _ignored(visitor, "the visitor is typing")


def _ignored(visitor: Visitor, reason: str) -> NetworkEvent:
    return NetworkEvent(
        event=EventKind.IGNORED, direction="incoming", visibility="private", author=visitor.author, reason=reason
    )


_READERS: Mapping[str, Reader] = {
    "message": _message,
    "edit": _edit,
    "delete": _delete,
    "read": _receipts(EventKind.READ),
    "delivered": _receipts(EventKind.DELIVERY),
    "identify": _identify,
    "typing": _typing,
}
