"""What happens around a page, as LinkedIn notifies of it: pushed to us, or asked for; both have the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.linkedin.things import author_of
from comptoir.connectors.linkedin.urns import parts_of_comment, readable
from comptoir.connectors.shared.untrusted import instant, mapping, name, text

_KINDS = {
    "COMMENT": EventKind.COMMENT,
    "ADMIN_COMMENT": EventKind.COMMENT,
    "COMMENT_EDIT": EventKind.EDIT,
    "COMMENT_DELETE": EventKind.DELETE,
    "LIKE": EventKind.REACTION,
    "SHARE": EventKind.REPOST,
    "SHARE_MENTION": EventKind.POST,
    "PHOTO_MENTION": EventKind.POST,
}
#: What is about a thing that is there already.
_CHANGES = frozenset({EventKind.EDIT, EventKind.DELETE})


def is_notification(content: Mapping[str, Any]) -> bool:
    return "action" in content and ("generatedActivity" in content or "organizationalEntity" in content)


def read_notification(told: Mapping[str, Any]) -> NetworkEvent:
    action, done = name(told.get("action")) or "", name(told.get("generatedActivity"))
    post, at = name(told.get("sourcePost")), instant(told.get("lastModifiedAt"))
    kind = _KINDS.get(action)
    if kind is None:
        reason = f"a notification of what asks nobody to answer ({action or 'unnamed'})"
        return NetworkEvent(EventKind.IGNORED, "incoming", "public", thread_id=post, sent_at=at, reason=reason)
    thing = _decorated(told)
    return NetworkEvent(
        kind,
        direction="outgoing" if action == "ADMIN_COMMENT" else "incoming",
        visibility="public",
        external_id=None if kind in _CHANGES else done,
        target_id=_target(kind, done, post),
        parent_id=_parent(kind, thing, done, post),
        thread_id=_thread(kind, thing, done, post),
        author=author_of(thing.get("owner") or thing.get("actor") or thing.get("author")),
        text=_said(kind, thing),
        sent_at=at,
        reaction="LIKE" if kind is EventKind.REACTION else None,
        custom=_custom(done),
    )


def _decorated(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The comment, post or like itself: it stands under the name of what it is."""
    around = mapping(told.get("decoratedGeneratedActivity"))
    found = (mapping(around.get(key)) for key in ("comment", "share", "ugcPost", "post", "like", "photo"))
    return next((one for one in found if one), {})


def _target(kind: EventKind, done: str | None, post: str | None) -> str | None:
    if kind in _CHANGES:
        return done
    return post if kind in (EventKind.REACTION, EventKind.REPOST) else None


def _parent(kind: EventKind, thing: Mapping[str, Any], done: str | None, post: str | None) -> str | None:
    if kind is not EventKind.COMMENT:
        return None
    under = parts_of_comment(done or "")
    return name(thing.get("parentComment")) or post or name(thing.get("entity")) or (under[0] if under else None)


def _thread(kind: EventKind, thing: Mapping[str, Any], done: str | None, post: str | None) -> str | None:
    """The post that all stands under; a post that names us is its own."""
    if kind in (EventKind.POST, EventKind.REPOST):
        return done
    under = parts_of_comment(done or "")
    return post or name(thing.get("entity")) or (under[0] if under else None)


def _said(kind: EventKind, thing: Mapping[str, Any]) -> str | None:
    said = thing.get("text") if not isinstance(thing.get("text"), dict) else thing["text"].get("text")
    words = text(said) if said is not None else text(thing.get("commentary"))
    return None if kind in (EventKind.DELETE, EventKind.REACTION) or words is None else readable(words)


def _custom(done: str | None) -> Mapping[str, Any]:
    under = parts_of_comment(done or "")
    return {"object": under[0]} if under else {}
