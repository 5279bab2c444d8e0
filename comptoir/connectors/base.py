"""What every connector is: plain Python, no Django, no database, no clock, no sleep, no retry loop.

A connector turns what a network says into `NetworkEvent`s and what we say into calls on that network. It is built with
the account's credentials and an HTTP client, and what it can do beyond reading payloads is declared by the small
abstract classes below, which callers find with ``isinstance``.
"""

from __future__ import annotations

import abc
import enum
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import httpx

from comptoir.connectors.errors import (
    AuthError,
    ConnectorError,
    PayloadError,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.events import (
    SPOKEN,
    Attachment,
    Author,
    Delivery,
    Direction,
    EventKind,
    NetworkEvent,
    Rating,
    Visibility,
)

__all__ = [
    "SPOKEN",
    "Answer",
    "Attachment",
    "AuthError",
    "Author",
    "Connector",
    "ConnectorError",
    "CredentialField",
    "Delivery",
    "Direction",
    "EventKind",
    "FindsSent",
    "Health",
    "HidesOthers",
    "Limits",
    "Moderates",
    "NetworkEvent",
    "Outgoing",
    "OutgoingFile",
    "Page",
    "PayloadError",
    "PermanentError",
    "Polls",
    "Rating",
    "ReceivesWebhooks",
    "SendsMessages",
    "Sent",
    "SignalsTyping",
    "SignatureError",
    "Streams",
    "TextUnit",
    "TransientError",
    "UncertainError",
    "Visibility",
]


# --- what we say --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send. ``content`` is read whole: the size limits of channels keep it small."""

    name: str
    mime_type: str
    content: bytes = field(repr=False)
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One reply, with all the network needs to send it; identical at every attempt.

    ``key`` never changes for one reply: use it, or ``external_id`` if the connector reserved one, as the network's
    idempotency key. ``parent`` is the message answered: its external id and what its event kept in ``custom``.
    ``queued_at`` is the instant the reply was queued, for networks that want a creation time.
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
    parent_custom: Mapping[str, Any] = field(default_factory=dict)
    related_ids: tuple[str, ...] = ()
    subject: str = ""
    language: str = ""
    sender_name: str = ""
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The network has it. ``sent_at`` is the network's time where it tells one."""

    external_id: str
    sent_at: datetime | None = None
    thread_id: str | None = None
    url: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


# --- what an account is -------------------------------------------------------------------------------------------


class TextUnit(enum.StrEnum):
    """How a network counts the length of a text."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the network allows. None means no limit that we know of."""

    max_text_chars: int | None = None
    text_unit: TextUnit = TextUnit.CODE_POINTS
    max_files: int = 0
    max_file_bytes: int = 10 * 1024 * 1024
    file_types: tuple[str, ...] = ()  # MIME types or "image/*"; empty with max_files > 0: any
    sends_per_minute: int = 60
    reply_window: timedelta | None = None
    takes_alt_text: bool = False  # what a picture shows is said to those who do not see it


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to fill in to connect an account. ``label`` and ``help`` are (French, English)."""

    name: str
    label: tuple[str, str]
    help: tuple[str, str] = ("", "")
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` found: who we are on the network and how long that lasts."""

    own_id: str
    handle: str = ""
    name: str = ""
    token_expires_at: datetime | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Deliveries to store together with the cursor that comes after them."""

    deliveries: Sequence[Delivery]
    cursor: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook endpoint says back: to a verification challenge, or after a delivery is stored."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class Connector(abc.ABC):
    """One account on one network. ``kind`` is stored and never renamed; ``label`` is what people read.

    ``own_id`` is our own id on the network, None where it is not known yet: `parse` needs it to tell what is ours.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    limits: ClassVar[Limits] = Limits()
    credential_fields: ClassVar[tuple[CredentialField, ...]] = ()
    #: Said on the setting-up screen, (French, English); empty when all of it was verified against the service.
    unverified: ClassVar[tuple[str, str]] = ("", "")
    #: What a company adds to its own site, with {base} (our address) and {key} (the account's) to be filled in.
    embedding: ClassVar[str] = ""

    #: What to do on the network's side before the credentials can be filled in, step by step, (French, English) each.
    preparations: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        self.credentials = credentials
        self.http = http
        self.own_id = own_id

    @abc.abstractmethod
    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        """Read one delivery: pure, each event once, in the payload's order.

        What we have no use for comes as an IGNORED event with its reason. Raises PayloadError when nothing can be read.
        """

    @abc.abstractmethod
    def check(self) -> Health:
        """Ask the network who we are. Raises AuthError, TransientError or PermanentError."""

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """Credentials that changed while talking to the network (a rotated token), to be stored; None if none did."""
        return None


class ReceivesWebhooks(abc.ABC):
    """The network pushes to us."""

    @abc.abstractmethod
    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless the delivery is the network's. Header names are lower case."""

    def challenge(self, query: Mapping[str, str]) -> Answer | None:
        """Answer the network's verification request (a GET); None where it has none. Raises SignatureError."""
        return None


class Polls(abc.ABC):
    """We ask the network. ``poll_every`` is the pause between two rounds."""

    poll_every: ClassVar[timedelta] = timedelta(seconds=30)

    @abc.abstractmethod
    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Yield what is new since ``cursor`` ({} at the first time), each page with the cursor to keep once it is
        stored.
        """


class Streams(abc.ABC):
    """The network keeps a connection open. Where a connector also Polls, polling fills the gaps."""

    @abc.abstractmethod
    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """Yield pages until ``stop`` is set or the connection ends; must notice ``stop`` within a second or two."""


class SendsMessages(abc.ABC):
    """We can answer.

    ``resends_safely``: sending the same `Outgoing` twice makes one message on the network, so an interrupted attempt
    is simply made again. Otherwise, an interrupted attempt is looked for first where the connector is FindsSent, and is
    put to a person where it is not.
    """

    resends_safely: ClassVar[bool] = False

    def reserve_external_id(self, outgoing: Outgoing) -> str | None:
        """The id the message will have on the network, where we may choose it; asked once, when the reply is queued."""
        return None

    @abc.abstractmethod
    def send(self, outgoing: Outgoing) -> Sent:
        """Send. Raises TransientError (not accepted, may be tried again), PermanentError, AuthError or
        UncertainError.
        """


class FindsSent(abc.ABC):
    """We can look up whether an earlier, interrupted attempt arrived."""

    @abc.abstractmethod
    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        """The message an interrupted attempt left on the network, or None when it certainly left none.

        Raises UncertainError when that cannot be known.
        """


class Moderates(abc.ABC):
    """We can take our own messages back, and act on others' where the network lets us."""

    @abc.abstractmethod
    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Delete one message. A message that is already gone is a success."""


class HidesOthers(abc.ABC):
    """We can hide from the public what others say under a post of ours, and show it again; they keep their words."""

    @abc.abstractmethod
    def may_hide(self, thread_id: str) -> bool:
        """Whether the network lets us hide in this thread: pure, told from the thread's id alone."""

    @abc.abstractmethod
    def hide(self, external_id: str, *, thread_id: str) -> None:
        """Hide one message. One that is hidden already is a success."""

    @abc.abstractmethod
    def show(self, external_id: str, *, thread_id: str) -> None:
        """Show a hidden message again. One that is not hidden is a success."""


class SignalsTyping(abc.ABC):
    """The other side can see that we type and that we have read."""

    @abc.abstractmethod
    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Tell the other side; losing one is harmless."""
