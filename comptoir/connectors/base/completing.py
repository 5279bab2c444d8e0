"""What deliveries leave out, and the network tells when it is asked."""

from __future__ import annotations

import abc
from typing import Literal

from comptoir.connectors.base.events import NetworkEvent

#: A person's name, or what was said.
Lack = Literal["person", "words"]


class CompletesEvents(abc.ABC):
    """Deliveries name people by an id alone, or leave out what was said, and both can be asked for.

    It is asked in the background, once the event was received as it came: intake never waits for it. A person is asked
    for once a day at most.
    """

    @abc.abstractmethod
    def lacks(self, event: NetworkEvent) -> Lack | None:
        """What of this event is worth asking for, None where that is nothing: pure.

        The event's author is whom it is about, of our own messages their recipient.
        """

    @abc.abstractmethod
    def completed(self, event: NetworkEvent) -> NetworkEvent:
        """The event with its author, text, files and address as far as the network tells them; else as it is.

        It comes without what was said already. Raises TransientError, PermanentError or AuthError.
        """
