"""What we write on Zulip: where it goes, and what it looks like there.

Zulip reads Markdown and knows no backslash before its signs (github.com/zulip/zulip/issues/18202): a text is sent as it
was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError
from comptoir.connectors.shared.untrusted import items, name, text
from comptoir.connectors.zulip.calling import Narrow, Server
from comptoir.connectors.zulip.reading import channel_thread, private_thread

MOST_CHARS = 10_000
_LINK = re.compile(r"\]\(/user_uploads/[^()\s]{0,1100}\)")


@dataclass(frozen=True, slots=True)
class Place:
    """A topic of a channel, or the people of a private exchange (ourselves left out)."""

    channel: str | None = None
    topic: str = ""
    people: tuple[str, ...] = ()

    @property
    def form(self) -> dict[str, str]:
        """As a message is addressed."""
        if self.channel is not None:
            return {"type": "stream", "to": self.channel, "topic": self.topic}
        return {"type": "direct", "to": json.dumps([int(one) for one in self.people])}

    @property
    def narrow(self) -> Narrow:
        """As it is searched."""
        if self.channel is not None:
            return [("stream", int(self.channel)), ("topic", self.topic)]
        return [("dm", [int(one) for one in self.people])]

    def thread(self, own_id: str | None) -> str | None:
        """As `parse` names it."""
        if self.channel is not None:
            return channel_thread(self.channel, self.topic)
        return private_thread([*self.people, own_id]) if own_id else None


def place_of(outgoing: Outgoing, server: Server, own_id: str | None) -> Place:
    """Where a reply goes. A topic is asked for, as it may have been renamed, moved or resolved since."""
    if outgoing.visibility == "private":
        return Place(people=_people(outgoing, own_id))
    parent = outgoing.parent_id or ""
    message = (server.message(parent) if parent.isdecimal() else None) or {}
    channel, topic = name(message.get("stream_id")), text(message.get("subject"))
    if channel is None:
        channel, topic = _channel_as_known(outgoing)
    if channel is None or not channel.isdecimal():
        raise PermanentError("It is not known in which Zulip channel to answer.")
    return Place(channel, topic or "")


def _channel_as_known(outgoing: Outgoing) -> tuple[str | None, str | None]:
    kept: Mapping[str, Any] = outgoing.parent_custom
    if name(kept.get("channel")):
        return name(kept.get("channel")), text(kept.get("topic"))
    channel, _slash, topic = (outgoing.thread_id or "").partition("/")
    return channel or None, topic


def _people(outgoing: Outgoing, own_id: str | None) -> tuple[str, ...]:
    """All of a private exchange; the author alone where a public message is answered privately."""
    everyone = [one for one in map(name, items(outgoing.parent_custom.get("to"))) if one]
    if not everyone and (outgoing.thread_id or "").startswith("dm/"):
        everyone = (outgoing.thread_id or "").removeprefix("dm/").split(",")
    everyone = everyone or [outgoing.recipient.id or ""]
    others = tuple(one for one in everyone if one != own_id and one.isdecimal())
    if not others:
        raise PermanentError("It is not known to whom to write on Zulip.")
    return others


def written(said: str, links: Sequence[str]) -> str:
    """A message: its text and the links to its files. Zulip would cut what is too long without a word."""
    content = "\n".join(part for part in (said.strip() + ("\n" if links and said.strip() else ""), *links) if part)
    if len(content) > MOST_CHARS:
        raise PermanentError(
            "With its files the reply is longer than the %(most)s characters of a Zulip message.", most=MOST_CHARS
        )
    return content


def link_to(file_name: str, uri: str) -> str:
    """A file in a message; its name must not end the link."""
    called = re.sub(r"[\[\]\r\n`*]", "_", file_name) or "file"
    return f"[{called}]({uri})"


def alike(said: str) -> str:
    """A text by which the same reply is known again: at every attempt its files have other addresses."""
    return _LINK.sub("]()", said.replace("\r\n", "\n")).strip()
