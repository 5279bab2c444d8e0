"""What may be done to what others said in a space of ours."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base.events import Author
from comptoir.connectors.base.standing import Standing


class Moderates(abc.ABC):
    """We can take our own messages back."""

    @abc.abstractmethod
    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Delete one message. A message that is already gone is a success."""


class HidesOthers(abc.ABC):
    """We can hide from the public what others say under a post of ours, and show it again; they keep their words."""

    @abc.abstractmethod
    def may_hide(self, message: Standing) -> bool:
        """Whether the network would let us hide this message: pure; where that is not known, False."""

    @abc.abstractmethod
    def hide(self, external_id: str, *, thread_id: str) -> None:
        """Hide one message. One that is hidden already is a success."""

    @abc.abstractmethod
    def show(self, external_id: str, *, thread_id: str) -> None:
        """Show a hidden message again. One that is not hidden is a success."""


class DeletesOthers(abc.ABC):
    """We can remove for good what others say in our own space."""

    @abc.abstractmethod
    def may_remove(self, message: Standing) -> bool:
        """Whether the network would let us remove this message: pure; where that is not known, False."""

    @abc.abstractmethod
    def remove(self, external_id: str, *, thread_id: str) -> None:
        """Remove one message. One that is gone already is a success."""


class Likes(abc.ABC):
    """We can like what others say."""

    @abc.abstractmethod
    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Like one message; ``custom`` is what its event kept. One that we like already is a success."""

    @abc.abstractmethod
    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Take our like back. One that we do not like is a success."""


class Reports(abc.ABC):
    """We can tell a network's moderators of what others write."""

    @abc.abstractmethod
    def report(self, external_id: str, author: Author, *, comment: str) -> None:
        """Report one message and who wrote it; ``comment`` is what the moderators are told."""
