"""Changes that a network passes on unseen: whoever said something may change it, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comptoir.intake.arrivals import IdentityKey
from comptoir.intake.receiving.changes import Change
from comptoir.intake.receiving.people import known_people
from comptoir.intake.receiving.rows import Person


def by_their_authors(channel: str, changes: Sequence[Change]) -> list[Change]:
    """The changes, without those of other people's messages where the network did not look who asks for them."""
    unseen = [arrival for arrival, _message in changes if arrival.event.own_only]
    if not unseen:
        return list(changes)
    known = known_people(channel, unseen)
    return [change for change in changes if not change[0].event.own_only or _is_theirs(change, known)]


def _is_theirs(change: Change, known: Mapping[IdentityKey, Person]) -> bool:
    arrival, message = change
    if arrival.is_ours or message.is_ours:
        return arrival.is_ours and message.is_ours
    person = known.get(arrival.person) if arrival.person else None
    return person is not None and person.identity_id == message.identity_id
