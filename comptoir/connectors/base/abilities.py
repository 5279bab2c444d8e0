"""What a connector can do beyond reading payloads: small abstract classes, found with ``isinstance``."""

from __future__ import annotations

import abc
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from comptoir.connectors.base.accounts import Figure, MessageTemplate, OAuth, OfferedAccount
from comptoir.connectors.base.events import Author, Delivery
from comptoir.connectors.base.outgoing import Outgoing, Sent
from comptoir.connectors.base.standing import Standing
from comptoir.connectors.base.webhooks import Addressee, Answer, HookRequest
from comptoir.core.reasons import Reason, template

# --- listening ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """Deliveries to store together with the cursor that comes after them."""

    deliveries: Sequence[Delivery]
    cursor: Mapping[str, Any]


class ReceivesWebhooks(abc.ABC):
    """The network pushes to us. ``acknowledgement`` is what it is answered once its delivery is stored.

    ``delivers_by_get``: deliveries also come as the query of a GET, which is then stored as a form. ``query_secrets``
    are the fields of such a query that only prove who sends it: they are checked and not kept.
    """

    acknowledgement: Answer = Answer()
    delivers_by_get: ClassVar[bool] = False
    query_secrets: ClassVar[frozenset[str]] = frozenset({"token"})

    @abc.abstractmethod
    def verify(self, request: HookRequest) -> None:
        """Raise SignatureError unless the delivery is the network's."""

    def challenge(self, request: HookRequest) -> Answer | None:
        """Answer the network's question whether we are there; None for anything else.

        Asked for every GET, before `verify`, and for every POST after it: what is answered here is not stored. Raises
        SignatureError. A GET that is answered nothing is a delivery where the network ``delivers_by_get``.
        """
        return None

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        """The accounts that a delivery is about, where one address serves several: pure, asked after `verify`.

        It is stored for each of them whose own secret verifies it too. Empty: the account of the address alone.
        """
        return ()


class SubscribesWebhooks(abc.ABC):
    """We can tell the network where to deliver, and see whether it still knows."""

    def subscribes_here(self) -> bool:
        """Whether this account's can be told; the address is else entered on its own pages, and nobody can be asked."""
        return True

    @abc.abstractmethod
    def subscribe(self, url: str) -> None:
        """Have deliveries sent to ``url``. Doing it twice is a success."""

    @abc.abstractmethod
    def is_subscribed(self, url: str) -> bool:
        """Whether the network delivers to ``url`` now."""


class Polls(abc.ABC):
    """We ask the network. ``poll_every`` is the pause between two rounds."""

    poll_every: ClassVar[timedelta] = timedelta(seconds=30)

    @abc.abstractmethod
    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Yield what is new since ``cursor`` ({} at first), each page with the cursor to keep once it is stored."""


class Streams(abc.ABC):
    """The network keeps a connection open. Where a connector also Polls, that fills gaps, also while it is refused."""

    def streams_here(self) -> bool:
        """Whether this account has a stream, told from the credentials: a tier, or a server, may have none."""
        return True

    @abc.abstractmethod
    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """Yield pages until ``stop`` is set or the connection ends; must notice ``stop`` within a second or two.

        Raises StreamError where the network says how it wants to be called again, and the errors of `poll`.
        """


class ReadsHistory(abc.ABC):
    """The network still has what was said before we were connected."""

    @abc.abstractmethod
    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Yield what was said back to ``since``, newest first, going on where ``cursor`` ({} at first) left off.

        Its deliveries are read by `parse` like any other; the cursor is this method's own, not that of `poll`.
        """

    def has_more_past(self, cursor: Mapping[str, Any]) -> bool:
        """Whether a place was added to the account (a room) since its history was read to the end, at ``cursor``: then
        `history` goes on from there and reads the past of that place. Told from the credentials.
        """
        return False


# --- answering ----------------------------------------------------------------------------------------------------


class SendsMessages(abc.ABC):
    """We can answer.

    ``resends_safely``: sending the same `Outgoing` twice makes one message on the network, so an interrupted attempt
    is made again; else it is looked for where the connector is FindsSent, and is put to a person where it is not.
    ``writes_privately``: a public message can be answered by a private one; ``writes_privately_once``: and by no
    second one. ``writes_from_any_account``: a private one can be written by any account of ours, as mail can; an
    exchange can then be moved there. ``stays_because``: why not, to the agent.
    """

    resends_safely: ClassVar[bool] = False
    writes_privately: ClassVar[bool] = True
    writes_privately_once: ClassVar[bool] = False
    writes_from_any_account: ClassVar[bool] = False
    stays_because: ClassVar[str] = template("On this channel customers are answered by the account they wrote to.")

    def sends_here(self) -> bool:
        """Whether this account sends at all, or only receives; what is queued all the same fails with its reason."""
        return True

    def reserve_external_id(self, outgoing: Outgoing) -> str | None:
        """The id the message will have on the network, where we may choose it; asked once, when the reply is queued."""
        return None

    @abc.abstractmethod
    def send(self, outgoing: Outgoing) -> Sent:
        """Send. Raises TransientError (not accepted; may be tried again), PermanentError, AuthError, UncertainError."""


class FindsSent(abc.ABC):
    """We can look up whether an earlier, interrupted attempt arrived."""

    @abc.abstractmethod
    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        """The message an interrupted attempt left on the network, or None when it certainly left none.

        Raises UncertainError when that cannot be known.
        """


class EditsMessages(abc.ABC):
    """We can change what we said."""

    @abc.abstractmethod
    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        """Put ``outgoing``'s text in the place of what the message says; ``custom`` is what `send` kept with it."""


class HeedsRefusals(abc.ABC):
    """Customers can say on the network that they do not want to be written to any more: it holds until they say
    otherwise, whatever else they write.
    """

    #: What `NetworkEvent.custom` of a message has where it says so, or otherwise.
    wish: ClassVar[str]

    @classmethod
    @abc.abstractmethod
    def refusal(cls, custom: Mapping[str, Any]) -> Reason | None:
        """Why nobody may write to whoever said that last, kept with ``custom``; None where they may."""


class SendsTemplates(abc.ABC):
    """Outside the reply window only texts that the network approved may be sent: `Outgoing.template` names one."""

    @abc.abstractmethod
    def templates(self) -> Sequence[MessageTemplate]:
        """Every template of the account."""


class SignalsTyping(abc.ABC):
    """The other side can see that we type and that we have read."""

    @abc.abstractmethod
    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Tell the other side; losing one is harmless."""


class SharesThreads(abc.ABC):
    """An exchange may be held by another application of the account: a bot, or the network's own inbox.

    Who holds it comes with events (`NetworkEvent.holder`) and is shown to those who answer.
    """

    def other_application(self) -> str:
        """What people call the application to which `pass_thread` passes; "" where it has no name."""
        return ""

    @abc.abstractmethod
    def pass_thread(self, recipient: Author, *, asked_by: str = "") -> None:
        """Let another application go on with this person: the one that asked for it, by the name that events gave it,
        or that of the credentials.
        """

    @abc.abstractmethod
    def take_thread(self, recipient: Author) -> None:
        """Go on with this person ourselves. One whom we hold already is a success."""


class PlacesCalls(abc.ABC):
    """We can have the network ring an agent and then a customer."""

    @abc.abstractmethod
    def place_call(self, to: str, *, agent: str, key: str) -> str:
        """Ring ``agent`` and connect them with ``to``, both numbers as E.164; the call's external id."""


# --- moderating ---------------------------------------------------------------------------------------------------


class Moderates(abc.ABC):
    """We can take our own messages back."""

    @abc.abstractmethod
    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Delete one message. A message that is already gone is a success."""


class HidesOthers(abc.ABC):
    """We can hide from the public what others say under a post of ours, and show it again; they keep their words."""

    @abc.abstractmethod
    def may_hide(self, message: Standing) -> bool:
        """Whether the network would let us hide this message: pure; where that is not known, False."""

    @abc.abstractmethod
    def hide(self, external_id: str, *, thread_id: str) -> None:
        """Hide one message. One that is hidden already is a success."""

    @abc.abstractmethod
    def show(self, external_id: str, *, thread_id: str) -> None:
        """Show a hidden message again. One that is not hidden is a success."""


class DeletesOthers(abc.ABC):
    """We can remove for good what others say in our own space."""

    @abc.abstractmethod
    def may_remove(self, message: Standing) -> bool:
        """Whether the network would let us remove this message: pure; where that is not known, False."""

    @abc.abstractmethod
    def remove(self, external_id: str, *, thread_id: str) -> None:
        """Remove one message. One that is gone already is a success."""


class Likes(abc.ABC):
    """We can like what others say."""

    @abc.abstractmethod
    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Like one message; ``custom`` is what its event kept. One that we like already is a success."""

    @abc.abstractmethod
    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Take our like back. One that we do not like is a success."""


class Reports(abc.ABC):
    """We can tell a network's moderators of what others write."""

    @abc.abstractmethod
    def report(self, external_id: str, author: Author, *, comment: str) -> None:
        """Report one message and who wrote it; ``comment`` is what the moderators are told."""


# --- the account --------------------------------------------------------------------------------------------------


class SignsIn(abc.ABC):
    """The account is opened by signing in to the network in the browser."""

    oauth: ClassVar[OAuth]

    @abc.abstractmethod
    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        """Trade the code that the network sent back for the accounts it opens.

        Raises AuthError where the code is not taken, PermanentError where it opens no account that can be used.
        """

    def revoke(self) -> None:
        """Give the access back, where the network takes it; an access that is gone is a success."""
        return


class RegistersApplications(abc.ABC):
    """The application that a sign-in needs can be registered at the network by ourselves, where none was filled in."""

    @abc.abstractmethod
    def register(self, *, redirect_url: str, site: str) -> Mapping[str, str]:
        """All of the account's credentials, with those of a new application; ``site`` is our own address.

        Raises PermanentError or TransientError.
        """


class RenewsCredentials(abc.ABC):
    """The credentials end and can be exchanged for fresh ones before they do."""

    @abc.abstractmethod
    def renew_at(self) -> datetime | None:
        """When to renew at the latest, told from the credentials alone; None where they do not end."""

    @abc.abstractmethod
    def renew(self) -> Mapping[str, str]:
        """All of the account's credentials, renewed. Called by one process at a time. Raises AuthError."""


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where a file can be fetched now, and what must be said to get it; the headers go to that host only."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class LocatesMedia(abc.ABC):
    """Files of this network cannot be fetched by their address alone: it has to be asked for, or wants our token."""

    @abc.abstractmethod
    def locate(self, url: str) -> MediaSource:
        """Where the attachment whose event named ``url`` is to be had; may ask the network."""


class Measures(abc.ABC):
    """The network counts: followers, views, what our posts set off."""

    @abc.abstractmethod
    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        """Today's figures of the account, and of those of our posts that are named (the newest, some fifty)."""
