"""How far we have read, kept as JSON between two rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.connectors.shared.untrusted import mapping, name, whole

_MOST_WATCHED = 40


@dataclass(slots=True)
class Position:
    """The newest notification, own post and tagged post read; what is watched for edits, by id with its last edit."""

    round: int = 0
    notification: str | None = None
    own: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    watched: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Position:
        missing = cursor.get("missing")
        return cls(
            whole(cursor.get("round")) or 0,
            name(cursor.get("notification")),
            name(cursor.get("own")),
            {tag: name(newest) or "" for tag, newest in mapping(cursor.get("tags")).items()},
            {post: name(edited) or "" for post, edited in mapping(cursor.get("watched")).items()},
            [one for one in missing if isinstance(one, str)] if isinstance(missing, list) else [],
        )

    def as_cursor(self) -> dict[str, Any]:
        return {
            "round": self.round, "notification": self.notification, "own": self.own, "tags": dict(self.tags),
            "watched": dict(self.watched), "missing": list(self.missing),
        }  # fmt: skip

    def watch(self, status: Mapping[str, Any]) -> None:
        """Look at a post again later: nobody tells of its edit or its end."""
        identifier = name(status.get("id"))
        if identifier is None:
            return
        self.watched.pop(identifier, None)
        self.watched[identifier] = name(status.get("edited_at")) or ""
        for oldest in list(self.watched)[:-_MOST_WATCHED]:
            del self.watched[oldest]
