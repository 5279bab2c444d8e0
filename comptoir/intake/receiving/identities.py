"""Whom the names of a batch mean: identities by their own id, or by another that the network gave the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival, IdentityKey
from comptoir.intake.receiving.rows import Person, rows, run, texts

_FIND = """
SELECT wanted.scope, wanted.external_id, identity.id, identity.contact_id,
    identity.handle, identity.name, identity.avatar_url, identity.blocked_at IS NOT NULL, identity.external_id
FROM unnest(%(scopes)s::text[], %(names)s::text[]) AS wanted (scope, external_id)
CROSS JOIN LATERAL (
    (SELECT * FROM contacts_contactidentity
     WHERE channel = %(channel)s AND scope = wanted.scope AND external_id = wanted.external_id)
    UNION ALL
    (SELECT known.* FROM contacts_identityalias AS alias
     JOIN contacts_contactidentity AS known ON known.id = alias.identity_id
     WHERE alias.channel = %(channel)s AND alias.scope = wanted.scope AND alias.external_id = wanted.external_id)
    LIMIT 1
) AS identity
"""

# Whoever meets the same stranger under another of their names waits here, and then finds them.
_HOLD = """
SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
FROM (SELECT DISTINCT unnest(%s::text[]) AS name ORDER BY name OFFSET 0) AS sorted
"""

# An id that is somebody's own is nobody's alias: two people who are known already are made one by a colleague.
_KEEP = """
INSERT INTO contacts_identityalias (identity_id, channel, scope, external_id, created_at)
SELECT identity_id, %(channel)s, scope, external_id, %(now)s
FROM unnest(%(identities)s::bigint[], %(scopes)s::text[], %(names)s::text[]) AS new (identity_id, scope, external_id)
WHERE NOT EXISTS (
    SELECT FROM contacts_contactidentity AS own
    WHERE own.channel = %(channel)s AND own.scope = new.scope AND own.external_id = new.external_id
)
ORDER BY scope, external_id
ON CONFLICT (channel, scope, external_id) DO NOTHING
"""

# That the network names two of them as one is kept for the colleague, who is shown it beside the exchange.
_LINK = """
INSERT INTO contacts_identitylink (one_id, other_id, told_at)
SELECT DISTINCT least(new.identity_id, known.id), greatest(new.identity_id, known.id), %(now)s::timestamptz
FROM unnest(%(identities)s::bigint[], %(scopes)s::text[], %(names)s::text[]) AS new (identity_id, scope, external_id)
CROSS JOIN LATERAL (
    SELECT id FROM contacts_contactidentity
    WHERE channel = %(channel)s AND scope = new.scope AND external_id = new.external_id
    UNION ALL
    SELECT identity_id FROM contacts_identityalias
    WHERE channel = %(channel)s AND scope = new.scope AND external_id = new.external_id
) AS known
WHERE known.id <> new.identity_id
ORDER BY 1, 2
ON CONFLICT (one_id, other_id) DO NOTHING
"""

#: A person's other keys.
Links = Mapping[IdentityKey, Sequence[IdentityKey]]


def found_people(channel: str, keys: Iterable[IdentityKey]) -> dict[IdentityKey, Person]:
    """The identities that go by these keys."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    columns = {"scopes": texts(scope for scope, _ in wanted), "names": texts(name for _, name in wanted)}
    return {(scope, name): Person(*rest) for scope, name, *rest in rows(_FIND, {"channel": channel, **columns})}


def links_of(arrivals: Iterable[Arrival]) -> dict[IdentityKey, list[IdentityKey]]:
    """By what other keys the network knows the people of a batch."""
    links: dict[IdentityKey, list[IdentityKey]] = {}
    for arrival in arrivals:
        if arrival.person is not None and arrival.aliases:
            links[arrival.person] = list(dict.fromkeys([*links.get(arrival.person, ()), *arrival.aliases]))
    return links


def met_before(channel: str, strangers: Sequence[IdentityKey], links: Links) -> dict[IdentityKey, Person]:
    """Those of the strangers whom we know by another key; from here on no other process makes one of them."""
    linked = [key for key in strangers if key in links]
    if not linked:
        return {}
    everyone = {*strangers, *(other for key in linked for other in links[key])}
    run(_HOLD, [[f"{channel}\n{scope}\n{name}" for scope, name in everyone]])
    known = found_people(channel, everyone)
    found: dict[IdentityKey, Person] = {}
    for key in strangers:
        by = next((one for one in (key, *links.get(key, ())) if one in known), None)
        if by is not None:
            found[key] = known[by]
    return found


def standing_for(strangers: Sequence[IdentityKey], links: Links) -> dict[IdentityKey, IdentityKey]:
    """For each stranger the one who stands for them: the first of those who are one person by what a batch tells."""
    first: dict[IdentityKey, IdentityKey] = {}
    for key in strangers:
        names = (key, *links.get(key, ()))
        known = next((first[name] for name in names if name in first), key)
        for name in names:
            first.setdefault(name, known)
    return {key: first[key] for key in strangers}


def keep_links(channel: str, links: Links, found: Mapping[IdentityKey, Person]) -> None:
    """Remember each person's other keys; one that is somebody else's links the two, for a colleague to decide."""
    new = [(found[key].identity_id, *name) for key in links if key in found for name in (key, *links[key])]
    if new:
        identities, scopes, names = (list(column) for column in zip(*new, strict=True))
        kept = {"channel": channel, "now": now(), "identities": identities, "scopes": scopes, "names": names}
        run(_KEEP, kept)
        run(_LINK, kept)


def learn_links(channel: str, arrivals: Iterable[Arrival]) -> None:
    """What the network tells of somebody's names alone, without a word of theirs: strangers stay strangers."""
    links = links_of(arrivals)
    known = found_people(channel, {name for key in links for name in (key, *links[key])})
    by_name = ((key, next((known[name] for name in (key, *links[key]) if name in known), None)) for key in links)
    keep_links(channel, links, {key: person for key, person in by_name if person is not None})


def in_their_threads(arrivals: Iterable[Arrival], found: Mapping[IdentityKey, Person]) -> None:
    """An exchange that is named after the other person goes on under the name by which it began."""
    for arrival in arrivals:
        person = found.get(arrival.person) if arrival.person else None
        if person is not None and arrival.person and arrival.thread_id == arrival.person[1]:
            arrival.thread_id = person.external_id or arrival.thread_id


def known_as(person: Person, key: IdentityKey) -> Person:
    """The same person, met under another key than this, their own."""
    return replace(person, external_id=key[1])
