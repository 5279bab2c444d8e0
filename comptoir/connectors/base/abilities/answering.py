"""What may be said on a network: messages, changes of them, templates, signs of typing, calls."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from comptoir.connectors.base.accounts import MessageTemplate
from comptoir.connectors.base.events import Author
from comptoir.connectors.base.outgoing import Outgoing, Sent
from comptoir.core.reasons import Reason, template


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

    def writes_privately_here(self) -> bool:
        """Whether this account does so where its network can: it may have been set up not to."""
        return self.writes_privately

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

    def calls_here(self) -> bool:
        """Whether this account's credentials let us: a switchboard that only tells of calls rings nobody."""
        return True

    @abc.abstractmethod
    def place_call(self, to: str, *, agent: str, key: str) -> str:
        """Ring ``agent`` and connect them with ``to``, both numbers as E.164; the call's external id."""
