"""Contacts and their identities: found, or made, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comptoir.connectors.base import Author
from comptoir.contacts.naming import is_made_up
from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival, IdentityKey
from comptoir.intake.cleaning import clipped
from comptoir.intake.receiving.identities import (
    Links,
    found_people,
    keep_links,
    known_as,
    links_of,
    met_before,
    standing_for,
)
from comptoir.intake.receiving.rows import Person, rows, run

# The contact is numbered before it exists (its foreign key is checked at the end), so that of two processes that meet
# the same stranger only the one whose identity stays makes a contact.
_ADD = """
INSERT INTO contacts_contactidentity (contact_id, channel, scope, external_id, handle, name, avatar_url, created_at)
SELECT nextval(pg_get_serial_sequence('contacts_contact', 'id')), %s, scope, external_id, handle, name, avatar_url, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS new (scope, external_id, handle, name, avatar_url)
ORDER BY scope, external_id
ON CONFLICT (channel, scope, external_id) DO NOTHING
RETURNING scope, external_id, id, contact_id, handle, name, avatar_url
"""

_ADD_CONTACTS = """
INSERT INTO contacts_contact (id, name, language, created_at)
SELECT id, name, '', %s FROM unnest(%s::bigint[], %s::text[]) AS new (id, name)
"""

_RENAME = """
UPDATE contacts_contactidentity AS identity SET handle = new.handle, name = new.name, avatar_url = new.avatar_url
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS new (id, handle, name, avatar_url)
WHERE identity.id = new.id
"""

# A contact is called what its identity is, unless a colleague named them otherwise.
_RENAME_CONTACTS = """
UPDATE contacts_contact AS contact SET name = new.name
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS new (id, name, former, handle, made_up)
WHERE contact.id = new.id AND contact.name IN ('', new.former, new.handle, new.made_up) AND contact.name <> new.name
"""

Profile = tuple[str, str, str]  # handle, name, avatar


def people(channel: str, arrivals: Sequence[Arrival]) -> dict[IdentityKey, Person]:
    """The identities of everyone in the batch; strangers get one, and a contact; changed names are kept."""
    profiles = _profiles(arrivals)
    if not profiles:
        return {}
    found, links = found_people(channel, profiles), links_of(arrivals)
    strangers = [key for key in profiles if key not in found]
    found |= met_before(channel, strangers, links)
    found |= _met_now(channel, [key for key in strangers if key not in found], links, profiles)
    _rename(found, profiles)
    keep_links(channel, links, found)
    return found


def _met_now(
    channel: str, strangers: Sequence[IdentityKey], links: Links, profiles: dict[IdentityKey, Profile]
) -> dict[IdentityKey, Person]:
    """Identities for strangers, one for those who are one person."""
    if not strangers:
        return {}
    first = standing_for(strangers, links)
    keys = sorted(set(first.values()))
    found = _added(channel, keys, profiles)
    missed = [key for key in keys if key not in found]
    if missed:  # another process met them at the same time
        found |= found_people(channel, missed)
    also = {key: known_as(found[own], own) for key, own in first.items() if key != own and own in found}
    return found | also


def known_people(channel: str, arrivals: Iterable[Arrival]) -> dict[IdentityKey, Person]:
    """The identities of those who are known; nobody is added."""
    keys = {arrival.person for arrival in arrivals if arrival.person is not None}
    return found_people(channel, keys)


def _profiles(arrivals: Iterable[Arrival]) -> dict[IdentityKey, Profile]:
    """What is known of each person, the latest words last."""
    profiles: dict[IdentityKey, Profile] = {}
    for arrival in sorted(arrivals, key=lambda one: one.at):
        if arrival.person is not None:
            former = profiles.get(arrival.person, ("", "", ""))
            profiles[arrival.person] = _newer(_profile(arrival.author), former)
    return profiles


def _profile(author: Author) -> Profile:
    return clipped(author.handle, 320), clipped(author.name, 255), clipped(author.avatar_url, 2000)


def _newer(present: Profile, former: Profile) -> Profile:
    return present[0] or former[0], present[1] or former[1], present[2] or former[2]


def _added(channel: str, keys: list[IdentityKey], profiles: dict[IdentityKey, Profile]) -> dict[IdentityKey, Person]:
    present = now()
    scopes, names = [scope for scope, _ in keys], [name for _, name in keys]
    columns = [[profiles[key][part] for key in keys] for part in range(3)]
    added = {
        (scope, name): Person(*rest) for scope, name, *rest in rows(_ADD, [channel, present, scopes, names, *columns])
    }
    if added:
        contacts = [person.contact_id for person in added.values()]
        run(_ADD_CONTACTS, [present, contacts, [_contact_name(channel, key, person) for key, person in added.items()]])
    return added


def _contact_name(channel: str, key: IdentityKey, person: Person) -> str:
    named = person.name or person.handle
    return (named or ("" if is_made_up(channel, key[1]) else key[1]))[:255]


def _rename(found: dict[IdentityKey, Person], profiles: dict[IdentityKey, Profile]) -> None:
    changed: list[Person] = []
    contacts: list[tuple[int, str, str, str, str]] = []
    for key, person in found.items():
        former = (person.handle, person.name, person.avatar_url)
        wanted = _newer(profiles[key], former)
        if wanted != former:
            person.handle, person.name, person.avatar_url = wanted
            changed.append(person)
            shown = (person.name or person.handle)[:255]
            made_up = (person.external_id or key[1])[:255]
            if shown:
                contacts.append((person.contact_id, shown, former[1], former[0][:255], made_up))
    if contacts:
        run(_RENAME_CONTACTS, [list(column) for column in zip(*sorted(contacts), strict=True)])
    if changed:
        changed.sort(key=lambda person: person.identity_id)
        run(
            _RENAME,
            [
                [person.identity_id for person in changed],
                [person.handle for person in changed],
                [person.name for person in changed],
                [person.avatar_url for person in changed],
            ],
        )
