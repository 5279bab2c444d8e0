"""From what Slack hands out to events: the Events API, interactions, commands, and pages of its listings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import (
    inside,
    instant,
    items,
    load,
    load_form,
    mapping,
    mappings,
    name,
    text,
)
from comptoir.connectors.slack.emoji import with_emoji
from comptoir.connectors.slack.messages import SAID, Here, author_of, direction_of, read_message, said_in

_DEEPEST = 4


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a delivery, once, in its order. Raises PayloadError."""
    here = Here(ours=(own_id,) if own_id else ())
    content = _content(delivery)
    return unless_empty(each_once(_events(content, here, 0)), content)


def _content(delivery: Delivery) -> Any:
    """JSON as it is; a form holds JSON as its ``payload``, or is a command, or a message itself."""
    body = delivery.body.removeprefix(b"\xef\xbb\xbf")
    if body.lstrip()[:1] in (b"{", b"[") or b"\x00" in body[:4]:
        return load(body)
    form = load_form(body) if b"=" in body else {}
    if "payload" in form:
        return load(form["payload"].encode("utf-8", "replace"))
    if "command" in form:
        return form
    if "text" in form and "user_id" in form:  # an outgoing webhook, the oldest way
        said = {"channel": form.get("channel_id"), "user": form["user_id"], "username": form.get("user_name")}
        return {"type": "message", "ts": form.get("timestamp"), "text": form["text"], **said}
    raise PayloadError("The body must be an object or a list of objects.")


def _events(content: Any, here: Here, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither an event nor a message")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, here, depth + 1)
    elif isinstance(content.get("event"), dict):
        yield _happened(content["event"], _here_of(content, here))
    elif isinstance(content.get("payload"), dict):  # a frame of socket mode
        yield from _events(content["payload"], here, depth + 1)
    elif "command" in content:
        yield _command(content)
    elif "actions" in content:
        yield _pressed(content)
    elif isinstance(content.get("messages"), list):
        yield from _listed(content, here)
    else:
        yield from _alone(content, here)


def _here_of(envelope: Mapping[str, Any], here: Here) -> Here:
    """Who we are: the bots for whom the event was delivered. (Older envelopes only name who sees it, people too.)"""
    bots = (name(one.get("user_id")) for one in mappings(envelope.get("authorizations")) if one.get("is_bot"))
    ours = frozenset({*here.ours, *(bot for bot in bots if bot)})
    return replace(here, ours=ours, app_id=name(envelope.get("api_app_id")))


def _listed(content: Mapping[str, Any], here: Here) -> Iterator[NetworkEvent]:
    """A page of history, or search results, which name each message's channel."""
    channel = name(content.get("channel"))
    for message in items(content["messages"]):
        found = mapping(message)
        there = name(found.get("channel")) or name(inside(found, "channel", "id")) or channel
        yield _happened({"type": "message", **found}, replace(here, channel=there))


def _alone(content: Mapping[str, Any], here: Here) -> Iterator[NetworkEvent]:
    """An event without its envelope, what sending was answered with, or anything else."""
    if isinstance(content.get("message"), dict) and "ok" in content:
        sent = {"type": "message", "ts": content.get("ts"), **content["message"]}
        yield replace(_happened(sent, replace(here, channel=name(content.get("channel")))), direction="outgoing")
    elif content.get("type") in ("url_verification", "app_rate_limited", "view_submission", "view_closed", "shortcut"):
        yield _ignored(f"a request that says nothing to us ({content['type']})")
    elif "type" in content or "ts" in content:
        yield _happened({"type": "message", **content}, here)
    else:
        yield _ignored("neither an event nor a message")


# --- events -------------------------------------------------------------------------------------------------------


def _happened(event: Mapping[str, Any], here: Here) -> NetworkEvent:
    kind = name(event.get("type")) or ""
    here = replace(here, channel=name(event.get("channel")) or name(inside(event, "channel", "id")) or here.channel)
    if kind == "app_mention" or (kind == "message" and (name(event.get("subtype")) or "") in SAID):
        return read_message(event, here)
    if kind == "message":
        return _of_message(event, here)
    if kind in ("reaction_added", "reaction_removed"):
        return _reaction(event, here, removed=kind == "reaction_removed")
    return _ignored(f"an event that is no message ({kind or 'unnamed'})", event, here)


def _of_message(event: Mapping[str, Any], here: Here) -> NetworkEvent:
    """A message was changed or removed, or the channel says something of itself."""
    subtype = name(event.get("subtype")) or ""
    if subtype == "message_changed":
        return _changed(event, here)
    if subtype == "message_deleted":
        target = name(event.get("deleted_ts")) or name(inside(event, "previous_message", "ts"))
        return _about(EventKind.DELETE, target, mapping(event.get("previous_message")), event, here)
    return _ignored(f"the channel speaks of itself ({subtype})", event, here)


def _changed(event: Mapping[str, Any], here: Here) -> NetworkEvent:
    """An edit; a thread whose root was removed stands as a tombstone; previews and counts change nothing we show."""
    now, before = mapping(event.get("message")), mapping(event.get("previous_message"))
    target = name(now.get("ts")) or name(before.get("ts"))
    if now.get("subtype") == "tombstone":
        return _about(EventKind.DELETE, target, before or now, event, here)
    if before and now.get("text") == before.get("text") and now.get("edited") == before.get("edited"):
        return _ignored("a message was changed in no word", event, here)
    return replace(_about(EventKind.EDIT, target, now, event, here), text=said_in(now))


def _about(
    kind: EventKind, target: str | None, message: Mapping[str, Any], event: Mapping[str, Any], here: Here
) -> NetworkEvent:
    return NetworkEvent(
        kind,
        direction=direction_of(message, here),
        visibility="private",
        target_id=target,
        thread_id=here.channel,
        author=author_of(message),
        sent_at=instant(event.get("event_ts")) or instant(event.get("ts")),
        id_scope=here.channel or "",
    )


def _reaction(event: Mapping[str, Any], here: Here, *, removed: bool) -> NetworkEvent:
    emoji, channel = name(event.get("reaction")), name(inside(event, "item", "channel"))
    return NetworkEvent(
        EventKind.REACTION,
        direction="outgoing" if name(event.get("user")) in here.ours else "incoming",
        visibility="private",
        target_id=name(inside(event, "item", "ts")) or name(inside(event, "item", "file")),
        thread_id=channel,
        author=Author(id=name(event.get("user"))),
        sent_at=instant(event.get("event_ts")),
        reaction=_character(emoji) if emoji else None,
        reaction_removed=removed,
        id_scope=channel or "",
    )


def _character(emoji: str) -> str:
    """A reaction is named as emoji are in texts, its tone behind two more colons."""
    return with_emoji(f":{emoji}:")


# --- what people press and command --------------------------------------------------------------------------------


def _chosen(action: Mapping[str, Any]) -> str | None:
    """What was pressed or chosen, as it stood there; of a calendar or a clock, what was set."""
    pressed = name(inside(action, "text", "text"))
    options = [mapping(action.get("selected_option")), *mappings(action.get("selected_options"))]
    said = [name(inside(option, "text", "text")) or name(option.get("value")) for option in options]
    set_to = (name(action.get(f"selected_{thing}")) for thing in ("date", "time", "user", "channel", "conversation"))
    listed = ", ".join(one for one in said if one)
    return pressed or listed or next((one for one in set_to if one), None)


def _pressed(content: Mapping[str, Any]) -> NetworkEvent:
    """A button or a choice under a message."""
    action, person = mapping(inside(content, "actions", 0)), mapping(content.get("user"))
    channel = name(inside(content, "channel", "id")) or name(inside(content, "container", "channel_id"))
    under = name(inside(content, "message", "ts")) or name(inside(content, "container", "message_ts"))
    pressed_at = name(action.get("action_ts")) or name(content.get("action_ts"))  # inside, and beside in older ones
    return NetworkEvent(
        EventKind.POSTBACK,
        direction="incoming",
        visibility="private",
        external_id=name(content.get("trigger_id")) or pressed_at,
        parent_id=under or name(content.get("message_ts")),
        thread_id=channel,
        author=Author(name(person.get("id")), name(person.get("username")), name(person.get("name"))),
        text=_chosen(action) or text(action.get("value")),
        sent_at=instant(pressed_at),
        id_scope=channel or "",
        custom={"channel": channel} if channel else {},
    )


def _command(content: Mapping[str, Any]) -> NetworkEvent:
    """What was typed behind a slash."""
    said = " ".join(filter(None, (name(content.get("command")), name(content.get("text")))))
    return NetworkEvent(
        EventKind.POSTBACK,
        direction="incoming",
        visibility="private",
        external_id=name(content.get("trigger_id")),
        thread_id=name(content.get("channel_id")),
        author=Author(name(content.get("user_id")), name(content.get("user_name")), name(content.get("user_name"))),
        text=said,
    )


def _ignored(reason: str, event: Mapping[str, Any] | None = None, here: Here | None = None) -> NetworkEvent:
    at = instant((event or {}).get("event_ts")) or instant((event or {}).get("ts"))
    return NetworkEvent(EventKind.IGNORED, thread_id=here.channel if here else None, sent_at=at, reason=reason)
