"""People of forums, blogs, feeds and servers of a fediverse, known before ids were told apart server by server.

Since then their ids have a scope, the server's address, and whoever was known without one would be a new contact at their
next word. Where all that somebody said was said on one server, that is where they are from. Two cases stay as they are:

- who was met again since, and so is a new contact already: the two are linked, for a colleague to make them one;
- one id that was met on several servers: it may be several people, whom nothing tells apart any more. Their next word
  makes a contact of its own on each server, and what was said before stays with the one they were.
"""

from collections import defaultdict

import httpx
from django.db import migrations
from django.utils import timezone

from comptoir.connectors.registry import connector_classes
from comptoir.core import crypto
from comptoir.core.crypto import UnreadableSecretError

LONGEST_SCOPE_BYTES = 255
AT_ONCE = 5000


def place_people(apps, schema_editor):
    places = _places(apps.get_model("channels", "ChannelAccount"))
    identities = apps.get_model("contacts", "ContactIdentity").objects
    for kind in sorted({account.kind for account in places}):
        of_kind = {account.pk: place for account, place in places.items() if account.kind == kind}
        unplaced = identities.filter(channel=kind, scope="")
        for place, people in _by_place(apps, unplaced, of_kind).items():
            for start in range(0, len(people), AT_ONCE):
                _put(apps, identities.filter(pk__in=people[start : start + AT_ONCE]), kind, place)


def _places(accounts):
    """Within what the ids of people are unique, for accounts of which that can be told."""
    found = {}
    with httpx.Client() as http:
        for account in accounts.objects.all():
            kind = connector_classes().get(account.kind)
            if kind is None:
                continue
            try:
                told = kind(crypto.decrypt(bytes(account.encrypted_credentials)), http).people_scope()
            except UnreadableSecretError:
                continue
            place = account.hook_key if told is None else told
            if place and len(place.encode()) <= LONGEST_SCOPE_BYTES:  # of longer ones a digest is kept
                found[account] = place
    return found


def _by_place(apps, unplaced, place_of_account):
    """The identities that were met in one place alone, by that place."""
    met = defaultdict(set)
    said = apps.get_model("conversations", "Conversation").objects.filter(identity__in=unplaced)
    for identity, account in said.values_list("identity_id", "account_id").distinct().iterator():
        met[identity].add(place_of_account.get(account))
    found = defaultdict(list)
    for identity, places in met.items():
        if len(places) == 1 and None not in places:
            found[next(iter(places))].append(identity)
    return found


def _put(apps, people, kind, place):
    since = apps.get_model("contacts", "ContactIdentity").objects.filter(channel=kind, scope=place)
    known = dict(since.filter(external_id__in=people.values("external_id")).values_list("external_id", "pk"))
    links = [
        {"one_id": min(pk, known[name]), "other_id": max(pk, known[name])}
        for pk, name in people.values_list("pk", "external_id")
        if name in known
    ]
    model, present = apps.get_model("contacts", "IdentityLink"), timezone.now()
    model.objects.bulk_create([model(told_at=present, **link) for link in links], ignore_conflicts=True)
    people.exclude(external_id__in=known).update(scope=place)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_identity_links"),
        ("channels", "0005_message_templates"),
        ("conversations", "0020_unreadable"),
    ]

    operations = [migrations.RunPython(place_people, migrations.RunPython.noop)]
