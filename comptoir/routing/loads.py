"""What an agent holds of what they can, in points: plain arithmetic, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comptoir.routing.models import LIVE_CHANNELS


@dataclass(frozen=True, slots=True)
class Load:
    """By channel, how many open conversations an agent has; ``weights`` is what one weighs, one where nothing is said.

    It may be more than they can hold: mails keep nobody from a call or a chat, what is given by hand asks for no room,
    and a customer who writes again comes back to whoever had them.
    """

    capacity_points: int
    counts: Mapping[str, int]
    weights: Mapping[str, int]

    @property
    def points(self) -> int:
        return sum(self._weight(channel) for channel in self.counts)

    @property
    def on_the_line(self) -> Sequence[tuple[str, int]]:
        """Those who stay on the line: (channel, how many)."""
        return [(channel, count) for channel, count in sorted(self.counts.items()) if channel in LIVE_CHANNELS]

    @property
    def live_points(self) -> int:
        """What they weigh of ``points``."""
        return sum(self._weight(channel) for channel, _count in self.on_the_line)

    @property
    def points_over(self) -> int:
        """How much more it is than they can hold; nothing of somebody who is given nothing, and has no measure."""
        return max(self.points - self.capacity_points, 0) if self.capacity_points else 0

    @property
    def is_over_by_itself(self) -> bool:
        """Whether there is more than routing gives: more on the line, or more of the rest, than they can hold."""
        most = max(self.live_points, self.points - self.live_points)
        return bool(self.capacity_points) and most > self.capacity_points

    def _weight(self, channel: str) -> int:
        return self.counts[channel] * self.weights.get(channel, 1)
