"""Which mailboxes can write: an address is promised a mail only where one could leave."""

from __future__ import annotations

from collections.abc import Iterator

from comptoir.channels.models import ChannelAccount, ChannelAccountQuerySet
from comptoir.core.crypto import UnreadableSecretError

KIND = "email"


def writing_mailboxes(among: ChannelAccountQuerySet) -> Iterator[ChannelAccount]:
    """Those that are connected, with which nothing is amiss as far as is known, and whose credentials can be read."""
    for mailbox in among.working().filter(kind=KIND).order_by("pk"):
        try:
            mailbox.credentials  # noqa: B018  # reading them is what may fail
        except UnreadableSecretError:
            continue
        yield mailbox
