"""Answers of which nothing but the subject says what they answer: some mail programs drop all the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from comptoir.intake.arrivals import Arrival, IdentityKey
from comptoir.intake.receiving.rows import Person, rows

# Of each person, the latest: whoever has written more often than that under one subject is a machine.
_EXCHANGES = """
SELECT latest.identity_id, latest.thread_id, latest.subject
FROM unnest(%s::bigint[]) AS person (identity_id)
CROSS JOIN LATERAL (
    SELECT identity_id, thread_id, subject, id FROM conversations_conversation
    WHERE identity_id = person.identity_id AND account_id = %s AND NOT is_public AND subject <> ''
    ORDER BY id DESC LIMIT 50
) AS latest
ORDER BY latest.id DESC
"""


def under_their_subjects(account_id: int, arrivals: Iterable[Arrival], person_of: Mapping[IdentityKey, Person]) -> None:
    """Put each such answer into the thread of the latest exchange with that very person under that subject."""
    answers: list[tuple[Arrival, int]] = []
    for arrival in arrivals:
        person = person_of.get(arrival.person) if arrival.person else None
        if person is not None and arrival.event.answered_subject and arrival.is_private and not arrival.is_ours:
            answers.append((arrival, person.identity_id))
    if not answers:
        return
    exchanges: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for identity_id, thread_id, subject in rows(_EXCHANGES, [sorted({pk for _arrival, pk in answers}), account_id]):
        exchanges[identity_id].append((thread_id, _folded(subject)))
    for arrival, identity_id in answers:
        wanted = _folded(arrival.event.answered_subject or "")
        thread = next(
            (name for name, said in exchanges[identity_id] if said == wanted or said.endswith(f": {wanted}")), ""
        )
        arrival.thread_id = thread or arrival.thread_id


def _folded(subject: str) -> str:
    return " ".join(subject.split()).casefold()
