"""What was said in private before we were connected, and whether a message of ours that was cut off arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, Page, Sent, UncertainError
from comptoir.connectors.shared.graph.api import Graph, as_delivery, listed
from comptoir.connectors.shared.graph.messaging.sending import Platform
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, text

_MESSAGE = "id,created_time,from,to,message,attachments,shares,sticker,story,is_unsupported"
_AT_ONCE = 25
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Conversations:
    """The private exchanges of one account."""

    graph: Graph
    platform: Platform

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Conversations, the latest first, each with its messages back to ``since``."""
        if cursor.get("done"):
            return
        address = name(cursor.get("next"))
        page = self.graph.get(address) if address else self._first()
        while True:
            for conversation in listed(page):
                yield from self._rest(conversation, since, {"next": address} if address else {})
            address = self.graph.next_address(page)
            kept = [one for one in listed(page) if _is_since(one.get("updated_time"), since)]
            is_over = address is None or len(kept) < len(listed(page))
            yield Page([as_delivery({"data": kept})] if kept else [], {"done": True} if is_over else {"next": address})
            if is_over or address is None:
                return
            page = self.graph.get(address)

    def _first(self) -> Mapping[str, Any]:
        fields = f"id,updated_time,participants,messages.limit({_AT_ONCE}){{{_MESSAGE}}}"
        return self.graph.get("me/conversations", platform=self.platform, fields=fields, limit=_AT_ONCE)

    def _rest(self, conversation: Mapping[str, Any], since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """The older messages of a long conversation, which stand on pages of their own."""
        messages: Any = conversation.get("messages")
        while (address := self.graph.next_address(messages)) and _reaches(messages, since):
            messages = self.graph.get(address)
            whole = {"id": conversation.get("id"), "participants": conversation.get("participants")}
            yield Page([as_delivery({"data": [{**whole, "messages": messages}]})], cursor)

    def find_sent(self, outgoing: Outgoing, person: str, own_id: str | None) -> Sent | None:
        """The messages that an interrupted attempt left in the exchange with a person; None where it left none.

        Raises UncertainError where only a part of them is there.
        """
        fields = f"id,messages.limit({_AT_ONCE}){{{_MESSAGE}}}"
        page = self.graph.get("me/conversations", platform=self.platform, user_id=person, fields=fields)
        ours = [
            message
            for conversation in listed(page)
            for message in mappings(inside(conversation, "messages", "data"))
            if _is_later(message, outgoing) and _is_ours(message, person, own_id)
        ]
        words = [one for one in ours if outgoing.text and _says(one, outgoing.text)]
        files = [one for one in ours if inside(one, "attachments", "data") and not text(one.get("message"))]
        found = [*words[-1:], *files[: len(outgoing.files)]]
        wanted = bool(outgoing.text) + len(outgoing.files)
        if not found:
            return None
        if len(found) < wanted:
            raise UncertainError(
                "%(network)s shows a part of this reply, not all of it: look before you send it again.",
                network=self.graph.label,
            )
        ids = [str(name(one.get("id"))) for one in found]
        return Sent(ids[0], instant(found[0].get("created_time")), thread_id=person, part_ids=tuple(ids[1:]))


def _is_since(written: object, since: datetime) -> bool:
    at = instant(written)
    return at is None or at >= since


def _reaches(messages: object, since: datetime) -> bool:
    return all(_is_since(one.get("created_time"), since) for one in listed(messages))


def _is_later(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    at = instant(message.get("created_time"))
    return at is not None and at >= outgoing.queued_at - _CLOCKS_DIFFER and name(message.get("id")) is not None


def _is_ours(message: Mapping[str, Any], person: str, own_id: str | None) -> bool:
    author = name(inside(message, "from", "id"))
    return author == own_id if own_id else author != person


def _says(message: Mapping[str, Any], words: str) -> bool:
    return (text(message.get("message")) or "").split() == words.split()
