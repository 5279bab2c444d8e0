"""How far we have read: what a cursor holds between two rounds of asking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from comptoir.connectors.bluesky.untrusted import instant, items, name, text, whole

#: A notification is dated by its author's device and may appear after younger ones: this far back is read again.
OVERLAP = timedelta(minutes=10)
_MAX_RECENT = 500
_MAX_WATCHED = 100
_MAX_OWN = 60


@dataclass(slots=True)
class Position:
    """The cursor in words.

    ``seen_at`` is the youngest notification of the last finished descent. A descent goes from the youngest page down to
    ``seen_at``; cut short, it goes on at ``below``, and ends by making ``top`` the new ``seen_at``: no page is skipped.
    ``recent`` are marks of notifications young enough to be met again. ``watched`` are posts to look at for deletion,
    ``missing`` those that were not there the last time. ``chat`` is the last revision read of the direct messages,
    ``own`` are marks of our own latest answers, each None before the first time.
    """

    round: int = 0
    seen_at: str | None = None
    top: str | None = None
    below: str | None = None
    recent: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    chat: str | None = None
    own: list[str] | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Position:
        return cls(
            round=whole(cursor.get("round")) or 0,
            seen_at=name(cursor.get("seen_at")),
            top=name(cursor.get("top")),
            below=name(cursor.get("below")),
            recent=[mark for mark in items(cursor.get("recent")) if isinstance(mark, str)],
            watched=[uri for uri in items(cursor.get("watched")) if isinstance(uri, str)],
            missing=[uri for uri in items(cursor.get("missing")) if isinstance(uri, str)],
            chat=text(cursor.get("chat")),
            own=[mark for mark in items(cursor["own"]) if isinstance(mark, str)] if "own" in cursor else None,
        )

    def as_cursor(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}

    def is_below_overlap(self, notification: Mapping[str, Any]) -> bool:
        """Whether it is so old that it was read in an earlier round, as is everything below it."""
        seen_at, at = instant(self.seen_at), instant(notification.get("indexedAt"))
        return seen_at is not None and at is not None and at < seen_at - OVERLAP

    def is_new(self, notification: Mapping[str, Any]) -> bool:
        return mark_of(notification) not in self.recent and not self.is_below_overlap(notification)

    def remember(self, notification: Mapping[str, Any]) -> None:
        top, at = instant(self.top), instant(notification.get("indexedAt"))
        if top is None or at is None or at >= top - OVERLAP:
            self.recent = [*self.recent, mark_of(notification)][-_MAX_RECENT:]

    def watch(self, uri: str) -> None:
        self.watched = [*(known for known in self.watched if known != uri), uri][-_MAX_WATCHED:]

    def meet_own(self, marks: Iterable[str]) -> set[str]:
        """Remember our own answers; return those not met before. At the first time none counts as new."""
        met = list(marks)
        new = set() if self.own is None else set(met) - set(self.own)
        self.own = [*(mark for mark in self.own or [] if mark not in met), *met][-_MAX_OWN:]
        return new

    def finish_descent(self) -> None:
        self.seen_at = self.top or self.seen_at
        self.top = self.below = None


def mark_of(notification: Mapping[str, Any]) -> str:
    """A short mark by which a notification is known again."""
    named = "\n".join(name(notification.get(key)) or "" for key in ("uri", "cid", "reason"))
    return hashlib.blake2s(named.encode(), digest_size=6).hexdigest()
