"""What can go wrong between a network and us, told apart by what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from comptoir.core.reasons import ReasonedError, Value


class ConnectorError(ReasonedError):
    """Something a network, or our call to it, did not allow, in a plain English sentence for people.

    What differs from one time to the next is filled into ``%(name)s``, so that the sentence can be said in the reader's
    language: ``PermanentError("“%(folder)s” does not exist.", folder=folder)``. What a network said is always such a
    value.
    """


#: No network is left alone for longer because it wished so.
_LONGEST_WISH = timedelta(days=1)


class TransientError(ConnectorError):
    """It may work later, and the network certainly did not accept it. ``retry_after`` is the network's own wish, a day
    at most.
    """

    def __init__(self, text: str, /, *, retry_after: timedelta | None = None, **values: Value) -> None:
        super().__init__(text, **values)
        self.retry_after = None if retry_after is None else min(max(retry_after, timedelta(0)), _LONGEST_WISH)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a network wants failed attempts at its stream to be spaced: ``first``, then twice as long each time or, where
    it is not ``doubling``, ``first`` longer each time; ``longest`` at most.
    """

    first: timedelta
    longest: timedelta
    doubling: bool = True

    def pause(self, failures: int) -> timedelta:
        """The pause after so many failures in a row, from 1 on."""
        times = 2 ** min(failures - 1, 30) if self.doubling else failures
        return min(self.first * times, self.longest)


class StreamError(TransientError):
    """A stream could not be opened, or was cut, and is to be opened again as the network wishes (``backoff``).

    Only for a stream that asks, once it is open, for all that was said since its cursor: it is not polled before.
    """

    def __init__(
        self, text: str, /, *, backoff: Backoff, retry_after: timedelta | None = None, **values: Value
    ) -> None:
        super().__init__(text, retry_after=retry_after, **values)
        self.backoff = backoff


class PermanentError(ConnectorError):
    """It will never work as it is: refused content, a recipient that does not exist."""


class AuthError(ConnectorError):
    """The credentials no longer open the account; nothing works before a person renews them."""


class UncertainError(ConnectorError):
    """The connection was cut after the network may have accepted what we sent: only the network knows."""


class SignatureError(ConnectorError):
    """A webhook delivery was not signed as it should be."""


class PayloadError(ConnectorError):
    """A payload cannot be read at all; the reason says where it fails."""
