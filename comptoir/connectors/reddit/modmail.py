"""Moderators' mail: exchanges between a subreddit's moderators, as one, and a person. Internal notes stay inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import flag, inside, instant, items, mapping, name, text


def is_modmail(found: Mapping[str, Any]) -> bool:
    """Whether it is one exchange, or a listing of several."""
    return isinstance(found.get("messages"), dict) and ("conversation" in found or "conversations" in found)


def read_modmail(found: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """The messages of one exchange, or of several, each exchange in its order."""
    messages, actions = mapping(found.get("messages")), mapping(found.get("modActions"))
    several = mapping(found.get("conversations"))
    exchanges = [mapping(one) for one in several.values()] or [mapping(found.get("conversation"))]
    for exchange in exchanges:
        listed = [inside(one, "id") for one in items(exchange.get("objIds")) if inside(one, "key") == "messages"]
        ids = [identifier for identifier in map(name, listed) if identifier]
        if len(exchanges) == 1 and not ids:
            ids = sorted(messages, key=lambda key: name(inside(messages, key, "date")) or "")
        for identifier in ids:
            if identifier in messages:
                yield _message(identifier, mapping(messages[identifier]), exchange)
    for identifier in actions:
        yield NetworkEvent(EventKind.IGNORED, external_id=name(identifier), reason="An act of a moderator, no message.")


def _message(identifier: str, message: Mapping[str, Any], exchange: Mapping[str, Any]) -> NetworkEvent:
    author, subject = mapping(message.get("author")), name(exchange.get("subject"))
    by_moderators = flag(author.get("isMod")) or name(message.get("participatingAs")) == "moderator"
    is_internal = flag(message.get("isInternal"))
    exchange_id, other = name(exchange.get("id")), mapping(exchange.get("participant"))
    shown = text(message.get("bodyMarkdown"))
    return NetworkEvent(
        event=EventKind.IGNORED if is_internal else EventKind.MESSAGE,
        direction="outgoing" if by_moderators else "incoming",
        visibility="private",
        external_id=name(message.get("id")) or name(identifier),
        thread_id=exchange_id,
        author=_person(author),
        text=shown if shown is not None else html_to_text(text(message.get("body")) or ""),
        subject=subject,
        sent_at=instant(message.get("date")),
        reason="An internal note of the moderators, which nobody else may read." if is_internal else None,
        counterpart=_person(other) if by_moderators and not is_internal and other else None,
        custom={"modmail": exchange_id} if exchange_id else {},
    )


def _person(found: Mapping[str, Any]) -> Author:
    """Here ids are numbers; elsewhere the same number is written in letters, after “t2_”."""
    number = found.get("id")
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63
    return Author(id=f"t2_{_base36(int(number or 0))}" if is_number else name(number), handle=name(found.get("name")))


def _base36(value: int) -> str:
    letters = ""
    while value:
        value, rest = divmod(value, 36)
        letters = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + letters
    return letters
