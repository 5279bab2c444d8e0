"""What we say: one reply with all that a network needs to send it, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comptoir.connectors.base.events import Author, Visibility


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send. ``content`` is read whole: the size limits of channels keep it small.

    ``public_url`` is where a network that ``Limits.fetches_files`` finds it, for some weeks and without signing in, and
    ``stand_in_url`` a still picture (PNG, 240 × 240) for those that want one in place of a film or a large picture.
    Both are https, or empty where nobody outside could reach us.
    """

    name: str
    mime_type: str
    content: bytes = field(repr=False)
    alt_text: str = ""
    public_url: str = field(default="", repr=False)
    stand_in_url: str = ""


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A text that the network approved beforehand, chosen by its name, with what fills its blanks, in their order."""

    name: str
    language: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One reply, with all the network needs to send it; identical at every attempt.

    ``key`` never changes for one reply: use it, or ``external_id`` if the connector reserved one, as the network's
    idempotency key. ``parent`` is the message answered: its external id, whether it was public, and what its event kept
    in ``custom``. A private reply to a public parent is the network's own way from a comment to a private exchange.
    ``queued_at`` is the instant the reply was queued, for networks that want a creation time; ``customer_wrote_at`` the
    customer's last word before it, for networks that allow more or less the longer it is ago. ``choices`` are answers
    that the customer may press instead of writing, within the `Limits`; what they press comes in as their message.
    """

    key: str
    queued_at: datetime
    text: str
    visibility: Visibility
    recipient: Author
    external_id: str | None = None
    thread_id: str | None = None
    thread_token: str | None = None
    parent_id: str | None = None
    parent_visibility: Visibility | None = None
    parent_custom: Mapping[str, Any] = field(default_factory=dict)
    related_ids: tuple[str, ...] = ()
    customer_wrote_at: datetime | None = None
    subject: str = ""
    language: str = ""
    sender_name: str = ""
    files: tuple[OutgoingFile, ...] = ()
    template: FilledTemplate | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The network has it. ``sent_at`` is the network's time where it tells one.

    ``part_ids`` are the ids of what else went out with it, where the network makes several messages of one reply (a
    text and each of its files): their echoes are ours.
    """

    external_id: str
    sent_at: datetime | None = None
    thread_id: str | None = None
    url: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    part_ids: tuple[str, ...] = ()
