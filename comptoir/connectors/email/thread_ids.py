"""Which exchange a mail belongs to: the ids it names, and the conversation token of ours that it brings back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.connectors.email import headers as h

MAX_RELATED = 50

_OURS = r"c-[a-z0-9]{8,40}"
_IN_ADDRESS = re.compile(rf"\+({_OURS})@", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<({_OURS})\.[^<>@\s]*@", re.IGNORECASE)
_IN_TEXT = re.compile(rf"\[#({_OURS})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ThreadIds:
    """``own`` is the mail's Message-ID; ``related`` are the others, nearest first."""

    own: str | None
    parent: str | None
    thread: str | None
    related: tuple[str, ...]


def thread_ids(headers: h.Headers) -> ThreadIds:
    own = next(iter(h.message_ids(h.raw_header(headers, "message-id"))), None)
    answered = h.message_ids(h.raw_header(headers, "in-reply-to"))
    references = h.message_ids(h.raw_header(headers, "references"))
    related = [one for one in dict.fromkeys([*answered, *reversed(references)]) if one != own]
    parent = answered[0] if answered else (references[-1] if references else None)
    thread = references[0] if references else (answered[0] if answered else own)
    return ThreadIds(own, parent, thread, tuple(related[:MAX_RELATED]))


def thread_token(headers: h.Headers, related: tuple[str, ...], subject: str, body: str) -> str | None:
    """The token, most trustworthy place first: the address written to, the ids answered, the text."""
    for name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to"):
        if name in headers:
            found = _IN_ADDRESS.search(h.raw_header(headers, name))
            if found:
                return found.group(1).lower()
    for one in related:
        found = _IN_MESSAGE_ID.match(one)
        if found:
            return found.group(1).lower()
    for text in (subject, body):
        if "[#" in text:
            found = _IN_TEXT.search(text)
            if found:
                return found.group(1).lower()
    return None


def token_of_message_id(message_id: str) -> str | None:
    """The conversation token inside a Message-ID that we made."""
    found = _IN_MESSAGE_ID.match(message_id)
    return found.group(1).lower() if found else None
