"""When an account is to be asked again, and when its stream may be opened again: arithmetic, told the time.

Every ``now`` is in seconds of one clock that only goes forward.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.connectors.base import Backoff, PermanentError, StreamError, TransientError

#: Where a network says nothing of how its stream is to be opened again.
USUAL = Backoff(timedelta(seconds=5), timedelta(minutes=10))
#: What was refused for good is tried again all the same: somebody may have seen to it.
_REFUSED = timedelta(minutes=5)
#: A stream that ends by itself is opened again after this pause.
_AT_ONCE_S = 1.0
#: One that ended sooner, without a word of why, was none: it waits for the next round of polling.
_SHORTEST_STREAM_S = 5.0
#: An account that is neither polled nor streams: what it is told comes by its webhooks.
_NOTHING_TO_DO_S = 600.0


class Pace:
    """One account's polling and stream, each at its own pace: a stream that is refused does not hold polling up, and
    one that is to be opened again at once does not have the network polled each time.
    """

    def __init__(self) -> None:
        self.stream_failures = 0
        self._poll_due = 0.0
        self._stream_due = 0.0
        self._polls = False
        self._streams = False

    def poll_is_due(self, now: float) -> bool:
        """Each round polls, but for those that only open a stream again."""
        return not self._streams or now >= self._poll_due

    def stream_is_due(self, now: float) -> bool:
        return now >= self._stream_due

    def polled(self, begun: float, now: float, every: timedelta) -> None:
        """A round of polling that began at ``begun`` is over; its pause counts from its end where nothing streams."""
        self._polls = True
        self._poll_due = (begun if self._streams else now) + every.total_seconds()

    def stream_ended(self, begun: float, now: float, *, gave: bool) -> None:
        """The stream ended without an error: the network closed it, or it wants polling in between. ``gave``: it told
        something.
        """
        self._streams, self.stream_failures = True, 0
        was_none = self._polls and not gave and now - begun < _SHORTEST_STREAM_S
        self._stream_due = max(now + _AT_ONCE_S, self._poll_due) if was_none else now + _AT_ONCE_S
        self._poll_due = min(self._poll_due, self._stream_due)

    def stream_failed(self, now: float, error: TransientError | PermanentError) -> None:
        """The stream could not be opened, or was cut. Whoever raises StreamError fills the gap when it opens again;
        others are polled before that.
        """
        self._streams = True
        self.stream_failures += 1
        least = (error.retry_after if isinstance(error, TransientError) else _REFUSED) or timedelta(0)
        backoff = error.backoff if isinstance(error, StreamError) else USUAL
        self._stream_due = now + max(backoff.pause(self.stream_failures), least).total_seconds()
        if not isinstance(error, StreamError):
            self._poll_due = min(self._poll_due, self._stream_due)

    def no_stream(self) -> None:
        """This account has none."""
        self._streams, self.stream_failures = False, 0

    def pause(self, now: float) -> float:
        """Seconds until the next thing that is due."""
        due = [self._poll_due] if self._polls else []
        due += [self._stream_due] if self._streams else []
        return max(0.0, min(due, default=now + _NOTHING_TO_DO_S) - now)
