"""What a network says, in the words of this house, whatever network it came from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal


class EventKind(enum.StrEnum):
    """What one event of a network is about."""

    MESSAGE = "message"
    COMMENT = "comment"
    POST = "post"
    REPOST = "repost"
    REVIEW = "review"
    REACTION = "reaction"
    EDIT = "edit"
    DELETE = "delete"
    READ = "read"
    DELIVERY = "delivery"
    SENT = "sent"
    FAILED = "failed"
    POSTBACK = "postback"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    CALL = "call"
    IGNORED = "ignored"
    ERROR = "error"


#: Kinds that carry something a person said, and so become a message in a conversation.
SPOKEN = frozenset(
    {EventKind.MESSAGE, EventKind.COMMENT, EventKind.POST, EventKind.REVIEW, EventKind.POSTBACK, EventKind.CALL}
)

Direction = Literal["incoming", "outgoing"]
Visibility = Literal["public", "private"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who said it, as the network knows them. ``aliases`` are other ids by which it knows the same person."""

    id: str | None = None
    handle: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the text: at ``url`` (to be fetched), or with its ``content`` already here.

    ``kind`` is image, video, audio, file, location, contact, sticker, link or calendar. ``content_id`` names an inline
    part of an e-mail.
    """

    kind: str
    url: str | None = None
    name: str | None = None
    mime_type: str | None = None
    size_bytes: int | None = None
    alt_text: str | None = None
    content_id: str | None = None
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    value: float
    best: float


@dataclass(frozen=True, slots=True)
class Holder:
    """Which application of the account goes on with an exchange that several share: we, or ``application``, as people
    call it ("" where that is not told).

    ``is_implied``: nobody said so, but a customer's message came to us as to the one who holds it. ``asked_by`` is the
    application that asks us for it, as people call it; "" where none does.
    """

    is_ours: bool
    application: str = ""
    is_implied: bool = False
    asked_by: str = ""


CallState = Literal["ringing", "answered", "missed", "ended", "voicemail"]


@dataclass(frozen=True, slots=True)
class Call:
    """How a telephone call stands. Later events with the same external id tell how it goes on."""

    state: CallState
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NetworkEvent:
    """One event in the words of this house, whatever network it came from.

    ``direction`` is incoming for what others did and outgoing for what was done by, or is about, our own; None where it
    cannot be known. ``target_id`` is what an edit, deletion, reaction or receipt is about. ``related_ids`` are further
    messages of the same exchange, nearest first (an e-mail's References). ``thread_token`` is a conversation token of
    our own that came back; ``answered_subject`` is the subject that a message says it answers, for where nothing else
    that it names is known.
    ``signature`` and ``quoted`` are what was folded away from ``text``; ``html`` is the original.
    ``id_scope`` narrows the ids of messages where they are unique only within, say, one chat; the counter keeps such a
    message as ``<id_scope>/<id>``, which is also what `send` returns and what an `Outgoing` names.
    ``counterpart`` is the other person where the author is ourselves (the recipient of an echo). ``automatic`` marks
    what no person wrote (an out-of-office reply, a bounce, a newsletter). ``edited_at`` is when an edit was made, where
    its payload tells that beside ``sent_at``, when the edited message was first said. ``scope`` narrows an author's id
    where it is unique only within, say, one page. ``thread_author_id`` is who began the thread, where that is told.
    ``is_unreadable``: somebody said something that the network does not hand on (a kind of message its interface
    lacks); it is shown as such. ``custom`` holds what only this network knows and the connector wants back when it
    answers: JSON, small.
    ``own_only``: the network passes an edit or a deletion on without looking whether whoever sent it may. It counts for
    what they said themselves, and for nothing else. ``is_held``: the public does not see it, it waits there for the
    approval of whoever moderates; False where the network says that it is seen, which lifts it; None where it says
    neither. ``is_members_only``: what is public here is read by the members of a place alone, who were let into it.
    """

    event: EventKind
    direction: Direction | None = None
    visibility: Visibility | None = None
    external_id: str | None = None
    target_id: str | None = None
    parent_id: str | None = None
    thread_id: str | None = None
    author: Author = Author()
    text: str | None = None
    subject: str | None = None
    attachments: tuple[Attachment, ...] = ()
    rating: Rating | None = None
    sent_at: datetime | None = None
    language: str | None = None
    reason: str | None = None
    related_ids: tuple[str, ...] = ()
    thread_token: str | None = None
    answered_subject: str | None = None
    counterpart: Author | None = None
    reaction: str | None = None
    reaction_removed: bool = False
    html: str | None = None
    quoted: str | None = None
    signature: str | None = None
    automatic: bool = False
    scope: str = ""
    url: str | None = None
    call: Call | None = None
    edited_at: datetime | None = None
    id_scope: str = ""
    thread_author_id: str | None = None
    is_unreadable: bool = False
    own_only: bool = False
    is_held: bool | None = None
    is_members_only: bool = False
    holder: Holder | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One raw delivery as it came: a webhook's body, a page of an API, a frame of a stream, an e-mail.

    ``key`` is the network's own name for this delivery where it has one; the same key is stored once.
    """

    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
