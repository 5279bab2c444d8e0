"""Answers of which nothing but the subject says what they answer: some mail programs drop all the rest, and some
servers give our mails another Message-ID, which is then the one that is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from comptoir.intake.arrivals import Arrival, IdentityKey
from comptoir.intake.receiving.rows import KnownMessage, Person, rows

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


def under_their_subjects(
    account_id: int,
    arrivals: Collection[Arrival],
    person_of: Mapping[IdentityKey, Person],
    known: Mapping[str, KnownMessage],
) -> None:
    """Put each such answer into the thread of the latest exchange with that very person under that subject."""
    answers: list[tuple[Arrival, int]] = []
    named = {*known, *(arrival.external_id for arrival in arrivals)}
    for arrival in arrivals:
        person = person_of.get(arrival.person) if arrival.person else None
        if person is not None and _goes_by_its_subject(arrival, named):
            answers.append((arrival, person.identity_id))
    if not answers:
        return
    exchanges: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for identity_id, thread_id, subject in rows(_EXCHANGES, [sorted({pk for _arrival, pk in answers}), account_id]):
        exchanges[identity_id].append((thread_id, _folded(subject)))
    for arrival, identity_id in answers:
        wanted, own = _folded(arrival.event.answered_subject or ""), exchanges[identity_id]
        if all(thread_id != arrival.thread_id for thread_id, _subject in own):
            same = (name for name, said in own if said == wanted or said.endswith(f": {wanted}"))
            arrival.thread_id = next(same, arrival.thread_id)


def _goes_by_its_subject(arrival: Arrival, known: Collection[str]) -> bool:
    if not arrival.event.answered_subject or arrival.is_ours or not arrival.is_private:
        return False
    return not any(name in known for name in (arrival.parent_id, *arrival.related_ids))


def _folded(subject: str) -> str:
    return " ".join(subject.split()).casefold()
