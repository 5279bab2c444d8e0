"""What every connector is: plain Python, no Django, no database, no clock, no sleep, no retry loop.

A connector turns what a network says into `NetworkEvent`s and what we say into calls on that network. It is built with
the account's credentials and an HTTP client, and what it can do beyond reading payloads is declared by the small
abstract classes of `abilities`, which callers find with ``isinstance``.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import ClassVar

import httpx

from comptoir.connectors.base.abilities import (
    DeletesOthers,
    EditsMessages,
    FindsSent,
    HeedsRefusals,
    HidesOthers,
    Likes,
    LocatesMedia,
    Measures,
    MediaSource,
    Moderates,
    Page,
    PlacesCalls,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    RegistersApplications,
    RenewsCredentials,
    Reports,
    SendsMessages,
    SendsTemplates,
    SharesThreads,
    SignalsTyping,
    SignsIn,
    Streams,
    SubscribesWebhooks,
)
from comptoir.connectors.base.accounts import (
    FIGURES,
    YES_OR_NO,
    ApiVersion,
    CredentialField,
    Family,
    Figure,
    Health,
    MessageTemplate,
    OAuth,
    OfferedAccount,
    Scope,
)
from comptoir.connectors.base.completing import CompletesEvents, Lack, NamesPlaces
from comptoir.connectors.base.errors import (
    AuthError,
    Backoff,
    ConnectorError,
    PayloadError,
    PermanentError,
    SignatureError,
    StreamError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.base.events import (
    SPOKEN,
    Attachment,
    Author,
    Call,
    Delivery,
    Direction,
    EventKind,
    Holder,
    NetworkEvent,
    Rating,
    Visibility,
)
from comptoir.connectors.base.limits import Limits, TextUnit, text_length
from comptoir.connectors.base.media import ANYWHERE, is_kept_at
from comptoir.connectors.base.outgoing import FilledTemplate, Outgoing, OutgoingFile, Sent
from comptoir.connectors.base.standing import MEMBERS_ONLY, THREAD_AUTHOR, Standing
from comptoir.connectors.base.webhooks import Addressee, Answer, HookRequest
from comptoir.core.reasons import Reason

__all__ = [
    "ANYWHERE",
    "FIGURES",
    "MEMBERS_ONLY",
    "SPOKEN",
    "THREAD_AUTHOR",
    "YES_OR_NO",
    "Addressee",
    "Answer",
    "ApiVersion",
    "Attachment",
    "AuthError",
    "Author",
    "Backoff",
    "Call",
    "CompletesEvents",
    "Connector",
    "ConnectorError",
    "CredentialField",
    "DeletesOthers",
    "Delivery",
    "Direction",
    "EditsMessages",
    "EventKind",
    "Family",
    "Figure",
    "FilledTemplate",
    "FindsSent",
    "Health",
    "HeedsRefusals",
    "HidesOthers",
    "Holder",
    "HookRequest",
    "Lack",
    "Likes",
    "Limits",
    "LocatesMedia",
    "Measures",
    "MediaSource",
    "MessageTemplate",
    "Moderates",
    "NamesPlaces",
    "NetworkEvent",
    "OAuth",
    "OfferedAccount",
    "Outgoing",
    "OutgoingFile",
    "Page",
    "PayloadError",
    "PermanentError",
    "PlacesCalls",
    "Polls",
    "Rating",
    "ReadsHistory",
    "ReceivesWebhooks",
    "RegistersApplications",
    "RenewsCredentials",
    "Reports",
    "Scope",
    "SendsMessages",
    "SendsTemplates",
    "Sent",
    "SharesThreads",
    "SignalsTyping",
    "SignatureError",
    "SignsIn",
    "Standing",
    "StreamError",
    "Streams",
    "SubscribesWebhooks",
    "TextUnit",
    "TransientError",
    "UncertainError",
    "Visibility",
    "is_kept_at",
    "text_length",
]


class Connector(abc.ABC):
    """One account on one network. ``kind`` is stored and never renamed; ``label`` is what people read.

    ``own_id`` is our own id on the network, None where it is not known yet: `parse` needs it to tell what is ours.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    #: Two letters that stand for it in the lists, where its label begins like another's.
    mark: ClassVar[str] = ""
    family: ClassVar[Family] = Family.SOCIAL
    #: Whether a clock can be set by its answers: not by those of anybody's web server, which may be kept by others too.
    tells_time: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits()
    credential_fields: ClassVar[tuple[CredentialField, ...]] = ()
    #: Said on the setting-up screen, (French, English); empty when all of it was verified against the service.
    unverified: ClassVar[tuple[str, str]] = ("", "")
    #: What the network offers and we do not do, or does not let anybody do, said on the same screen, (French, English).
    absences: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: Whether the network would let a program publish posts of ours: not done yet, and said with the ``absences``.
    offers_publishing: ClassVar[bool] = False
    #: What it was tried against, for the table of docs/connectors.md.
    verified_against: ClassVar[str] = ""
    api_version: ClassVar[ApiVersion | None] = None
    #: The hosts, and all below them, that its files are fetched from; every connector says which. Empty: none.
    media_hosts: ClassVar[tuple[str, ...]] = ()
    #: Whether what is public there may be read by the members of a place alone: an event then says so of itself.
    has_closed_places: ClassVar[bool] = False
    #: What a company adds to its own site, with {base} (our address) and {key} (the account's) to be filled in.
    embedding: ClassVar[str] = ""

    #: What to do on the network's side before the credentials can be filled in, step by step, (French, English) each.
    preparations: ClassVar[tuple[tuple[str, str], ...]] = ()

    @classmethod
    def called(cls, external_id: str) -> Reason | None:
        """What somebody is called who has no name yet, where their id says nothing to people; None: their id."""
        return None

    @classmethod
    def others_read(cls, thread_id: str) -> bool:
        """Whether a private exchange is held where others read along, as in a group or a channel: then it is said."""
        return False

    @classmethod
    def vouched(cls, scope: str) -> Reason | None:
        """Who makes sure that an identity of this scope is who they say, where their own word is not all there is."""
        return None

    @classmethod
    def own_id_in(cls, credentials: Mapping[str, str]) -> str:
        """Our own id, where the credentials name it as the network would; empty where only the network knows it."""
        return ""

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

    def people_scope(self) -> str | None:
        """Within what the ids of people are unique, told from the credentials: "" in all of the network, a server's
        address where each server counts for itself, None in this account alone. An event's own ``scope`` goes first.
        """
        return ""

    def limits_here(self) -> Limits:
        """What this account's own server allows, where servers of one network differ: told from the credentials."""
        return self.limits

    def media_hosts_here(self) -> Sequence[str]:
        """Where this account's files may be: with its own server, where the credentials name one."""
        return self.media_hosts

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """Credentials that changed while talking to the network (a rotated token), to be stored; None if none did."""
        return None
