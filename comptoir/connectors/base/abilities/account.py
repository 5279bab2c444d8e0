"""What an account of ours is able to do: sign in, renew its access, find media, count."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from comptoir.connectors.base.accounts import Figure, OAuth, OfferedAccount


class SignsIn(abc.ABC):
    """The account is opened by signing in to the network in the browser."""

    oauth: ClassVar[OAuth]

    @abc.abstractmethod
    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        """Trade the code that the network sent back for the accounts it opens.

        Raises AuthError where the code is not taken, PermanentError where it opens no account that can be used.
        """

    def revoke(self) -> None:
        """Give the access back, where the network takes it; an access that is gone is a success."""
        return


class RegistersApplications(abc.ABC):
    """The application that a sign-in needs can be registered at the network by ourselves, where none was filled in."""

    @abc.abstractmethod
    def register(self, *, redirect_url: str, site: str) -> Mapping[str, str]:
        """All of the account's credentials, with those of a new application; ``site`` is our own address.

        Raises PermanentError or TransientError.
        """


class RenewsCredentials(abc.ABC):
    """The credentials end and can be exchanged for fresh ones before they do."""

    @abc.abstractmethod
    def renew_at(self) -> datetime | None:
        """When to renew at the latest, told from the credentials alone; None where they do not end."""

    @abc.abstractmethod
    def renew(self) -> Mapping[str, str]:
        """All of the account's credentials, renewed. Called by one process at a time. Raises AuthError."""


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where a file can be fetched now, and what must be said to get it; the headers go to that host only."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class LocatesMedia(abc.ABC):
    """Files of this network cannot be fetched by their address alone: it has to be asked for, or wants our token."""

    @abc.abstractmethod
    def locate(self, url: str) -> MediaSource:
        """Where the attachment whose event named ``url`` is to be had; may ask the network."""


class Measures(abc.ABC):
    """The network counts: followers, views, what our posts set off."""

    @abc.abstractmethod
    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        """Today's figures of the account, and of those of our posts that are named (the newest, some fifty)."""
