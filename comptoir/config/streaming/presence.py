"""Who has which conversation open, and who writes in it: plain bookkeeping over what browsers say, kept in memory.

A browser says what it looks at when that changes. Only where two people look at the same conversation do they go on
saying it, every few seconds: whoever goes away without a word is forgotten then. A thousand people who each look at
something else cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

#: How long somebody counts as being here after their last word: while a colleague is here too, and alone.
TOGETHER_S = 20.0
ALONE_S = 12 * 60.0
#: How long after their last key somebody counts as writing.
TYPES_S = 7.0
DOINGS = ("reads", "types", "away")


@dataclass(frozen=True, slots=True)
class Told:
    """What one browser says: ``stream`` names it; without a conversation it looks at none."""

    stream: str
    conversation: int | None
    agent: int
    name: str
    doing: str


@dataclass(frozen=True, slots=True)
class _Entry:
    told: Told
    until: float
    types_until: float


class Presence:
    """What all browsers have said lately. Instants are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._at: dict[int, dict[str, _Entry]] = {}
        self._where: dict[str, int] = {}

    def tell(self, told: Told, now: float) -> set[int]:
        """Take in one word; the conversations where something is different for those who look."""
        changed = self.forget(told.stream) if self._where.get(told.stream) != told.conversation else set()
        if told.conversation is None:
            return changed
        here = self._at.setdefault(told.conversation, {})
        before = self._seen(told.conversation)
        types_until = now + TYPES_S if told.doing == "types" else 0.0
        here[told.stream] = _Entry(told, now + ALONE_S, types_until)
        self._where[told.stream] = told.conversation
        self._shorten(here, now)
        return changed | ({told.conversation} if self._seen(told.conversation) != before else set())

    def forget(self, stream: str) -> set[int]:
        """A browser has gone; the conversations where that is seen."""
        conversation = self._where.pop(stream, None)
        if conversation is None:
            return set()
        before = self._seen(conversation)
        self._at[conversation].pop(stream, None)
        after = self._seen(conversation)
        if not self._at[conversation]:
            del self._at[conversation]
        return {conversation} if before != after else set()

    def expire(self, now: float) -> set[int]:
        """Forget whoever has not been heard of for too long, and those who have stopped writing."""
        changed: set[int] = set()
        for here in list(self._at.values()):
            for stream, entry in list(here.items()):
                if entry.until <= now:
                    changed |= self.forget(stream)
                elif 0 < entry.types_until <= now:
                    here[stream] = replace(entry, types_until=0.0)
                    changed.add(self._where[stream])
        return changed

    def streams_at(self, conversation: int) -> Iterable[str]:
        """The browsers that look at it."""
        return list(self._at.get(conversation, ()))

    def others(self, conversation: int, agent: int) -> list[dict[str, Any]]:
        """The colleagues of ``agent`` who look at it, by name; each once, writing if they write anywhere."""
        seen = self._seen(conversation)
        return [
            {"agent": pk, "name": name, "initials": _initials(name), "doing": doing}
            for (pk, name), doing in sorted(seen.items(), key=lambda one: one[0][1])
            if pk != agent
        ]

    def _seen(self, conversation: int) -> dict[tuple[int, str], str]:
        seen: dict[tuple[int, str], str] = {}
        for entry in self._at.get(conversation, {}).values():
            who = (entry.told.agent, entry.told.name)
            seen[who] = "types" if entry.types_until or seen.get(who) == "types" else "reads"
        return seen

    @staticmethod
    def _shorten(here: dict[str, _Entry], now: float) -> None:
        """Where two people are, each has to be heard of soon."""
        if len({entry.told.agent for entry in here.values()}) > 1:
            for stream, entry in here.items():
                here[stream] = replace(entry, until=min(entry.until, now + TOGETHER_S))


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"
