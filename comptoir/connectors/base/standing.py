"""Where a message of somebody else's stands: what says whether a network lets us hide or remove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Under this name the counter keeps `NetworkEvent.thread_author_id` among what a message's event kept.
THREAD_AUTHOR = "thread_author"

#: And under this one `NetworkEvent.is_members_only`.
MEMBERS_ONLY = "members_only"


@dataclass(frozen=True, slots=True)
class Standing:
    """A public message of somebody else's, as far as it is known; None and {} are unknown.

    ``author_id`` wrote it, as an answer to ``parent_id``, in a thread that ``thread_author_id`` began. ``custom`` is
    what its event kept.
    """

    thread_id: str
    external_id: str = ""
    author_id: str | None = None
    parent_id: str | None = None
    thread_author_id: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answers_the_first(self) -> bool:
        """Whether it stands right below what began the thread."""
        return bool(self.thread_id) and self.parent_id == self.thread_id
