"""What the server notifies of: mentions, likes, boosts, follows, edits, and what it tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.mastodon.statuses import author_of, direction_of, is_status, read_status, visibility_of
from comptoir.connectors.shared.untrusted import instant, items, mapping, mappings, name

#: Notifications whose status is what somebody said.
_SAID = frozenset(["mention", "status", "quote", "pleroma:chat_mention"])
_EDITED = frozenset(["update", "quoted_update"])
_LIKES = frozenset(["favourite", "emoji_reaction", "pleroma:emoji_reaction", "reaction"])
_FOLLOWS = frozenset(["follow", "follow_request"])


def is_notification(entry: Mapping[str, Any]) -> bool:
    """Whether an object is a notification, or a group of them."""
    return isinstance(entry.get("type"), str) and ("created_at" in entry or "group_key" in entry)


def read_notification(
    notification: Mapping[str, Any], own_id: str | None, *, thread_id: str | None = None
) -> NetworkEvent:
    """One notification; what nobody said to us is ignored with its kind."""
    kind = name(notification.get("type")) or ""
    status = mapping(notification.get("status"))
    author = author_of(notification.get("account"))
    if kind in _SAID and is_status(status):
        return read_status(status, own_id, thread_id=thread_id)
    if kind in _EDITED and is_status(status):
        return read_status(status, own_id, edited=True)
    event = _EVENTS.get(kind)
    if event is None:
        is_hidden = kind in (*_SAID, *_EDITED)
        return NetworkEvent(
            EventKind.IGNORED, direction_of(author, own_id), external_id=name(notification.get("id")), author=author,
            sent_at=instant(notification.get("created_at")), reason=(
                "A notification about a post that the server does not show." if is_hidden
                else f"A notification of the kind “{kind}”."
            ),
        )  # fmt: skip
    return NetworkEvent(
        event,
        direction_of(author, own_id),
        visibility_of(status),
        external_id=name(notification.get("id")),
        target_id=name(status.get("id")),
        author=author,
        sent_at=instant(notification.get("created_at")),
        reaction=_reaction(notification, kind) if event is EventKind.REACTION else None,
    )


_EVENTS: Mapping[str, EventKind] = {
    **dict.fromkeys(_LIKES, EventKind.REACTION),
    **dict.fromkeys(_FOLLOWS, EventKind.FOLLOW),
    "reblog": EventKind.REPOST,
}


def _reaction(notification: Mapping[str, Any], kind: str) -> str:
    emoji = name(notification.get("emoji")) or name(mapping(notification.get("reaction")).get("name"))
    return emoji or ("⭐" if kind == "favourite" else "👍")


def read_groups(results: Mapping[str, Any], own_id: str | None) -> list[NetworkEvent]:
    """Grouped notifications: each group is told once, by the last of those who are in it."""
    accounts = {
        name(one.get("id")): one
        for one in (*mappings(results.get("partial_accounts")), *mappings(results.get("accounts")))
    }
    statuses = {name(one.get("id")): one for one in mappings(results.get("statuses"))}
    return [_read_group(group, accounts, statuses, own_id) for group in mappings(results.get("notification_groups"))]


def _read_group(
    group: Mapping[str, Any],
    accounts: Mapping[str | None, Mapping[str, Any]],
    statuses: Mapping[str | None, Mapping[str, Any]],
    own_id: str | None,
) -> NetworkEvent:
    last = next((name(one) for one in items(group.get("sample_account_ids")) if name(one)), None)
    return read_notification(
        {
            "id": group.get("most_recent_notification_id"),
            "type": group.get("type"),
            "created_at": group.get("latest_page_notification_at"),
            "account": accounts.get(last, {"id": last}),
            "status": statuses.get(name(group.get("status_id")), {"id": group.get("status_id")}),
            "emoji": group.get("emoji"),
        },
        own_id,
    )


def read_push(push: Mapping[str, Any]) -> NetworkEvent:
    """A web push names the notification and shows a title, but not what was said: that is fetched by its id."""
    return NetworkEvent(
        EventKind.IGNORED, "incoming", external_id=name(push.get("notification_id")),
        author=Author(avatar_url=name(push.get("icon"))), reason="A push that announces a notification.",
    )  # fmt: skip
