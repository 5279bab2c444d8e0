"""What deliveries leave out, and the network tells when it is asked."""

from __future__ import annotations

import abc
import contextlib
from collections.abc import Collection, Iterator, MutableMapping
from typing import Literal

from comptoir.connectors.base.events import NetworkEvent

#: A person's name, what was said, the names of those whom the words call by an id, or what the place is called where it
#: was said (a channel, a group).
Lack = Literal["person", "words", "names", "place"]


class CompletesEvents(abc.ABC):
    """Deliveries name people by an id alone, or leave out what was said, and both can be asked for.

    It is asked in the background, once the event was received as it came: intake never waits for it. A person, and a
    place, are asked for once a day at most.
    """

    #: What people are called by their ids, as the network told it: whoever opens the connector may have kept some of
    #: it, and keep what is added.
    names: MutableMapping[str, str]

    @abc.abstractmethod
    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        """What of this event is worth asking for: pure.

        The event's author is whom it is about, of our own messages their recipient.
        """

    @abc.abstractmethod
    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        """The event with what it was ``lacking`` as far as the network tells it, else as it is: its author; its text,
        files and address; the name of the place as its subject.

        It comes without what was said already, but for the text in which ``names`` are lacking. Raises TransientError,
        PermanentError or AuthError.
        """

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Around the questions of one batch: what has to be opened to ask is opened once for all of them."""
        yield


class NamesPlaces(CompletesEvents):
    """Of the room, channel or group where something is said before several, deliveries give an id alone; people are
    called by their own names.
    """

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        return ["place"] if event.visibility == "public" and event.thread_id else []
