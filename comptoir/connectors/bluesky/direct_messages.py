"""Direct messages: sent and looked for by the chat service behind our server. Written from the published lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import regex

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.bluesky.facets import find_facets
from comptoir.connectors.bluesky.posting import resolve_handle
from comptoir.connectors.bluesky.session import Session
from comptoir.connectors.bluesky.untrusted import instant, items, mapping, name

MAX_GRAPHEMES = 1000
MAX_BYTES = 10_000
_PAGES_TO_SEARCH = 5
#: The service's clock and ours may differ by this much.
_CLOCK_DIFFERENCE = timedelta(seconds=10)


def send_direct_message(session: Session, outgoing: Outgoing) -> Sent:
    """Send, unless an earlier attempt already did: the service knows no key that would make a second call harmless."""
    check_direct_message(outgoing)
    convo_id = _convo_id(session, outgoing)
    if found := _find(session, outgoing, convo_id):
        return found
    message: dict[str, Any] = {"text": outgoing.text}
    if facets := find_facets(outgoing.text, lambda handle: resolve_handle(session, handle)):
        message["facets"] = facets
    body = {"convoId": convo_id, "message": message}
    answer = session.post("chat.bsky.convo.sendMessage", body, chat=True, repeatable=False)
    if name(answer.content.get("id")) is None:
        raise UncertainError("Bluesky answered without saying under which id it keeps the direct message.")
    return _sent(answer.content, convo_id)


def find_direct_message(session: Session, outgoing: Outgoing) -> Sent | None:
    """The message of an interrupted attempt: ours, the same words, not older than the reply."""
    return _find(session, outgoing, _convo_id(session, outgoing))


def check_direct_message(outgoing: Outgoing) -> None:
    length = len(regex.findall(r"\X", outgoing.text))
    if not outgoing.text.strip():
        raise PermanentError("There is no text to send.")
    if length > MAX_GRAPHEMES or len(outgoing.text.encode("utf-8", "replace")) > MAX_BYTES:
        raise PermanentError(
            "The text has %(count)s characters, a direct message may have %(most)s: shorten it.",
            count=length,
            most=MAX_GRAPHEMES,
        )
    if outgoing.files:
        raise PermanentError("Bluesky's direct messages carry no files: send the text alone.")


def _convo_id(session: Session, outgoing: Outgoing) -> str:
    known = name(outgoing.parent_custom.get("convo")) or outgoing.thread_id
    if known and not known.startswith("at://"):
        return known
    if not outgoing.recipient.id:
        raise PermanentError("Nobody is named to whom the direct message should go.")
    found = session.get("chat.bsky.convo.getConvoForMembers", {"members": [outgoing.recipient.id]}, chat=True)
    convo_id = name(mapping(found.content.get("convo")).get("id"))
    if convo_id is None:
        raise PermanentError("Bluesky opened no private exchange with this person.")
    return convo_id


def _find(session: Session, outgoing: Outgoing, convo_id: str) -> Sent | None:
    since = outgoing.queued_at - _CLOCK_DIFFERENCE
    for message in _messages_since(session, convo_id, since):
        if mapping(message.get("sender")).get("did") == session.did and message.get("text") == outgoing.text:
            return _sent(message, convo_id)
    return None


def _messages_since(session: Session, convo_id: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    """Newest first, back to the instant. Raises UncertainError where too much was said since to reach it."""
    asked: dict[str, str | int] = {"convoId": convo_id, "limit": 100}
    for _ in range(_PAGES_TO_SEARCH):
        page = session.get("chat.bsky.convo.getMessages", asked, chat=True).content
        for message in map(mapping, items(page.get("messages"))):
            sent_at = instant(message.get("sentAt"))
            if sent_at is not None and sent_at < since:
                return
            yield message
        following = name(page.get("cursor"))
        if following is None or not items(page.get("messages")):
            return
        asked["cursor"] = following
    raise UncertainError("Too much was written in this private exchange to tell whether the message is in it.")


def _sent(message: Mapping[str, Any], convo_id: str) -> Sent:
    return Sent(
        name(message.get("id")) or "", instant(message.get("sentAt")), thread_id=convo_id, custom={"convo": convo_id}
    )
